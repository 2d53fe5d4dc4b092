"""Files of an evaluation of a suite: every forecast, every attempt, and the scores."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.parquet import read_table, write_table
from rnn.arrays import AnyArray
from rnn.evaluation.suite_forecasts import Attempt
from rnn.evaluation.suite_scores import FIGURES, SuiteScores
from rnn.evaluation.suites import Window

FORECASTS, ATTEMPTS, SCORES = "forecasts.parquet", "attempts.parquet", "scores.parquet"


def write_forecasts(path: Path, windows: Sequence[Window], attempts: Mapping[str, Sequence[Attempt]]) -> None:
    """Write all forecasts beside what came: one row a method, window and step."""
    every = [(method, *pair) for method, tried in attempts.items() for pair in zip(windows, tried, strict=True)]
    steps = [window.horizon for _, window, _ in every]
    columns: dict[str, Any] = {
        "method": np.repeat([method for method, _, _ in every], steps).tolist(),
        "series": np.repeat([window.series for _, window, _ in every], steps).tolist(),
        "origin": np.repeat([window.origin for _, window, _ in every], steps),
        "step": np.concatenate([np.arange(1, count + 1) for count in steps]),
        "truth": np.concatenate([window.truth for _, window, _ in every]),
        "y": np.concatenate([attempt.y for _, _, attempt in every]),
    }
    bounds = {name: np.concatenate([attempt.bounds[name] for _, _, attempt in every]) for name in every[0][2].bounds}
    write_table(path, columns | bounds)


def write_attempts(path: Path, windows: Sequence[Window], attempts: Mapping[str, Sequence[Attempt]]) -> None:
    """Write one row a method and window: CPU seconds, and why the fallback was scored, where it was."""
    every = [(method, *pair) for method, tried in attempts.items() for pair in zip(windows, tried, strict=True)]
    columns: dict[str, Any] = {
        "method": [method for method, _, _ in every],
        "series": [window.series for _, window, _ in every],
        "origin": [window.origin for _, window, _ in every],
        "seconds": np.array([attempt.seconds for _, _, attempt in every]),
        "failure": [attempt.failure for _, _, attempt in every],
    }
    write_table(path, columns)


def read_failures(path: Path) -> dict[str, list[str]]:
    """Of each method that failed somewhere, why, once a window."""
    columns, _ = read_table(path)
    failures: dict[str, list[str]] = {}
    for method, why in zip(columns["method"].tolist(), columns["failure"].tolist(), strict=True):
        if why:
            failures.setdefault(method, []).append(why)
    return failures


def write_scores(path: Path, scores: SuiteScores) -> None:
    """Write the scores: one row a method and series."""
    methods, series = len(scores.methods), len(scores.series)
    columns: dict[str, Any] = {
        "method": np.repeat(scores.methods, series).tolist(),
        "series": list(scores.series) * methods,
        "group": scores.group.tolist() * methods,
    }
    write_table(path, columns | {name: getattr(scores, name).ravel() for name in FIGURES})


def read_scores(path: Path) -> SuiteScores:
    """Read the scores that `write_scores` wrote."""
    columns, _ = read_table(path)
    methods = tuple(dict.fromkeys(columns["method"].tolist()))
    series = tuple(columns["series"].tolist()[: len(columns["series"]) // len(methods)])
    figures = {name: columns[name].reshape(len(methods), len(series)) for name in FIGURES}
    group: AnyArray = np.array(columns["group"].tolist()[: len(series)])
    return SuiteScores(methods=methods, series=series, group=group, **figures)
