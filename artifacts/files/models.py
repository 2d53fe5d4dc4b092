"""Files of trained models."""

from pathlib import Path

import numpy as np

from artifacts.files.parquet import read_table, write_table
from rnn import npz
from rnn.arrays import Array
from rnn.elman import weights_file
from rnn.elman.forecaster import Elman
from rnn.elman.training import Trained
from rnn.ensemble.forecaster import Autoregressive
from rnn.ensemble.model import TrainedEnsemble
from rnn.errors import CorruptModel
from rnn.forecaster import Forecaster
from rnn.recipes import ArticleRecipe, Recipe
from rnn.series import Series

INITIAL, FINAL, HISTORY, FITS = "initial.npz", "final.npz", "history.parquet", "fits.parquet"


def read_model(folder: Path, recipe: Recipe) -> Trained | TrainedEnsemble:
    """Read the model that was trained by `recipe`. Raises CorruptModel."""
    return read_trained(folder) if recipe.windowed else read_ensemble(folder)


def read_forecaster(folder: Path, recipe: Recipe, series: Series, name: str) -> Forecaster:
    """Read the forecaster that was trained by `recipe` on `series`. Raises CorruptModel."""
    if isinstance(recipe, ArticleRecipe):
        return Elman.trained(read_trained(folder), series, recipe, name)
    return Autoregressive.trained(read_ensemble(folder), series, recipe)


def write_trained(folder: Path, trained: Trained, x: Array) -> None:
    """Write a network's initial and final weights, its loss by epoch, and its fitted values at `x` (points,)."""
    weights_file.save(folder / INITIAL, trained.initial, np.zeros_like(trained.h_last))
    weights_file.save(folder / FINAL, trained.final, trained.h_last)
    history = {"epoch": np.arange(1, len(trained.epoch_loss) + 1), "loss": trained.epoch_loss}
    write_table(folder / HISTORY, history, {"kernel": trained.kernel})
    epochs = np.repeat(np.array(trained.fit_epochs), len(x))
    write_table(folder / FITS, {"epoch": epochs, "x": np.tile(x, len(trained.fit_epochs)), "y": trained.fits.ravel()})


def read_trained(folder: Path) -> Trained:
    """Read the network that `write_trained` wrote. Raises CorruptModel."""
    initial, _ = weights_file.load(folder / INITIAL)
    final, h_last = weights_file.load(folder / FINAL)
    history, made = read_table(folder / HISTORY)
    fits, _ = read_table(folder / FITS)
    epochs = np.unique(fits["epoch"])
    values = fits["y"].reshape(len(epochs), -1, len(final["c"]))
    return Trained(
        initial=initial,
        final=final,
        h_last=h_last,
        epoch_loss=history["loss"],
        fit_epochs=tuple(epochs.tolist()),
        fits=values,
        kernel=made["kernel"],
    )


def write_ensemble(folder: Path, ensemble: TrainedEnsemble) -> None:
    """Write an ensemble's members, and its loss by iteration."""
    npz.write(folder / FINAL, ensemble.arrays())
    write_table(folder / HISTORY, {"iteration": np.arange(1, len(ensemble.loss) + 1), "loss": ensemble.loss})


def read_ensemble(folder: Path) -> TrainedEnsemble:
    """Read the ensemble that `write_ensemble` wrote. Raises CorruptModel."""
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
