"""The data of a run for the compare page, as a script: a page opened as a file may load scripts, but no data."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from artifacts.files.forecasts import FORECAST, METRICS
from artifacts.files.parquet import read_table
from artifacts.files.series import CALENDAR, DATASET, unique_id
from artifacts.gallery.summary import Summary, known_scores
from artifacts.plots.figures import spoken
from artifacts.reports.pipeline_charts import BEFORE
from artifacts.reports.yardstick import Yardstick, yardstick
from artifacts.store.manifest import flatten
from artifacts.store.store import Store
from artifacts.web.downsampling import thin
from artifacts.web.pages import data, numbers
from artifacts.web.phrases import finite
from rnn.arrays import AnyArray
from rnn.calendar import Calendar

POINTS = 160
"""Points of a line that are drawn at most."""

DAY = 86_400_000_000
"""A day in microseconds."""

COLUMNS = ["recipe", "x", "y_pred", "y_true"]
"""The columns of the forecasts that are read."""


def script(store: Store, summary: Summary) -> bytes:
    """`wavecast(id, {…})` with a run's settings, metrics, forecasts and the end of its data.

    Where the series has times, x are days since 1970, the same in runs whose data begin at different times.
    Raises what reading the files raises (`artifacts.gallery.summary.UNREADABLE`).
    """
    run = store.run(summary.name)
    forecasts, _ = read_table(run.read(FORECAST), COLUMNS)
    series, made = read_table(run.read(DATASET), ["x", "y"])
    calendar = Calendar(**made[CALENDAR]) if made.get(CALENDAR) else None
    metrics = json.loads(run.read(METRICS)) if METRICS in run.digests else {"forecast": {}}
    scores = known_scores(metrics)
    bar = yardstick({method: finite(score["rmse"]) for method, score in scores.items()})
    content = {
        "name": summary.name,
        "when": summary.when,
        "flow": summary.flow,
        "method": summary.method,
        "series": f"{unique_id(made)} of {made.get('source') or 'generated data'}",
        "settings": {name: _as_text(value) for name, value in flatten(run.config).items()},
        "metrics": {method: _figures(score, bar) for method, score in scores.items()},
        "data": _end(series["x"], series["y"], forecasts["x"], calendar),
        **_forecasts(forecasts, calendar),
        "facts": {"data digest": str(run.data)[:16], "rnn digest": run.code["rnn"][:16]},
    }
    return f"wavecast({json.dumps(summary.id)},{data(content)});\n".encode()


def _as_text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _figures(score: Mapping[str, Any], bar: Yardstick | None) -> dict[str, float | None]:
    intervals = score.get("intervals") or {}
    names = ("RMSE", "RMSE, first step", "× best naive", "inside 90 %")
    ratio = None if bar is None else bar.ratio(finite(score["rmse"]))
    figures = (score["rmse"], score["rmse_first_step"], ratio, intervals.get("coverage90"))
    return dict(zip(names, numbers(figures, 4), strict=True))


def _at(x: AnyArray, calendar: Calendar | None) -> dict[str, Any]:
    """The places on the axis that runs share, and the times there as text, null where x are numbers."""
    if calendar is None:
        return {"x": numbers(x, 10), "at": None}
    times = calendar.times(x)
    return {"x": numbers(times.astype(np.int64) / DAY, 12), "at": calendar.shown(times)}


def _end(x: AnyArray, y: AnyArray, ahead: AnyArray, calendar: Calendar | None) -> dict[str, Any]:
    near = x >= x[-1] - BEFORE * (float(ahead.max()) - x[-1])
    x, y = x[near], y[near]
    kept = thin(y, POINTS)
    return {**_at(x[kept], calendar), "y": numbers(y[kept])}


def _forecasts(columns: Mapping[str, AnyArray], calendar: Calendar | None) -> dict[str, Any]:
    """The forecasts of all methods and the truth, all at the same x."""
    methods = list(dict.fromkeys(columns["recipe"].tolist()))
    rows = {method: np.flatnonzero(columns["recipe"] == method) for method in methods}
    first = rows[methods[0]]
    kept = np.unique(np.linspace(0, len(first) - 1, POINTS).astype(int))
    return {
        **_at(columns["x"][first[kept]], calendar),
        "truth": numbers(columns["y_true"][first[kept]]),
        "forecasts": {spoken(str(method)): numbers(columns["y_pred"][mine[kept]]) for method, mine in rows.items()},
    }
