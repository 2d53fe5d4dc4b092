"""Generate any number of series by formula, to choose defaults and to measure coverage on.

No series here is the article's x·sin(x), nor one of the public series that the evaluation reports. A member has a kind,
a length, a group size, a horizon and a noise level of its own, all drawn from one random stream. Its truth is known
beyond the end: the noise-free curve, or, where chance is part of the process, what came to pass.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.series import Groups, Series, group


@dataclass(frozen=True)
class Example:
    """One made-up series: what is seen of it, and the `truth` (horizon, group_size) of what comes next."""

    kind: str
    groups: Groups
    truth: Array


Rng = np.random.Generator


def waves(rng: Rng, t: Array) -> Array:
    """One to three waves of 0.6 to 8 cycles, each growing, damped, beating or under a polynomial envelope."""
    total = np.zeros(len(t))
    for _ in range(rng.integers(1, 4)):
        cycles = np.exp(rng.uniform(np.log(0.6), np.log(8)))
        total += rng.normal(1, 0.4) * _envelope(rng, t) * np.sin(2 * np.pi * cycles * t + rng.uniform(0, 2 * np.pi))
    return total


def _envelope(rng: Rng, t: Array) -> Array:
    match rng.integers(5):
        case 0:
            return np.ones(len(t))
        case 1:
            return np.asarray(np.exp(rng.uniform(-2.5, 1.5) * t))
        case 2:
            return np.asarray(1 + 0.8 * np.sin(2 * np.pi * rng.uniform(0.3, 3) * t + rng.uniform(0, 2 * np.pi)))
        case 3:  # linear, but far from zero at the start: never the article's t·sin(t)
            return np.asarray(rng.uniform(0.3, 1) + rng.choice([-1, 1]) * rng.uniform(0.2, 2) * t)
        case _:
            return np.asarray(1 + rng.normal(0, 1) * t + rng.normal(0, 1) * t**2)


def trends(rng: Rng, t: Array) -> Array:
    """A line, parabola, logistic curve, exponential or decay, at times with a slow wave on it."""
    match rng.integers(4):
        case 0:
            trend = np.polynomial.polynomial.polyval(t, rng.normal(0, [1, 1, 0.7]))
        case 1:
            trend = 1 / (1 + np.exp(-rng.uniform(3, 12) * (t - rng.uniform(0.2, 1.2))))
        case 2:
            trend = np.exp(rng.uniform(-3, 1.5) * t)
        case _:
            trend = np.sqrt(t + 0.1) * rng.normal(0, 1)
    return np.asarray(trend + rng.choice([0, 0.1, 0.3]) * waves(rng, t))


def seasons(rng: Rng, t: Array) -> Array:
    """A positive trend with a season of 4 to 24 points that adds, or multiplies and so grows with it."""
    period, place = int(rng.choice([4, 6, 7, 12, 12, 24])), np.arange(len(t))
    shape = _periodic(rng, period)[place % period]
    level = 2 + rng.uniform(-0.5, 3) * t + rng.normal(0, 0.3) * np.sin(2 * np.pi * rng.uniform(0.5, 2) * t)
    level += np.cumsum(rng.normal(0, rng.choice([0, 0.01, 0.03]), len(t)))
    if rng.random() < 0.4:
        level = 1 + 2 / (1 + np.exp(-rng.uniform(3, 8) * (t - rng.uniform(0.3, 0.9))))
    size = rng.uniform(0.05, 0.3)
    return np.asarray(level * np.exp(size * shape) if rng.random() < 0.5 else level + 3 * size * shape)


def _periodic(rng: Rng, period: int) -> Array:
    phase = 2 * np.pi * np.arange(period) / period
    shape = sum(rng.normal(0, 1 / k) * np.sin(k * phase + rng.uniform(0, 2 * np.pi)) for k in range(1, 4))
    return np.asarray(shape / max(float(np.std(shape)), 1e-9))


def chance(rng: Rng, t: Array) -> Array:
    """A process driven by chance: a walk, a walk with drift, a noisy cycle, or one that returns to its mean."""
    shocks = rng.normal(0, 1, len(t))
    match rng.integers(4):
        case 0:
            return np.cumsum(shocks)
        case 1:
            return np.cumsum(shocks * 0.5 + rng.normal(0, 0.3))
        case 2:
            radius, angle = rng.uniform(0.93, 0.995), 2 * np.pi / rng.uniform(6, 40)
            return _recur(shocks, 2 * radius * np.cos(angle), -(radius**2))
        case _:
            return _recur(shocks, rng.uniform(0.5, 0.95), 0.0)


def _recur(shocks: Array, a: float, b: float) -> Array:
    y = np.zeros(len(shocks) + 100)  # a hundred steps to settle
    drive = np.concatenate([shocks[:100][::-1], shocks])[-len(y) :]
    for i in range(2, len(y)):
        y[i] = a * y[i - 1] + b * y[i - 2] + drive[i % len(drive)]
    return np.asarray(y[-len(shocks) :])


def oscillators(rng: Rng, t: Array) -> Array:
    """A smooth nonlinear oscillator, seen in one coordinate: Van der Pol, Duffing, Rössler, or predator and prey."""
    kind = rng.integers(4)
    mu, start = rng.uniform(0.5, 3), rng.normal(0, 0.5, 3) + 1

    def slope(s: Array, at: float) -> Array:
        x, y, z = s
        match kind:
            case 0:
                return np.array([y, mu * (1 - x * x) * y - x, 0.0])
            case 1:
                return np.array([y, x - x**3 - 0.15 * y + 0.1 * mu * np.cos(1.2 * at), 0.0])
            case 2:
                return np.array([-y - z, x + 0.2 * y, 0.2 + z * (x - 4.5 - 0.4 * mu)])
            case _:
                return np.array([x * (1 - y), mu * 0.5 * y * (x - 1), 0.0])

    start = np.abs(start) + 0.2 if kind == 3 else start
    step, settle, parts = rng.uniform(0.03, 0.12), 300, 4
    state, seen = start, []
    for i in range(parts * (len(t) + settle)):  # Runge–Kutta, a few parts a step
        d, at = step / parts, i * step / parts
        a = slope(state, at)
        b = slope(state + d / 2 * a, at + d / 2)
        c = slope(state + d / 2 * b, at + d / 2)
        e = slope(state + d * c, at + d)
        state = state + d / 6 * (a + 2 * b + 2 * c + e)
        seen.append(state[0])
    return np.array(seen[::parts][-len(t) :])


def regimes(rng: Rng, t: Array) -> Array:
    """Waves or a trend whose level, slope or size changes at one moment of the past."""
    y, since = (waves, trends)[rng.integers(2)](rng, t), np.maximum(t - rng.uniform(0.3, 0.8), 0)
    spread = float(np.std(y)) or 1.0
    match rng.integers(3):
        case 0:
            return np.asarray(y + spread * rng.normal(0, 1) * (since > 0))
        case 1:
            return np.asarray(y + 2 * spread * rng.normal(0, 1) * since)
        case _:
            return np.asarray(y * np.where(since > 0, rng.uniform(0.3, 1.7), 1.0))


KINDS: dict[str, Callable[[Rng, Array], Array]] = {
    "waves": waves,
    "trends": trends,
    "seasons": seasons,
    "chance": chance,
    "oscillators": oscillators,
    "regimes": regimes,
}
"""Each draws a curve on the times t, which run from 0 to 1 over what is seen and go on beyond it."""

SHARES = ("waves", "waves", "seasons", "oscillators", "trends", "chance", "waves", "seasons", "oscillators", "regimes")
"""The kinds in turn, so that any ten neighbouring members hold the same mixture."""


def example(number: int, seed: int = 0) -> Example:
    """Member `number` of the family of `seed`: always the same one, whatever else is drawn.

    Smooth kinds come as 60 to 120 groups of 4 to 8 points or as 80 to 200 single points, seasons as single points.
    Measuring noise is 0 or 0.03 % to 10 % of the spread.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    kind = SHARES[number % len(SHARES)]
    grouped = kind in ("waves", "oscillators", "regimes", "trends") and rng.random() < 0.75
    size = int(rng.integers(4, 9)) if grouped else 1
    count = int(rng.integers(60, 121) if grouped else rng.integers(80, 201))
    horizon = int(rng.integers(8, 25))
    seen, points = count * size, (count + horizon) * size
    y = KINDS[kind](rng, np.arange(1, points + 1) / seen)
    noise = rng.choice([0.0, 1.0], p=[0.1, 0.9]) * np.exp(rng.uniform(np.log(3e-4), np.log(0.1)))
    noisy = y[:seen] + noise * float(np.std(y[:seen])) * rng.normal(0, 1, seen)
    unit, offset = np.exp(rng.normal(0, 3)), 0.0 if kind == "seasons" else rng.choice([0.0, 3.0]) * float(np.std(y))
    x = np.arange(1.0, seen + 1)
    series = Series(x, unit * (noisy + offset), 1.0)
    return Example(kind, group(series, size), unit * (y[seen:] + offset).reshape(horizon, size))
