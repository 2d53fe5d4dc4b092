"""Laws: modes of which some are alike or steady, and the simplest one that a series allows.

A section of `rnn.modes` is free to be any wave that grows or dies. A law says more: this one does neither (b = 0), that
one does not swing (c = 0), these two are one and the same. Two alike are a wave that grows linearly, three one under a
parabola. The less there is to choose, the surer is how it goes on; whether a law is too simple, the series tells.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.ensemble.modes import Fit, descend, sizes, within

ROUNDS = 12
"""Steps of Levenberg and Marquardt for a law that is a little simpler than one that fits."""


@dataclass(frozen=True)
class Law:
    """Sections (m, 2), and which of their b and c are alike: those with the same `label` (m, 2). A 0 stands for 0."""

    sections: Array
    label: AnyArray

    @classmethod
    def free(cls, sections: Array) -> "Law":
        """The law that leaves each b and c of `sections` (m, 2) to choose."""
        return cls(sections, 1 + np.arange(sections.size).reshape(-1, 2))

    @property
    def chosen(self) -> int:
        """How many different values of b and c there are to choose."""
        return len(np.unique(self.label[self.label > 0]))

    @property
    def unknowns(self) -> int:
        """These, the starting values and the constant."""
        return self.chosen + 2 * len(self.label) + 1

    @property
    def allowed(self) -> Array:
        """Projects changes of b and c (2·m,) onto those that keep the law: (2·m, 2·m)."""
        label = self.label.reshape(-1)
        same = (label[:, np.newaxis] == label) & (label > 0)
        return np.asarray(same / np.maximum(same.sum(axis=1, keepdims=True), 1))

    def simpler(self) -> "list[Law]":
        """All laws with one thing less to choose: a b or a c is 0, or two sections are alike. Not yet fitted."""
        labels = [np.where(self.label == each, 0, self.label) for each in np.unique(self.label[self.label > 0])]
        labels += [self._alike(j, k) for k in range(len(self.label)) for j in range(k)]
        distinct = {label.tobytes(): label for label in labels if (label != self.label).any()}
        laws = (Law(self.sections, label) for label in distinct.values())
        return [Law((law.allowed @ self.sections.reshape(-1)).reshape(-1, 2), law.label) for law in laws]

    def _alike(self, j: int, k: int) -> AnyArray:
        label = self.label.copy()
        for one, other in zip(self.label[j], self.label[k], strict=True):
            label[np.isin(label, [one, other])] = min(one, other)  # 0, if either is
        return label

    def fit(self, s: Array) -> Fit:
        """What the law leaves of a series (points,)."""
        return Fit(self.sections[np.newaxis], s[np.newaxis], np.array([len(s)]))

    def noise(self, cost: float, points: int) -> float:
        """The deviation of what is left over, were it nothing but noise."""
        return float(np.sqrt(cost / (points - self.unknowns)))

    def criterion(self, cost: float, points: int) -> float:
        """The information criterion (Schwarz 1978) of what is left: the smaller, the better the law."""
        return float(points * np.log(cost / points + 1e-300) + self.unknowns * np.log(points))


def plausible(law: Law, s: Array, size: int) -> list[tuple[Law, float]]:
    """Laws that explain the series `s` (points,) as well as a `law` that was fitted to it, the likeliest first.

    From `law` on, each step takes the best of all that are simpler by one, as long as the information criterion falls.
    All that were tried on the way are told, with their share of what is likely. They are fitted to the means of groups
    of `size` points, and judged by the points.
    """
    means = s.reshape(-1, size).mean(axis=1)
    found = [(law.criterion(float(law.fit(s).cost[0]), len(s)), law)]
    best = found[0]
    while tried := best[1].simpler():
        many, starts = (len(tried), 1), np.array([one.sections for one in tried])
        allowed, groups = np.array([one.allowed for one in tried]), np.full(len(tried), len(means))
        fitted, _ = descend(starts, np.tile(means, many), groups, allowed, ROUNDS)
        costs = Fit(fitted, np.tile(s, many), np.full(len(tried), len(s))).cost.tolist()
        step = [
            (one.criterion(cost, len(s)), Law(sections, one.label))
            for one, cost, sections in zip(tried, costs, fitted, strict=True)
        ]
        found += step
        if min(step, key=lambda one: one[0])[0] >= best[0]:
            break
        best = min(step, key=lambda one: one[0])
    found.sort(key=lambda one: one[0])
    share = np.exp([(found[0][0] - criterion) / 2 for criterion, _ in found])
    return [(one, float(part)) for (_, one), part in zip(found, share / share.sum(), strict=True) if part > 1e-3]


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
