"""What an evaluation's steps leave behind, written and read back: exams, every method's answers, and their marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.forecasts import BOUNDS
from artifacts.files.parquet import read_table, write_blocks, write_table
from rnn.evaluation import benchmark_scores
from rnn.evaluation.benchmark import BenchmarkCase, Predictions
from rnn.evaluation.benchmark_scores import Scores, relative, score
from rnn.series import Groups

SERIES, TRUTH, ANSWERS = "series.parquet", "truth.parquet", "answers.parquet"
FORECASTS, RESULTS, COMPARISON = "forecasts.parquet", "results.parquet", "comparison.parquet"

BY_POINT = ("x", "truth", "y", *BOUNDS)
"""The fields of Answers of shape (cuts, horizon, group_size)."""


@dataclass(frozen=True)
class Evaluation:
    """All that an evaluation found out: the exams of each series, and the answers to them by series and method."""

    exams: Mapping[str, Sequence[BenchmarkCase]]
    answers: Mapping[str, Mapping[str, Predictions]]

    def marks(self) -> dict[str, dict[str, Scores]]:
        """Every method's marks, by series and method."""
        return {
            series: {method: score(one) for method, one in methods.items()} for series, methods in self.answers.items()
        }


def read_evaluation(data: Mapping[str, Path], compared: Path) -> Evaluation:
    """Read what the steps left: each series' folder, by name, and the one with everything that was answered."""
    return Evaluation({name: read_exams(folder) for name, folder in data.items()}, read_forecasts(compared / FORECASTS))


def write_exams(folder: Path, exams: Sequence[BenchmarkCase]) -> None:
    """The series, one after the other, and what is to be forecast of each; all of one shape."""
    first = exams[0]
    shape = {"step": first.groups.step, "group_size": first.groups.group_size, "origins": first.origins}
    points = first.groups.y.size
    columns = {
        "seed": np.repeat([exam.seed for exam in exams], points),
        "x": np.concatenate([exam.groups.x.ravel() for exam in exams]),
        "y": np.concatenate([exam.groups.y.ravel() for exam in exams]),
    }
    write_table(folder / SERIES, columns, shape)
    truth = np.array([exam.truth for exam in exams])
    seed, origin, step = _cut_columns([exam.seed for exam in exams for _ in exam.origins],
                                      [origin for exam in exams for origin in exam.origins], truth[0])  # fmt: skip
    write_table(folder / TRUTH, {"seed": seed, "origin": origin, "step": step, "truth": truth.ravel()})


def read_exams(folder: Path) -> list[BenchmarkCase]:
    """The exams that `write_exams` wrote."""
    columns, shape = read_table(folder / SERIES)
    truth, _ = read_table(folder / TRUTH)
    seeds = list(dict.fromkeys(columns["seed"].tolist()))
    size, origins = shape["group_size"], tuple(shape["origins"])
    x, y = (columns[name].reshape(len(seeds), -1, size, 1) for name in ("x", "y"))
    ahead = truth["truth"].reshape(len(seeds), len(origins), -1, size)
    return [
        BenchmarkCase(seed, Groups(x[k], y[k], shape["step"], 0), origins, ahead[k]) for k, seed in enumerate(seeds)
    ]  # fmt: skip


def write_answers(path: Path, series: str, answers: Predictions) -> None:
    """One row a point that was forecast."""
    write_table(path, _answer_columns(series, answers))


def write_forecasts(path: Path, every: Mapping[str, Mapping[str, Predictions]]) -> None:
    """The answers of all methods to all series in one table."""
    blocks = (_answer_columns(series, one) for series, methods in every.items() for one in methods.values())
    write_blocks(path, blocks)


def read_forecasts(path: Path) -> dict[str, dict[str, Predictions]]:
    """The answers by series and method, of one file of either kind."""
    columns, _ = read_table(path)
    found: dict[str, dict[str, Predictions]] = {}
    # Rows of one series and method stand together.
    names = columns["series"], columns["method"]
    changes = np.flatnonzero((names[0][1:] != names[0][:-1]) | (names[1][1:] != names[1][:-1])) + 1
    for part in np.split(np.arange(len(names[0])), changes):
        rows = {name: column[part] for name, column in columns.items()}
        series, method = str(rows["series"][0]), str(rows["method"][0])
        found.setdefault(series, {})[method] = _answers(method, rows)
    return found


def _answer_columns(series: str, answers: Predictions) -> dict[str, Any]:
    seed, origin, step = _cut_columns(answers.seed, answers.origin, answers.y)
    size = answers.y.shape[2]
    return {
        "series": [series] * answers.y.size,
        "method": [answers.method] * answers.y.size,
        "seed": seed,
        "origin": origin,
        "step": step,
        **{name: getattr(answers, name).ravel() for name in BY_POINT},
        "mase": np.repeat(answers.mase.ravel(), size),
    }


def _cut_columns(seeds: Any, origins: Any, of: Any) -> tuple[Any, Any, Any]:
    """Seed, origin and step (from 1) of each point of arrays shaped like `of` (…, horizon, group_size), cut by cut."""
    horizon, size = of.shape[-2:]
    cuts = len(seeds)
    return (
        np.repeat(np.asarray(seeds), horizon * size),
        np.repeat(np.asarray(origins), horizon * size),
        np.tile(np.repeat(np.arange(1, horizon + 1), size), cuts),
    )


def _answers(method: str, rows: Mapping[str, Any]) -> Predictions:
    horizon = int(rows["step"].max())
    size = int((rows["step"] == 1).sum()) // _cuts(rows)
    shape = (-1, horizon, size)
    by_cut = {name: rows[name].reshape(shape)[:, 0, 0] for name in ("seed", "origin")}
    points = {name: rows[name].reshape(shape) for name in BY_POINT}
    return Predictions(method=method, **by_cut, **points, mase=rows["mase"].reshape(shape)[:, :, 0])


def _cuts(rows: Mapping[str, Any]) -> int:
    return len(set(zip(rows["seed"].tolist(), rows["origin"].tolist(), strict=True)))


def write_results(path: Path, every: Mapping[str, Mapping[str, Scores]]) -> None:
    """One row a series, method, cut and step: how far off it was, and how its intervals held."""
    rows = [(series, method, one) for series, methods in every.items() for method, one in methods.items()]
    write_table(path, benchmark_scores.columns(rows))


def write_comparison(path: Path, every: Mapping[str, Mapping[str, Scores]]) -> None:
    """One row a series and method, over all cuts and steps; `relative` is to the best peer's error on that series."""
    rows = [
        {
            "series": series,
            "method": method,
            "rmse": one.typical,
            "rmse_worst": one.worst,
            "relative": times[method],
            **{name: one.mean(name) for name in ("mae", "mase", "inside50", "inside90", "width50", "width90")},
            "quantile_loss": one.mean("quantile_loss"),
        }
        for series, methods in every.items()
        for times in [relative(methods)]
        for method, one in methods.items()
    ]
    write_table(path, {name: [row[name] for row in rows] for name in rows[0]})
