"""Methods to compare with beyond the baselines: two that know seasons or lags, and two classics of another library.

Each goes from the groups learned from and the grid (horizon, group_size) to the forecast on it, as a
`rnn.methods.Method` does.
"""

import warnings

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.errors import WavecastError
from rnn.scaling import Scaling
from rnn.seasons import period
from rnn.series import Groups, ungroup

LAGS = 60
"""So many of the last points ridge autoregression computes the next from, at the most: a third of the series."""


SEASONAL = 400
"""Longer series are forecast by the classics without a season: their search for one takes minutes."""


class MissingPeer(WavecastError):
    """An optional library is not installed."""


def seasonal_naive(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The last season again and again; its length is inferred (`rnn.seasons`). Without one, persistence."""
    y = ungroup(groups).y
    return np.resize(y[-period(y) :], x.size).reshape(x.shape)


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
    season = season or period(y)
    with warnings.catch_warnings(), threadpool_limits(1), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = getattr(models, name)(season_length=season if season <= 24 and len(y) <= SEASONAL else 1)
        ahead = model.forecast(y=y, h=x.size)["mean"]
    return np.asarray(ahead, dtype=float).reshape(x.shape)
