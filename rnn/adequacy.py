"""Whether its modes explain a series down to its noise, and how sure one may then be of how it goes on.

Where what a law leaves over cannot be told from white noise, the series has nothing more to say: the law is adequate.
Least squares then also tells how far b and c may be from the truth, and so how far the forecast: sections drawn from
around the law lie as far apart as it is unsure. That takes no rehearsal. And where a series shows little more than what
it is made of, a rehearsal, which knows less of it, is a poor guide.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from rnn.arrays import Array
from rnn.laws import Law, plausible
from rnn.modes import sizes, within

LAGS = 20
"""Autocorrelations that are looked at, at the most."""

PASSES = 0.05
"""What looks less like white noise than nineteen of twenty such noises do is doubted, in proportion."""

DOUBTED = 1e-4
"""A law that is believed less than this is not looked at any further."""


@dataclass(frozen=True)
class Explanation:
    """What explains a series: `sections` (draws, m, 2), b and c that may be the true ones; its `noise` (deviation).

    `belief`: 1 where what is left over passes for white noise, less the less it does.
    """

    sections: Array
    noise: float
    belief: float


def explain(fits: list[Array], s: Array, size: int, pairs: int, rng: np.random.Generator) -> Explanation | None:
    """What explains the series `s` (points,), in groups of `size`: None if none of `fits` (m, 2) comes near that.

    Of several it is the one with the smallest information criterion, made as simple as that criterion likes. Drawn are
    `pairs` of sections around every law that is plausible, as many as it is likely; those of a pair on opposite sides.
    """
    adequate = []
    for law in map(Law.free, fits):
        fit = law.fit(s)
        belief = min(1.0, whiteness(fit.residual[0]) / PASSES)
        if len(s) > law.unknowns and belief > DOUBTED:
            adequate.append((law.criterion(float(fit.cost[0]), len(s)) - 2 * np.log(belief), belief, law))
    if not adequate:
        return None
    _, belief, law = min(adequate, key=lambda one: one[0])
    laws = plausible(law, s, size)
    up_to = np.cumsum([share for _, share in laws])
    which = np.searchsorted(up_to / up_to[-1], (np.arange(pairs) + 0.5) / pairs).tolist()
    drawn = [_drawn(law, s, which.count(k), rng) for k, (law, _) in enumerate(laws) if k in which]
    likeliest = laws[0][0]
    return Explanation(np.concatenate(drawn), likeliest.noise(float(likeliest.fit(s).cost[0]), len(s)), belief)


def _drawn(law: Law, s: Array, pairs: int, rng: np.random.Generator) -> Array:
    """Sections from the normal distribution that least squares gives them."""
    fit, sections = law.fit(s), law.sections[np.newaxis]
    noise = law.noise(float(fit.cost[0]), len(s))
    slope = fit.derivative(sections, np.array([len(s)]))[0] @ law.allowed
    strength, directions = (part[..., sections.size - law.chosen :] for part in np.linalg.eigh(slope.T @ slope))
    sharpest = strength[-1] if law.chosen else 0.0
    across = noise / np.sqrt(np.maximum(strength, 1e-12 * sharpest) + 1e-300)
    off = np.clip(rng.normal(size=(pairs, law.chosen)) * across @ directions.T, -0.5, 0.5) * sizes(sections)
    both = np.concatenate([off, -off]).reshape(2 * pairs, *law.sections.shape)
    return within(law.sections + both, np.full(2 * pairs, len(s)))


def whiteness(residual: Array) -> float:
    """The share of white noises whose autocorrelations are stronger than those of a residual (points,).

    The test of Ljung and Box (1978); of their χ² distribution the normal approximation of Wilson and Hilferty (1931).
    Nothing at all is not noise: 0.
    """
    r, count = residual - residual.mean(), len(residual)
    lags, power = min(LAGS, count // 5), float((r**2).sum())
    if lags < 1 or power == 0:
        return 0.0
    correlation = np.array([float(r[k:] @ r[:-k]) for k in range(1, lags + 1)]) / power
    statistic = count * (count + 2) * float((correlation**2 / (count - np.arange(1, lags + 1))).sum())
    spread = 2 / (9 * lags)
    return erfc(((statistic / lags) ** (1 / 3) - (1 - spread)) / sqrt(2 * spread)) / 2
