"""Select modes: constrain some to be equal or steady, and choose the simplest law that a series allows.

A section of `rnn.ensemble.modes` is free to be any wave that grows or dies. A law says more: this one does neither
(b = 0), that one does not swing (c = 0), these two are one and the same. Two alike are a wave that grows linearly,
three one under a parabola. The less there is to choose, the surer is how it goes on; whether a law is too simple, the
series tells.
"""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.ensemble.modes import Fit, descend

ROUNDS = 8
"""Steps of Levenberg and Marquardt for a law that is a little simpler than one that fits, after a `GLANCE`."""

GLANCE = 5
"""Steps after which it is seen which laws are worth the others."""

FAR_BEHIND = 200.0
"""A law whose criterion is so much worse than the best one's after a glance is none that counts."""


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
        """The number of different values of b and c to choose."""
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

    def shorter(self) -> "list[Law]":
        """All laws with one section less, of several that are alike only one. Not yet fitted."""
        _, last = np.unique(self.label[::-1], axis=0, return_index=True)
        left_out = sorted((len(self.label) - 1 - last).tolist()) if len(self.label) > 1 else []
        return [Law(np.delete(self.sections, k, axis=0), np.delete(self.label, k, axis=0)) for k in left_out]

    def _alike(self, j: int, k: int) -> AnyArray:
        label = self.label.copy()
        for one, other in zip(self.label[j], self.label[k], strict=True):
            label[np.isin(label, [one, other])] = min(one, other)  # 0, if either is
        return label

    def fit(self, s: Array, memory: float = 0.0) -> Fit:
        """What the law leaves of a series (points,), whose noise has a `memory` (see `rnn.ensemble.modes.Fit`)."""
        return Fit(self.sections[np.newaxis], s[np.newaxis], np.array([len(s)]), np.array([memory]))

    def noise(self, cost: float, points: int) -> float:
        """The deviation of what is left over, were it nothing but noise."""
        return float(np.sqrt(cost / (points - self.unknowns)))

    def criterion(self, cost: float, points: int) -> float:
        """The information criterion (Schwarz 1978) of what is left: the smaller, the better the law."""
        return float(points * np.log(cost / points + 1e-300) + self.unknowns * np.log(points))


def tried(law: Law, s: Array, size: int, memory: float = 0.0) -> list[tuple[float, Law]]:
    """Simpler laws for the series `s` (points,) than a `law` that was fitted to it, and that itself; their criteria.

    From `law` on, each step takes the best of all that are simpler by one, or shorter by a section, as long as the
    information criterion falls.
    All that were tried in earnest on the way are told. They are fitted to the means of groups of `size` points, and
    judged by the points, whose noise has a `memory`.
    """
    found = [(law.criterion(float(law.fit(s, memory).cost[0]), len(s)), law)]
    best = found[0]
    while True:
        step = [one for laws in (best[1].simpler(), best[1].shorter()) for one in fitted(laws, s, size, memory)]
        found += step
        if not step or min(step, key=_criterion)[0] >= best[0]:
            return found
        best = min(step, key=_criterion)


def usual(sections: Array) -> list[Law]:
    """Laws that are often true, of two `sections` (2, 2): each of them any wave, a steady one or a line, or both alike.

    Not yet fitted. Step by step they are not always reached.
    """
    free, steady, still = ([1, 2], [3, 4]), ([0, 2], [0, 4]), ([0, 0], [0, 0])
    labels = [(one[0], other[1]) for one in (free, steady, still) for other in (free, steady, still)]
    laws = [Law(sections, np.array(label)) for label in [*labels, ([0, 2], [0, 2]), ([1, 2], [1, 2])]]
    return [Law((law.allowed @ law.sections.reshape(-1)).reshape(-1, 2), law.label) for law in laws]


def fitted(laws: list[Law], s: Array, size: int, memory: float) -> list[tuple[float, Law]]:
    """Laws of equally many sections, fitted, with their criteria: those that are worth it after a glance."""
    if not laws:
        return []
    means, points = s.reshape(-1, size).mean(axis=1), len(s)
    glanced, costs = _descend(laws, means, GLANCE)
    roughly = np.array([law.criterion(cost * size, points) for law, cost in zip(glanced, costs.tolist(), strict=True)])
    promising = [glanced[k] for k in np.flatnonzero(roughly < roughly.min() + FAR_BEHIND).tolist()]
    found, _ = _descend(promising, means, ROUNDS)
    many = len(found)
    sections, memories = np.array([law.sections for law in found]), np.full(many, memory)
    costs = Fit(sections, np.tile(s, (many, 1)), np.full(many, points), memories).cost
    return [(law.criterion(cost, points), law) for law, cost in zip(found, costs.tolist(), strict=True)]


def _descend(laws: list[Law], means: Array, rounds: int) -> tuple[list[Law], Array]:
    """The laws fitted to the `means` of groups for so many `rounds`, and what each leaves of them (laws,)."""
    starts, allowed = np.array([law.sections for law in laws]), np.array([law.allowed for law in laws])
    many = len(laws)
    sections, costs = descend(starts, np.tile(means, (many, 1)), np.full(many, len(means)), allowed, rounds)
    return [Law(one, law.label) for one, law in zip(sections, laws, strict=True)], costs


def _criterion(found: tuple[float, Law]) -> float:
    return found[0]


def plausible(found: list[tuple[float, Law]]) -> list[tuple[Law, float]]:
    """Of laws with their criteria the plausible ones, the likeliest first, with their share of what is likely.

    One that was reached in several ways counts once.
    """
    different: list[tuple[float, Law]] = []
    for criterion, law in sorted(found, key=_criterion):
        if not any(_same(criterion, law, *other) for other in different[-4:]):
            different.append((criterion, law))
    share = np.exp([(different[0][0] - criterion) / 2 for criterion, _ in different])
    return [(one, float(part)) for (_, one), part in zip(different, share / share.sum(), strict=True) if part > 1e-3]


def _same(criterion: float, law: Law, other_criterion: float, other: Law) -> bool:
    alike = law.label.shape == other.label.shape and law.chosen == other.chosen
    return alike and abs(criterion - other_criterion) < 0.05
