"""What a served forecast was made from: its data, its model, its settings, read from the runs of a store."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from pydantic import ValidationError

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.files.models import FINAL, read_ensemble
from artifacts.files.series import DATASET, read_calendar, read_series
from artifacts.lifecycle.monitor import SERVED
from artifacts.lifecycle.served import Served
from artifacts.store.runs import Run, UnreadableRun
from artifacts.store.store import Store
from rnn.ensemble.model import TrainedEnsemble
from rnn.errors import WavecastError
from rnn.lifecycle.attribution import NETWORKS, ForecastInputs, Known, Settings, Training, ValuesByMoment, moments
from rnn.recipes import AutoregressiveRecipe


class CannotExplain(WavecastError):
    """Two forecasts cannot be compared: one of them, its data or its model is not there or not known here."""


@dataclass(frozen=True)
class Provenance:
    """One of the two forecasts: what was `served`, what it was made from, and what it says."""

    served: Served
    model: Run
    inputs: ForecastInputs
    forecast: ValuesByMoment
    shown: dict[int, str]


def provenance_of(store: Store, served: Served) -> Provenance:
    """One served forecast with all that it was made from. Raises CannotExplain."""
    run, (name, method) = served.run, served.model
    try:
        model = run if name == run.name else store.run(name)
    except UnreadableRun as error:
        raise CannotExplain(
            f"{run.name} is the forecast of {name}, which {error.reason}: put the folder back, or name other runs"
        ) from None
    known = _known(run)
    networks = method == NETWORKS
    training = Training(method, (known if model.name == run.name else _known(model)) if networks else None)
    try:
        inputs = ForecastInputs(known, training, int(model.config["seed"]), _settings(run, model, known))
        forecasts, _ = read_forecasts(run.read(FORECAST))
        forecast = next(each for each in forecasts if each.method == SERVED)
    except (OSError, ValueError, KeyError, TypeError, StopIteration, ValidationError, pa.ArrowException) as error:
        raise _gone(run, f"its forecast or its settings cannot be read: {_words(error)}") from None
    at = moments(forecast.x, known.calendar, known.series.step).tolist()
    if known.calendar is None:
        shown = [f"{x:g}" for x in forecast.x.ravel().tolist()]
    else:
        shown = known.calendar.shown(known.calendar.times(forecast.x))
    said = dict(zip(at, forecast.y.ravel().tolist(), strict=True))
    return Provenance(served, model, inputs, said, dict(zip(at, shown, strict=True)))


def _settings(run: Run, model: Run, known: Known) -> Settings:
    """The settings of a forecast: its own run's where that has them, else its model's."""
    config = {**model.config, **run.config} if run.flow == "retrain" else model.config
    recipe = model.config.get(NETWORKS)
    return Settings(
        recipe=AutoregressiveRecipe() if recipe is None else AutoregressiveRecipe.model_validate(recipe),
        group_size=int(config["group_size"]),
        horizon=int(config["horizon"]),
        newest=config.get("newest"),
        seasons=known.series.seasons,
        bounds=known.series.bounds,
    )


def _known(run: Run) -> Known:
    with TemporaryDirectory() as folder:
        try:
            path = run.fetch(DATASET, Path(folder))
            return Known(read_series(path), read_calendar(path))
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            raise _gone(run, f"its {DATASET} cannot be read: {_words(error)}") from None


def kept_weights(run: Run) -> TrainedEnsemble:
    """The weights that a run keeps. Raises CannotExplain and CorruptModel."""
    file = f"models/{NETWORKS}/{FINAL}"
    with TemporaryDirectory() as folder:
        try:
            return read_ensemble(run.fetch(file, Path(folder)).parent)
        except OSError as error:
            raise _gone(run, f"its model cannot be read: {type(error).__name__}") from None


def _words(error: Exception) -> str:
    return "there is no such file" if isinstance(error, FileNotFoundError) else type(error).__name__


def _gone(run: Run, why: str) -> CannotExplain:
    return CannotExplain(f"the forecast of {run.name} cannot be made again ({why}): put it back, or name other runs")
