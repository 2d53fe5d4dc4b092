"""Test whether a series' modes explain it down to its noise, and how much their forecast may then be trusted.

Where what a law leaves over cannot be told from noise, the series has nothing more to say: the law is adequate. Least
squares then also tells how far b and c may be from the truth, and so how far the forecast: sections drawn from around
the law lie as far apart as it is unsure. That takes no rehearsal. And where a series shows little more than what it is
made of, a rehearsal, which knows less of it, is a poor guide.

Noise need not be white. It may carry a part of itself on from one point to the next, which is estimated and taken out
before it is tested; and where values are rounded, what is left over need only be as small as rounding makes it.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.mode_selection import Law, fitted, plausible, tried, usual
from rnn.ensemble.modes import sizes, within

LAGS = 20
"""Autocorrelations that are looked at, at the most."""

PASSES = 0.05
"""What looks less like noise than nineteen of twenty such noises do is doubted, in proportion."""

STRUCTURE = 0.2
"""A residual that is by so much more of its variance unlike noise is none; by less than a half of that, it is."""

DOUBTED = 1e-4
"""A law that is believed less than this is not looked at any further."""

TESTABLE = 12
"""Points that there must be for each unknown of a law: with fewer, whatever is fitted passes the test."""

LONGEST_MEMORY = 0.9
"""Noise that carries more than this on from point to point is a walk, not noise."""

ROUNDED = 1.2
"""Of values on a grid, a residual up to this many times the variance of rounding is nothing but rounding."""


SURPLUS = 10.0
"""By so much a law's information criterion must be better than that of chance: of many laws the best was taken."""

HOPE = 0.5
"""This share of its b and c a law that is worth simplifying may turn out not to need."""

FAINTEST = 1e-5
"""Less noise than this share of a series' spread makes no difference to what is likelier."""


@dataclass(frozen=True)
class Explanation:
    """The modes that explain a series, and how well.

    `sections`, each (draws, m, 2): b and c that may be the true ones. `noise`: the deviation of what is left over.
    `belief`: 1 where what is left over passes for noise, less the less it does.
    """

    sections: tuple[Array, ...]
    noise: float
    belief: float


@dataclass(frozen=True)
class _Judged:
    """A law's information criterion, the memory of the noise that it leaves, and how far that is believed to be noise.

    The noise is white, or has a memory if the criterion says that this pays.
    """

    criterion: float
    memory: float
    belief: float

    @classmethod
    def of(cls, law: Law, s: Array, grid: float) -> "_Judged":
        fit, count = law.fit(s), len(s)
        residual, cost = fit.residual[0], float(fit.cost[0])
        rounding = ROUNDED * grid**2 / 12 * count
        plain = cls(law.criterion(cost, count), 0.0, 1.0 if 0 < cost <= rounding else believed(residual))
        memory = carried_on(residual)
        if not 0 < memory < LONGEST_MEMORY:
            return plain
        memory = min(memory + (1 + 3 * memory + law.unknowns * (1 + memory)) / count, LONGEST_MEMORY)  # less the bias
        fit = law.fit(s, memory)
        criterion = law.criterion(float(fit.cost[0]), count) + float(np.log(count))
        if criterion >= plain.criterion:
            return plain
        return cls(criterion, memory, max(plain.belief, believed(fit.residual[0], 1)))


def believed(residual: Array, estimated: int = 0) -> float:
    """The belief that a residual (points,) is noise, from 0 to 1; see `whiteness`.

    One noise in twenty fails the test by chance, whatever its law. So a residual that carries hardly anything on from
    point to point is noise as well: what there is more in its squared autocorrelations than white noise has.
    """
    statistic, freedom = _portmanteau(residual, estimated)
    if freedom < 1:
        return 0.0
    carried = (statistic - freedom) / len(residual)
    return max(min(1.0, whiteness(residual, estimated) / PASSES), float(np.clip(2 * (1 - carried / STRUCTURE), 0, 1)))


def explain(
    fits: list[Array], s: Array, size: int, pairs: int, rng: np.random.Generator, grid: float = 0.0
) -> Explanation | None:
    """Explain the series `s` (points,), in groups of `size`; None if none of `fits` (m, 2) comes near that.

    Each is made as simple as the information criterion likes. Drawn are `pairs` of sections around every law that is
    plausible, as many as it is likely; those of a pair on opposite sides. The values are multiples of `grid`, where
    that is not 0.
    """
    free = [law for law in map(Law.free, fits) if len(s) >= TESTABLE * law.unknowns]
    judged = [_Judged.of(law, s, grid) for law in free]
    chance = by_chance(s) - SURPLUS
    if not free or min(one.criterion for one in judged) > chance + SURPLUS:  # no better than chance, even so flexible
        return None
    hoped = [one.criterion - HOPE * law.chosen * np.log(len(s)) for one, law in zip(judged, free, strict=True)]
    memory = min(judged, key=lambda one: one.criterion).memory
    found = fitted(usual(free[1].sections), s, size, memory) if len(free) > 1 else []
    for k in np.argsort([one.criterion for one in judged]).tolist():
        if hoped[k] < min((criterion for criterion, _ in found), default=np.inf):
            found += tried(free[k], s, size, memory)
    laws = plausible(found)
    best = _Judged.of(laws[0][0], s, grid)
    odds = float(np.exp(np.clip((chance - best.criterion) / 2, -50, 50)))
    belief = best.belief * odds / (1 + odds)
    if belief < DOUBTED:
        return None
    up_to = np.cumsum([share for _, share in laws])
    which = np.searchsorted(up_to / up_to[-1], (np.arange(pairs) + 0.5) / pairs).tolist()
    drawn = [_drawn(law, s, best.memory, which.count(k), rng) for k, (law, _) in enumerate(laws) if k in which]
    innovations = laws[0][0].noise(float(laws[0][0].fit(s, best.memory).cost[0]), len(s))
    return Explanation(tuple(drawn), innovations / sqrt(1 - best.memory**2), belief)


def _drawn(law: Law, s: Array, memory: float, pairs: int, rng: np.random.Generator) -> Array:
    """Sections from the normal distribution that least squares gives them."""
    fit, sections = law.fit(s, memory), law.sections[np.newaxis]
    noise = law.noise(float(fit.cost[0]), len(s))
    slope = fit.derivative(sections, np.array([len(s)]))[0] @ law.allowed
    strength, directions = (part[..., sections.size - law.chosen :] for part in np.linalg.eigh(slope.T @ slope))
    sharpest = strength[-1] if law.chosen else 0.0
    across = noise / np.sqrt(np.maximum(strength, 1e-12 * sharpest) + 1e-300)
    off = np.clip(rng.normal(size=(pairs, law.chosen)) * across @ directions.T, -0.5, 0.5) * sizes(sections)
    both = np.concatenate([off, -off]).reshape(2 * pairs, *law.sections.shape)
    return within(law.sections + both, np.full(2 * pairs, len(s)))


def by_chance(s: Array) -> float:
    """The smallest information criterion of processes of chance that might have made the series `s` (points,).

    They are autoregressions of up to two points and a constant, of the series itself, of its first differences (a walk)
    and of its second ones (a trend that walks).
    """
    found = []
    for differences in range(3):
        d = np.diff(s, differences)
        for order in range(3):
            rows = np.stack([np.ones(len(d) - 2), *(d[1 - k : len(d) - 1 - k] for k in range(order))], axis=1)
            left = d[2:] - rows @ np.linalg.lstsq(rows, d[2:], rcond=None)[0]
            spread = max(float((left**2).mean()), FAINTEST**2)
            found.append(len(s) * np.log(spread) + (order + 1) * np.log(len(s)))
    return float(min(found))


def carried_on(residual: Array) -> float:
    """The first autocorrelation of a residual (points,)."""
    r = residual - residual.mean()
    power = float((r**2).sum())
    return float(r[1:] @ r[:-1]) / power if power > 0 else 0.0


def whiteness(residual: Array, estimated: int = 0) -> float:
    """The share of white noises whose autocorrelations are stronger than those of a residual (points,).

    The test of Ljung and Box (1978); of their χ² distribution the normal approximation of Wilson and Hilferty (1931).
    `estimated` autocorrelations were taken out before. Nothing at all is not noise: 0.
    """
    statistic, freedom = _portmanteau(residual, estimated)
    if freedom < 1:
        return 0.0
    spread = 2 / (9 * freedom)
    return erfc(((statistic / freedom) ** (1 / 3) - (1 - spread)) / sqrt(2 * spread)) / 2


def _portmanteau(residual: Array, estimated: int) -> tuple[float, int]:
    """Ljung and Box's statistic of a residual (points,) and its degrees of freedom: 0 where nothing can be said."""
    r, count = residual - residual.mean(), len(residual)
    lags, power = min(LAGS, count // 5), float((r**2).sum())
    if lags - estimated < 1 or power == 0:
        return 0.0, 0
    correlation = np.array([float(r[k:] @ r[:-k]) for k in range(1, lags + 1)]) / power
    return count * (count + 2) * float((correlation**2 / (count - np.arange(1, lags + 1))).sum()), lags - estimated


def grid_of(y: Array) -> float:
    """The widest spacing of which all of `y` (points,) are multiples, if it is one that people round to; else 0.

    That is 1, 2 or 5 times a power of ten. A grid so fine that it hardly has two values alike is none.
    """
    largest = float(np.abs(y).max())
    distinct = len(np.unique(y))
    if largest == 0 or distinct < 3 or distinct > 0.75 * len(y):
        return 0.0
    top = int(np.floor(np.log10(largest)))
    for power in range(top, top - 7, -1):
        for digit in (5, 2, 1):
            grid = digit * 10.0**power
            if np.abs(y / grid - np.rint(y / grid)).max() < 1e-6:
                return grid
    return 0.0
