"""Explain why the served forecast moved, by counterfactual forecasts between two runs of a store.

Kept weights stand for a training that would give them again; where the code, the libraries or the machine are not
those that made them, the old model is trained again here, so that both ends of the chain were computed alike.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.files.models import FINAL, read_ensemble
from artifacts.files.series import DATASET, read_calendar, read_series
from artifacts.lifecycle.monitor import SERVED
from artifacts.lifecycle.served import Served, served_runs
from artifacts.lineage.explain import Change, changes, elsewhere
from artifacts.store.manifest import flatten
from artifacts.store.runs import LATEST, Run, UnreadableRun, find_run
from artifacts.store.store import Store
from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.training import train
from rnn.errors import WavecastError
from rnn.lifecycle.folds import Contender, fits
from rnn.lifecycle.moved import (
    CAUSES,
    NETWORKS,
    Cause,
    Known,
    Lesson,
    Making,
    Moved,
    Said,
    Settings,
    explain_change,
    moments,
)
from rnn.lifecycle.restatement import restatement
from rnn.lifecycle.serving import serve
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, group, newest

Tell = Callable[[str], None]


class CannotExplain(WavecastError):
    """Two forecasts cannot be compared: one of them, its data or its model is not there or not known here."""


@dataclass(frozen=True)
class Side:
    """One of the two forecasts: what was `served`, what it was made from, and what it says."""

    served: Served
    model: Run
    making: Making
    said: Said
    shown: dict[int, str]


@dataclass(frozen=True)
class ForecastChange:
    """The change from the forecast of the run `old` to that of the run `new`, and a few words on each cause.

    `shown`: the moments as text (moments,). `trainings`: how many models were trained for it.
    """

    old: str
    new: str
    moved: Moved
    shown: tuple[str, ...]
    notes: dict[Cause, str]
    trainings: int


def two_served(store: Store, given: tuple[str, ...]) -> tuple[Served, Served]:
    """The two forecasts that are meant, the older one first.

    None `given`: the two served last; one: it and the one before it; two: these. Raises CannotExplain and NoSuchRun.
    """
    served = list(served_runs(store))
    names = [each.run.name for each in served]
    asked = [names[0] if one == LATEST and names else find_run(store.url, one).name for one in given]
    for name in asked:
        if name not in names:
            raise CannotExplain(f"{name} serves no forecast that can be read: name a run of retrain or serve")
    if len(asked) == 2:
        if asked[0] == asked[1]:
            raise CannotExplain(f"{asked[0]} was named twice: name two runs, or one to compare it with the one before")
        new, old = sorted(map(names.index, asked))
    else:
        new = names.index(asked[0]) if asked else 0
        old = new + 1
    if old >= len(served):
        which = f"before {names[new]}" if served else "yet"
        again = f"{store.command('retrain')}, once new data have come"
        raise CannotExplain(f"{store.url} has no forecast {which} to compare with: {again}")
    return served[old], served[new]


def explain_forecast(
    store: Store, old: Served, new: Served, tell: Tell = lambda doing: None, at: str | None = None
) -> ForecastChange:
    """The parts of the change from the forecast `old` to `new`; `tell` is called before each training.

    `at`: a moment of which both must speak, which is looked up before anything is trained. Raises CannotExplain,
    NoSharedMoment, CorruptModel, and what training raises.
    """
    sides = side_of(store, old), side_of(store, new)
    both = sorted(sides[0].said.keys() & sides[1].said.keys())
    if at is not None and both:
        _place([sides[1].shown[moment] for moment in both], at)
    forecaster = Forecaster(sides, tell)
    moved = explain_change((sides[0].said, sides[1].said), (sides[0].making, sides[1].making), forecaster.forecast)
    shown = tuple(sides[1].shown[moment] for moment in moved.at)
    notes = _notes(sides, moved)
    return ForecastChange(
        old=old.run.name, new=new.run.name, moved=moved, shown=shown, notes=notes, trainings=forecaster.trainings
    )


def place_of(change: ForecastChange, said: str) -> int:
    """The place of the moment asked for: a day, a time by the series' clock, or a number. Raises CannotExplain."""
    return _place(change.shown, said)


def _place(shown: Sequence[str], said: str) -> int:
    for place, one in enumerate(shown):
        if _is_moment(said.strip(), one):
            return place
    raise CannotExplain(
        f"the two forecasts do not both speak of {said!r}: give one of their moments, {shown[0]} to {shown[-1]}"
    )


def _is_moment(said: str, shown: str) -> bool:
    for read in (float, np.datetime64):
        with suppress(ValueError):
            return bool(read(said) == read(shown))
    return False


class Forecaster:
    """Makes the counterfactual forecasts between two served ones."""

    def __init__(self, sides: tuple[Side, Side], tell: Tell) -> None:
        self.sides, self.tell, self.trainings = sides, tell, 0
        self._trained: list[tuple[Making, TrainedEnsemble]] = []
        old, new = sides
        one_model = old.model.name == new.model.name
        for side in sides:
            if side.making.lesson.method == NETWORKS and (one_model or not elsewhere(side.model)):
                self._trained.append((side.making, _kept(side.model)))

    def forecast(self, making: Making) -> Said:
        """What a forecast made so says."""
        settings, lesson = making.settings, making.lesson
        ensemble = self._ensemble(making) if lesson.method == NETWORKS else None
        contender = Contender(lesson.method, settings.recipe, making.seed, ensemble)
        known = group(newest(making.known.series, settings.newest), settings.group_size)
        if ensemble is not None and not fits(ensemble, known):
            raise CannotExplain(
                f"a model of the two forecasts cannot go on from the other's {known.y.size} points in groups of "
                f"{known.group_size}, which do not fill its memory or lack its inputs: name two other runs"
            )
        forecast = serve(contender, known, settings.horizon)
        at = moments(forecast.x, making.known.calendar, making.known.series.step)
        return dict(zip(at.tolist(), forecast.y.ravel().tolist(), strict=True))

    def _ensemble(self, making: Making) -> TrainedEnsemble:
        """The model: what is kept or was trained already, else trained now."""
        if self.sides[0].model.name == self.sides[1].model.name:
            return self._trained[0][1]
        for known, ensemble in self._trained:
            if making.has_model_of(known):
                return ensemble
        learned, settings = making.lesson.known or making.known, making.settings
        self.trainings += 1
        self.tell(f"training with {settings.group_size} points a group, seed {making.seed}")
        groups = _groups(settings, learned)
        ensemble = train(groups, settings.recipe, stream(making.seed, NETWORKS), horizon=settings.horizon)
        self._trained.append((making, ensemble))
        return ensemble


def _groups(settings: Settings, learned: Known) -> Groups:
    series = newest(settings.of(learned.series), settings.newest)
    return group(series, settings.group_size, settings.recipe.groups_needed)


def _kept(run: Run) -> TrainedEnsemble:
    """The weights that a run keeps. Raises CannotExplain and CorruptModel."""
    file = f"models/{NETWORKS}/{FINAL}"
    with TemporaryDirectory() as folder:
        try:
            return read_ensemble(run.fetch(file, Path(folder)).parent)
        except OSError as error:
            raise _gone(run, f"its model cannot be read: {type(error).__name__}") from None


def side_of(store: Store, served: Served) -> Side:
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
    lesson = Lesson(method, (known if model.name == run.name else _known(model)) if networks else None)
    try:
        making = Making(known, lesson, int(model.config["seed"]), _settings(run, model, known))
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
    return Side(served, model, making, said, dict(zip(at, shown, strict=True)))


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


def _words(error: Exception) -> str:
    return "there is no such file" if isinstance(error, FileNotFoundError) else type(error).__name__


def _gone(run: Run, why: str) -> CannotExplain:
    return CannotExplain(f"the forecast of {run.name} cannot be made again ({why}): put it back, or name other runs")


def _notes(sides: tuple[Side, Side], moved: Moved) -> dict[Cause, str]:
    """A few words on each cause: what has changed."""
    old, new = sides
    here = {name for side in sides for run in (side.served.run, side.model) for name in elsewhere(run)}
    other = f"; other here than then: {', '.join(sorted(here))}" if here else ""
    again = "the old forecast made again here is the served one to the bit"
    left = "the last link is the new served forecast to the bit"
    notes = {
        "code and machine": again if moved.begins else f"the old forecast made again here is another one{other}",
        "revised points": _revised(old.making.known, new.making.known),
        "new points": _arrived(old.making.known, new.making.known),
        "another champion": _champions(old, new),
        "seed": _seeds(old, new),
        "settings": _changed_settings(old.making.settings, new.making.settings),
        "what remains": left if moved.ends else f"no counterfactual forecast explains it: code and machine{other}",
    }
    return {cause: notes[cause] for cause in CAUSES}


def _revised(old: Known, new: Known) -> str:
    at, here, there = np.intersect1d(old.at, new.at, return_indices=True)
    if not len(at):
        return "no moment is in both data"
    found = restatement(at.astype(float), old.series.y[here], new.series.y[there])
    return "none" if found is None else found.sentence


def _arrived(old: Known, new: Known) -> str:
    arrived, left = len(np.setdiff1d(new.at, old.at)), len(np.setdiff1d(old.at, new.at))
    return (f"{arrived} more points" if arrived else "none") + (f", {left} no longer there" if left else "")


def _champions(old: Side, new: Side) -> str:
    if old.served.model == new.served.model:
        return "the same"
    if old.making.lesson.method != new.making.lesson.method:
        return f"{_champion(old)} → {_champion(new)}, with its seed and settings"
    return f"{_champion(old)} → {_champion(new)}: what it learned from"


def _champion(side: Side) -> str:
    run, method = side.served.model
    return run if method == NETWORKS else f"'{method}'"


def _seeds(old: Side, new: Side) -> str:
    if NETWORKS not in (old.making.lesson.method, new.making.lesson.method):
        return "none"
    one, two = old.making.seed, new.making.seed
    return "the same" if one == two else f"{one} → {two}"


def _changed_settings(old: Settings, new: Settings) -> str:
    found: dict[str, Change] = changes(_flat(old), _flat(new))
    return ", ".join(f"{name} {before} → {now}" for name, (before, now) in found.items()) or "the same"


def _flat(settings: Settings) -> dict[str, Any]:
    return flatten({
        NETWORKS: settings.recipe.model_dump(mode="json"), "group_size": settings.group_size,
        "horizon": settings.horizon, "newest": settings.newest, "seasons": settings.seasons.lengths,
        "bounds": settings.bounds,
    })  # fmt: skip
