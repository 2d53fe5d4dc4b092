"""A series and its groups as files: written and read back."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.forecasts import times
from artifacts.files.parquet import read_outline, read_table, write_blocks
from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.series import Groups, Series

CALENDAR, FOUND = "calendar", "found"
"""Where the metadata of a data set that was read have its calendar, and what was found in the file."""

DATASET, GROUPS = "dataset.parquet", "groups.npz"


def write_series(
    path: Path, series: Series | Iterable[Series], made: dict[str, Any], calendar: Calendar | None = None
) -> None:
    """A series as Parquet, in one piece or in blocks one after the other; `made` says how it was generated or read.

    With a `calendar` there is a column `time` too, in UTC, and the metadata say how to go on. Raises ValueError when
    there is no block.
    """
    blocks = iter([series] if isinstance(series, Series) else series)
    first = next(blocks, None)
    if first is None:
        raise ValueError(f"no block of a series to write to {path}")
    dated = {} if calendar is None else {CALENDAR: calendar.plain()}
    columns = ({"x": block.x, "y": block.y, **times(calendar, block.x)} for block in chain([first], blocks))
    write_blocks(path, columns, {"step": first.step, **dated, **made})


def read_series(path: Path) -> Series:
    """The series that `write_series` wrote."""
    columns, made = read_table(path, ["x", "y"])
    return Series(columns["x"], columns["y"], made["step"])


def read_times(path: Path) -> AnyArray:
    """When the points of a series are (points,): times in UTC where it has them, else x."""
    columns, _ = read_table(path)
    return columns.get("time", columns["x"])


def read_made(path: Path) -> dict[str, Any]:
    """How a series was generated or read, as `write_series` was told."""
    return read_outline(path)[1]


def read_calendar(path: Path) -> Calendar | None:
    """The calendar of the series that `write_series` wrote; None when its x are the times, as numbers."""
    told = read_made(path).get(CALENDAR)
    return None if told is None else Calendar(**told)


def write_groups(path: Path, groups: Groups) -> None:
    """A series in groups, as npz."""
    np.savez(path, x=groups.x, y=groups.y, step=groups.step, dropped=groups.dropped)


def read_groups(path: Path) -> Groups:
    """The groups that `write_groups` wrote."""
    with np.load(path, allow_pickle=False) as file:
        return Groups(file["x"], file["y"], float(file["step"]), int(file["dropped"]))
