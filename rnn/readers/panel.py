"""Several series in one file: the columns that tell rows of the same time apart."""

import shlex
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd
import pyarrow as pa

from rnn.readers.columns import Chosen, is_clock
from rnn.readers.problems import Problem, short
from rnn.readers.table import Table
from rnn.readers.values import is_missing, is_text

LOOKED_AT = 200_000
"""Rows that are looked at to see whether their times come once for each series."""

MOST_CANDIDATES = 8

MOST_FILLED = 0.5
"""Merged cells leave at most so large a share of a column filled."""


@dataclass(frozen=True)
class Panel:
    """The columns by which a file's rows are several series, how many those are, and the contents of the first few."""

    columns: tuple[str, ...]
    series: int
    first: tuple[tuple[str, ...], ...]

    def problem(self, record: int | None, column: str) -> Problem:
        """The problem that a file of several series has, and the flag that picks one of them."""
        names = " and ".join(f"'{short(name)}'" for name in self.columns)
        contents = ", ".join("/".join(map(short, series)) for series in self.first)
        what = f"this time is there twice: the file looks like {self.series} series, one for each {names} ({contents}"
        what += ", …)" if self.series > len(self.first) else ")"
        where = [f"{name}={content}" for name, content in zip(self.columns, self.first[0], strict=True)]
        return Problem("panel", what, 1, record, column, f"read one of them with --where {shlex.join(where)}")


def clock_column(table: Table, chosen: Chosen) -> str | None:
    """The only other column that holds times of day; None when there is none, or several."""
    free = [name for name in table.sample if name not in chosen.columns]
    clocks = [name for name in free if pa.types.is_time(table.sample[name].type) or is_clock(table.sample[name])]
    return clocks[0] if len(clocks) == 1 else None


def merged_column(table: Table, chosen: Chosen) -> str | None:
    """The first other column that is filled only where it changes, as merged cells of a spreadsheet leave it."""
    for name, cells in table.sample.items():
        if name in chosen.columns or not is_text(cells.type):
            continue
        given = [cell is not None and not is_missing(cell) for cell in cells.to_pylist()]
        if given and given[0] and 2 <= sum(given) <= MOST_FILLED * len(given):
            return name
    return None


def panel_of(table: Table, chosen: Chosen) -> Panel | None:
    """The one or two columns with which every time comes once; None when no columns tell the rows apart."""
    free = [name for name in table.sample if name not in chosen.columns and _can_name(table.sample[name].type)]
    candidates = free[:MOST_CANDIDATES]
    times = chosen.columns[:-1]
    frame = _first_rows(table, [*times, *candidates])
    for count in (1, 2):
        for columns in combinations(candidates, count):
            series = frame[list(columns)].drop_duplicates()
            if 1 < len(series) <= len(frame) / 3 and not frame.duplicated([*times, *columns]).any():
                first = tuple(tuple(map(str, row)) for row in series.head(3).itertuples(index=False))
                return Panel(columns, len(series), first)
    return None


def _can_name(kind: Any) -> bool:
    return is_text(kind) or pa.types.is_integer(kind)


def _first_rows(table: Table, names: list[str]) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for cells in table.blocks(names):
        parts.append(pd.DataFrame({name: column.to_pandas() for name, column in zip(names, cells, strict=True)}))
        if sum(map(len, parts)) >= LOOKED_AT:
            break
    return pd.concat(parts).head(LOOKED_AT)
