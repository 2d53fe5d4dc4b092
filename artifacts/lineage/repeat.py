"""Repeat the trainings of a run from its own data and its manifest's settings, seeds and kernels."""

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from artifacts.files.models import write_ensemble, write_trained
from artifacts.files.series import read_series
from artifacts.files.sweep import read_outcomes
from artifacts.store.runs import Run
from rnn.elman import kernels
from rnn.elman import training as elman_training
from rnn.elman.network import ElmanNetwork
from rnn.ensemble import training
from rnn.errors import WavecastError
from rnn.evaluation import sweep
from rnn.evaluation.sweep import Outcome, leaderboard
from rnn.experiment import Experiment
from rnn.random_streams import PURPOSES, stream
from rnn.recipes import RECIPES, ArticleRecipe, Recipe
from rnn.series import group, newest, ungroup


class CannotRepeat(WavecastError):
    """The run needs something that this version of Wavecast, or this machine, does not have."""


def models_of(run: Run) -> list[str]:
    """The names of the models in a run folder."""
    return list(dict.fromkeys(file.split("/")[1] for file in run.digests if file.startswith("models/")))


def train_again(run: Run, name: str, dataset: Path, to: Path) -> None:
    """Train the model `name` of a run again on the series in `dataset`; leave its files in the folder `to`.

    Raises CannotRepeat, and what training raises.
    """
    recipe = _recipe(run, name)
    try:
        series = read_series(dataset)
    except (OSError, ValueError, KeyError) as error:
        raise CannotRepeat(_unable(run, f"its data cannot be read ({' '.join(str(error).split())})")) from None
    learned = newest(series, run.config.get("newest"))
    groups = group(learned, _setting(run, "group_size", int), recipe.groups_needed)
    rng = stream(_seed(run), name)
    if isinstance(recipe, ArticleRecipe):
        network = ElmanNetwork.random(rng, groups.group_size, recipe.hidden, groups.group_size)
        write_trained(to, elman_training.train(network, groups, recipe, kernel=_kernel(run, name)), ungroup(groups).x)
    else:
        write_ensemble(to, training.train(groups, recipe, rng, horizon=_setting(run, "horizon", int)))


def run_trials_again(run: Run, outcomes: Path) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes of a sweep's best setting: those in `outcomes`, and those of the same trials trained again.

    An outcome does not depend on the other trials of its block, so these few are trained alone. Raises CannotRepeat.
    """
    name = _setting(run, "recipe", str)
    recipe = RECIPES.get(name)
    if recipe is None or not issubclass(recipe, ArticleRecipe):
        raise CannotRepeat(_unable(run, f"recipe {name!r} is not known here"))
    recorded, _ = read_outcomes(outcomes, recipe)
    best = leaderboard(recorded)[0].recipe
    then = [outcome for outcome in recorded if outcome.trial.recipe == best]
    try:
        experiment = Experiment(**{field: run.config[field] for field in Experiment.model_fields})
    except (KeyError, ValidationError):
        raise CannotRepeat(_unable(run, "its settings of the data are not what they are here")) from None
    return then, sweep.run_trials([outcome.trial for outcome in then], name, experiment, _kernel(run, name))


def is_same(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes are equal to the last bit."""
    figures = ("fit_rmse", "forecast_rmse", "first_step_rmse", "persistence_rmse", "diverged")
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in figures)


def _recipe(run: Run, name: str) -> Recipe:
    if name not in RECIPES or name not in PURPOSES:
        raise CannotRepeat(_unable(run, f"recipe {name!r} is not known here"))
    try:
        return RECIPES[name].model_validate(run.config.get(name))
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, (name, *details["loc"]))) for details in error.errors())
        raise CannotRepeat(_unable(run, f"its settings {fields} are not what they may be here")) from None


def _kernel(run: Run, name: str) -> type[kernels.Kernel]:
    kernel = (run.manifest.get("kernels") or {}).get(name)
    try:
        return kernels.named(str(kernel))
    except ValueError:
        raise CannotRepeat(_unable(run, f"kernel {kernel!r} of recipe {name!r} is not known here")) from None


def _seed(run: Run) -> int:
    seed = run.manifest["seeds"].get("seed")
    if not isinstance(seed, int) or seed < 0:
        raise CannotRepeat(_unable(run, f"its seed is {seed!r}"))
    return seed


def _setting(run: Run, name: str, kind: type) -> Any:
    value = run.config.get(name)
    if not isinstance(value, kind):
        raise CannotRepeat(_unable(run, f"its setting {name!r} is {value!r}"))
    return value


def _unable(run: Run, why: str) -> str:
    version = run.manifest["code"].get("wavecast")
    return f"{run.name} cannot be trained again: {why}; try the Wavecast that made it, {version}"
