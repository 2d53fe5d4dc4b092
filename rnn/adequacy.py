"""Whether its modes explain a series down to its noise, and how sure one may then be of how it goes on.

Where what a law leaves over cannot be told from white noise, the series has nothing more to say: the law is adequate.
Least squares then also tells how far b and c may be from the truth, and so how far the forecast: sections drawn from
around the law lie as far apart as it is unsure. That takes no rehearsal. And where a series shows little more than what
it is made of, a rehearsal, which knows less of it, is a poor guide.
"""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.laws import Law, plausible
from rnn.modes import sizes, within

LAGS = 20
"""Autocorrelations that are looked at, at the most."""

QUANTILE = 1.645
"""Of a normal distribution: where noise is white, it passes for it in 95 % of all cases."""


@dataclass(frozen=True)
class Explanation:
    """What explains a series: `sections` (draws, m, 2), b and c that may be the true ones; its `noise` (deviation)."""

    sections: Array
    noise: float


def explain(fits: list[Array], s: Array, size: int, pairs: int, rng: np.random.Generator) -> Explanation | None:
    """What explains the series `s` (points,), in groups of `size`: None if none of `fits` (m, 2) is adequate.

    Of several it is the one with the smallest information criterion, made as simple as that criterion likes. Drawn are
    `pairs` of sections, the two of a pair on opposite sides of the law.
    """
    adequate = {}
    for law in map(Law.free, fits):
        fit = law.fit(s)
        if len(s) > law.unknowns and is_white(fit.residual[0]):
            adequate[law.criterion(float(fit.cost[0]), len(s))] = law
    if not adequate:
        return None
    laws = plausible(adequate[min(adequate)], s, size)
    up_to = np.cumsum([share for _, share in laws])
    which = np.searchsorted(up_to / up_to[-1], (np.arange(pairs) + 0.5) / pairs)
    drawn = [_drawn(law, s, int(np.sum(which == k)), rng) for k, (law, _) in enumerate(laws) if (which == k).any()]
    return Explanation(np.concatenate([one.sections for one in drawn]), drawn[0].noise)


def _drawn(law: Law, s: Array, pairs: int, rng: np.random.Generator) -> Explanation:
    """Sections from the normal distribution that least squares gives them."""
    fit, sections = law.fit(s), law.sections[np.newaxis]
    noise = float(np.sqrt(fit.cost[0] / (len(s) - law.unknowns)))
    slope = fit.derivative(sections, np.array([len(s)]))[0] @ law.allowed
    strength, directions = (part[..., sections.size - law.chosen :] for part in np.linalg.eigh(slope.T @ slope))
    sharpest = strength[-1] if law.chosen else 0.0
    across = noise / np.sqrt(np.maximum(strength, 1e-12 * sharpest) + 1e-300)
    off = np.clip(rng.normal(size=(pairs, law.chosen)) * across @ directions.T, -0.5, 0.5) * sizes(sections)
    both = np.concatenate([off, -off]).reshape(2 * pairs, *law.sections.shape)
    return Explanation(within(law.sections + both, np.full(2 * pairs, len(s))), noise)


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
