"""Intervals around any forecast, from the errors that the same method made at earlier origins.

Errors grow with the horizon, and there are few origins. So the errors are first divided by a scale for each step, then
pooled, and the quantile of their sizes is taken by its finite-sample rank ⌈(n + 1)(1 − α)⌉ (Vovk et al. 2005).

The errors of one origin go together, and later forecasts have more to learn from, so the promise of that rank is not a
proof here. What the intervals really hold was measured on generated series (benchmarks/intervals.py,
docs/intervals.md).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Protocol

import numpy as np

from rnn.arrays import Array
from rnn.errors import WavecastError

LEVELS = (0.5, 0.9)

BOUNDS = ("lower50", "upper50", "lower90", "upper90")
"""The bounds that files hold."""

USUAL_GROWTH = 1.0
"""Errors grow like step to this power until the origins say otherwise; they count as `DOUBT` more steps that do."""
DOUBT = 4.0


class NoRehearsal(WavecastError):
    """There is no earlier origin whose outcome is known, so nothing to tell how far off a forecast may be."""


class NoSuchLevel(WavecastError, ValueError):
    """An interval is asked for at a level that cannot be given."""


class Spread(Protocol):
    """A source of intervals of any level."""

    def interval(self, level: float) -> tuple[Array, Array]:
        """The lower and upper bound (horizon, group_size) that hold a share `level` of the outcomes."""

    def reshaped(self, of: Callable[[Array], Array]) -> "Spread":
        """The same where all (horizon, group_size) are brought into another shape by `of`."""


@dataclass(frozen=True)
class ErrorDistribution:
    """The distribution of a forecast's errors: `scores` (n,) sorted, in the unit of y, to be multiplied by `scale`.

    `scale` (horizon, group_size): how errors grow with the step. `middle`, of that shape: the forecast.
    """

    scores: Array
    scale: Array
    middle: Array

    def half_width(self, level: float) -> Array:
        """Half the width of the interval that holds a share `level` of the outcomes (horizon, group_size)."""
        return rank_quantile(self.scores, level) * self.scale

    def interval(self, level: float) -> tuple[Array, Array]:
        """As far below the forecast as above."""
        half = self.half_width(level)
        return self.middle - half, self.middle + half

    def reshaped(self, of: Callable[[Array], Array]) -> "ErrorDistribution":
        """The same in another shape."""
        return ErrorDistribution(self.scores, of(self.scale), of(self.middle))


@dataclass(frozen=True)
class MixedSpread:
    """Bound by bound the mean of two, of which the second has a `share`, cut at `bounds`. Of equals, one is enough."""

    first: Spread
    second: Spread
    share: float
    bounds: tuple[float, float] = (-np.inf, np.inf)
    counts: bool = False

    def interval(self, level: float) -> tuple[Array, Array]:
        """The means of the lower and of the upper bounds; of `counts` the whole numbers around them."""
        pairs = zip(self.first.interval(level), self.second.interval(level), strict=True)
        lower, upper = ((1 - self.share) * a + self.share * b for a, b in pairs)
        if self.counts:
            lower, upper = np.floor(lower), np.ceil(upper)
        return np.clip(lower, *self.bounds), np.clip(upper, *self.bounds)

    def reshaped(self, of: Callable[[Array], Array]) -> "MixedSpread":
        """The same in another shape."""
        return replace(self, first=self.first.reshaped(of), second=self.second.reshaped(of))


@dataclass(frozen=True)
class ShiftedSpread:
    """Another spread, moved `by` (horizon, group_size) and cut at `bounds`."""

    spread: Spread
    by: Array
    bounds: tuple[float, float] = (-np.inf, np.inf)

    def interval(self, level: float) -> tuple[Array, Array]:
        """Both bounds, moved alike."""
        lower, upper = (np.clip(bound + self.by, *self.bounds) for bound in self.spread.interval(level))
        return lower, upper

    def reshaped(self, of: Callable[[Array], Array]) -> "ShiftedSpread":
        """The same in another shape."""
        return replace(self, spread=self.spread.reshaped(of), by=of(self.by))


@dataclass(frozen=True)
class Intervals:
    """Bounds that the truth should lie within: half the time, and nine times in ten. Each (horizon, group_size).

    `errors`: the distribution that they come from, for any other level; it is not kept in files.
    """

    lower50: Array
    upper50: Array
    lower90: Array
    upper90: Array
    errors: Spread | None = field(default=None, repr=False, compare=False, kw_only=True)

    def at(self, level: float) -> tuple[Array, Array]:
        """The lower and upper bound at a `level` in percent, such as 80. Raises NoSuchLevel."""
        if not between(level, 0, 100):
            raise NoSuchLevel(f"a level is a percentage between 0 and 100, not {level!r}: give 50, 80 or 90")
        if level in (50, 90):
            return (self.lower50, self.upper50) if level == 50 else (self.lower90, self.upper90)
        if self.errors is None:
            raise NoSuchLevel(f"there are bounds at 50 and 90 % alone, not at {level:g} %: forecast again for others")
        return self.errors.interval(level / 100)

    @classmethod
    def of(cls, spread: Spread) -> "Intervals":
        """The intervals that a spread gives, at 50 and 90 %."""
        (lower50, upper50), (lower90, upper90) = (spread.interval(level) for level in LEVELS)
        return cls(lower50, upper50, lower90, upper90, errors=spread)


def between(value: object, low: float, high: float) -> bool:
    """Whether it is a number, and between these two."""
    return isinstance(value, Real) and not isinstance(value, bool) and low < float(value) < high


def conformal(y: Array, errors: Array, apart: tuple[Array, Array] | None = None) -> Intervals:
    """50 % and 90 % intervals around the forecast `y` (horizon, group_size), in its unit.

    `errors` (folds, horizon, group_size): truth less forecast at earlier origins, NaN where the truth is not known. Of
    an ensemble, `apart`: how far its members were apart then (folds, horizon), and are now (horizon,); it tells where
    the forecast is harder than it was. `y` may have more or fewer steps than the errors: these grow as a power of the
    step. Raises NoRehearsal when no error is known.
    """
    unit = float(np.nanmax(np.abs(errors))) if np.isfinite(errors).any() else np.nan
    if not np.isfinite(unit):
        raise NoRehearsal("no earlier origin has a known outcome, so there are no intervals: give a longer series")
    if unit == 0:  # never wrong so far
        return Intervals(y, y, y, y, errors=ErrorDistribution(np.zeros(1), np.zeros_like(y), y))
    then, now = scales(errors / unit, apart, len(y))
    scores = np.abs(errors / unit) / then[..., np.newaxis]
    known = np.sort(scores[np.isfinite(scores)])
    return Intervals.of(ErrorDistribution(unit * known, np.broadcast_to(now[:, np.newaxis], y.shape), y))


def rank_quantile(ordered: Array, level: float) -> float:
    """The ⌈(n + 1)·level⌉-th smallest of n ordered scores; the largest when there are too few for that rank."""
    rank = int(np.ceil((len(ordered) + 1) * level))
    return float(ordered[min(rank, len(ordered)) - 1])


def scales(errors: Array, apart: tuple[Array, Array] | None, horizon: int | None = None) -> tuple[Array, Array]:
    """What errors are divided by: (folds, steps) for those of earlier origins, (horizon,) for those to come.

    `horizon`: the steps to come, as many as the errors have unless said otherwise.
    """
    ahead = errors.shape[1] if horizon is None else horizon
    steps = growth(errors, max(ahead, errors.shape[1]))
    then, now = np.broadcast_to(steps[: errors.shape[1]], errors.shape[:2]), steps[:ahead]
    if apart is None:
        return then, now
    floor = 1e-3 * float(np.nanmax(apart[0])) or 1e-300
    return np.sqrt(then * np.fmax(apart[0], floor)), np.sqrt(now * np.fmax(apart[1], floor))


def growth(errors: Array, steps: int | None = None) -> Array:
    """The growth of errors with the step, as step to a power between 0 and 2 (steps,): a line through the logarithms.

    One power, rather than a scale of its own for every step, since a step has no more errors than there are folds.
    """
    every = np.log(np.arange(1, max(steps or 0, errors.shape[1]) + 1))
    step = every[: errors.shape[1]]
    known = np.isfinite(errors).any(axis=(0, 2))
    typical = np.full(errors.shape[1], np.nan)
    typical[known] = np.sqrt(np.nanmean(errors[:, known] ** 2, axis=(0, 2)))
    use = known & (typical > 0)
    if use.sum() < 2:
        return np.asarray(np.exp(USUAL_GROWTH * every[:steps]))
    x, level = step[use] - step[use].mean(), np.log(typical[use])
    spread, doubt = float((x**2).sum()), DOUBT * float(np.var(step[use]))
    power = (float((x * level).sum()) + doubt * USUAL_GROWTH) / (spread + doubt)
    return np.asarray(np.exp(np.clip(power, 0, 2) * every[:steps]))
