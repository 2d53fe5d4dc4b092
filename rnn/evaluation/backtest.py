"""Backtests: learn before an origin, forecast after it, at several origins, the same for every method."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.training import train_together
from rnn.errors import SeriesTooShort
from rnn.evaluation.methods import Method, autoregressive
from rnn.intervals import Intervals, NoRehearsal, conformal
from rnn.metrics import IntervalScore, Score, rmse, rmse_by_step, score_intervals, times
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups

FEWEST = 20
"""So many groups must be known at the first origin."""


@dataclass(frozen=True)
class Backtest:
    """One method's forecasts `y` and what came of them, `truth`, both (folds, horizon, group_size), by `origins`.

    `intervals`: those of each origin, of a method that draws them itself.
    """

    method: str
    origins: tuple[int, ...]
    y: Array
    truth: Array
    intervals: tuple[Intervals | None, ...] | None = None

    @property
    def errors(self) -> Array:
        """Truth less forecast (folds, horizon, group_size), as `rnn.intervals` takes them."""
        return self.truth - self.y


def rolling_origins(groups: int, horizon: int, folds: int) -> tuple[int, ...]:
    """At most `folds` origins, oldest first, each with `horizon` groups after it: evenly from the middle to the end.

    Raises SeriesTooShort when there is room for none.
    """
    newest, oldest = groups - horizon, max(FEWEST, groups // 2)
    if newest < FEWEST:
        raise SeriesTooShort(
            f"{groups} groups leave no origin with {FEWEST} groups before it and {horizon} after it: give "
            f"{FEWEST + horizon} groups or a shorter horizon"
        )
    return tuple(sorted(set(np.linspace(min(oldest, newest), newest, folds).astype(int).tolist())))


def backtest(
    groups: Groups,
    methods: Mapping[str, Method],
    horizon: int,
    folds: int,
    rng_of: Callable[[str], np.random.Generator],
    fed_back: Mapping[str, AutoregressiveRecipe] | None = None,
) -> dict[str, Backtest]:
    """Each of `methods` at the same rolling origins. `rng_of(name)` gives a method's random stream, anew for each fold.

    The recipes of `fed_back` are tested too, with the intervals that their ensembles draw. The networks of all folds of
    one train in lockstep. Raises SeriesTooShort when there is room for no fold.
    """
    origins = rolling_origins(len(groups), horizon, folds)
    known = [before(groups, origin) for origin in origins]
    ahead = [slice(origin, origin + horizon) for origin in origins]
    truth = np.array([groups.y[part, :, 0] for part in ahead])
    done = {}
    for name, method in methods.items():
        if method is autoregressive:
            ensembles = train_together(known, AutoregressiveRecipe(), [rng_of(name) for _ in known], horizon=horizon)
            y = np.array([ensemble.forecast(horizon) for ensemble in ensembles])
        else:
            y = np.array([
                method(fold, groups.x[part, :, 0], rng_of(name)) for fold, part in zip(known, ahead, strict=True)
            ])  # fmt: skip
        done[name] = Backtest(name, origins, y, truth)
    for name, recipe in (fed_back or {}).items():
        trained = train_together(known, recipe, [rng_of(name) for _ in known], horizon=horizon)
        said = [ensemble.forecast_and_intervals(horizon) for ensemble in trained]
        bounds = tuple(around for _, around in said)
        done[name] = Backtest(name, origins, np.array([forecast for forecast, _ in said]), truth, bounds)
    return done


def before(groups: Groups, origin: int) -> Groups:
    """The first `origin` groups."""
    return Groups(groups.x[:origin], groups.y[:origin], groups.step, groups.dropped)


def score_backtests(tests: Mapping[str, Backtest]) -> dict[str, Score]:
    """The score of each method over all its origins together. One of the methods must be `persistence`."""
    naive = rmse(tests["persistence"].y, tests["persistence"].truth)
    found = {}
    for name, test in tests.items():
        by_step, error = rmse_by_step(_beside(test.y), _beside(test.truth)), rmse(test.y, test.truth)
        found[name] = Score(error, float(by_step[0]), by_step, times(error, naive), _held(test))
    return found


def _held(test: Backtest) -> IntervalScore | None:
    """What the intervals held at the origins at which there were any."""
    drawn = {fold: around for fold, around in enumerate(test.intervals or _earlier(test)) if around is not None}
    if not drawn:
        return None
    bounds = ("lower50", "upper50", "lower90", "upper90")
    every = (_beside(np.array([getattr(around, bound) for around in drawn.values()])) for bound in bounds)
    folds = list(drawn)
    return score_intervals(_beside(test.y[folds]), Intervals(*every), _beside(test.truth[folds]))


def _earlier(test: Backtest) -> list[Intervals | None]:
    """Intervals at each origin from the errors that were known there, None where none were."""
    horizon = test.y.shape[1]
    found: list[Intervals | None] = []
    for fold, origin in enumerate(test.origins):
        errors = test.errors[:fold].copy()
        for one, earlier in zip(errors, test.origins[:fold], strict=True):
            one[min(origin - earlier, horizon) :] = np.nan
        try:
            found.append(conformal(test.y[fold], errors) if fold else None)
        except NoRehearsal:
            found.append(None)
    return found


def _beside(folds: Array) -> Array:
    """All origins beside each other: (folds, horizon, group_size) as (horizon, folds · group_size)."""
    return np.asarray(np.moveaxis(folds, 0, 1).reshape(folds.shape[1], -1))
