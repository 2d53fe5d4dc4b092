"""Sweeps: one recipe with some of its fields varied, over several seeds, and what comes of each.

A *trial* is one recipe with one seed, which decides noise and first weights. Trials of equal shape are trained in
lockstep, a block at a time; no outcome depends on the block that its trial was in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from math import prod

import numpy as np

from rnn.datasets.xsinx import curve
from rnn.elman.kernels import Kernel
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import Keeper, train_many
from rnn.errors import Diverged, WavecastError
from rnn.experiment import Experiment
from rnn.metrics import fit_rmse, rmse, rmse_by_step
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe

MOST_TRIALS = 100_000
"""A sweep of more is refused: it would take days, and nobody would look at its results."""


class SweepTooLarge(WavecastError):
    """The grid has more trials than anybody would want to wait for."""


@dataclass(frozen=True)
class Trial:
    """One recipe, and the seed of its noise and first weights."""

    recipe: ArticleRecipe
    seed: int


@dataclass(frozen=True)
class Outcome:
    """The outcome of a trial.

    `fit_rmse`: over the training data. `forecast_rmse` and `first_step_rmse`: against the noise-free curve, over the
    whole horizon and over its first group. `persistence_rmse`: what repeating the last value gives on the same data.
    `diverged`: the epoch in which training did, or 0; then the three errors of the network are NaN.
    """

    trial: Trial
    fit_rmse: float
    forecast_rmse: float
    first_step_rmse: float
    persistence_rmse: float
    diverged: int


def count_trials(over: Mapping[str, Sequence[object]], seeds: int) -> int:
    """Count the trials of the grid without making it. Raises SweepTooLarge for more than MOST_TRIALS."""
    count = prod(map(len, over.values())) * seeds
    if count > MOST_TRIALS:
        sizes = " × ".join([*(f"{len(values)} {name}" for name, values in over.items()), f"{seeds} seeds"])
        raise SweepTooLarge(
            f"{sizes} are {count} trials, and at most {MOST_TRIALS} are done: give fewer values or seeds"
        )
    return count


def trials(base: ArticleRecipe, over: Mapping[str, Sequence[object]], seeds: Sequence[int]) -> list[Trial]:
    """Every combination of the values in `over`, by field of the recipe, with every seed; the seeds vary fastest.

    Raises SweepTooLarge, and pydantic's ValidationError for a field or value that the recipe does not take.
    """
    count_trials(over, len(seeds))
    fixed = base.model_dump()
    recipes = [
        type(base).model_validate({**fixed, **dict(zip(over, values, strict=True))})
        for values in product(*over.values())
    ]
    return [Trial(recipe, seed) for recipe in recipes for seed in seeds]


def in_blocks(every: Sequence[Trial], size: int) -> Iterator[list[Trial]]:
    """The trials in blocks of at most `size` that can be trained in lockstep: only their learning rates differ."""

    def shape(trial: Trial) -> str:
        return trial.recipe.model_dump_json(exclude={"lr"})

    for _, alike in groupby(sorted(every, key=shape), key=shape):
        of_one_shape = list(alike)
        for first in range(0, len(of_one_shape), size):
            yield of_one_shape[first : first + size]


def run_trials(
    block: Sequence[Trial],
    name: str,
    experiment: Experiment,
    kernel: type[Kernel],
    on_epoch: Callable[[int, int], None] = lambda done, total: None,
    keeper: Keeper | None = None,
) -> list[Outcome]:
    """Train the trials of a block in lockstep and judge each; `name` is the recipe's, for its stream of weights."""
    size = experiment.group_size
    groups = [experiment.groups(trial.seed) for trial in block]
    networks = [ElmanNetwork.random(stream(trial.seed, name), size, trial.recipe.hidden, size) for trial in block]
    results = train_many(networks, groups, [trial.recipe for trial in block], kernel, on_epoch, keeper)
    outcomes = []
    for trial, data, result in zip(block, groups, results, strict=True):
        x = experiment.ahead(data)
        truth = curve(x)
        naive = rmse(np.full(x.shape, data.y[-1, -1, 0]), truth)
        if isinstance(result, Diverged):
            outcomes.append(Outcome(trial, np.nan, np.nan, np.nan, naive, result.epoch))
            continue
        with np.errstate(over="ignore"):  # just before divergence an error's square may already be too large
            y = forecast(result.network, x, result.h_last)
            fit = fit_rmse(result.fitted, data.y[:, :, 0], trial.recipe.window)
            outcomes.append(Outcome(trial, fit, rmse(y, truth), float(rmse_by_step(y, truth)[0]), naive, 0))
    return outcomes


@dataclass(frozen=True)
class Spread:
    """A figure over seeds; infinite where training diverged."""

    median: float
    least: float
    most: float


@dataclass(frozen=True)
class LeaderboardRow:
    """A recipe's place in the leaderboard: its errors over the seeds, and how many of its trials diverged."""

    recipe: ArticleRecipe
    fit: Spread
    forecast: Spread
    persistence: Spread
    diverged: int
    seeds: int


def leaderboard(outcomes: Sequence[Outcome]) -> list[LeaderboardRow]:
    """One standing a recipe, the best median fit first: that is what one can tune by without knowing what follows.

    The order of the outcomes does not matter, but for recipes that are exactly as good as each other.
    """
    by_recipe: dict[ArticleRecipe, list[Outcome]] = {}
    for outcome in outcomes:
        by_recipe.setdefault(outcome.trial.recipe, []).append(outcome)
    standings = [
        LeaderboardRow(
            recipe,
            _spread([outcome.fit_rmse for outcome in of_recipe]),
            _spread([outcome.forecast_rmse for outcome in of_recipe]),
            _spread([outcome.persistence_rmse for outcome in of_recipe]),
            sum(outcome.diverged > 0 for outcome in of_recipe),
            len(of_recipe),
        )
        for recipe, of_recipe in by_recipe.items()
    ]
    return sorted(standings, key=lambda standing: (standing.fit.median, standing.diverged))


def _spread(errors: Sequence[float]) -> Spread:
    figures = np.nan_to_num(np.array(errors), nan=np.inf, posinf=np.inf)
    return Spread(float(np.median(figures)), float(figures.min()), float(figures.max()))
