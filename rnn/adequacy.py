"""Whether its modes explain a series down to its noise, and how sure one may then be of how it goes on.

Where what a fit leaves over cannot be told from white noise, the series itself has nothing more to say: the fit is
adequate. Least squares then also tells how far b and c may be from the truth, and so how far the forecast: candidates
drawn from around the fit lie as far apart as it is unsure. That is known without any rehearsal, and for a series that
shows little more than it is made of, a rehearsal on less of it is a poor guide.
"""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.modes import Fit, descend, sizes, within

LAGS = 20
"""Autocorrelations that are looked at, at the most."""

QUANTILE = 1.645
"""Of a normal distribution: where noise is white, it passes for it in 95 % of all cases."""


@dataclass(frozen=True)
class Explanation:
    """What explains a series: `sections` (draws, m, 2), b and c that may be the true ones; its `noise` (deviation)."""

    sections: Array
    noise: float


@dataclass(frozen=True)
class _Law:
    """Sections (m, 2), and which of their b and c are alike: those with the same `label` (m, 2); 0 stands for 0."""

    sections: Array
    label: Array

    @property
    def allowed(self) -> Array:
        """Projects changes of b and c (2·m,) onto those that keep the law: (2·m, 2·m)."""
        label = self.label.reshape(-1)
        same = (label[:, np.newaxis] == label) & (label > 0)
        return np.asarray(same / np.maximum(same.sum(axis=1, keepdims=True), 1))

    @property
    def unknowns(self) -> int:
        return len(set(self.label.reshape(-1)) - {0}) + 2 * len(self.label) + 1

    def simpler(self) -> "list[_Law]":
        """All laws with less to choose: a b or a c that is zero, or two sections alike."""
        found = [np.where(self.label == label, 0, self.label) for label in sorted(set(self.label.reshape(-1)) - {0})]
        for k in range(len(self.label)):
            for j in range(k):
                if (self.label[j] != self.label[k]).any():
                    merged = self.label.copy()
                    for one, other in zip(self.label[j], self.label[k], strict=True):
                        merged[np.isin(merged, [one, other])] = 0 if 0 in (one, other) else one
                    found.append(merged)
        laws = (_Law(self.sections, label) for label in found)
        return [_Law((law.allowed @ self.sections.reshape(-1)).reshape(-1, 2), law.label) for law in laws]


def explain(fits: list[Array], s: Array, size: int, pairs: int, rng: np.random.Generator) -> Explanation | None:
    """The adequate one among `fits`, b and c (m, 2) each, of the series `s` (points,); None where none is.

    Of several it is the one with the smallest information criterion (Schwarz 1978), and it is made as simple as that
    criterion likes. Drawn are `pairs` of sections, the two of a pair on opposite sides of the fit.
    """
    lengths, chosen = np.array([len(s)]), None
    for sections in fits:
        law = _Law(sections, 1 + np.arange(sections.size).reshape(-1, 2))
        fit = Fit(sections[np.newaxis], s[np.newaxis], lengths)
        if len(s) > law.unknowns and is_white(fit.residual[0]):
            criterion = _criterion(float(fit.cost[0]), len(s), law)
            if chosen is None or criterion < chosen[0]:
                chosen = criterion, law
    if chosen is None:
        return None
    law = _simplest(*chosen, s, size)
    sections = law.sections
    fit = Fit(sections[np.newaxis], s[np.newaxis], lengths)
    noise = np.sqrt(float(fit.cost[0]) / (len(s) - law.unknowns))
    slope = fit.derivative(sections[np.newaxis], lengths)[0] @ law.allowed
    strength, directions = np.linalg.eigh(slope.T @ slope)
    free = len(set(law.label.reshape(-1)) - {0})
    strength, directions = strength[sections.size - free :], directions[:, sections.size - free :]
    if free:
        strength = np.sqrt(np.maximum(strength, 1e-12 * strength[-1]) + 1e-300)
    off = np.clip(noise * rng.normal(size=(pairs, free)) / strength @ directions.T, -0.5, 0.5)
    off = (np.concatenate([off, -off]) * sizes(sections[np.newaxis])).reshape(2 * pairs, *sections.shape)
    return Explanation(within(sections + off, np.repeat(lengths, 2 * pairs)), float(noise))


def _criterion(cost: float, points: int, law: _Law) -> float:
    return float(points * np.log(cost / points + 1e-300) + law.unknowns * np.log(points))


def _simplest(criterion: float, law: _Law, s: Array, size: int) -> _Law:
    means = s.reshape(-1, size).mean(axis=1)
    while True:
        tried = law.simpler()
        if not tried:
            return law
        count = np.full(len(tried), len(means))
        fitted, _ = descend(
            np.array([one.sections for one in tried]),
            np.tile(means, (len(tried), 1)),
            count,
            np.array([one.allowed for one in tried]),
            6,
        )
        tried = [_Law(sections, one.label) for sections, one in zip(fitted, tried, strict=True)]
        costs = Fit(fitted, np.tile(s, (len(tried), 1)), np.full(len(tried), len(s))).cost
        criteria = [_criterion(float(cost), len(s), one) for cost, one in zip(costs, tried, strict=True)]
        best = int(np.argmin(criteria))
        if criteria[best] >= criterion:
            return law
        criterion, law = criteria[best], tried[best]


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
