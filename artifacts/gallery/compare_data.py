"""What the compare page needs of a run, as a script: a page from a file may load scripts, but no data."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from artifacts.files.forecasts import FORECAST, METRICS
from artifacts.files.parquet import read_table
from artifacts.files.series import DATASET
from artifacts.gallery.summary import Summary, known_scores
from artifacts.reports.pipeline_charts import BEFORE
from artifacts.store.store import MANIFEST, Store
from artifacts.web.downsampling import thin
from artifacts.web.pages import data, numbers
from rnn.arrays import AnyArray

POINTS = 160
"""Points of a line that are drawn at the most."""

COLUMNS = ["recipe", "x", "y_pred", "y_true"]
"""What is read of the forecasts."""


def script(store: Store, summary: Summary) -> bytes:
    """`wavecast(id, {…})` with a run's settings, metrics, forecasts, and its data's end. Raises what reading does."""
    place = f"{store.root}/{summary.name}"
    manifest = json.loads(store.files.cat_file(f"{place}/{MANIFEST}"))
    forecasts, _ = read_table(io.BytesIO(store.files.cat_file(f"{place}/{FORECAST}")), COLUMNS)
    series, _ = read_table(io.BytesIO(store.files.cat_file(f"{place}/{DATASET}")), ["x", "y"])
    metrics = (
        json.loads(store.files.cat_file(f"{place}/{METRICS}")) if METRICS in manifest["files"] else {"forecast": {}}
    )
    held = {
        "name": summary.name,
        "when": summary.when,
        "flow": summary.flow,
        "method": summary.method,
        "settings": dict(flat(manifest["config"])),
        "metrics": {method: _figures(score) for method, score in known_scores(metrics).items()},
        "data": _end(series["x"], series["y"], forecasts["x"]),
        **_forecasts(forecasts),
        "facts": {"data digest": str(manifest["data"])[:16], "rnn digest": manifest["code"]["rnn"][:16]},
    }
    return f"wavecast({json.dumps(summary.id)},{data(held)});\n".encode()


def flat(config: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Settings by their flags' names, as text."""
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _figures(score: Mapping[str, Any]) -> dict[str, float | None]:
    held = score.get("intervals") or {}
    names = ("RMSE", "RMSE, first step", "× persistence", "inside 90 %")
    figures = (score["rmse"], score["rmse_first_step"], score["times_persistence"], held.get("coverage90"))
    return dict(zip(names, numbers(figures, 4), strict=True))


def _end(x: AnyArray, y: AnyArray, ahead: AnyArray) -> dict[str, Any]:
    near = x >= x[-1] - BEFORE * (float(ahead.max()) - x[-1])
    x, y = x[near], y[near]
    kept = thin(y, POINTS)
    return {"x": numbers(x[kept], 10), "y": numbers(y[kept])}


def _forecasts(columns: Mapping[str, AnyArray]) -> dict[str, Any]:
    """All methods at the same x, and the truth there."""
    methods = list(dict.fromkeys(columns["recipe"].tolist()))
    rows = {method: np.flatnonzero(columns["recipe"] == method) for method in methods}
    first = rows[methods[0]]
    kept = np.unique(np.linspace(0, len(first) - 1, POINTS).astype(int))
    return {
        "x": numbers(columns["x"][first[kept]], 10),
        "truth": numbers(columns["y_true"][first[kept]]),
        "forecasts": {str(method): numbers(columns["y_pred"][mine[kept]]) for method, mine in rows.items()},
    }
