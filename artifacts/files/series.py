"""Files of a series and of its groups."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.forecasts import times
from artifacts.files.parquet import Columns, read_outline, read_table, write_blocks
from rnn import npz
from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.known_inputs import KnownInputs, part_of
from rnn.readers.summary import FileSummary
from rnn.seasonality import UNKNOWN, Seasons
from rnn.series import UNBOUNDED, Groups, Series, bounded

CALENDAR, FOUND, SEASONS, BOUNDS = "calendar", "found", "seasons", "bounds"
"""Keys in a data set's metadata: its calendar, the summary of the file that it was read from, seasons and bounds."""

BLOCK = 2**18
"""Points of a series that are written at a time."""
FILLED = "filled"
"""The column, told of in the metadata, of which values were missing and have been filled in; not there without any."""

KNOWN, KNOWN_COLUMN = "known", "known: "
"""The key, in a data set's metadata, of inputs known ahead: names, and values after the end; how columns begin."""

DATASET, GROUPS = "dataset.parquet", "groups.npz"


def write_series(
    path: Path, series: Series | Iterable[Series], made: dict[str, Any], calendar: Calendar | None = None
) -> None:
    """Write a series as Parquet, in one piece or in consecutive blocks; `made` records how it was generated or read.

    With a `calendar` there is a column `time`, in UTC, and the metadata hold the calendar, by which times beyond the
    series are computed. Raises ValueError when there is no block.
    """
    blocks = iter([series] if isinstance(series, Series) else series)
    first = next(blocks, None)
    if first is None:
        raise ValueError(f"no block of a series to write to {path}")
    dates = {} if calendar is None else {CALENDAR: calendar.plain()}
    gaps = first.filled is not None  # told of all blocks or of none
    columns = (
        {
            "x": block.x,
            "y": block.y,
            **({FILLED: block.filled} if gaps else {}),
            **_inputs(block),
            **times(calendar, block.x),
        }
        for block in chain([first], blocks)
    )
    known: dict[str, Any] = {} if first.seasons == UNKNOWN else {SEASONS: asdict(first.seasons)}
    if first.bounds != UNBOUNDED:  # JSON has no infinity
        known[BOUNDS] = [bound if np.isfinite(bound) else None for bound in first.bounds]
    if gaps:
        known[FILLED] = True
    write_blocks(path, columns, {"step": first.step, **known, **dates, **made})


def _inputs(block: Series) -> dict[str, AnyArray]:
    """The columns of inputs known ahead, at the points of a block."""
    if block.known is None:
        return {}
    here = block.known.values[: len(block)].T
    return {KNOWN_COLUMN + name: values for name, values in zip(block.known.names, here, strict=True)}


def write_read(
    path: Path,
    series: Series,
    calendar: Calendar | None,
    found: FileSummary,
    digest: str,
    unique_id: str | None = None,
) -> None:
    """Write a series that was read from a file, block by block; `digest`: that of the file's bytes.

    `unique_id`: what the series is called, if it is not as its column of values.
    """
    parts = (slice(start, start + BLOCK) for start in range(0, len(series), BLOCK))
    gaps = series.filled
    blocks = (
        replace(
            series, x=series.x[part], y=series.y[part], filled=None if gaps is None else gaps[part],
            known=part_of(series.known, part.start),
        )
        for part in parts
    )  # fmt: skip
    made: dict[str, Any] = {"source": found.file, "digest": digest, FOUND: found.plain()}
    if series.known is not None:
        made[KNOWN] = {"names": series.known.names, "ahead": series.known.values[len(series) :].tolist()}
    write_series(path, blocks, made | ({"unique_id": unique_id} if unique_id else {}), calendar)


def read_series(path: Path) -> Series:
    """Read the series that `write_series` wrote."""
    made = read_made(path)
    gaps = [FILLED] if FILLED in made else []
    inputs = [KNOWN_COLUMN + name for name in made.get(KNOWN, {}).get("names", ())]
    return series_in(*read_table(path, ["x", "y", *gaps, *inputs]))


def series_in(columns: Columns, made: Mapping[str, Any]) -> Series:
    """The series of a data set's `columns`, x and y and what was filled if that is told, that was `made` so."""
    return Series(
        x=columns["x"],
        y=columns["y"],
        step=made["step"],
        seasons=_seasons(made.get(SEASONS, {})),
        bounds=bounded(*made.get(BOUNDS, (None, None))),
        filled=columns.get(FILLED),
        known=_known(columns, made.get(KNOWN)),
    )


def _known(columns: Columns, told: Mapping[str, Any] | None) -> KnownInputs | None:
    names = tuple(told["names"]) if told else ()
    if not told or any(KNOWN_COLUMN + name not in columns for name in names):  # who reads x and y alone needs no inputs
        return None
    here = np.stack([np.asarray(columns[KNOWN_COLUMN + name], dtype=float) for name in names], axis=1)
    ahead = np.asarray(told["ahead"], dtype=float).reshape(-1, len(names))
    return KnownInputs(names, np.concatenate([here, ahead]))


def _seasons(told: dict[str, Any]) -> Seasons:
    return Seasons(tuple(told.get("lengths", ())), bool(told.get("certain", False)))


def read_times(path: Path) -> AnyArray:
    """Read the times of a series' points (points,), in UTC; x where it has none."""
    columns, _ = read_table(path)
    return columns.get("time", columns["x"])


def read_made(path: Path) -> dict[str, Any]:
    """Read the record of how a series was generated or read: `made` of `write_series`."""
    return read_outline(path)[1]


def unique_id(made: Mapping[str, Any]) -> str:
    """The name of the series whose data set was made so: the value column's, `xsinx` where it was generated, else `y`.

    A name that the record itself holds, as `unique_id`, comes first.
    """
    named = made.get("unique_id") or made.get(FOUND, {}).get("value_column")
    return str(named or ("xsinx" if str(made.get("source", "")).startswith("generated") else "y"))


def read_calendar(path: Path) -> Calendar | None:
    """Read the calendar of a series; None for one whose times are the numbers x."""
    calendar = read_made(path).get(CALENDAR)
    return None if calendar is None else Calendar(**calendar)


def write_groups(path: Path, groups: Groups) -> None:
    """Write a series in groups, as npz."""
    gaps: dict[str, Any] = {} if groups.filled is None else {FILLED: groups.filled}
    if groups.known is not None:
        gaps |= {KNOWN: groups.known.values, "known_names": np.array(groups.known.names)}
    np.savez(
        path, x=groups.x, y=groups.y, step=groups.step, dropped=groups.dropped,
        seasons=np.array(groups.seasons.lengths, dtype=int), certain=groups.seasons.certain, bounds=groups.bounds,
        **gaps,
    )  # fmt: skip


def read_groups(path: Path) -> Groups:
    """Read the groups that `write_groups` wrote."""
    file = npz.read(path)
    known = {"lengths": file["seasons"].tolist(), "certain": file["certain"]} if "seasons" in file else {}
    low, high = file["bounds"].tolist() if "bounds" in file else UNBOUNDED
    inputs = KnownInputs(tuple(map(str, file["known_names"])), file[KNOWN]) if KNOWN in file else None
    return Groups(
        x=file["x"], y=file["y"], step=float(file["step"]), dropped=int(file["dropped"]), seasons=_seasons(known),
        bounds=(low, high), filled=file.get(FILLED), known=inputs,
    )  # fmt: skip
