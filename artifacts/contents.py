"""What a run's files hold, written and read back: one pair of functions for each file that a step leaves behind."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.axis import Axis
from artifacts.forecast_files import FORECAST, METRICS, read_forecasts, read_hindsight, read_metrics, times
from artifacts.tables import read_blocks, read_outline, read_table, write_blocks, write_table
from rnn import model_file, npz
from rnn.arrays import AnyArray, Array
from rnn.ensemble import TrainedEnsemble
from rnn.errors import CorruptModel
from rnn.forecasting import Forecast
from rnn.judging import Score
from rnn.recipes import ArticleRecipe, Recipe
from rnn.series import Groups, Series, count_groups
from rnn.source.calendar import Calendar
from rnn.training import Trained

CALENDAR, FOUND = "calendar", "found"
"""Where the metadata of a data set that was read have its calendar, and what was found in the file."""

DATASET, GROUPS = "dataset.parquet", "groups.npz"
INITIAL, FINAL, HISTORY, FITS = "initial.npz", "final.npz", "history.parquet", "fits.parquet"


@dataclass(frozen=True)
class Contents:
    """All that a run found out, as its pictures and its report need it. `truth` is (horizon, group_size), or None.

    Of a series that was read: `made` tells of the file, `calendar` of its times where they are no numbers, `hindsight`
    how good each method was at earlier `origins`, in points of the series.
    """

    series: Series
    recipes: Mapping[str, Recipe]
    models: Mapping[str, Trained | TrainedEnsemble]
    forecasts: list[Forecast]
    truth: Array | None
    scores: Mapping[str, Score]
    fits: Mapping[str, float]
    made: Mapping[str, Any] = field(default_factory=dict)
    calendar: Calendar | None = None
    hindsight: Mapping[str, Score] = field(default_factory=dict)
    origins: tuple[int, ...] = ()

    @property
    def axis(self) -> Axis:
        """What the x axis of pictures shows."""
        return axis_of(self.made, self.calendar)

    @property
    def trained(self) -> dict[str, Trained]:
        """The networks that were trained window by window, as the article's is."""
        return {name: model for name, model in self.models.items() if isinstance(model, Trained)}

    @property
    def ensembles(self) -> dict[str, TrainedEnsemble]:
        """The others: ensembles that are fed their own forecasts."""
        return {name: model for name, model in self.models.items() if isinstance(model, TrainedEnsemble)}


def axis_of(made: Mapping[str, Any], calendar: Calendar | None) -> Axis:
    """What the axes of a series' pictures show, from what its own file says of it."""
    found: dict[str, Any] = made.get(FOUND, {})
    return Axis(calendar, found.get("time_column", "x"), found.get("value_column", "y"))


def read_contents(data: Path, models: Mapping[str, Path], forecast: Path, recipes: Mapping[str, Recipe]) -> Contents:
    """Read what the steps left in their folders."""
    forecasts, truth = read_forecasts(forecast / FORECAST)
    scores, fits = read_metrics(forecast / METRICS)
    read = {name: read_model(folder, recipes[name]) for name, folder in models.items()}
    hindsight, origins = read_hindsight(forecast / METRICS)
    return Contents(
        read_series(data / DATASET), recipes, read, forecasts, truth, scores, fits, read_made(data / DATASET),
        read_calendar(data / DATASET), hindsight, origins,
    )  # fmt: skip


def read_model(folder: Path, recipe: Recipe) -> Trained | TrainedEnsemble:
    """What training by `recipe` left in its folder. Raises CorruptModel."""
    return read_trained(folder) if isinstance(recipe, ArticleRecipe) else read_ensemble(folder)


def write_series(
    path: Path, series: Series | Iterable[Series], made: dict[str, Any], calendar: Calendar | None = None
) -> None:
    """A series as Parquet, in one piece or in blocks one after the other; `made` says how it was generated or read.

    With a `calendar` there is a column `time` too, in UTC, and the metadata say how to go on. Raises ValueError when
    there is no block.
    """
    blocks = iter([series] if isinstance(series, Series) else series)
    first = next(blocks, None)
    if first is None:
        raise ValueError(f"no block of a series to write to {path}")
    dated = {} if calendar is None else {CALENDAR: calendar.plain()}
    columns = ({"x": block.x, "y": block.y, **times(calendar, block.x)} for block in chain([first], blocks))
    write_blocks(path, columns, {"step": first.step, **dated, **made})


def read_series(path: Path) -> Series:
    """The series that `write_series` wrote."""
    columns, made = read_table(path, ["x", "y"])
    return Series(columns["x"], columns["y"], made["step"])


def read_times(path: Path) -> AnyArray:
    """When the points of a series are (points,): times in UTC where it has them, else x."""
    columns, _ = read_table(path)
    return columns.get("time", columns["x"])


def read_made(path: Path) -> dict[str, Any]:
    """How a series was generated or read, as `write_series` was told."""
    return read_outline(path)[1]


def read_calendar(path: Path) -> Calendar | None:
    """The calendar of the series that `write_series` wrote; None when its x are the times, as numbers."""
    told = read_made(path).get(CALENDAR)
    return None if told is None else Calendar(**told)


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


def write_ensemble(folder: Path, ensemble: TrainedEnsemble) -> None:
    """An ensemble: its members, and its loss on the way."""
    npz.write(folder / FINAL, ensemble.arrays())
    write_table(folder / HISTORY, {"iteration": np.arange(1, len(ensemble.loss) + 1), "loss": ensemble.loss})


def read_ensemble(folder: Path) -> TrainedEnsemble:
    """The ensemble that `write_ensemble` wrote. Raises CorruptModel."""
    path = folder / FINAL
    try:
        return TrainedEnsemble.from_arrays(npz.read(path))
    except FileNotFoundError:
        reason = "there is no such file"
    except npz.UnreadableError as error:
        reason = str(error)
    except KeyError as missing:
        reason = f"no array {missing.args[0]!r} in it"
    raise CorruptModel(f"{path}: not a usable model: {reason}; train it again")
