"""Files of forecasts: the forecasts themselves, their scores, and the errors at earlier origins."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from artifacts.files.parquet import clock_times, read_table, unknown, write_table
from rnn import npz
from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar, to_clock
from rnn.forecast import Forecast
from rnn.intervals import BOUNDS, Intervals
from rnn.metrics import IntervalScore, Score

FORECAST, METRICS, REHEARSALS = "forecast.parquet", "metrics.json", "rehearsals.npz"
HINDSIGHT, WITHOUT = "hindsight.json", "without_inputs.json"
"""Scores at earlier origins, and those of the same methods without inputs known ahead, where there are such."""


def times(calendar: Calendar | None, x: Array) -> dict[str, AnyArray]:
    """The column `time` for points at x (points,): datetime64[us], UTC. No column without a calendar."""
    return {} if calendar is None else {"time": calendar.times(x)}


def write_forecasts(
    path: Path, forecasts: list[Forecast], truth: Array | None, calendar: Calendar | None = None
) -> None:
    """Write the forecasts of all methods below each other: recipe, step (from 1), x, y_pred, four bounds, y_true.

    The bounds are NaN for a method without intervals; y_true is null where the truth is not known. With a `calendar`
    there are columns `time`, in UTC, and `time_local`, as clocks in the series' own zone show it.
    """
    size, group_size = forecasts[0].x.size, forecasts[0].x.shape[1]
    write_table(
        path,
        {
            "recipe": [f.method for f in forecasts for _ in range(size)],
            "step": np.concatenate([np.arange(size) // group_size + 1 for _ in forecasts]),
            "x": np.concatenate([f.x.ravel() for f in forecasts]),
            **_both_times(calendar, np.concatenate([f.x.ravel() for f in forecasts])),
            "y_pred": np.concatenate([f.y.ravel() for f in forecasts]),
            **{bound: np.concatenate([_bound(f, bound) for f in forecasts]) for bound in BOUNDS},
            "y_true": unknown(size * len(forecasts)) if truth is None else np.tile(truth.ravel(), len(forecasts)),
        },
    )


def _both_times(calendar: Calendar | None, x: Array) -> dict[str, Any]:
    """The columns `time` and `time_local`. Spreadsheets, and pandas' to_excel, take no times with a zone."""
    if calendar is None:
        return {}
    in_utc = calendar.times(x)
    return {"time": in_utc, "time_local": clock_times(to_clock(in_utc, calendar.zone))}


def read_forecasts(source: Path | BinaryIO | bytes) -> tuple[list[Forecast], Array | None]:
    """Read the forecasts in their order, and the truth (horizon, group_size) if it is known.

    From a path, an open file or the file's bytes.
    """
    columns, _ = read_table(source)
    shape = (int(columns["step"].max()), -1)
    forecasts, truth = [], None
    for method in dict.fromkeys(columns["recipe"]):
        rows = columns["recipe"] == method
        x, y = (columns[name][rows].reshape(shape) for name in ("x", "y_pred"))
        bounds = {bound: columns[bound][rows].reshape(shape) for bound in BOUNDS}
        forecasts.append(Forecast(method, x, y, None if np.isnan(bounds["lower50"]).all() else Intervals(**bounds)))
        known = columns["y_true"][rows]
        truth = None if known[0] is None or np.isnan(known[0]) else known.reshape(shape)
    return forecasts, truth


def write_metrics(
    path: Path,
    scores: Mapping[str, Score],
    fits: Mapping[str, float],
    hindsight: Mapping[str, Score] | None = None,
    origins: Sequence[int] = (),
    without: Mapping[str, Score] | None = None,
) -> None:
    """Write each method's forecast error and each recipe's training RMSE, as JSON.

    `hindsight`: each method's scores at earlier `origins`, in points of the series; `without` inputs known ahead too.
    """
    metrics: dict[str, Any] = {
        "forecast": _of_scores(scores),
        "fit": {recipe: {"rmse": error} for recipe, error in fits.items()},
    }
    if hindsight:
        metrics["hindsight"] = {"origins": list(origins), "methods": _of_scores(hindsight)}
    if without:
        metrics["without_inputs"] = _of_scores(without)
    path.write_text(json.dumps(_strict(metrics), indent=2, allow_nan=False) + "\n")


def read_metrics(path: Path) -> tuple[dict[str, Score], dict[str, float]]:
    """Read the scores and training errors that `write_metrics` wrote."""
    metrics = json.loads(path.read_text())
    return _to_scores(metrics["forecast"]), {recipe: _number(fit["rmse"]) for recipe, fit in metrics["fit"].items()}


def read_without_inputs(path: Path) -> dict[str, Score]:
    """Read the scores at earlier origins without inputs known ahead; empty where there are none."""
    return _to_scores(json.loads(path.read_text()).get("without_inputs", {}))


def write_hindsight(path: Path, hindsight: Mapping[str, Score], origins: Sequence[int]) -> None:
    """Write each method's scores at earlier `origins`, in points of the series, as JSON."""
    write_metrics(path, {}, {}, hindsight, origins)


def read_hindsight(path: Path) -> tuple[dict[str, Score], tuple[int, ...]]:
    """Read the scores at earlier origins, and the origins; empty where there is no such file."""
    if not path.exists():
        return {}, ()
    hindsight = json.loads(path.read_text()).get("hindsight", {"origins": [], "methods": {}})
    return _to_scores(hindsight["methods"]), tuple(hindsight["origins"])


def _strict(value: Any) -> Any:
    """The value as JSON may hold it: a number that is not finite, as of a training that diverged, is null."""
    if isinstance(value, dict):
        return {name: _strict(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_strict(each) for each in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _of_scores(scores: Mapping[str, Score]) -> dict[str, Any]:
    return {
        method: {
            "rmse": score.rmse,
            "rmse_first_step": score.first_step,
            "times_persistence": score.to_persistence if np.isfinite(score.to_persistence) else None,
            "rmse_by_step": score.by_step.tolist(),
            "intervals": score.intervals and _plain(score.intervals),
        }
        for method, score in scores.items()
    }


def _to_scores(written: Mapping[str, Any]) -> dict[str, Score]:
    return {
        method: Score(
            _number(m["rmse"]),
            _number(m["rmse_first_step"]),
            np.array(m["rmse_by_step"], dtype=float),
            np.inf if m["times_persistence"] is None else m["times_persistence"],
            m["intervals"] and IntervalScore(**{k: _array(v) for k, v in m["intervals"].items()}),
        )
        for method, m in written.items()
    }


def _plain(score: IntervalScore) -> dict[str, Any]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in vars(score).items()}


def _array(value: Any) -> Any:
    return np.array(value) if isinstance(value, list) else value


def _bound(forecast: Forecast, name: str) -> Array:
    if forecast.intervals is None:
        return np.full(forecast.x.size, np.nan)
    return np.asarray(getattr(forecast.intervals, name).ravel())


def write_rehearsals(path: Path, errors: Mapping[str, Array]) -> None:
    """Write each method's errors at earlier origins (folds, horizon, group_size), by method."""
    npz.write(path, errors)


def read_rehearsals(path: Path) -> dict[str, Array]:
    """Read the errors that `write_rehearsals` wrote."""
    return npz.read(path)
