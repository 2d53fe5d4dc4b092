"""What a forecast must beat to be worth anything: two naive ones, and the earlier article's fully connected network.

Each goes from the groups learned from and the grid (horizon, group_size) to the forecast on it: a `rnn.methods.Method`.
"""

import warnings

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.series import Groups, ungroup


def persistence(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The last observed value, repeated."""
    return np.full(x.shape, groups.y[-1, -1, 0])


def linear(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The least-squares line through the last group, extended. A group of one point gives persistence."""
    last_x, last_y = groups.x[-1, :, 0], groups.y[-1, :, 0]
    if len(last_x) == 1:
        return persistence(groups, x, rng)
    line = np.polynomial.Polynomial.fit(last_x, last_y, deg=1)
    return np.asarray(line(x))


def fully_connected(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The author's earlier network x → y, two layers of 20 tanh units, trained to convergence with L-BFGS.

    Both x and y are standardised over the series. scikit-learn's `MLPRegressor` does the training.
    """
    # Imported here, since it takes longer than everything else in this module does.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

    series = ungroup(groups)
    centre_x, scale_x = series.x.mean(), series.x.std() or 1.0
    centre_y, scale_y = series.y.mean(), series.y.std() or 1.0
    network = MLPRegressor(
        hidden_layer_sizes=(20, 20),
        activation="tanh",
        solver="lbfgs",
        alpha=1e-6,
        max_iter=5000,
        max_fun=50_000,
        tol=1e-7,
        random_state=int(rng.integers(2**31)),
    )
    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
        # So many iterations are enough where it fits anything at all; where it does not, its score will tell.
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.fit((series.x[:, np.newaxis] - centre_x) / scale_x, (series.y - centre_y) / scale_y)
        y = network.predict((x.reshape(-1, 1) - centre_x) / scale_x)
    return np.asarray(y * scale_y + centre_y).reshape(x.shape)
