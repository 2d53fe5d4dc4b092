"""From a file to a series: open, choose columns, read and check, put in order, find the spacing, fill what is asked.

`read_series_file` raises BadSource, with all problems in one line; `examine` hands them over, for a closer look.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.readers.columns import Chosen, choose
from rnn.readers.csv_dialect import dialect
from rnn.readers.csv_file import CsvTable
from rnn.readers.files import named, opened
from rnn.readers.observations import Observations, observe
from rnn.readers.options import Source
from rnn.readers.parquet_file import MAGIC, ParquetTable
from rnn.readers.problems import BadSource, Problem, Problems, one_line
from rnn.readers.repairs import Bench, in_order, once_each, without_gaps
from rnn.readers.spacing import Spacing, Uneven, of_moments, of_numbers
from rnn.readers.summary import FileSummary
from rnn.readers.table import SAMPLE, Table
from rnn.readers.time_zones import located
from rnn.readers.times import Writing, writing
from rnn.readers.values import refuse_values
from rnn.seasonality import season_length
from rnn.series import Series

SEASONS_IN = 2**14
"""So many of the newest points tell the season: more would take long, and memory."""

FEWEST = 3
"""Fewer points have no spacing to speak of."""


@dataclass(frozen=True)
class Examination:
    """What a look at a file gave: the series, its calendar (None: times are numbers) and outline, if it can be used.

    `problems`: all that is wrong with it. `places` tells where in the file a record is.
    """

    table: Table
    chosen: Chosen
    problems: list[Problem]
    series: Series | None
    calendar: Calendar | None
    found: FileSummary | None

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """What a person calls the place of each record."""
        return self.table.places(records)


def read_series_file(source: Source, at_least: int = 1) -> tuple[Series, Calendar | None, FileSummary]:
    """The series in the file that `source` names, its calendar (None when times are numbers), and what was found.

    Memory: two to four arrays of the series' length; of the file, a block at a time. Raises BadSource when anything is
    wrong with the file that the user did not ask to have mended, or when it has fewer than `at_least` points.
    """
    seen = examine(source)
    if seen.problems or seen.series is None or seen.found is None:
        raise BadSource(one_line(named(source.data or ""), seen.problems, seen.places))
    if len(seen.series) < at_least:
        raise BadSource(
            f"{seen.found.file}: {len(seen.series)} points, and at least {at_least} are needed: give a longer series "
            "or a smaller --group-size"
        )
    return seen.series, seen.calendar, seen.found


def open_table(url: str) -> Table:
    """The file as a table, Parquet or CSV as its first bytes say. Raises BadSource."""
    name = named(url)
    with opened(url) as file:
        start = file.read(len(MAGIC))
        if start == MAGIC:
            return ParquetTable(url)
        if start and url.lower().endswith((".parquet", ".pq")):
            raise BadSource(f"{name}: this is no Parquet file, although it is called so: write it anew")
        file.seek(0)
        return CsvTable(url, dialect(name, file, SAMPLE))


def examine(source: Source) -> Examination:
    """Look at the file that `source` names. Raises BadSource when it cannot be read at all."""
    if source.data is None:
        raise BadSource("no file is given: name one with --data")
    name, table = named(source.data), open_table(source.data)
    chosen = choose(name, table, source)
    refuse_values(name, chosen.value, table.sample[chosen.value].type, isinstance(table, CsvTable))
    how = writing(name, chosen.time, table.sample[chosen.time], table.decimal, source.time_format)
    problems = Problems()
    bench = Bench(source, chosen.time, problems, {})
    observed, rows = observe(table, chosen, how, source.fill_gaps > 0, problems)
    zone = how.zone or source.time_zone or "UTC"
    if how.way != "number" and not how.in_zone and zone != "UTC":
        observed = located(observed, zone, chosen.time, problems)
    observed = once_each(in_order(observed, bench), bench)
    spacing = _spacing(observed, how, zone, bench)
    if spacing is None:
        return Examination(table, chosen, problems.found, None, None, None)
    first, last = observed.t[0], observed.t[-1]
    y, gaps = without_gaps(observed, spacing, chosen.value, bench)
    if problems:
        return Examination(table, chosen, problems.found, None, spacing.calendar, None)
    t = observed.t if spacing.calendar is None else None
    del observed  # of many rows the moments are much, and no longer needed
    series = _series(t, spacing, y)
    found = FileSummary(
        name, table.kind, rows, tuple(table.sample), chosen.time, chosen.value, chosen.time_how, chosen.value_how,
        _told(spacing), *_ends(first, last, spacing.calendar), len(series), season_length(y[-SEASONS_IN:]), gaps,
        bench.repairs,
    )  # fmt: skip
    return Examination(table, chosen, [], series, spacing.calendar, found)


def _spacing(observed: Observations, how: Writing, zone: str, bench: Bench) -> Spacing | None:
    """How the times are spaced; None, and a problem, when that cannot be told."""
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


def _told(spacing: Spacing) -> str:
    if spacing.calendar is None:
        return f"every {spacing.step:g}"
    zone = "" if spacing.calendar.zone == "UTC" else f" by clocks in {spacing.calendar.zone}"
    return f"every {spacing.calendar.step_in_words}{zone}"


def _ends(first: Any, last: Any, calendar: Calendar | None) -> tuple[str, str]:
    if calendar is None:
        return f"{first:.12g}", f"{last:.12g}"
    one, other = calendar.shown(np.array([first, last]).astype("datetime64[us]"))
    return one, other


def read_series(path: str, time: str | None = None, value: str | None = None, **reading: Any) -> Series:
    """The series in a CSV or Parquet file, or behind a URL, with its calendar.

    `time` and `value` name the columns where they are not plain. `reading`: what else a `Source` takes, such as
    time_zone="Europe/Berlin", repair=("sort",) or fill_gaps=3. Raises BadSource, which says what is wrong with the file
    and what to try.
    """
    source = Source(data=str(path), time_column=time, value_column=value, **reading)
    series, calendar, _ = read_series_file(source)
    return replace(series, calendar=calendar)
