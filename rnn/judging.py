"""How far off a fit or a forecast is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.forecasting import Forecast


def rmse(y: Array, truth: Array) -> float:
    """Root of the mean squared error over all points, in the unit of y. Both of the same shape."""
    return float(np.sqrt(np.mean((y - truth) ** 2)))


def rmse_by_step(y: Array, truth: Array) -> Array:
    """The same for each forecast step: (horizon, group_size) twice gives (horizon,)."""
    return np.asarray(np.sqrt(np.mean((y - truth) ** 2, axis=1)))


def fit_rmse(fitted: Array, y: Array, window: int) -> float:
    """How well `fitted` follows `y`, both (groups, group_size), over the groups that end a window.

    The first `window − 1` groups never do, and are left out (article, "What the program really does").
    """
    return rmse(fitted[window - 1 :], y[window - 1 :])


@dataclass(frozen=True)
class Score:
    """How far a forecast is off.

    RMSE over all points, over the first step alone, by step (horizon,), and overall as so many times persistence's.
    """

    rmse: float
    first_step: float
    by_step: Array
    to_persistence: float


def score(forecasts: Sequence[Forecast], truth: Array) -> dict[str, Score]:
    """The score of each method against `truth` (horizon, group_size). One of the methods must be `persistence`."""
    by_step = {forecast.method: rmse_by_step(forecast.y, truth) for forecast in forecasts}
    overall = {forecast.method: rmse(forecast.y, truth) for forecast in forecasts}
    return {
        method: Score(overall[method], float(steps[0]), steps, _times(overall[method], overall["persistence"]))
        for method, steps in by_step.items()
    }


def _times(error: float, persistence: float) -> float:
    """How many times persistence's error; where that is zero, any other error is infinitely many times as large."""
    if persistence == 0:
        return 1.0 if error == 0 else np.inf
    return error / persistence
