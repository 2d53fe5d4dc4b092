"""The columns of a file that are known ahead: read like the values, in the same rows and in those beyond the last."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.known_inputs import KnownInputs
from rnn.readers.columns import Chosen
from rnn.readers.options import Source
from rnn.readers.problems import Problem
from rnn.readers.repairs import FILLED
from rnn.readers.table import Table
from rnn.readers.unusual_inputs import doubt_about
from rnn.series import Series

Look: TypeAlias = Callable[[Source, Table], Any]
"""What reads one column and gives its Examination: `rnn.readers.read.examine`, handed in, since it asks for this."""

COMPLETE = "complete the column, or leave it out of --known"


@dataclass(frozen=True)
class Found:
    """The inputs, None where there is a problem; where each column ends, in words; what was filled; what to check."""

    inputs: KnownInputs | None = None
    ends: Mapping[str, str] = field(default_factory=dict)
    repairs: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    doubts: tuple[str, ...] = ()


def known_columns(
    source: Source, table: Table, chosen: Chosen, series: Series, calendar: Calendar | None, look: Look
) -> Found:
    """The columns that `source` names as known ahead, at the points of `series` and beyond, as far as all of them go.

    Each is read by the rules that hold for values. One that does not cover the series, or ends with it, is a problem.
    """
    at = _moments(series, calendar)
    parts, ends, repairs, problems = [], {}, {}, []
    for column in source.known_ahead:
        seen = look(_alone(source, chosen, column), table)
        if seen.problems or seen.series is None or seen.summary is None:
            problems += [problem for problem in seen.problems if problem not in problems]
            continue
        own = _moments(seen.series, seen.calendar)
        start = int(np.searchsorted(own, at[0]))
        if problem := _uncovered(own, at, start, chosen, column, seen.ends):
            problems.append(problem)
            continue
        place = seen.places([seen.ends[1]])[seen.ends[1]]
        ends[column] = f"{seen.summary.last} ({place})"
        if filled := seen.summary.repairs.get(FILLED):
            repairs[f"points of {column!r} filled:"] = filled
        parts.append(KnownInputs((column,), seen.series.y[start:, np.newaxis]))
    if problems or not parts:
        return Found(problems=tuple(problems))
    inputs = parts[0]
    for part in parts[1:]:
        inputs = inputs.beside(part)
    return Found(inputs, ends, repairs, doubts=_doubts(inputs, series, calendar))


def _doubts(inputs: KnownInputs, series: Series, calendar: Calendar | None) -> tuple[str, ...]:
    """What ought to be checked of the inputs, a sentence a column."""

    def when(point: int) -> str:
        x = series.ahead(point + 1 - len(series))[-1:]
        return f"{x[0]:g}" if calendar is None else calendar.shown(calendar.times(x))[0]

    columns = zip(inputs.names, inputs.values.T, strict=True)
    found = (doubt_about(name, values, len(series), when) for name, values in columns)
    return tuple(doubt for doubt in found if doubt is not None)


def _alone(source: Source, chosen: Chosen, column: str) -> Source:
    """The source with this column as its values; it may begin earlier and end later than others."""
    only = {
        "time_column": tuple(chosen.columns[:-1]), "value_column": column, "known_ahead": (), "holidays": None,
        "hold_back": 0, "season": ("none",), "lower": None, "upper": None,
        "repair": tuple(dict.fromkeys((*source.repair, "trim-ends"))),
    }  # fmt: skip
    return source.model_copy(update=only)


def _moments(series: Series, calendar: Calendar | None) -> AnyArray:
    """When its points are: microseconds since 1970, or x where the times are numbers."""
    return series.x if calendar is None else calendar.times(series.x).astype(np.int64)


def _uncovered(
    own: AnyArray, at: AnyArray, start: int, chosen: Chosen, column: str, ends: tuple[int, int]
) -> Problem | None:
    """What is wrong with a column at the moments `own` beside values at the moments `at`; None where nothing is."""
    value, step = chosen.value, float(at[1] - at[0])
    if own[0] > at[0] + 0.01 * step:
        what = f"this is its first value, and {value!r} has earlier ones"
        return Problem("known late", what, 1, ends[0], column, COMPLETE)
    if own[-1] < at[-1] + 0.5 * step:
        what = f"this is its last value, and the last of {value!r} is {'here too' if own[-1] == at[-1] else 'later'}: "
        what += "it is not known ahead"
        return Problem("not known ahead", what, 1, ends[1], column, COMPLETE)
    here = own[start : start + len(at)]
    if len(here) < len(at) or np.abs(here - at).max() > 0.01 * step:
        return Problem("known times", f"its times are not those of {value!r}", 1, ends[0], column, COMPLETE)
    return None
