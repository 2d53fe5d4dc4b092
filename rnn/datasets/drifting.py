"""Generate a series with a long past and one more year, in which its law stays the same or changes at one moment.

The drift test is calibrated on such years, and policies of retraining are compared on them. Unlike the members of
`rnn.datasets.synthetic`, a year is stationary but for its change: so it is known whether, and when, anything changed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.errors import WavecastError
from rnn.series import Series

Rng = np.random.Generator
Curve = Callable[[Rng, Array], Array]
"""Draws a curve of spread 1 on a clock: the time (points,) that has passed at each point, 1 a point at first."""


class NoSuchYear(WavecastError):
    """A kind of year or of change that is not known."""


@dataclass(frozen=True)
class Year:
    """A series and the point at which its law changes, or None: point `change` is the first of the new law."""

    kind: str
    series: Series
    change: int | None


def waves(rng: Rng, clock: Array) -> Array:
    """Two or three waves of 20 to 90 points, the second and third smaller."""
    total = np.zeros(len(clock))
    for k in range(rng.integers(2, 4)):
        total += 0.6**k * np.sin(2 * np.pi * clock / rng.uniform(20, 90) + rng.uniform(0, 2 * np.pi))
    return total


def season(rng: Rng, clock: Array) -> Array:
    """One season of 12 to 48 points, of any smooth shape."""
    phase = 2 * np.pi * clock / rng.integers(12, 49)
    return np.asarray(sum(rng.normal(0, 1 / k) * np.sin(k * phase + rng.uniform(0, 2 * np.pi)) for k in range(1, 5)))


def wandering(rng: Rng, clock: Array) -> Array:
    """A season on a level that wanders: a walk that returns to its mean."""
    shocks, level = rng.normal(0, 0.05, len(clock)), np.zeros(len(clock))
    for i in range(1, len(clock)):
        level[i] = 0.98 * level[i - 1] + shocks[i]
    return np.asarray(season(rng, clock) + level)


def chance(rng: Rng, clock: Array) -> Array:
    """A cycle of 15 to 60 points that chance drives: it cannot be forecast far ahead, and no error is small."""
    radius, turn, shocks = rng.uniform(0.95, 0.99), 2 * np.pi / rng.uniform(15, 60), rng.normal(0, 1, len(clock))
    speed, y = np.diff(clock, prepend=clock[0] - 1.0), np.zeros(len(clock))
    for i in range(2, len(clock)):
        y[i] = 2 * radius * np.cos(turn * speed[i]) * y[i - 1] - radius**2 * y[i - 2] + shocks[i]
    return y


def oscillator(rng: Rng, clock: Array) -> Array:
    """Van der Pol's oscillator, of some 25 to 80 points a turn: x″ = μ(1 − x²)x′ − x."""
    mu, unit = rng.uniform(0.5, 2.0), rng.uniform(0.09, 0.26)
    x, v, parts = 2.0, 0.0, 4
    steps, seen = np.diff(clock, prepend=clock[0] - 1.0) * unit / parts, []
    for step in np.repeat(steps, parts):  # the midpoint rule, a few parts a point
        half_x, half_v = x + step / 2 * v, v + step / 2 * (mu * (1 - x * x) * v - x)
        x, v = x + step * half_v, v + step * (mu * (1 - half_x * half_x) * half_v - half_x)
        seen.append(x)
    return np.array(seen[::parts])


KINDS: dict[str, Curve] = {
    "waves": waves,
    "season": season,
    "wandering": wandering,
    "chance": chance,
    "oscillator": oscillator,
}

CHANGES = ("none", "frequency", "level", "amplitude", "noise")
"""What may change: nothing; everything goes 20 % faster; the level rises by one spread; the swings become half as
large again; the noise becomes three times as large."""


def year(kind: str, change: str, at: int, points: int, noise: float, rng: Rng) -> Year:
    """A year of `kind` with `points` points in all, whose law changes from point `at` on; `noise` in its spread.

    The same `rng` gives the same series up to the change, whatever changes. Raises NoSuchYear.
    """
    if kind not in KINDS or change not in CHANGES:
        raise NoSuchYear(
            f"there is no year {kind!r} with change {change!r}, but {', '.join(KINDS)} with {', '.join(CHANGES)}"
        )
    curves, errors = rng.spawn(2)
    after = np.arange(points) >= at
    clock = np.cumsum(np.where(after, 1.2, 1.0) if change == "frequency" else np.ones(points))
    y = KINDS[kind](curves, clock)
    y = (y - y[:at].mean()) / (float(y[:at].std()) or 1.0)
    if change == "level":
        y = y + after
    if change == "amplitude":
        y = np.where(after, 1.5, 1.0) * y
    noisy = noise * np.where(after, 3.0, 1.0) if change == "noise" else noise
    y = 10 + y + noisy * errors.normal(0, 1, points)
    return Year(kind, Series(np.arange(1.0, points + 1), y, 1.0), None if change == "none" else at)
