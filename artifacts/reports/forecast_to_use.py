"""The forecast of a run that is to be used: the served one, or the best by backtest; as a table, whole and short."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from artifacts.files.forecast_table import Origin, forecast_table
from artifacts.files.forecasts import FORECAST, METRICS, read_forecasts
from artifacts.files.parquet import read_table
from artifacts.files.series import CALENDAR, DATASET, unique_id
from artifacts.lifecycle.verdict import VERDICT, label_of
from artifacts.plots.figures import spoken
from artifacts.reports.pipeline_charts import main_method
from artifacts.web.scales import decimals
from rnn.arrays import Array
from rnn.calendar import Calendar
from rnn.forecast import Forecast

FORECAST_CSV = "forecast.csv"

ROWS = 10
"""Rows of the table in the terminal at most."""

Read: TypeAlias = Callable[[str], bytes]
"""Reads a run's file by its name. Raises FileNotFoundError."""

SMALL, LARGE = 1e-6, 1e15
"""Beyond these, numbers are written with their powers of ten: zeros are hard to count, and no more digits are known."""


def of_folder(folder: Path) -> Read:
    """The reader of a folder on this disk."""
    return lambda name: (folder / name).read_bytes()


def forecast_to_use(read: Read) -> Forecast:
    """The served forecast of a retraining, else that of the method with the least error at earlier origins.

    Where no method was tried there, it is the run's main method. Raises FileNotFoundError for a run without forecasts.
    """
    forecasts, _ = read_forecasts(read(FORECAST))
    _, made = read_table(read(DATASET), ["x"])
    by_method = {forecast.method: forecast for forecast in forecasts}
    calendar = Calendar(**made[CALENDAR]) if made.get(CALENDAR) else None
    return replace(by_method[_method(list(by_method), _errors(read))], calendar=calendar)


def _errors(read: Read) -> dict[str, float]:
    """Each method's RMSE at earlier origins; empty where it is not known."""
    try:
        metrics = json.loads(read(METRICS))
    except FileNotFoundError:
        return {}
    methods: dict[str, Any] = metrics.get("hindsight", {}).get("methods", {})
    return {method: score["rmse"] for method, score in methods.items()}


def _method(methods: Sequence[str], errors: dict[str, float]) -> str:
    judged = {method: errors[method] for method in methods if np.isfinite(errors.get(method, np.nan))}
    if "served" in methods or not judged:
        return main_method(methods)
    return min(judged, key=lambda method: judged[method])


def table_to_use(read: Read) -> pa.Table:
    """The table of the forecast to use. When it was made is left out: the same data and settings give the same bytes.

    Raises FileNotFoundError for a run without forecasts.
    """
    forecast = forecast_to_use(read)
    columns, made = read_table(read(DATASET), ["x"])
    model, label = _maker(read, forecast.method)
    return forecast_table(forecast, Origin(unique_id(made), float(columns["x"][-1]), model, label))


def _maker(read: Read, method: str) -> tuple[str, str]:
    """The model that made the forecast, with its run where that is another one, and what it is in words."""
    try:
        verdict = json.loads(read(VERDICT))
    except FileNotFoundError:
        return method, f"{method}, by a run without a champion"
    serves = verdict["serves"]
    return "/".join(part for part in (serves["run"], serves["method"]) if part), label_of(verdict)


def as_table(forecast: Forecast, place: str) -> str:
    """The first ROWS points as text in columns, under a line with the method; a last line says where the rest is."""
    lower, upper = (bound[:ROWS] for bound in list(_bounds(forecast))[:2])
    mean, times = forecast.mean[:ROWS], _times(forecast)[:ROWS]
    width = np.zeros_like(mean) if forecast.intervals is None else upper - lower
    places = decimals([np.array([0.0, np.median(width)]) if np.median(width) > 0 else mean])
    size = np.nanmax(np.abs([mean, lower, upper]))
    written = f",.{places}f" if size == 0 or SMALL <= size < LARGE else ".6g"
    columns = [["time", *times]]
    for name, values in (("forecast", mean), ("90 % from", lower), ("to", upper)):
        if np.isfinite(values).any():
            columns.append([name, *(format(value, written) for value in values.tolist())])
    widths = [max(map(len, column)) for column in columns]
    rows = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in zip(*columns, strict=True)]  # fmt: skip
    where = f"{place.rstrip('/')}/{FORECAST_CSV}"
    rest = f"{len(forecast) - ROWS} more rows and all intervals" if len(forecast) > ROWS else "The same as a file"
    by = f"The forecast by '{forecast.method}'" if spoken(forecast.method) == forecast.method else "The forecast"
    return "\n".join([f"{by}:", *(f"  {row}" for row in rows), f"{rest}: {where}"])


def _times(forecast: Forecast) -> list[str]:
    """The times as clocks in the series' own zone show them."""
    if forecast.calendar is None:
        return [f"{x:.12g}" for x in forecast.x.ravel().tolist()]
    return forecast.calendar.shown(forecast.times)


def _bounds(forecast: Forecast) -> Iterator[Array]:
    """The lower and upper bounds of 90 %, then of 50 %; NaN without intervals."""
    for level in (90, 50):
        unknown = np.full(len(forecast), np.nan)
        yield from (unknown, unknown) if forecast.intervals is None else forecast.interval(level)
