"""The order of a series: what is out of it, what is there twice, what is missing. Mended only where that is asked for.

Each function tells of a problem, and mends it all the same for those that follow, so that they find theirs too.
"""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar
from rnn.readers.observations import FILL, Observations
from rnn.readers.options import Source
from rnn.readers.problems import Problem, Problems
from rnn.readers.spacing import Spacing

SORTED, DROPPED, FILLED = "rows sorted:", "exact duplicates dropped:", "points filled:"


@dataclass(frozen=True)
class Bench:
    """Where a file is put in order: what the user wants mended, and what was found and done so far."""

    source: Source
    column: str
    problems: Problems
    repairs: dict[str, int]


def in_order(found: Observations, bench: Bench) -> Observations:
    """The observations by ascending time."""
    back, first = 0, 0
    for start in range(0, len(found) - 1, 2**20):
        down = np.flatnonzero(np.diff(found.t[start : start + 2**20 + 1]) < 0)
        first = first or (start + int(down[0]) + 1 if len(down) else 0)
        back += len(down)
    if not back:
        return found
    order = np.argsort(found.t, kind="stable")
    if "sort" in bench.source.repair:
        bench.repairs[SORTED] = int((order != np.arange(len(order))).sum())
    else:
        what = "the time is before that of the row above"
        bench.problems.add(
            Problem("order", what, back, found.record(first), bench.column, "have it sorted (--repair sort)", "sort")
        )
    return found.some(order)


def once_each(found: Observations, bench: Bench) -> Observations:
    """The observations without those whose time is there already: exact duplicates, and others with no remedy."""
    twice = np.zeros(len(found), dtype=bool)
    twice[1:] = found.t[1:] == found.t[:-1]
    if not twice.any():
        return found
    again = np.flatnonzero(twice)
    one, other = found.y[again], found.y[again - 1]
    exact = (one == other) | (np.isnan(one) & np.isnan(other))
    if not exact.all():
        at = found.record(int(again[np.argmin(exact)]))
        what = "this time is there twice, with different values"
        bench.problems.add(
            Problem("conflict", what, int((~exact).sum()), at, bench.column, "leave one row for each time")
        )
    if exact.any() and "duplicates" in bench.source.repair:
        bench.repairs[DROPPED] = int(exact.sum())
    elif exact.any():
        at = found.record(int(again[np.argmax(exact)]))
        what, remedy = "this row is there twice", "have exact duplicates dropped (--repair duplicates)"
        bench.problems.add(Problem("duplicate", what, int(exact.sum()), at, bench.column, remedy, "duplicates"))
    return found.some(~twice)


def without_gaps(found: Observations, spacing: Spacing, value: str, bench: Bench) -> tuple[Array, int]:
    """The values on every step from the first time to the last (steps,), and how many gaps in the times there were.

    What is missing is on the straight line between its neighbours, if it is no more than the user wants filled.
    """
    known = np.isfinite(found.y)
    if spacing.positions is None and known.all():
        return found.y, 0
    places = np.arange(len(found)) if spacing.positions is None else spacing.positions
    gaps = np.flatnonzero(np.diff(places) > 1)
    most = bench.source.fill_gaps
    if most:
        _tell_ends(found, known, value, bench)
    there = np.flatnonzero(known) if most else np.arange(len(found))  # what is no value has been told already
    missing = np.diff(places[there]) - 1
    wide = np.flatnonzero(missing > most)
    if len(wide) and not _rows_are_left_out(bench):
        at, steps = int(there[wide[0] + 1]), int(missing[wide[0]])
        largest = int(missing.max())
        what = f"{steps} {'step is' if steps == 1 else 'steps are'} missing before this row"
        what += f" (the widest gap: {largest} steps)" if largest > steps else ""
        zone = "with summer time, give --time-zone" if _may_be_summer_time(spacing, bench) else ""
        remedy = "; if clocks change ".join(filter(None, [FILL, zone]))
        bench.problems.add(Problem("gap", what, len(wide), found.record(at), bench.column, remedy, "fill", largest))
    elif missing.any():
        bench.repairs[FILLED] = int(missing.sum())
    if len(there) < 2:
        return found.y, len(gaps)
    return np.interp(np.arange(places[-1] + 1), places[there], found.y[there]), len(gaps)


def _tell_ends(found: Observations, known: AnyArray, value: str, bench: Bench) -> None:
    for at, end in ((0, "first"), (len(found) - 1, "last")):
        if len(found) and not known[at]:
            what = f"the {end} value is missing, and there is nothing to fill it from"
            bench.problems.add(Problem(f"{end} missing", what, 1, found.record(at), value, "leave out that row"))


def _rows_are_left_out(bench: Bench) -> bool:
    """Whether a gap may be no more than a row whose time, or whose cells, are told to be wrong already."""
    lost = {"missing", "text", "finite", "exact", "reach", "never"}
    return any(p.kind == "ragged" or (p.column == bench.column and p.kind in lost) for p in bench.problems.found)


def _may_be_summer_time(spacing: Spacing, bench: Bench) -> bool:
    calendar: Calendar | None = spacing.calendar
    return calendar is not None and calendar.step is not None and bench.source.time_zone is None
