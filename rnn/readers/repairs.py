"""Check a series for rows out of order, duplicates and gaps, and mend them only where that is asked for.

Each function tells of a problem, and mends it all the same for those that follow, so that they find theirs too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar, counted
from rnn.readers.jitter import without_jitter
from rnn.readers.missing_marks import doubtful_mark, problem_of
from rnn.readers.observations import COMPLETE, FILL, Observations
from rnn.readers.options import Source
from rnn.readers.problems import Problem, Problems
from rnn.readers.spacing import MOST_INVENTED, Spacing

SORTED, DROPPED, FILLED = "rows sorted:", "exact duplicates dropped:", "points filled:"
TRIMMED = "rows without a value at the ends left out:"
HELD_BACK = "newest rows held back:"


@dataclass(frozen=True)
class Bench:
    """The place where a file is put in order: what the user wants mended, what was found, and what was done so far.

    `is_ordered`: whether the order of rows says something, as in a file; of a database it does not.
    """

    source: Source
    column: str
    problems: Problems
    repairs: dict[str, int]
    is_ordered: bool = True

    def note(self, done: Mapping[str, int]) -> None:
        """Note what was done, by the words for it, and how often; what never was is left out."""
        self.repairs.update({what: count for what, count in done.items() if count})


def on_even_times(observed: Observations, bench: Bench) -> Observations:
    """The observations with their times rounded to even steps, where that is asked for and possible."""
    rounded = without_jitter(np.sort(observed.t)) if "round-times" in bench.source.repair else None
    if rounded is None or not rounded.farthest:
        return observed
    order = np.argsort(observed.t, kind="stable")
    times = np.empty_like(observed.t)
    times[order] = rounded.times
    moved = int((times != observed.t).sum())
    bench.repairs[f"times rounded, by up to {counted(rounded.farthest)}:"] = moved
    return Observations(times, observed.y, observed.records)


def without_empty_ends(observed: Observations, value: str, bench: Bench) -> Observations:
    """The observations between the first and the last value: the others are left out if that is asked for, else told.

    Where gaps are filled, `without_gaps` tells of them. A file with other faulty values is left as it is. Where columns
    are known ahead, the rows beyond the last value are theirs, and no value is missing there.
    """
    known = np.isfinite(observed.y)
    faulty = any(p.column == value and p.kind != "missing" for p in bench.problems.found)
    if faulty or known.all() or not known.any():
        return observed
    lead, tail = int(np.argmax(known)), int(np.argmax(known[::-1]))
    end = len(known) - tail
    if bench.source.known_ahead:
        observed, known, tail = observed.some(np.arange(end)), known[:end], 0
    inner = lead + np.flatnonzero(~known[lead:end])
    kept = []
    if len(inner):
        record = int(min(observed.record(int(at)) for at in inner))
        kept = [Problem("missing", "no value", len(inner), record, value, *_fill(inner, known))]
    if "trim-ends" in bench.source.repair:
        bench.repairs[TRIMMED] = lead + tail
        bench.problems.exchange("missing", value, *kept)
        return observed.some(np.arange(lead, end))
    if not bench.source.fill_gaps:
        ends = [("first", lead, 0), ("last", tail, end)]
        kept += [_empty_end(name, rows, observed.record(at), value) for name, rows, at in ends if rows]
        bench.problems.exchange("missing", value, *kept)
    return observed


def without_newest(observed: Observations, bench: Bench) -> Observations:
    """The observations without the newest ones, as many as are to be held back; one is left, for what follows."""
    count = bench.source.hold_back
    if not count:
        return observed
    bench.repairs[HELD_BACK] = min(count, max(0, len(observed) - 1))
    return observed.some(np.arange(max(1, len(observed) - count)))


def tell_doubtful_mark(observed: Observations, value: str, bench: Bench) -> None:
    """Tell of a value that looks like a mark for none, unless the user has said what it is."""
    mark = doubtful_mark(observed.y, bench.source.missing)
    if mark is not None:
        which, count, at = mark
        bench.problems.add(problem_of(which, count, observed.record(at), value))


def _fill(missing: AnyArray, known: AnyArray) -> tuple[str, str]:
    """The remedy for missing values, and its setting; filling is not advised where it would invent a lot."""
    few = len(missing) <= MOST_INVENTED * len(known)
    return (FILL, "fill") if few else (COMPLETE, "")


def _empty_end(name: str, rows: int, record: int, value: str) -> Problem:
    what = f"no value in the {name} row" if rows == 1 else f"no value in the {name} {rows} rows"
    remedy = "have them left out until they are in (--repair trim-ends)"
    return Problem(f"{name} missing", what, 1, record, value, remedy, "trim-ends")


def in_order(observed: Observations, bench: Bench) -> Observations:
    """The observations by ascending time."""
    back, first = 0, 0
    for start in range(0, len(observed) - 1, 2**20):
        down = np.flatnonzero(np.diff(observed.t[start : start + 2**20 + 1]) < 0)
        first = first or (start + int(down[0]) + 1 if len(down) else 0)
        back += len(down)
    if not back:
        return observed
    order = np.argsort(observed.t, kind="stable")
    if not bench.is_ordered:
        return observed.some(order)
    if "sort" in bench.source.repair:
        bench.repairs[SORTED] = int((order != np.arange(len(order))).sum())
    else:
        what = "the time is before that of the row above"
        bench.problems.add(
            Problem("order", what, back, observed.record(first), bench.column, "have it sorted (--repair sort)", "sort")
        )
    return observed.some(order)


def once_each(observed: Observations, bench: Bench) -> Observations:
    """The observations without those whose time is there already: exact duplicates, and others with no remedy."""
    twice = np.zeros(len(observed), dtype=bool)
    twice[1:] = observed.t[1:] == observed.t[:-1]
    if not twice.any():
        return observed
    again = np.flatnonzero(twice)
    one, other = observed.y[again], observed.y[again - 1]
    exact = (one == other) | (np.isnan(one) & np.isnan(other))
    if not exact.all():
        at = observed.record(int(again[np.argmin(exact)]))
        what = "this time is there twice, with different values"
        bench.problems.add(
            Problem("conflict", what, int((~exact).sum()), at, bench.column, "leave one row for each time")
        )
    if exact.any() and "duplicates" in bench.source.repair:
        bench.repairs[DROPPED] = int(exact.sum())
    elif exact.any():
        at = observed.record(int(again[np.argmax(exact)]))
        what, remedy = "this row is there twice", "have exact duplicates dropped (--repair duplicates)"
        bench.problems.add(Problem("duplicate", what, int(exact.sum()), at, bench.column, remedy, "duplicates"))
    return observed.some(~twice)


def without_gaps(observed: Observations, spacing: Spacing, value: str, bench: Bench) -> tuple[Array, int]:
    """The values on every step from the first time to the last (steps,), and how many gaps in the times there were.

    What is missing is on the straight line between its neighbours, if it is no more than the user wants filled.
    """
    known = np.isfinite(observed.y)
    if spacing.positions is None and known.all():
        return observed.y, 0
    places = np.arange(len(observed)) if spacing.positions is None else spacing.positions
    gaps = np.flatnonzero(np.diff(places) > 1)
    most = bench.source.fill_gaps
    if most:
        _tell_ends(observed, known, value, bench)
    filled_from = np.flatnonzero(known) if most else np.arange(len(observed))  # missing values were told already
    missing = np.diff(places[filled_from]) - 1
    wide = np.flatnonzero(missing > most)
    if len(wide) and not _rows_are_left_out(bench):
        at, steps = int(filled_from[wide[0] + 1]), int(missing[wide[0]])
        largest, invented, points = int(missing.max()), int(missing.sum()), int(places[-1]) + 1
        what = f"{steps} {'step is' if steps == 1 else 'steps are'} missing before this row"
        what += f" (the widest gap: {largest} steps)" if largest > steps else ""
        fills = invented <= MOST_INVENTED * points
        what += "" if fills else f"; filling would invent {invented} of {points} points"
        zone = "with summer time, give --time-zone" if _may_be_summer_time(spacing, bench) else ""
        remedy = "; if clocks change ".join(filter(None, [FILL if fills else COMPLETE, zone]))
        bench.problems.add(
            Problem(
                kind="gap",
                what=what,
                count=len(wide),
                record=observed.record(at),
                column=bench.column,
                remedy=remedy,
                repair="fill" if fills else "",
                widest=largest,
            )
        )
    elif missing.any():
        bench.repairs[FILLED] = int(missing.sum())
    if len(filled_from) < 2:
        return observed.y, len(gaps)
    return np.interp(np.arange(places[-1] + 1), places[filled_from], observed.y[filled_from]), len(gaps)


def filled_points(observed: Observations, spacing: Spacing, points: int) -> AnyArray | None:
    """Which of so many evenly spaced `points` (points,) have no value of their own; None where all have."""
    known = np.isfinite(observed.y)
    if known.all() and len(known) == points:
        return None
    places = np.arange(len(observed)) if spacing.positions is None else spacing.positions
    filled = np.ones(points, dtype=bool)
    filled[places[known]] = False
    return filled


def _tell_ends(observed: Observations, known: AnyArray, value: str, bench: Bench) -> None:
    for at, end in ((0, "first"), (len(observed) - 1, "last")):
        if len(observed) and not known[at]:
            what = f"the {end} value is missing, and there is nothing to fill it from"
            remedy = "have such rows left out (--repair trim-ends)"
            record = observed.record(at)
            bench.problems.add(Problem(f"{end} missing", what, 1, record, value, remedy, "trim-ends"))


def _rows_are_left_out(bench: Bench) -> bool:
    """Whether a gap may be no more than a row whose time, or whose cells, are told to be wrong already."""
    lost = {"missing", "text", "finite", "exact", "reach", "never"}
    return any(p.kind == "ragged" or (p.column == bench.column and p.kind in lost) for p in bench.problems.found)


def _may_be_summer_time(spacing: Spacing, bench: Bench) -> bool:
    calendar: Calendar | None = spacing.calendar
    return calendar is not None and calendar.step is not None and bench.source.time_zone is None
