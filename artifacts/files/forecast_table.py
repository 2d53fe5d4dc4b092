"""The table of a forecast: the same columns in a run's forecast.csv, in `latest/`, in a database and over HTTP.

Names follow Nixtla: `unique_id` (the series), `ds` (the time), the point forecast under the forecaster's name, and
bounds as `<name>-lo-<level>`. One row a series and time.
"""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rnn.arrays import Array
from rnn.calendar import to_clock
from rnn.forecast import Forecast
from rnn.frames import DataFrame

NAME = "wavecast"
LEVELS = (50, 90)
BOUNDS = tuple(f"{NAME}-{side}-{level}" for level in LEVELS for side in ("lo", "hi"))

COLUMNS = ("unique_id", "ds", "ds_utc", NAME, *BOUNDS, "cutoff", "made", "model", "label")
"""The columns, always all of them and in this order.

`unique_id`: the name of the series. `ds`: the time as clocks in the series' own zone show it, or a number where times
are numbers; `ds_utc` the same moment in UTC, empty for numbers. `wavecast`: the forecast, and its 50 % and 90 % bounds,
empty where there are no intervals. `cutoff`: the time of the newest observation that it knew, as `ds`. `made`: when the
forecast was made, in UTC; empty in the file of a run, whose bytes depend on data and settings alone. `model`: the run
and the method that made it. `label`: what it is, in words.
"""

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A spreadsheet may execute a cell that begins so, in East Asia in full width too (OWASP, "CSV injection")."""

SEPARATORS = ',;\t"\n\r'
"""Text with one of these is quoted. Where a comma is the decimal mark, a spreadsheet begins a cell at a semicolon."""

_Unit: TypeAlias = Literal["D", "m", "s", "us"]


@dataclass(frozen=True)
class Origin:
    """The origin of a forecast: `unique_id` of the series, its newest `x`, the `model`, a `label`, the time (UTC)."""

    unique_id: str
    x: float
    model: str
    label: str
    made: datetime | None = None


def forecast_table(forecast: Forecast, origin: Origin) -> pa.Table:
    """The table of one forecast, with COLUMNS. Times are without a zone: `ds` by the series' clock, others in UTC.

    What is not finite is null.
    """
    rows, calendar = len(forecast), forecast.calendar
    if calendar is None:
        ds, cutoff = _floats(forecast.x.ravel()), _floats(np.full(rows, origin.x))
        in_utc = pa.nulls(rows, _TIME)
    else:
        ds = pa.array(to_clock(forecast.times, calendar.zone), _TIME)
        cutoff = pa.array(to_clock(calendar.times(np.full(rows, origin.x)), calendar.zone), _TIME)
        in_utc = pa.array(forecast.times, _TIME)
    made = None if origin.made is None else origin.made.astimezone(UTC).replace(tzinfo=None)
    columns = [
        pa.array([origin.unique_id] * rows, pa.string()), ds, in_utc, _floats(forecast.mean), *_bounds(forecast),
        cutoff, pa.array([made] * rows, _TIME), pa.array([origin.model] * rows, pa.string()),
        pa.array([origin.label] * rows, pa.string()),
    ]  # fmt: skip
    return pa.table(columns, names=COLUMNS)


_TIME = pa.timestamp("us")


def _floats(values: Array) -> pa.Array:
    """Numbers, null where one is not finite."""
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))


def _bounds(forecast: Forecast) -> list[pa.Array]:
    """The lower and the upper bound of each level; null without intervals."""
    if forecast.intervals is None:
        return [pa.nulls(len(forecast), pa.float64())] * len(BOUNDS)
    return [_floats(bound) for level in LEVELS for bound in forecast.interval(level)]


def to_csv(table: pa.Table) -> str:
    """The table as CSV (RFC 4180, but lines end as on Unix), the first row the names of the columns.

    What is not known is an empty cell. Text that a spreadsheet would execute begins with an apostrophe.
    """
    cells = [_cells(name, table.column(name)) for name in table.column_names]
    rows = [table.column_names, *zip(*cells, strict=True)]
    return "".join(",".join(row) + "\n" for row in rows)


def to_parquet(table: pa.Table) -> bytes:
    """The table as the bytes of a Parquet file; the same table gives the same bytes."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def from_parquet(content: bytes) -> pa.Table:
    """The table in the bytes of a Parquet file.

    Read in this thread alone: one of `pq.read_table` may still hold the bytes when Python ends, and waits for Python to
    let go of them, which then aborts the process (exit code 134).
    """
    with pq.ParquetFile(pa.BufferReader(content)) as file:
        return file.read(use_threads=False)


def to_rows(table: pa.Table) -> list[dict[str, Any]]:
    """The table as JSON has it, a mapping a row: times are ISO 8601, those in UTC with a Z; what is unknown is null."""
    columns = {name: _plain(name, table.column(name)) for name in table.column_names}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def to_json(table: pa.Table) -> str:
    """The rows as a JSON array, a row a line."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in to_rows(table))
    return f"[\n{rows}\n]\n"


def to_frame(table: pa.Table) -> DataFrame:
    """The table as a pandas DataFrame, whose times have no zone, so that `to_excel` takes it as it is."""
    frame: DataFrame = table.to_pandas()
    return frame


def safe_cell(text: str) -> str:
    """A text as a CSV cell: quoted where it must be, and after an apostrophe where a spreadsheet would execute it."""
    plain = f"'{text}" if text.startswith(FORMULA) else text
    return '"' + plain.replace('"', '""') + '"' if any(mark in plain for mark in SEPARATORS) else plain


def _cells(name: str, column: pa.ChunkedArray) -> list[str]:
    """A column as the cells of a CSV file. Numbers for times are rounded, as steps of 0.01 do not add up exactly."""
    if pa.types.is_timestamp(column.type):
        return _clocks(column)
    values = column.to_pylist()
    if pa.types.is_floating(column.type):
        shown = "{:.12g}".format if name in {"ds", "cutoff"} else repr
        return ["" if value is None else shown(value) for value in values]
    return ["" if value is None else safe_cell(str(value)) for value in values]


def _plain(name: str, column: pa.ChunkedArray) -> list[Any]:
    """A column as JSON has it."""
    if not pa.types.is_timestamp(column.type):
        return list(column.to_pylist())
    ending = "Z" if name in {"ds_utc", "made"} else ""
    return [None if time is None else f"{time.isoformat()}{ending}" for time in column.to_pylist()]


def _clocks(column: pa.ChunkedArray) -> list[str]:
    """Times as text, without what is zero in all of them; empty where one is null."""
    known = np.asarray(column.is_valid().to_numpy())
    times = np.asarray(column.cast(pa.int64()).fill_null(0).to_numpy()).astype("datetime64[us]")
    units: tuple[_Unit, ...] = ("D", "m", "s", "us")
    unit = next(unit for unit in units if bool((times[known] == times[known].astype(f"M8[{unit}]")).all()))
    texts = np.datetime_as_string(times, unit).tolist()
    return [text.replace("T", " ") if is_known else "" for text, is_known in zip(texts, known.tolist(), strict=True)]
