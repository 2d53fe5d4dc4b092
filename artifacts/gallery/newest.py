"""The newest forecast of a store as a chart: read from its run's folder, whatever kind of run it is."""

import io
from collections.abc import Mapping, Sequence

import numpy as np

from artifacts.contents import DATASET
from artifacts.forecast_files import BOUNDS, FORECAST
from artifacts.gallery.chart import Chart
from artifacts.gallery.run_sections import forecast_chart, main_method
from artifacts.gallery.summaries import Summary
from artifacts.store import Store
from artifacts.tables import read_table
from rnn.arrays import AnyArray
from rnn.forecasting import Forecast
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
    columns, series = _table(store, run, FORECAST), _table(store, run, DATASET)
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
        _times(series) | _times(columns),
    )


def _table(store: Store, run: Summary, file: str) -> dict[str, AnyArray]:
    columns, _ = read_table(io.BytesIO(store.files.cat_file(f"{store.root}/{run.name}/{file}")))
    return columns


def _rows(columns: Mapping[str, AnyArray], method: str) -> dict[str, AnyArray]:
    mine = columns["recipe"] == method
    return {name: values[mine] for name, values in columns.items()}


def _forecast(columns: Mapping[str, AnyArray], method: str) -> Forecast:
    rows = _rows(columns, method)
    shape = (int(rows["step"].max()), -1)
    bounds = [rows[name].reshape(shape) for name in BOUNDS]
    intervals = None if np.isnan(bounds[0]).all() else Intervals(*bounds)
    return Forecast(method, rows["x"].reshape(shape), rows["y_pred"].reshape(shape), intervals)


def _times(columns: Mapping[str, AnyArray]) -> dict[float, str]:
    """What to write for an x of a series with dates."""
    if "time" not in columns:
        return {}
    times = columns["time"].astype("datetime64[m]")
    dates_only = bool((times == times.astype("datetime64[D]")).all())
    texts = np.datetime_as_string(times, unit="D" if dates_only else "m")
    return {x: text.replace("T", " ") for x, text in zip(columns["x"].tolist(), texts.tolist(), strict=True)}
