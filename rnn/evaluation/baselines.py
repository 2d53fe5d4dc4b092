"""What a forecast must beat to be worth anything: two naive ones, and the earlier article's fully connected network.

Each goes from the groups learned from and the grid (horizon, group_size) to the forecast on it: a `rnn.methods.Method`.
"""

import warnings

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.errors import WavecastError
from rnn.scaling import Scaling
from rnn.seasonality import season_length
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


LAGS = 60
"""So many of the last points ridge autoregression computes the next from, at the most: a third of the series."""


SEASONAL = 400
"""Longer series are forecast by the classics without a season: their search for one takes minutes."""


class MissingPeer(WavecastError):
    """An optional library is not installed."""


def seasonal_naive(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The last season again and again; its length is inferred (`rnn.seasonality`). Without one, persistence."""
    y = ungroup(groups).y
    return np.resize(y[-season_length(y) :], x.size).reshape(x.shape)


def ridge_autoregression(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The next point as a linear function of the last `LAGS`, fitted with ridge penalty 0.1, fed back."""
    y = ungroup(groups).y
    scaling, lags = Scaling.of(y), max(1, min(LAGS, len(y) // 3))
    s = scaling.scale(y)
    if len(y) <= lags + 1:
        return np.full(x.shape, y[-1])
    windows = np.lib.stride_tricks.sliding_window_view(s, lags + 1)
    past, following = windows[:, :-1], windows[:, -1]
    line = [*s[-lags:]]
    with threadpool_limits(1, user_api="blas"):
        best = np.linalg.solve(past.T @ past + 0.1 * np.eye(lags), past.T @ following)
        for _ in range(x.size):
            line.append(np.clip(best @ np.array(line[-lags:]), scaling.low, scaling.high))
    return scaling.unscale(np.array(line[lags:])).reshape(x.shape)


def auto_arima(groups: Groups, x: Array, rng: np.random.Generator, season: int | None = None) -> Array:
    """statsforecast's AutoARIMA, the `season` given or inferred. Raises MissingPeer without that library."""
    return _statsforecast("AutoARIMA", groups, x, season)


def auto_ets(groups: Groups, x: Array, rng: np.random.Generator, season: int | None = None) -> Array:
    """statsforecast's AutoETS, the `season` given or inferred. Raises MissingPeer without that library."""
    return _statsforecast("AutoETS", groups, x, season)


def _statsforecast(name: str, groups: Groups, x: Array, season: int | None) -> Array:
    try:
        from statsforecast import models
    except ImportError:
        raise MissingPeer(f"{name} needs statsforecast: pip install -e '.[peers]'") from None
    y = ungroup(groups).y
    season = season or season_length(y)
    with warnings.catch_warnings(), threadpool_limits(1), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = getattr(models, name)(season_length=season if season <= 24 and len(y) <= SEASONAL else 1)
        ahead = model.forecast(y=y, h=x.size)["mean"]
    return np.asarray(ahead, dtype=float).reshape(x.shape)
