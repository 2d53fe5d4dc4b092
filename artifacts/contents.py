"""What a run's files hold, written and read back: one pair of functions for each file that a step leaves behind."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.tables import read_blocks, read_outline, read_table, write_blocks, write_table
from rnn import model_file
from rnn.arrays import Array
from rnn.forecasting import Forecast
from rnn.judging import Score
from rnn.recipes import ArticleRecipe
from rnn.series import Groups, Series, count_groups
from rnn.training import Trained

DATASET, GROUPS, FORECAST, METRICS = "dataset.parquet", "groups.npz", "forecast.parquet", "metrics.json"
INITIAL, FINAL, HISTORY, FITS = "initial.npz", "final.npz", "history.parquet", "fits.parquet"


@dataclass(frozen=True)
class Contents:
    """All that a run found out, as its pictures and its report need it. `truth` is (horizon, group_size), or None."""

    series: Series
    recipes: Mapping[str, ArticleRecipe]
    trained: Mapping[str, Trained]
    forecasts: list[Forecast]
    truth: Array | None
    scores: Mapping[str, Score]
    fits: Mapping[str, float]


def read_contents(
    data: Path, models: Mapping[str, Path], forecast: Path, recipes: Mapping[str, ArticleRecipe]
) -> Contents:
    """Read what the steps left in their folders."""
    forecasts, truth = read_forecasts(forecast / FORECAST)
    scores, fits = read_metrics(forecast / METRICS)
    trained = {recipe: read_trained(folder) for recipe, folder in models.items()}
    return Contents(read_series(data / DATASET), recipes, trained, forecasts, truth, scores, fits)


def write_series(path: Path, series: Series | Iterable[Series], made: dict[str, Any]) -> None:
    """A series as Parquet, in one piece or in blocks one after the other; `made` says how it was generated or read.

    Raises ValueError when there is no block.
    """
    blocks = iter([series] if isinstance(series, Series) else series)
    first = next(blocks, None)
    if first is None:
        raise ValueError(f"no block of a series to write to {path}")
    columns = ({"x": block.x, "y": block.y} for block in chain([first], blocks))
    write_blocks(path, columns, {"step": first.step, **made})


def read_series(path: Path) -> Series:
    """The series that `write_series` wrote."""
    columns, made = read_table(path)
    return Series(columns["x"], columns["y"], made["step"])


def read_group_blocks(path: Path, group_size: int, block: int, overlap: int = 0) -> Iterator[Groups]:
    """The groups of a series in blocks of `block` groups, each (block, group_size, 1), the last one shorter.

    Each block begins with the last `overlap` groups of the one before it: with an overlap of window − 1, the windows of
    all blocks in turn are the windows of the whole series, each once. As `rnn.series.group` does, it drops the oldest
    points when the length does not divide; each block says how many. Memory: a block, however long the series.
    Raises SeriesTooShort when there are not more than `overlap` groups, ValueError unless `block` is greater than that.
    """
    points, made = read_outline(path)
    dropped = points - count_groups(points, group_size, overlap + 1) * group_size
    shape = (-1, group_size, 1)
    for columns in read_blocks(path, block * group_size, overlap * group_size, skip=dropped):
        yield Groups(columns["x"].reshape(shape), columns["y"].reshape(shape), made["step"], dropped)


def write_groups(path: Path, groups: Groups) -> None:
    """A series in groups, as npz."""
    np.savez(path, x=groups.x, y=groups.y, step=groups.step, dropped=groups.dropped)


def read_groups(path: Path) -> Groups:
    """The groups that `write_groups` wrote."""
    with np.load(path, allow_pickle=False) as file:
        return Groups(file["x"], file["y"], float(file["step"]), int(file["dropped"]))


def write_trained(folder: Path, trained: Trained, x: Array) -> None:
    """A trained network: its first and last weights, its loss by epoch, and its fitted values at `x` (points,)."""
    model_file.save(folder / INITIAL, trained.initial, np.zeros_like(trained.h_last))
    model_file.save(folder / FINAL, trained.final, trained.h_last)
    history = {"epoch": np.arange(1, len(trained.epoch_loss) + 1), "loss": trained.epoch_loss}
    write_table(folder / HISTORY, history, {"kernel": trained.kernel})
    epochs = np.repeat(np.array(trained.fit_epochs), len(x))
    write_table(folder / FITS, {"epoch": epochs, "x": np.tile(x, len(trained.fit_epochs)), "y": trained.fits.ravel()})


def read_trained(folder: Path) -> Trained:
    """The trained network that `write_trained` wrote."""
    initial, _ = model_file.load(folder / INITIAL)
    final, h_last = model_file.load(folder / FINAL)
    history, made = read_table(folder / HISTORY)
    fits, _ = read_table(folder / FITS)
    epochs = np.unique(fits["epoch"])
    values = fits["y"].reshape(len(epochs), -1, len(final["c"]))
    return Trained(initial, final, h_last, history["loss"], tuple(epochs.tolist()), values, made["kernel"])


def write_forecasts(path: Path, forecasts: list[Forecast], truth: Array | None) -> None:
    """All methods' forecasts below each other: recipe, step (from 1), x, y_pred, y_true (null where unknown)."""
    size, group_size = forecasts[0].x.size, forecasts[0].x.shape[1]
    write_table(
        path,
        {
            "recipe": [f.method for f in forecasts for _ in range(size)],
            "step": np.concatenate([np.arange(size) // group_size + 1 for _ in forecasts]),
            "x": np.concatenate([f.x.ravel() for f in forecasts]),
            "y_pred": np.concatenate([f.y.ravel() for f in forecasts]),
            "y_true": [None] * size * len(forecasts) if truth is None else np.tile(truth.ravel(), len(forecasts)),
        },
    )


def read_forecasts(path: Path) -> tuple[list[Forecast], Array | None]:
    """The forecasts in their order, and the truth (horizon, group_size) if it is known."""
    columns, _ = read_table(path)
    shape = (int(columns["step"].max()), -1)
    forecasts, truth = [], None
    for method in dict.fromkeys(columns["recipe"]):
        rows = columns["recipe"] == method
        forecasts.append(Forecast(method, columns["x"][rows].reshape(shape), columns["y_pred"][rows].reshape(shape)))
        known = columns["y_true"][rows]
        truth = None if known[0] is None else known.reshape(shape)
    return forecasts, truth


def write_metrics(path: Path, scores: dict[str, Score], fits: dict[str, float]) -> None:
    """Each method's forecast error and each recipe's training RMSE, as JSON."""
    metrics = {
        "forecast": {
            method: {
                "rmse": score.rmse,
                "rmse_first_step": score.first_step,
                "times_persistence": score.to_persistence if np.isfinite(score.to_persistence) else None,
                "rmse_by_step": score.by_step.tolist(),
            }
            for method, score in scores.items()
        },
        "fit": {recipe: {"rmse": error} for recipe, error in fits.items()},
    }
    path.write_text(json.dumps(metrics, indent=2) + "\n")


def read_metrics(path: Path) -> tuple[dict[str, Score], dict[str, float]]:
    """The scores and training errors that `write_metrics` wrote."""
    metrics = json.loads(path.read_text())
    scores = {
        method: Score(
            m["rmse"],
            m["rmse_first_step"],
            np.array(m["rmse_by_step"]),
            np.inf if m["times_persistence"] is None else m["times_persistence"],
        )
        for method, m in metrics["forecast"].items()
    }
    return scores, {recipe: fit["rmse"] for recipe, fit in metrics["fit"].items()}
