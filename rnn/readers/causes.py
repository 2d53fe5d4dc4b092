"""Find the cause of problems with times: a second column, several series, clocks that change, jitter, epochs.

A file of two stores has every time twice; to be told so helps, to be told that line 202 is there twice does not.
"""

import re
from dataclasses import replace

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import counted
from rnn.readers.columns import Chosen, kind_of
from rnn.readers.jitter import without_jitter
from rnn.readers.number_times import epoch_of
from rnn.readers.observations import Observations
from rnn.readers.options import Source
from rnn.readers.panel import clock_column, merged_column, panel_of
from rnn.readers.problems import Problem, short
from rnn.readers.spacing import Spacing, missing_share, of_moments
from rnn.readers.table import Table
from rnn.readers.time_names import speaks_of_time
from rnn.readers.time_parts import hours_of, in_words, second_part
from rnn.readers.time_zones import fitting_zone
from rnn.readers.times import Writing
from rnn.readers.values import is_text

OF_TIMES = ("order", "duplicate", "conflict", "uneven", "gap", "twice")
"""Kinds of problems with the times of a series that one cause may explain together."""

MOST_BACK = 50
"""Clocks are put back once a year: more rows than this before the one above are out of order for another reason."""

MOST_ARE_OFF = 0.2
"""Where fewer times than this share miss even steps, these are mistakes, and not jitter."""


def causes_of(
    problems: list[Problem], table: Table, chosen: Chosen, how: Writing, observed: Observations, source: Source
) -> list[Problem]:
    """The problems, those of the times replaced by their common cause where there is one.

    `observed`: the rows as they were read, clock times where no offsets came with them.
    """
    second = [p for p in problems if p.kind == "second table"]
    if second:
        return second
    of_times = [p for p in problems if p.kind in OF_TIMES and p.column == chosen.time]
    if not of_times:
        return problems
    kinds = {p.kind for p in of_times}
    cause = None
    if kinds & {"conflict", "duplicate"}:
        cause = _two_columns(of_times, table, chosen, how) or _several_series(of_times, table, chosen, source)
    if cause is None and kinds & {"conflict", "duplicate"} and "order" in kinds:
        cause = _merged_cells(of_times, table, chosen)
    if cause is None and how.way == "number":
        cause = _epoch(of_times, observed, chosen) or _rounded(of_times, table, chosen)
    elif cause is None and all(p.count <= MOST_BACK for p in of_times if p.kind == "order"):
        cause = _summer_time(of_times, observed, how, source)
        cause = cause or (_jitter(of_times, observed, source) if kinds & {"uneven"} and "order" not in kinds else None)
    if cause is None:
        return problems
    return [p for p in problems if p not in of_times and not (cause.kind == "panel" and p.kind == "few")] + [cause]


def _first(problems: list[Problem]) -> Problem:
    return min(problems, key=lambda p: -1 if p.record is None else p.record)


def _two_columns(problems: list[Problem], table: Table, chosen: Chosen, how: Writing) -> Problem | None:
    clock = None if chosen.clock else clock_column(table, chosen)
    if clock is None:
        return _parts(problems, table, chosen) or _hours(problems, table, chosen, how)
    first = next(p for p in problems if p.kind in {"conflict", "duplicate"})
    names = " ".join(_quoted(column) for column in (chosen.time, clock))
    what = f"this time is there twice, and column '{short(clock)}' holds the time of day"
    cure = {"time_column": (chosen.time, clock)}
    remedy = f"give both columns of times, --time-column {names}"
    return replace(first, kind="clock", what=what, remedy=remedy, repair="cure", cure=cure)


def _parts(problems: list[Problem], table: Table, chosen: Chosen) -> Problem | None:
    """The same where the times are years, and the other column has the month, the week or the quarter."""
    kinds = {column: kind_of(cells, table.decimal) for column, cells in table.sample.items()}
    second = second_part(chosen.time, kinds) if chosen.clock is None else None
    if second is None:
        return None
    part, cure = second
    first = next(p for p in problems if p.kind in {"conflict", "duplicate"})
    what = f"this time is there twice, and column '{short(cure['time_column'][1])}' has the {part}"
    return replace(first, kind="clock", what=what, remedy=f"give both, {in_words(cure)}", repair="cure", cure=cure)


def _hours(problems: list[Problem], table: Table, chosen: Chosen, how: Writing) -> Problem | None:
    """The same where the other column has the hour as a number."""
    hours = None if chosen.clock or how.way == "number" else hours_of(table, chosen.columns)
    if hours is None:
        return None
    name, ends = hours
    first = next(p for p in problems if p.kind in {"conflict", "duplicate"})
    what = f"this time is there twice, and column '{short(name)}' has the hour"
    if ends:
        remedy = f"let the hours of '{short(name)}' count from 0 to 23, each by its beginning"
        return replace(first, kind="clock", what=f"{what}, counted from 1 to 24", remedy=remedy)
    form = f"{'%Y-%m-%d' if how.way in ('iso', 'typed') else how.way} %H"
    cure = {"time_column": (chosen.time, name), "time_format": form}
    remedy = f"give both, --time-column {_quoted(chosen.time)} {_quoted(name)} --time-format '{form}'"
    return replace(first, kind="clock", what=what, remedy=remedy, repair="cure", cure=cure)


def _quoted(column: str) -> str:
    return f"'{column}'" if " " in column else column


def _several_series(problems: list[Problem], table: Table, chosen: Chosen, source: Source) -> Problem | None:
    panel = panel_of(table, chosen) if not source.where else None
    first = next(p for p in problems if p.kind in {"conflict", "duplicate"})
    return panel.problem(first.record, chosen.time) if panel else None


def _merged_cells(problems: list[Problem], table: Table, chosen: Chosen) -> Problem | None:
    merged = merged_column(table, chosen)
    if merged is None:
        return None
    first = next(p for p in problems if p.kind in {"conflict", "duplicate"})
    what = f"this time is there twice, and column '{short(merged)}' is filled only where it changes"
    return replace(first, kind="panel", what=what, remedy="fill it down to every row, then read one series by --where")


def _rounded(problems: list[Problem], table: Table, chosen: Chosen) -> Problem | None:
    """Times such as 1.70407E+12, of which a spreadsheet has kept the first digits alone."""
    cells = table.head(chosen.time)
    first = next((p for p in problems if p.kind in {"conflict", "duplicate"}), None)
    if first is None or not is_text(cells.type):
        return None
    rounded = [
        cell for cell in cells.to_pylist() if cell and re.fullmatch(r"[0-9][.,][0-9]+[eE][+]?[0-9]+", cell.strip())
    ]
    if not rounded:
        return None
    what = f"this time is there twice: a spreadsheet has rounded {short(rounded[0])!r} when it saved the file"
    return replace(first, kind="clock", what=what, remedy="export the file anew, with the times as text or in full")


def _epoch(problems: list[Problem], observed: Observations, chosen: Chosen) -> Problem | None:
    epoch = epoch_of(observed.t, speaks_of_time(chosen.time))
    if epoch is None or {p.kind for p in problems} & {"conflict", "duplicate", "order"}:
        return None
    first = _first(problems)
    cure = {"time_format": epoch.name}
    remedy = f"give --time-format {epoch.name}"
    return replace(first, what=f"{first.what}; the times {epoch.sentence}", remedy=remedy, repair="cure", cure=cure)


def _summer_time(problems: list[Problem], observed: Observations, how: Writing, source: Source) -> Problem | None:
    """The change to or from summer time, where the file's times are even by the clocks of some common zone."""
    if source.time_zone is not None or how.zone not in (None, "UTC"):
        return None
    zone = fitting_zone(observed, how.in_zone, _missing(observed.t))
    if zone is None:
        return None
    first = _first(problems)
    why = "the offset changes" if how.in_zone else "clocks change"
    cure = {"time_zone": zone}
    remedy = f"give the time zone of these clocks, such as --time-zone {zone}"
    what = f"{first.what}; {why} with summer time in between"
    return replace(first, kind="clocks", what=what, count=1, remedy=remedy, repair="cure", cure=cure)


def _missing(t: AnyArray) -> float:
    """The share of points that the times leave out, read in UTC; above 1 when they are uneven or come twice."""
    spacing = of_moments(t, "UTC") if (np.diff(t) > 0).all() else None
    return missing_share(spacing) if isinstance(spacing, Spacing) else 2.0


def _jitter(problems: list[Problem], observed: Observations, source: Source) -> Problem | None:
    rounded = without_jitter(observed.t) if (np.diff(observed.t) > 0).all() else None
    if rounded is None or "round-times" in source.repair or (np.diff(rounded.times) <= 0).any():
        return None
    if (rounded.times != observed.t).mean() < MOST_ARE_OFF:
        return None
    first = _first(problems)
    step = counted(int(np.diff(rounded.times).min()))
    what = f"the times miss even steps of {step} by up to {counted(rounded.farthest)}, first at this row"
    remedy = "have them rounded (--repair round-times)"
    return replace(first, kind="jitter", what=what, count=1, remedy=remedy, repair="round-times")
