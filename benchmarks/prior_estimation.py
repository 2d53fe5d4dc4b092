"""Estimate the prior: the members' weights by their errors, and the width of intervals by maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from prior_windows import Window
from scipy.optimize import minimize

from rnn.arrays import AnyArray, Array
from rnn.ensemble import combination
from rnn.ensemble.statistical_members import MEMBERS

FEATURES = combination.WIDTH_FEATURES
PENALTY = 1e-3
USUAL_POINTS = (20.0, 45.0, 75.0)
USUAL_POWER = 0.4
LEVELS = (0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.995)
COUNTS = {"m1": 1.0, "less trend": 0.5, "no season": 0.5, "annual": 1.0, "quarterly": 0.5, "simulated": 0.25}
SIMULATED_WIDTHS_COUNT = 1.0
EARLIER_COUNTS = 0.7


class Lessons:
    """All windows as arrays, padded to the longest horizon."""

    def __init__(self, windows: list[Window]) -> None:
        count, longest = len(windows), max(len(one.truth) for one in windows)
        self.windows = windows
        self.said = np.zeros((count, len(MEMBERS), longest))
        self.truth, self.valid = np.ones((count, longest)), np.zeros((count, longest), bool)
        for i, one in enumerate(windows):
            self.said[i, :, : len(one.truth)] = np.nan_to_num(one.rehearsed.now.members)
            self.truth[i, : len(one.truth)], self.valid[i, : len(one.truth)] = one.truth, True
        self.there = np.array([np.isfinite(one.rehearsed.now.members[:, 0]) for one in windows])
        self.off = np.array([one.rehearsed.off for one in windows])
        self.row = np.array([combination.series_class(one.season) for one in windows])
        relative = [np.log(len(one.y) / USUAL_POINTS[combination.series_class(one.season)]) / 0.4 for one in windows]
        self.length = np.clip(relative, -2.0, 2.5)
        self.scale, self.steps = np.array([one.scale for one in windows]), self.valid.sum(axis=1)
        self.counts = np.array([COUNTS[one.source] * (EARLIER_COUNTS if one.earlier else 1.0) for one in windows])
        self.width_counts = np.where(
            [one.source == "simulated" for one in windows], SIMULATED_WIDTHS_COUNT, self.counts
        )
        equal = np.where(self.there, 1.0, 0.0)
        percent, scaled = self.errors(self.combine(equal / equal.sum(axis=1, keepdims=True)))
        groups = np.array([f"{one.source} {one.season}" for one in windows])
        self.usual_percent, self.usual_scaled = np.empty(count), np.empty(count)
        for name in set(groups.tolist()):
            mine = groups == name
            self.usual_percent[mine], self.usual_scaled[mine] = percent[mine].mean(), scaled[mine].mean()

    def combine(self, weight: Array) -> Array:
        """The weighted means (windows, longest)."""
        return np.asarray(np.einsum("nk,nkh->nh", weight, self.said))

    def errors(self, y: Array) -> tuple[Array, Array]:
        """sMAPE in percent and MASE of each window."""
        off = np.where(self.valid, np.abs(y - self.truth), 0.0)
        percent = 200 * (off / (np.abs(y) + np.abs(self.truth) + 1e-300)).sum(axis=1) / self.steps
        return percent, off.sum(axis=1) / self.steps / self.scale


@dataclass(frozen=True)
class Weighting:
    """member, member_by_length (3, members); rehearsed, rehearsed_by_length (3, rehearsals)."""

    member: Array
    member_by_length: Array
    rehearsed: Array
    rehearsed_by_length: Array

    @classmethod
    def of(cls, flat: Array) -> "Weighting":
        """From all numbers in a row, as the optimiser has them."""
        sizes = [3 * len(MEMBERS), 3 * len(MEMBERS), 9, 9]
        return cls(*(part.reshape(3, -1) for part in np.split(flat, np.cumsum(sizes)[:-1])))

    def weights(self, lessons: Lessons) -> Array:
        """The members' weights in each window (windows, members)."""
        row, length = lessons.row, lessons.length[:, np.newaxis]
        score = self.member[row] + length * self.member_by_length[row]
        power = self.rehearsed[row] + length * self.rehearsed_by_length[row]
        score = np.where(lessons.there, score - np.einsum("nkj,nj->nk", lessons.off, power), -np.inf)
        weight = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def learn_weighting(lessons: Lessons, chosen: AnyArray) -> Weighting:
    """Half the sMAPE and half the MASE of the weighted mean, each relative to the equal mean's, as small as can be."""
    counts = np.where(chosen, lessons.counts, 0.0)
    counts = counts / counts.sum()
    row, length = lessons.row, lessons.length[:, np.newaxis]

    def by_row(values: Array) -> Array:
        total = np.zeros((3, values.shape[1]))
        np.add.at(total, row, values)
        return total

    def loss(flat: Array) -> tuple[float, Array]:
        now = Weighting.of(flat)
        weight = now.weights(lessons)
        y = lessons.combine(weight)
        percent, scaled = lessons.errors(y)
        value = 0.5 * counts @ (percent / lessons.usual_percent + scaled / lessons.usual_scaled)
        off, size = np.where(lessons.valid, y - lessons.truth, 0.0), np.abs(y) + np.abs(lessons.truth)
        slope = np.sign(off) * (0.5 / lessons.scale / lessons.usual_scaled)[:, np.newaxis]
        slope += (
            (100 / lessons.usual_percent)[:, np.newaxis] * (np.sign(off) * size - np.abs(off) * np.sign(y)) / size**2
        )
        slope = np.where(lessons.valid, slope, 0.0) / lessons.steps[:, np.newaxis]
        by_weight = np.einsum("nh,nkh->nk", slope, lessons.said)
        score = weight * (by_weight - (weight * by_weight).sum(axis=1, keepdims=True)) * counts[:, np.newaxis]
        power = -np.einsum("nk,nkj->nj", score, lessons.off)
        apart = now.member - now.member.mean(axis=0)
        value += PENALTY * float(
            (apart**2).sum() + 0.3 * (now.member**2).sum() + 2 * (now.member_by_length**2).sum()
            + 0.3 * ((now.rehearsed - USUAL_POWER) ** 2).sum() + (now.rehearsed_by_length**2).sum()
        )  # fmt: skip
        slopes = (
            by_row(score) + PENALTY * (2 * apart + 0.6 * now.member),
            by_row(score * length) + PENALTY * 4 * now.member_by_length,
            by_row(power) + PENALTY * 0.6 * (now.rehearsed - USUAL_POWER),
            by_row(power * length) + PENALTY * 2 * now.rehearsed_by_length,
        )
        return value, np.concatenate([part.ravel() for part in slopes])

    found = minimize(loss, np.zeros(6 * len(MEMBERS) + 18), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Weighting.of(found.x)


class Widths:
    """What intervals are made from, of forecasts `y` (windows, longest) by weights that were not learned on them."""

    def __init__(self, lessons: Lessons, weight: Array) -> None:
        shape = lessons.truth.shape
        self.lessons, self.features, self.deviation = lessons, np.zeros((*shape, FEATURES)), np.ones(shape)
        self.y = lessons.combine(weight)
        for i, one in enumerate(lessons.windows):
            steps, ratio = len(one.truth), combination.rehearsed_ratio(one.rehearsed, weight[i])
            said = combination.width_features(one.rehearsed.now, self.y[i, :steps], weight[i], ratio, one.y, one.season)
            self.features[i, :steps], self.deviation[i, :steps] = said

    def learn(self, chosen: AnyArray) -> Array:
        """The features' coefficients (3, 7): the likeliest where errors have a Laplace distribution.

        The constant and the step's are each class's own, the others are shared.
        """
        lessons = self.lessons
        size = np.where(lessons.valid, np.abs(lessons.truth - self.y) / self.deviation, 0.0)
        counts = (
            np.where(chosen, lessons.width_counts, 0.0)[:, np.newaxis] * lessons.valid / lessons.steps[:, np.newaxis]
        )
        counts = counts / counts.sum()

        def table(flat: Array) -> Array:
            return np.concatenate([flat[:6].reshape(3, 2), np.tile(flat[6:], (3, 1))], axis=1)

        def loss(flat: Array) -> tuple[float, Array]:
            width = np.einsum("nhp,np->nh", self.features, table(flat)[lessons.row])
            ratio = size * np.exp(-width)
            slope = np.zeros((3, FEATURES))
            np.add.at(slope, lessons.row, np.einsum("nh,nhp->np", counts * (1 - ratio), self.features))
            return float((counts * (width + ratio)).sum()), np.concatenate(
                [slope[:, :2].ravel(), slope[:, 2:].sum(axis=0)]
            )

        return table(minimize(loss, np.zeros(6 + FEATURES - 2), jac=True, method="L-BFGS-B").x)

    def scores(self, coefficients: Array) -> Array:
        """The errors in units of the width (windows, longest), below the forecast by the logarithm."""
        width = self.deviation * np.exp(np.einsum("nhp,np->nh", self.features, coefficients[self.lessons.row]))
        off = self.lessons.truth - self.y
        below = self.y * np.log(np.maximum(self.lessons.truth, 1e-300) / self.y)
        return np.asarray(np.where(off < 0, below, off) / width)

    def quantiles(self, coefficients: Array, chosen: AnyArray) -> Array:
        """Of the scores, for each class at all LEVELS (3, levels)."""
        scores, found = self.scores(coefficients), np.empty((3, len(LEVELS)))
        for row in range(3):
            mine = chosen & (self.lessons.row == row)
            valid = self.lessons.valid[mine]
            counts = np.broadcast_to((self.lessons.width_counts / self.lessons.steps)[mine, np.newaxis], valid.shape)[
                valid
            ]
            values = scores[mine][valid]
            order = np.argsort(values)
            up_to = np.cumsum(counts[order]) - counts[order] / 2
            found[row] = np.interp(np.array(LEVELS) * counts.sum(), up_to, values[order])
        return found
