"""Whether its modes explain a series down to its noise, and how sure one may then be of how it goes on.

Where what a fit leaves over cannot be told from white noise, the series itself has nothing more to say: the fit is
adequate. Least squares then also tells how far b and c may be from the truth, and so how far the forecast: candidates
drawn from around the fit lie as far apart as it is unsure. That is known without any rehearsal, and for a series that
shows little more than it is made of, a rehearsal on less of it is a poor guide.
"""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.modes import Fit, sizes, within

LAGS = 20
"""Autocorrelations that are looked at, at the most."""

QUANTILE = 1.645
"""Of a normal distribution: where noise is white, it passes for it in 95 % of all cases."""


@dataclass(frozen=True)
class Explanation:
    """What explains a series: `sections` (draws, m, 2), b and c that may be the true ones; its `noise` (deviation)."""

    sections: Array
    noise: float


def explain(fits: list[Array], s: Array, pairs: int, rng: np.random.Generator) -> Explanation | None:
    """The adequate one among `fits`, b and c (m, 2) each, of the series `s` (points,); None where none is.

    Of several it is the one with the smallest information criterion (Schwarz 1978). Drawn are `pairs` of sections, the
    two of a pair on opposite sides of the fit.
    """
    lengths, chosen = np.array([len(s)]), None
    for sections in fits:
        fit = Fit(sections[np.newaxis], s[np.newaxis], lengths)
        cost, unknowns = float(fit.cost[0]), 2 * sections.size + 1
        if len(s) > unknowns and is_white(fit.residual[0]):
            criterion = len(s) * np.log(cost / len(s)) + unknowns * np.log(len(s))
            if chosen is None or criterion < chosen[0]:
                chosen = criterion, sections, fit, np.sqrt(cost / (len(s) - unknowns))
    if chosen is None:
        return None
    _, sections, fit, noise = chosen
    slope = fit.derivative(sections[np.newaxis], lengths)[0]
    strength, directions = np.linalg.eigh(slope.T @ slope)
    strength = np.sqrt(np.maximum(strength, 1e-12 * strength[-1]) + 1e-300)
    off = np.clip(noise * rng.normal(size=(pairs, sections.size)) / strength @ directions.T, -0.5, 0.5)
    off = (np.concatenate([off, -off]) * sizes(sections[np.newaxis])).reshape(2 * pairs, *sections.shape)
    return Explanation(within(sections + off, np.repeat(lengths, 2 * pairs)), float(noise))


def is_white(residual: Array) -> bool:
    """Whether a residual (points,) cannot be told from white noise by its autocorrelations (Ljung and Box 1978).

    The quantile of the χ² distribution is that of Wilson and Hilferty (1931). Nothing at all is not noise.
    """
    r, count = residual - residual.mean(), len(residual)
    lags, power = min(LAGS, count // 5), float((r**2).sum())
    if lags < 1 or power == 0:
        return False
    correlation = np.array([float(r[k:] @ r[:-k]) for k in range(1, lags + 1)]) / power
    statistic = count * (count + 2) * float((correlation**2 / (count - np.arange(1, lags + 1))).sum())
    spread = 2 / (9 * lags)
    return bool(statistic <= lags * (1 - spread + QUANTILE * np.sqrt(spread)) ** 3)
