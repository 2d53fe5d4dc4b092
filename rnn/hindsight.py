"""How good each method was at earlier origins: what can be said of forecasts whose outcome is not known yet.

At each origin a method knew only what was before it. Its intervals are judged as it would have drawn them then: an
ensemble from its own rehearsals, another method from its errors at the origins before, as far as they were known.
"""

from collections.abc import Mapping

import numpy as np

from rnn.arrays import Array
from rnn.backtest import Backtest
from rnn.intervals import Intervals, NoRehearsal, conformal
from rnn.judging import IntervalScore, Score, rmse, rmse_by_step, score_intervals, times


def hindsight(tests: Mapping[str, Backtest]) -> dict[str, Score]:
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
