"""Files of an evaluation: the benchmark cases, every method's predictions, and their scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.parquet import read_table, write_blocks, write_table
from rnn.arrays import AnyArray, Array
from rnn.evaluation import benchmark_scores
from rnn.evaluation.benchmark import BenchmarkCase, Predictions
from rnn.evaluation.benchmark_scores import Scores, relative, score
from rnn.intervals import BOUNDS
from rnn.series import Groups

SERIES, TRUTH, PREDICTIONS = "series.parquet", "truth.parquet", "answers.parquet"
FORECASTS, RESULTS, COMPARISON = "forecasts.parquet", "results.parquet", "comparison.parquet"

BY_POINT = ("x", "truth", "y", *BOUNDS)
"""The fields of Predictions of shape (windows, horizon, group_size)."""


@dataclass(frozen=True)
class Evaluation:
    """The cases of each series, and the predictions for them, by series and method."""

    cases: Mapping[str, Sequence[BenchmarkCase]]
    predictions: Mapping[str, Mapping[str, Predictions]]

    def scores(self) -> dict[str, dict[str, Scores]]:
        """Every method's scores, by series and method."""
        return {
            series: {method: score(predictions) for method, predictions in methods.items()}
            for series, methods in self.predictions.items()
        }


def read_evaluation(data: Mapping[str, Path], compared: Path) -> Evaluation:
    """Read an evaluation from the folders of its steps: a folder a series, by name, and that with all forecasts."""
    cases = {name: read_cases(folder) for name, folder in data.items()}
    return Evaluation(cases, read_predictions(compared / FORECASTS))


def write_cases(folder: Path, cases: Sequence[BenchmarkCase]) -> None:
    """Write the series of some cases, one after the other, and the truth to be forecast; all cases are of one shape."""
    first = cases[0]
    shape = {"step": first.groups.step, "group_size": first.groups.group_size, "origins": first.origins}
    points = first.groups.y.size
    columns = {
        "seed": np.repeat([case.seed for case in cases], points),
        "x": np.concatenate([case.groups.x.ravel() for case in cases]),
        "y": np.concatenate([case.groups.y.ravel() for case in cases]),
    }
    write_table(folder / SERIES, columns, shape)
    truth = np.array([case.truth for case in cases])
    seeds = [case.seed for case in cases for _ in case.origins]
    origins = [origin for case in cases for origin in case.origins]
    write_table(folder / TRUTH, {**_point_columns(seeds, origins, truth[0]), "truth": truth.ravel()})


def read_cases(folder: Path) -> list[BenchmarkCase]:
    """Read the cases that `write_cases` wrote."""
    columns, shape = read_table(folder / SERIES)
    truth, _ = read_table(folder / TRUTH)
    seeds = list(dict.fromkeys(columns["seed"].tolist()))
    size, origins = shape["group_size"], tuple(shape["origins"])
    x, y = (columns[name].reshape(len(seeds), -1, size, 1) for name in ("x", "y"))
    ahead = truth["truth"].reshape(len(seeds), len(origins), -1, size)
    return [
        BenchmarkCase(seed, Groups(x=x[k], y=y[k], step=shape["step"], dropped=0), origins, ahead[k])
        for k, seed in enumerate(seeds)
    ]


def write_predictions(path: Path, predictions: Mapping[str, Mapping[str, Predictions]]) -> None:
    """Write predictions, by series and method, as one table: one row a point that was forecast."""
    write_blocks(path, (_columns(series, one) for series, methods in predictions.items() for one in methods.values()))


def read_predictions(path: Path) -> dict[str, dict[str, Predictions]]:
    """Read the predictions that `write_predictions` wrote, by series and method."""
    columns, _ = read_table(path)
    predictions: dict[str, dict[str, Predictions]] = {}
    # Rows of one series and method are neighbours.
    series, method = columns["series"], columns["method"]
    changes = np.flatnonzero((series[1:] != series[:-1]) | (method[1:] != method[:-1])) + 1
    for part in np.split(np.arange(len(series)), changes):
        rows = {name: column[part] for name, column in columns.items()}
        one = _predictions(str(rows["method"][0]), rows)
        predictions.setdefault(str(rows["series"][0]), {})[one.method] = one
    return predictions


def _columns(series: str, predictions: Predictions) -> dict[str, Any]:
    size = predictions.y.shape[2]
    return {
        "series": [series] * predictions.y.size,
        "method": [predictions.method] * predictions.y.size,
        **_point_columns(predictions.seed, predictions.origin, predictions.y),
        **{name: getattr(predictions, name).ravel() for name in BY_POINT},
        "mase": np.repeat(predictions.mase.ravel(), size),
    }


def _point_columns(seeds: Sequence[int] | AnyArray, origins: Sequence[int] | AnyArray, y: Array) -> dict[str, AnyArray]:
    """Seed, origin and step (from 1) of each point of `y` (…, horizon, group_size), from those of each window."""
    horizon, size = y.shape[-2:]
    return {
        "seed": np.repeat(np.asarray(seeds), horizon * size),
        "origin": np.repeat(np.asarray(origins), horizon * size),
        "step": np.tile(np.repeat(np.arange(1, horizon + 1), size), len(seeds)),
    }


def _predictions(method: str, rows: Mapping[str, AnyArray]) -> Predictions:
    windows = len(set(zip(rows["seed"].tolist(), rows["origin"].tolist(), strict=True)))
    horizon, size = int(rows["step"].max()), int((rows["step"] == 1).sum()) // windows
    shape = (-1, horizon, size)
    by_window = {name: rows[name].reshape(shape)[:, 0, 0] for name in ("seed", "origin")}
    by_point = {name: rows[name].reshape(shape) for name in BY_POINT}
    return Predictions(method=method, **by_window, **by_point, mase=rows["mase"].reshape(shape)[:, :, 0])


def write_results(path: Path, scores: Mapping[str, Mapping[str, Scores]]) -> None:
    """Write the scores by series and method: one row a series, method, window and step."""
    rows = [(series, method, one) for series, methods in scores.items() for method, one in methods.items()]
    write_table(path, benchmark_scores.columns(rows))


def write_comparison(path: Path, scores: Mapping[str, Mapping[str, Scores]]) -> None:
    """Write the scores over all windows and steps: one row a series and method.

    The column `relative` is the RMSE divided by that of the best peer on the same series.
    """
    rows = [
        {
            "series": series,
            "method": method,
            "rmse": one.typical,
            "rmse_worst": one.worst,
            "relative": ratios[method],
            **{name: one.mean(name) for name in ("mae", "mase", "inside50", "inside90", "width50", "width90")},
            "quantile_loss": one.mean("quantile_loss"),
        }
        for series, methods in scores.items()
        for ratios in [relative(methods)]
        for method, one in methods.items()
    ]
    write_table(path, {name: [row[name] for row in rows] for name in rows[0]})
