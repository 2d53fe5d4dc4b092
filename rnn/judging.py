"""How far off a fit or a forecast is."""

import numpy as np

from rnn.arrays import Array


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
