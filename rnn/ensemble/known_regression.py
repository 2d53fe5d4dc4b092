"""A regression of a series on inputs known ahead, with autocorrelated errors.

Generalised least squares as Cochrane and Orcutt (1949) do it: what the inputs leave is an autoregression; the filter
that whitens it is put on the series and on the inputs alike, and least squares are fitted to the two; again and again
until both agree. A series that drifts is thereby differenced, and one with a season is seasonally differenced, as far
as it is so. Each coefficient is then shrunk by its own noise, as in Breiman's non-negative garrote (1995): an input
that does not lower Akaike's criterion has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array

SHORT_LAGS = 7
"""The autoregression looks back so many points, and a season and one more."""

LONGEST = 20_000
"""The newest points that the regression looks at, at the most."""

ROUNDS = 20
AGREED = 1e-9
"""A relative change of the coefficients below this ends the rounds."""

STAYS = 2.0
"""An input lowers Akaike's criterion where its squared t statistic is above this."""

TINY = 1e-9
"""The ridge penalty as a share of an input's power: inputs that repeat each other share an effect."""


@dataclass(frozen=True)
class Effects:
    """What a unit of each input adds: `coefficient` (inputs,), shrunk, and `error` (inputs,), its standard error.

    `usual` (inputs,): the median of each input, at which it adds nothing.
    """

    coefficient: Array
    error: Array
    usual: Array

    def at(self, values: Array) -> Array:
        """What inputs (rows, inputs) add at each row (rows,)."""
        return np.asarray((values - self.usual) @ self.coefficient)


def regress(y: Array, inputs: Array, seasons: Sequence[int] = ()) -> Effects:
    """The effects of `inputs` (points, inputs) on `y` (points,), both finite; `seasons`: lengths in points.

    An input that never changed has none, and where there are too few points nothing has.
    """
    y, inputs = y[-LONGEST:], inputs[-LONGEST:]
    usual = np.median(inputs, axis=0)
    spread, unit = inputs.std(axis=0), float(np.std(y))
    none = Effects(np.zeros(len(spread)), np.full(len(spread), np.inf), usual)
    able = spread > 1e-12 * np.maximum(np.abs(usual), 1e-300)
    lags = _lags(len(y), seasons)
    free = len(y) - max(lags, default=0) - len(lags) - int(able.sum()) - 1
    if not able.any() or not lags or free < len(lags) + able.sum() or not unit > 0:
        return none
    x, s = (inputs[:, able] - usual[able]) / spread[able], (y - y.mean()) / unit
    beta, error = _rounds(s, x, lags, free)
    share = np.clip(1.0 - STAYS * error**2 / np.maximum(beta**2, 1e-300), 0.0, 1.0)
    none.coefficient[able] = share * beta * unit / spread[able]
    none.error[able] = error * unit / spread[able]
    return none


def _lags(points: int, seasons: Sequence[int]) -> list[int]:
    short = range(1, min(SHORT_LAGS, points // 10) + 1)
    long = [lag for season in seasons for lag in (season, season + 1) if season > 1 and 3 * season <= points]
    return sorted({*short, *long})


def _rounds(s: Array, x: Array, lags: list[int], free: int) -> tuple[Array, Array]:
    """Coefficients and their standard errors (inputs,), in scaled units."""
    beta, error = np.zeros(x.shape[1]), np.full(x.shape[1], np.inf)
    for _ in range(ROUNDS):
        left = s - x @ beta
        past = np.stack([_lagged(left, lag, lags) for lag in lags] + [np.ones(len(s) - lags[-1])], axis=1)
        filtered = _solve(past, left[lags[-1] :])[0][:-1]
        white_s, white_x = _whitened(s, lags, filtered), _whitened(x, lags, filtered)
        new, inverse = _solve(white_x, white_s)
        noise = float(((white_s - white_x @ new) ** 2).sum()) / free
        error = np.asarray(np.sqrt(np.maximum(noise * np.diag(inverse), 0.0)), dtype=float)
        agreed = np.abs(new - beta).max() <= AGREED * np.abs(new).max()
        beta = new
        if agreed:
            break
    return beta, error


def _lagged(values: Array, lag: int, lags: list[int]) -> Array:
    return values[lags[-1] - lag : len(values) - lag]


def _whitened(values: Array, lags: list[int], weights: Array) -> Array:
    """The residuals of the autoregression of values, less their mean."""
    left = values[lags[-1] :] - sum(w * _lagged(values, lag, lags) for w, lag in zip(weights, lags, strict=True))
    return np.asarray(left - left.mean(axis=0))


def _solve(x: Array, y: Array) -> tuple[Array, Array]:
    """Least squares, with hardly a penalty, and the inverse of the Gram matrix."""
    gram = x.T @ x
    steady = gram + TINY * np.diag(np.maximum(np.diag(gram), 1e-300))
    inverse = np.asarray(np.linalg.inv(steady), dtype=float)
    return inverse @ (x.T @ y), inverse
