"""Read a series from a file: open, choose columns, read and check, sort, find the spacing, fill gaps if asked.

`read_series_file` raises BadSource, with all problems in one line; `examine` hands them over, for a closer look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.known_inputs import KnownInputs
from rnn.readers.causes import causes_of
from rnn.readers.columns import Chosen, choose
from rnn.readers.doubts import doubts
from rnn.readers.extra_rows import LEFT_OUT, ExtraRows
from rnn.readers.files import named
from rnn.readers.folder import Folder
from rnn.readers.holiday_inputs import holiday_inputs
from rnn.readers.known_columns import Found, known_columns
from rnn.readers.missing_marks import LEFT_OUT as MARKS_LEFT_OUT
from rnn.readers.missing_marks import MissingMarks
from rnn.readers.numerals import Numerals, numerals_of
from rnn.readers.observations import Observations, observe
from rnn.readers.options import Source
from rnn.readers.prior_knowledge import known_bounds, known_seasons
from rnn.readers.problems import BadSource, Problem, Problems, one_line
from rnn.readers.repairs import (
    Bench,
    filled_points,
    in_order,
    on_even_times,
    once_each,
    tell_doubtful_mark,
    without_empty_ends,
    without_gaps,
    without_newest,
)
from rnn.readers.spacing import Spacing, Uneven, of_moments, of_numbers
from rnn.readers.summary import FileSummary
from rnn.readers.table import Table
from rnn.readers.tables import open_table
from rnn.readers.time_zones import located
from rnn.readers.times import Writing, joined, read_times, writing
from rnn.readers.values import refuse_values
from rnn.recipes import recipe_of
from rnn.series import Series

SEASONS_IN = 2**14
"""So many of the newest points tell the season: more would take long, and memory."""

FEWEST = 3
"""Fewer points have no spacing to speak of."""

LONGEST_FORECAST = 120
"""So many steps, and a quarter of the series, must have a date before the year 10000."""


@dataclass(frozen=True)
class Examination:
    """The result of a look at a file: the series, its calendar (None for numbers) and summary, if it can be used.

    `problems`: all that is wrong with it. `places` tells where in the file a record is. `how` and `numerals`: how its
    times and numbers are written. `ends`: the records of the first and of the last point.
    """

    table: Table
    chosen: Chosen
    how: Writing
    numerals: Numerals
    problems: list[Problem]
    series: Series | None = None
    calendar: Calendar | None = None
    summary: FileSummary | None = None
    ends: tuple[int, int] = (0, 0)

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """The place of each record, as a person says it."""
        return self.table.places(records)


def read_series_file(
    source: Source, at_least: int = 1, table: Table | None = None
) -> tuple[Series, Calendar | None, FileSummary]:
    """The series in the file that `source` names, its calendar (None when times are numbers), and its summary.

    `table`: the file or the result of the query, where it is open already.

    Memory: two to four arrays of the series' length; of the file, a block at a time. Raises BadSource when anything is
    wrong with the file that the user did not ask to have mended, or when it has fewer than `at_least` points.
    """
    seen = examine(source, table)
    if seen.problems or seen.series is None or seen.summary is None:
        raise BadSource(one_line(named(source.data or ""), seen.problems, seen.places))
    if len(seen.series) < at_least:
        raise BadSource(
            f"{seen.summary.file}: {len(seen.series)} points, and at least {at_least} are needed: give a longer series "
            "or a smaller --group-size"
        )
    return seen.series, seen.calendar, seen.summary


def examine(source: Source, table: Table | None = None) -> Examination:
    """Look at the file that `source` names, or at `table`. Raises BadSource when it cannot be read at all."""
    if source.data is None:
        raise BadSource("no file is given: name one with --data")
    name, table = named(source.data), table or open_table(source)
    if table.text_is_data and not any(len(cells) for cells in table.sample.values()):
        _refuse_no_rows(name, table, source)
    chosen = choose(name, table, source)
    refuse_values(name, chosen.value, table.sample[chosen.value].type, table.text_is_data)
    numerals = numerals_of(name, chosen.value, table.sample, table.decimal, source)
    heads = [table.head(column) for column in chosen.columns[:-1]]
    how = writing(name, " ".join(chosen.columns[:-1]), joined(*heads), table.decimal, source.time_format)
    if isinstance(table, Folder):
        table.in_order_of(lambda part: _first_time(part, chosen, how))
    problems = Problems()
    bench = Bench(source, chosen.time, problems, {}, table.is_ordered)
    extra, marks = ExtraRows(chosen, source.repair), MissingMarks(source.missing)
    observed, rows = observe(
        table, chosen, how, source.fill_gaps > 0, problems, numerals, source.conditions, extra, marks=marks
    )
    bench.note({LEFT_OUT: extra.left_out, MARKS_LEFT_OUT: marks.count})
    seen = Examination(table, chosen, how, numerals, [])
    zone = how.zone or source.time_zone or "UTC"
    read = observed
    if how.way != "number" and not how.in_zone and zone != "UTC":
        observed = located(observed, zone, chosen.time, problems)
    if how.way != "number":
        observed = on_even_times(observed, bench)
    observed = without_empty_ends(once_each(in_order(observed, bench), bench), chosen.value, bench)
    observed = without_newest(observed, bench)
    tell_doubtful_mark(observed, chosen.value, bench)
    spacing = _spacing(observed, how, zone, bench)
    if spacing is None:
        return replace(seen, problems=causes_of(problems.found, seen.table, chosen, how, read, source))
    first, last = observed.t[0], observed.t[-1]
    y, gaps = without_gaps(observed, spacing, chosen.value, bench)
    if not problems and spacing.calendar is not None and not _goes_on(spacing.calendar, len(y)):
        what = f"the times end in {last.astype('datetime64[us]').astype('datetime64[D]')}, and a forecast would lie "
        what += "beyond the year 9999"
        problems.add(Problem("reach", what, column=chosen.time, remedy="correct the years"))
    seasons = known_seasons(source, spacing.calendar, len(y), problems)
    bounds = known_bounds(source, y, chosen.value, problems)
    if problems:
        causes = causes_of(problems.found, seen.table, chosen, how, read, source)
        return replace(seen, problems=causes, calendar=spacing.calendar)
    t = observed.t if spacing.calendar is None else None
    filled = filled_points(observed, spacing, len(y))
    seen = replace(seen, ends=(observed.record(0), observed.record(len(observed) - 1)))
    del observed, read  # of many rows the moments are much, and no longer needed
    series = replace(_series(t, spacing, y), seasons=seasons, bounds=bounds, filled=filled)
    known = known_columns(source, table, chosen, series, spacing.calendar, examine) if source.known_ahead else Found()
    if known.problems:
        return replace(seen, problems=list(known.problems), calendar=spacing.calendar)
    series = replace(series, known=_with_holidays(known, source, spacing.calendar, len(y)))
    one, other = _ends(first, last, spacing.calendar)
    summary = FileSummary(
        file=name,
        kind=_kind(table, numerals, source),
        rows=rows,
        columns=tuple(table.sample),
        time_column=" ".join(chosen.columns[:-1]),
        value_column=chosen.value,
        time_how=", ".join(filter(None, [chosen.time_how, how.note])),
        value_how=chosen.value_how,
        spacing=_spacing_in_words(spacing),
        first=one,
        last=other,
        points=len(series),
        period=seasons.main(y[-SEASONS_IN:]),
        gaps=gaps,
        repairs={**bench.repairs, **known.repairs},
        ahead=None if series.known is None else len(series.known.values) - len(series),
        ends=dict(known.ends),
        doubts=[
            *known.doubts,
            *doubts(table, chosen.time, chosen.value, how.way, numerals, spacing.calendar, (first, last)),
        ],
    )
    return replace(seen, series=series, calendar=spacing.calendar, summary=summary)


def _with_holidays(found: Found, source: Source, calendar: Calendar | None, points: int) -> KnownInputs | None:
    """The inputs that were found, and the holidays that are asked for, of a series of so many points."""
    if source.holidays is None:
        return found.inputs
    days = holiday_inputs(source.holidays, calendar, points)
    return days if found.inputs is None else found.inputs.beside(days)


def _refuse_no_rows(name: str, table: Table, source: Source) -> None:
    """Raise BadSource for a file of names alone; its columns would have no kind."""
    if not any(True for _ in table.blocks(list(table.sample)[:1])):
        if problems := table.problems():
            raise BadSource(one_line(name, problems, table.places))
        columns = ", ".join(map(repr, list(table.sample)[:8]))
        skipped = f" and {source.skip_rows} skipped lines" if source.skip_rows else ""
        raise BadSource(f"{name}: no rows below the names of the columns, {columns}{skipped}: give a file with data")


def _first_time(part: Table, chosen: Chosen, how: Writing) -> float:
    """The earliest time in the first rows of a file."""
    for cells in part.blocks(chosen.columns[:-1]):
        times = read_times(joined(*cells), how, part.decimal).astype(float)
        known = times[np.isfinite(times) & (times > -(2.0**62))]
        if len(known):
            return float(known.min())
    return np.inf


def _kind(table: Table, numerals: Numerals, source: Source) -> str:
    """The kind of file in words, with how its numbers are written, and which rows of it were read."""
    kind = table.kind
    if numerals.thousands or numerals.decimal == ".":
        kind = kind.removesuffix(", with decimal commas")
    kind += numerals.sentence
    return ", where ".join([kind, " and ".join(source.where)]) if source.where else kind


def _goes_on(calendar: Calendar, points: int) -> bool:
    """Whether a forecast of the series would still have dates with four digits of a year."""
    ahead = points + max(LONGEST_FORECAST, points // 4)
    try:
        beyond = calendar.times(np.array([float(ahead)]))[0]
    except (ValueError, OverflowError):
        return False
    return bool(beyond < np.datetime64("9999-12-31"))


def _spacing(observed: Observations, how: Writing, zone: str, bench: Bench) -> Spacing | None:
    """The spacing of the times; None, and a problem, when they are uneven or too few."""
    if len(observed) < FEWEST:
        rows = "no rows" if not len(observed) else "1 row" if len(observed) == 1 else f"{len(observed)} rows"
        what = f"{rows} with a time and a value, too few for a series"
        bench.problems.add(Problem("few", what, remedy="give a longer series"))
        return None
    spacing = of_numbers(observed.t) if how.way == "number" else of_moments(observed.t, zone)
    if isinstance(spacing, Uneven):
        what = f"the time is {spacing.found} after the one before, where {spacing.usual} is usual"
        remedy = "bring the times to even steps"
        record = observed.record(spacing.at)
        bench.problems.add(Problem("uneven", what, spacing.count, record, bench.column, remedy))
        return None
    return spacing


def _series(t: AnyArray | None, spacing: Spacing, y: AnyArray) -> Series:
    if t is None:
        return Series(np.arange(len(y), dtype=float), y, 1.0)
    if len(t) == len(y):
        return Series(t, y, spacing.step)
    return Series(np.asarray(t[0] + spacing.step * np.arange(len(y)), dtype=float), y, spacing.step)


def _spacing_in_words(spacing: Spacing) -> str:
    if spacing.calendar is None:
        return f"every {spacing.step:g}"
    zone = "" if spacing.calendar.zone == "UTC" else f" by clocks in {spacing.calendar.zone}"
    return f"every {spacing.calendar.step_in_words}{zone}"


def _ends(first: Any, last: Any, calendar: Calendar | None) -> tuple[str, str]:
    if calendar is None:
        return f"{first:.12g}", f"{last:.12g}"
    one, other = calendar.shown(np.array([first, last]).astype("datetime64[us]"))
    return one, other


def read_series(
    path: str,
    time: str | tuple[str, str] | None = None,
    value: str | None = None,
    known: Sequence[str] = (),
    **reading: Any,
) -> Series:
    """The series in a CSV file, Parquet file, workbook or folder, or behind a URL, with its calendar.

    `time` and `value` name the columns where they are not plain; `time` may be two, a date and a time of day.
    `known`: columns known ahead, whose values the file has in rows beyond the last value too. `reading`: what else a
    `Source` takes, such as time_zone="Europe/Berlin", repair=("sort",), fill_gaps=3 or holidays="DE". Raises BadSource,
    which says what is wrong with the file and what to try, and BadSetting for what a `Source` does not take.
    """
    ahead = (known,) if isinstance(known, str) else tuple(known)
    given = {"data": str(path), "time_column": time, "value_column": value, "known_ahead": ahead}
    source = recipe_of(Source, {**given, **reading})
    series, calendar, _ = read_series_file(source)
    return replace(series, calendar=calendar)
