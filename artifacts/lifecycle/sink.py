"""Write the served forecast, its outcomes and its verdict into tables of a database, for dashboards in SQL."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from artifacts.files.forecast_table import BOUNDS, COLUMNS, NAME, from_parquet
from artifacts.files.parquet import read_table
from artifacts.files.series import CALENDAR, DATASET, unique_id
from artifacts.files.sql_sink import Layout, check_writable, layout_of, read_back, write
from artifacts.lifecycle.latest import NoForecast, read_latest
from artifacts.lifecycle.ledger import UNREADABLE, read_ledger
from artifacts.lifecycle.served import FLOWS, newest_served
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.store import Store
from rnn.arrays import AnyArray
from rnn.calendar import Calendar, to_clock
from rnn.intervals import BOUNDS as FIELDS

_TIME = pa.timestamp("us")

VERDICTS = {
    "unique_id": "text", "run": "text", "made": "time", "decision": "text", "sentence": "text",
    "champion_run": "text", "champion_method": "text", "serves_run": "text", "serves_method": "text",
}  # fmt: skip
"""The columns of the verdicts: what the gate decided in a run, and which model is served since."""


def write_forecast(sink: str, table: str, forecast: pa.Table) -> int:
    """Write a forecast, as `forecast_table` makes it, into `table` of the database `sink`; returns the rows written.

    One transaction: rows of the same series and cutoff are replaced, all of them. Raises BadSource.
    """
    return write(sink, _of_forecast(table, forecast), forecast)


def _of_forecast(name: str, forecast: pa.Table) -> Layout:
    return layout_of(forecast, name, ("unique_id", _time_of(forecast), "cutoff"), ("unique_id", "cutoff"))


def _time_of(rows: pa.Table) -> str:
    """The column that tells points apart: in UTC, since clocks show some hours twice, or the number."""
    return "ds_utc" if pa.types.is_timestamp(rows.schema.field("ds").type) else "ds"


def write_latest(store: Store, sink: str, table: str) -> int:
    """Write what the store serves now, its `latest/`; returns the rows written. Raises NoForecast, BadSource."""
    return write_forecast(sink, table, from_parquet(read_latest(store)[1]))


def write_outcomes(store: Store, sink: str, table: str) -> int:
    """Write the ledger's outcomes that `table` has not, or has otherwise; returns the rows written.

    The table is made in any case: who asks on the first day, before anything has come, gets no rows and no error.
    Raises CorruptLedger, NoForecast, BadSource.
    """
    name, calendar = _series(store)
    rows = outcomes(store, name, calendar)
    moment = _time_of(rows)
    layout = layout_of(rows, table, ("unique_id", "run", "method", moment))
    keys = ("run", "method", moment, "y")
    there = {_key(row) for row in read_back(sink, layout, keys, name)}
    new = [_key(row) not in there for row in zip(*(rows[key].to_pylist() for key in keys), strict=True)]
    return write(sink, layout, rows.filter(pa.array(new, pa.bool_())))


def _series(store: Store) -> tuple[str, Calendar | None]:
    """The name and the calendar of the series whose forecast is served. Raises NoForecast."""
    served = newest_served(store)
    try:
        _, made = read_table(served.run.read(DATASET), ["x"]) if served else ({}, {})
    except UNREADABLE as error:
        raise NoForecast(f"{store.url}: the data of the forecast that is served cannot be read ({error})") from None
    return unique_id(made), Calendar(**made[CALENDAR]) if made.get(CALENDAR) else None


def _key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row's key and outcome; moments without their zone, which SQLite does not keep."""
    return tuple(
        value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value
        for value in row
    )


def outcomes(store: Store, name: str, calendar: Calendar | None) -> pa.Table:
    """The ledger as a table, a row for each forecast of each method whose outcome `y` is known; null where voided."""
    scored = read_ledger(store).scored

    def clock(at: AnyArray) -> Any:
        return at if calendar is None else pa.array(to_clock(_moments(at), calendar.zone), _TIME)

    columns: dict[str, Any] = {
        "unique_id": pa.array([name] * len(scored), pa.string()),
        "ds": clock(scored.at),
        "ds_utc": pa.nulls(len(scored), _TIME) if calendar is None else pa.array(_moments(scored.at), _TIME),
        "cutoff": clock(scored.origin),
        "run": pa.array(scored.run.astype(str).tolist(), pa.string()),
        "method": pa.array(scored.method.astype(str).tolist(), pa.string()),
        "model": pa.array(scored.model.astype(str).tolist(), pa.string()),
        "step": pa.array(scored.step, pa.int64()),
        "y": pa.array(scored.truth, pa.float64(), mask=scored.voided != ""),
        NAME: scored.y,
    }
    for bound, field in zip(BOUNDS, FIELDS, strict=True):
        values = getattr(scored, field)
        columns[bound] = pa.array(values, pa.float64(), mask=~np.isfinite(values))
    return pa.table(columns)


def _moments(at: AnyArray) -> AnyArray:
    """The ledger's microseconds since 1970 as times."""
    return np.rint(at).astype(np.int64).astype("datetime64[us]")


def write_verdicts(store: Store, sink: str, table: str) -> int:
    """Write the verdicts of the store's runs that `table` has not; returns the rows written.

    A run whose verdict cannot be read is left out. Raises NoForecast, BadSource.
    """
    name, _ = _series(store)
    layout = Layout(table, VERDICTS, ("unique_id", "run"))
    there = {run for (run,) in read_back(sink, layout, ("run",), name)}
    rows = [row for run in store.runs() if run not in there and (row := _verdict(store, run, name)) is not None]
    kinds = {"text": pa.string(), "time": _TIME}
    schema = pa.schema([(column, kinds[kind]) for column, kind in VERDICTS.items()])
    return write(sink, layout, pa.Table.from_pylist(rows, schema))


def _verdict(store: Store, name: str, series: str) -> dict[str, Any] | None:
    try:
        run = store.run(name)
        if run.flow not in FLOWS:
            return None
        verdict: Mapping[str, Any] = json.loads(run.read(VERDICT))
        champion, serves = verdict["champion"] or {}, verdict["serves"]
        made = datetime.fromisoformat(str(run.execution["published"])).astimezone(UTC).replace(tzinfo=None)
        return {
            "unique_id": series, "run": name, "made": made,
            "decision": str(verdict["decision"]), "sentence": str(verdict["sentence"]),
            "champion_run": champion.get("run"), "champion_method": champion.get("method"),
            "serves_run": str(serves["run"] or name), "serves_method": str(serves["method"]),
        }  # fmt: skip
    except UNREADABLE:
        return None


def check_sink(sink: str, forecasts: str | None, verdicts: str | None) -> None:
    """Try whether a forecast and verdicts could be written, without writing anything. Raises BadSource."""
    if forecasts is None and verdicts is None:
        check_writable(sink)
    if forecasts is not None:
        check_writable(sink, *_of_either(forecasts))
    if verdicts is not None:
        check_writable(sink, Layout(verdicts, VERDICTS, ("unique_id", "run")))


def _of_either(name: str) -> tuple[Layout, ...]:
    """The layouts of forecasts of dates, and of numbers."""
    kinds: dict[str, pa.DataType] = dict.fromkeys(COLUMNS, pa.float64())
    kinds |= dict.fromkeys(("ds_utc", "made"), _TIME) | dict.fromkeys(("unique_id", "model", "label"), pa.string())
    of_numbers = pa.schema([(column, kinds[column]) for column in COLUMNS]).empty_table()
    of_dates = pa.schema([(c, _TIME if c in ("ds", "cutoff") else kinds[c]) for c in COLUMNS]).empty_table()
    return _of_forecast(name, of_dates), _of_forecast(name, of_numbers)
