"""What the compare page needs of a run, as a script: a page from a file may load scripts, but no data."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from artifacts.contents import DATASET
from artifacts.forecast_files import FORECAST, METRICS
from artifacts.gallery.pages import data, numbers
from artifacts.gallery.run_sections import BEFORE
from artifacts.gallery.summaries import Summary
from artifacts.gallery.thinning import thin
from artifacts.store import MANIFEST, Store
from artifacts.tables import read_table
from rnn.arrays import AnyArray

POINTS = 160
"""Points of a line that are drawn at the most."""


def script(store: Store, summary: Summary) -> bytes:
    """`wavecast(id, {…})` with a run's settings, metrics, forecasts, and its data's end. Raises what reading does."""
    place = f"{store.root}/{summary.name}"
    manifest = json.loads(store.files.cat_file(f"{place}/{MANIFEST}"))
    forecasts, _ = read_table(io.BytesIO(store.files.cat_file(f"{place}/{FORECAST}")))
    series, _ = read_table(io.BytesIO(store.files.cat_file(f"{place}/{DATASET}")))
    metrics = json.loads(store.files.cat_file(f"{place}/{METRICS}")) if METRICS in manifest["files"] else {}
    held = {
        "name": summary.name,
        "when": summary.when,
        "flow": summary.flow,
        "method": summary.method,
        "settings": dict(flat(manifest["config"])),
        "metrics": {method: _figures(score) for method, score in metrics.get("forecast", {}).items()},
        "data": _end(series["x"], series["y"], forecasts["x"]),
        "forecasts": dict(_forecasts(forecasts)),
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


def _forecasts(columns: Mapping[str, AnyArray]) -> Iterator[tuple[str, dict[str, Any]]]:
    for method in dict.fromkeys(columns["recipe"].tolist()):
        rows = np.flatnonzero(columns["recipe"] == method)
        rows = rows[thin(columns["y_pred"][rows], POINTS)]
        truth = columns["y_true"][rows]
        yield (
            str(method),
            {
                "x": numbers(columns["x"][rows], 10),
                "y": numbers(columns["y_pred"][rows]),
                "lo": numbers(columns["lower90"][rows]),
                "hi": numbers(columns["upper90"][rows]),
                "truth": numbers(truth),
            },
        )
