"""Exponential smoothing as a grid of tiny linear recurrent networks, run in lockstep and fitted in closed form.

Each lane of the grid is a network of a few linear units, the innovations state space of Hyndman et al. (2008):

    e = y − (l + φ b + s)        l ← l + φ b + α e        b ← φ b + β e        s ← s + γ e

with level l, slope b and, for each place in the season, s. Given the four numbers of a lane all errors are linear in
the first level and slope: so these are found by penalised least squares, from three runs that all series share but
one. Nothing is searched for: the lanes, a fixed grid, are averaged by their likelihood.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from rnn.arrays import AnyArray, Array

CHUNK = 32
"""So many steps' errors are held at a time: enough to sum them quickly, few enough to stay in the processor's cache."""

LEVEL_PENALTY = 0.05
"""On the square of the first level, counted from the series' first points, in units of its steps."""


@dataclass(frozen=True)
class Grid:
    """The lanes: alpha, beta, phi, gamma (lanes,), those of gamma 0 first; `season`: places of the seasonal state."""

    alpha: Array
    beta: Array
    phi: Array
    gamma: Array
    season: int

    def __len__(self) -> int:
        return len(self.alpha)

    def reach(self, horizon: int) -> Array:
        """φ + φ² + … + φ^k for each lane and k = 1, …, horizon: (lanes, horizon)."""
        return np.asarray(np.cumsum(self.phi[:, np.newaxis] ** np.arange(1, horizon + 1), axis=1))


@cache
def grid(season: int) -> Grid:
    """The grid for series with a season of so many points, 1 for none."""
    alphas = (0.02, 0.06, 0.12, 0.2, 0.3, 0.45, 0.6, 0.8, 0.99)
    shapes = [(0.0, 1.0)]
    shapes += [(beta, phi) for phi in (0.8, 0.9, 0.95, 0.98) for beta in (0.04, 0.15, 0.4)]
    shapes += [(beta, 1.0) for beta in (0.02, 0.06, 0.15, 0.4)]
    rows = [
        (alpha, alpha * beta, phi, gamma * (1 - alpha))
        for gamma in ((0.0, 0.1, 0.3) if season > 1 else (0.0,))
        for alpha in alphas
        for beta, phi in shapes
    ]
    alpha, beta, phi, gamma = np.array(rows).T
    return Grid(alpha, beta, phi, gamma, season)


@dataclass(frozen=True)
class Kind:
    """Some lanes of a grid, and the penalty on the square of the first slope in units of the series' steps."""

    lanes: AnyArray
    penalty: float


@cache
def kinds(season: int) -> dict[str, Kind]:
    """`level`: no slope. `drift`, `slow`: a steady slope, the latter small. `damped`: one that fades. `trend`: not."""
    lanes = grid(season)
    steady, damped = lanes.beta == 0, lanes.phi < 1
    return {
        "level": Kind(steady, 1e9),
        "drift": Kind(steady, 4.0),
        "slow": Kind(steady, 100.0),
        "damped": Kind(damped, 1.0),
        "trend": Kind(~steady & ~damped, 4.0),
    }


@dataclass(frozen=True)
class Run:
    """What one series' run through all lanes has left, and what the first level and slope would change in it.

    `level`, `slope` (3, lanes) and `season` (3, lanes, season): the states at the end: of the series from a first level
    and slope of 0, and of no series from a first level of 1 and from a first slope of 1. `moments` (6, lanes): the sums
    of the products of these three runs' errors: 00, 01, 02, 11, 12, 22. `points`: those that are known.
    """

    points: int
    level: Array
    slope: Array
    season: Array
    moments: Array


def run(rows: Sequence[Array], lanes: Grid) -> list[Run]:
    """Run several series (points,), which may differ in length, through all lanes of a grid in lockstep.

    A point that is missing, NaN, is so in all rows that are as long: there nothing is learned, and time goes on.
    """
    count, longest = len(rows), max(map(len, rows))
    ends = {len(row) for row in rows}
    known = np.isfinite(max(rows, key=len))
    y = _by_time(rows, known)
    level, slope = np.zeros((2, count + 2, len(lanes)))
    level[count], slope[count + 1] = 1, 1
    season = np.zeros((lanes.season, count + 2, len(lanes)))
    errors = np.empty((CHUNK, count + 2, len(lanes)))
    sums, shared = np.zeros((3, count, len(lanes))), np.zeros((3, len(lanes)))
    found: dict[int, Run] = {}
    t = filled = 0
    while t < longest:
        e = errors[filled]
        slope *= lanes.phi
        level += slope
        np.subtract(y[t], level, out=e)
        if lanes.season > 1:
            place = season[t % lanes.season]
            e -= place
            if known[t]:
                place += lanes.gamma * e
        if not known[t]:
            e[:] = 0
        level += lanes.alpha * e
        slope += lanes.beta * e
        t, filled = t + 1, filled + 1
        if filled == CHUNK or t in ends:
            _add(sums, shared, errors[:filled], count)
            filled = 0
            for state in (level, slope, season):  # denormal numbers slow the machine down
                state[..., count:, :][np.abs(state[..., count:, :]) < 1e-150] = 0
        if t in ends:
            for r in [r for r, row in enumerate(rows) if len(row) == t]:
                mine = [r, count, count + 1]
                states = level[mine], slope[mine], season[:, mine].transpose(1, 2, 0)
                found[r] = Run(int(known[:t].sum()), *states, np.concatenate([sums[:, r], shared]))
    return [found[r] for r in range(count)]


def _by_time(rows: Sequence[Array], known: AnyArray) -> Array:
    """The values (longest, rows + 2, 1), 0 where none is known; the last two rows, of no series, are 0 throughout."""
    y = np.zeros((len(known), len(rows) + 2, 1))
    for r, row in enumerate(rows):
        y[: len(row), r, 0] = np.where(known[: len(row)], row, 0.0)
    return y


def _add(sums: Array, shared: Array, errors: Array, count: int) -> None:
    own, first, second = errors[:, :count], errors[:, count], errors[:, count + 1]
    sums[0] += np.einsum("trp,trp->rp", own, own)
    sums[1] += np.einsum("trp,tp->rp", own, first)
    sums[2] += np.einsum("trp,tp->rp", own, second)
    shared += np.array([(first * first).sum(axis=0), (first * second).sum(axis=0), (second * second).sum(axis=0)])


@dataclass(frozen=True)
class Fitted:
    """One kind's lanes fitted to one series: how much each weighs (lanes,), together 1, and their states at the end.

    `variance` (lanes,): of one step's error.
    """

    weight: Array
    level: Array
    slope: Array
    season: Array
    variance: Array


def fit(one: Run, kind: Kind) -> Fitted:
    """First levels and slopes by least squares, lanes weighed by their likelihood with those integrated out."""
    chosen = kind.lanes
    c0, c1, c2, a11, a12, a22 = one.moments[:, chosen]
    a11, a22 = a11 + LEVEL_PENALTY, a22 + kind.penalty
    determinant = a11 * a22 - a12**2
    first_level, first_slope = (a12 * c2 - a22 * c1) / determinant, (a12 * c1 - a11 * c2) / determinant
    squares = np.maximum(c0 + first_level * c1 + first_slope * c2, 1e-9)
    likelihood = -0.5 * (one.points * np.log(squares) + np.log(determinant))
    weight = np.exp(likelihood - likelihood.max())

    def state(parts: Array) -> Array:
        return np.asarray(parts[0] + (parts[1].T * first_level + parts[2].T * first_slope).T)

    return Fitted(
        weight / weight.sum(),
        state(one.level[:, chosen]),
        state(one.slope[:, chosen]),
        state(one.season[:, chosen]),
        squares / max(one.points - 2, 1),
    )


def forecast(fitted: Fitted, kind: Kind, lanes: Grid, points: int, horizon: int) -> Array:
    """The next points (horizon,) after the `points` that the lanes have seen, averaged over the lanes."""
    ahead = fitted.weight @ fitted.level + (fitted.weight * fitted.slope) @ lanes.reach(horizon)[kind.lanes]
    if lanes.season > 1:
        ahead = ahead + (fitted.weight @ fitted.season)[(points + np.arange(horizon)) % lanes.season]
    return np.asarray(ahead)


def deviation(fitted: Fitted, kind: Kind, lanes: Grid, horizon: int) -> Array:
    """The standard deviation (horizon,) that the lanes expect of their errors, averaged: of step k, σ² (1 + Σ c²)."""
    chosen = kind.lanes
    impulse = lanes.alpha[chosen, np.newaxis] + lanes.beta[chosen, np.newaxis] * lanes.reach(horizon)[chosen]
    if lanes.season > 1:
        impulse[:, lanes.season - 1 :: lanes.season] += lanes.gamma[chosen, np.newaxis]
    grown = np.cumsum(np.concatenate([np.ones((len(impulse), 1)), impulse[:, :-1] ** 2], axis=1), axis=1)
    return np.asarray(np.sqrt(fitted.weight @ (fitted.variance[:, np.newaxis] * grown)))
