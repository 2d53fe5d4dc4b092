"""The newest forecast of a store as a chart: read from its run's folder, whatever kind of run it is."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artifacts.files.forecasts import BOUNDS, FORECAST
from artifacts.files.parquet import Columns, read_table
from artifacts.files.series import CALENDAR, DATASET
from artifacts.gallery.summary import Summary
from artifacts.reports.pipeline_charts import forecast_chart, main_method
from artifacts.reports.pipeline_run import axis_of
from artifacts.store.store import Store
from artifacts.web.chart import Chart
from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals

BESIDE = ("persistence", "seasonal naive", "article")
"""What is drawn beside the main forecast on the front page, where there is such a one."""


def newest(runs: Sequence[Summary], retrained: bool) -> Summary | None:
    """The newest run whose forecast can be shown: a retraining's, where there is a champion, else any."""
    with_forecast = [run for run in runs if run.forecasts]
    first = [run for run in with_forecast if run.flow == "retrain"] if retrained else []
    return next(iter([*first, *with_forecast]), None)


def chart(store: Store, run: Summary) -> Chart:
    """Its main forecast with intervals, a few others, and the truth where it is known. Raises what reading raises."""
    columns, _ = _table(store, run, FORECAST)
    series, made = _table(store, run, DATASET)
    told = made.get(CALENDAR)
    axis = axis_of(made, None if told is None else Calendar(**told))
    methods = list(dict.fromkeys(columns["recipe"].tolist()))
    main = main_method(methods)
    shown = [_forecast(columns, method) for method in methods if method == main or method in BESIDE]
    known = _rows(columns, main)["y_true"].astype(float)
    horizon = int(columns["step"].max())
    return forecast_chart(
        series["x"],
        series["y"],
        shown,
        known if np.isfinite(known).all() else None,
        f"{main}, {horizon} group{'s' if horizon > 1 else ''} ahead",
        axis,
    )


def _table(store: Store, run: Summary, file: str) -> tuple[Columns, dict[str, Any]]:
    return read_table(io.BytesIO(store.files.cat_file(f"{store.root}/{run.name}/{file}")))


def _rows(columns: Mapping[str, AnyArray], method: str) -> dict[str, AnyArray]:
    mine = columns["recipe"] == method
    return {name: values[mine] for name, values in columns.items()}


def _forecast(columns: Mapping[str, AnyArray], method: str) -> Forecast:
    rows = _rows(columns, method)
    shape = (int(rows["step"].max()), -1)
    bounds = [rows[name].reshape(shape) for name in BOUNDS]
    intervals = None if np.isnan(bounds[0]).all() else Intervals(*bounds)
    return Forecast(method, rows["x"].reshape(shape), rows["y_pred"].reshape(shape), intervals)
