"""Intervals around any forecast, from the errors that the same method made at earlier origins.

Errors grow with the horizon, and there are few origins. So the errors are first divided by a scale for each step, then
pooled, and the quantile of their sizes is taken by its finite-sample rank ⌈(n + 1)(1 − α)⌉ (Vovk et al. 2005).

The errors of one origin go together, and later forecasts have more to learn from, so the promise of that rank is not a
proof here. What the intervals really hold was measured on generated series (benchmarks/intervals.py,
docs/intervals.md).
"""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.errors import WavecastError

LEVELS = (0.5, 0.9)

USUAL_GROWTH = 1.0
"""Errors grow like step to this power until the origins say otherwise; they count as `DOUBT` more steps that do."""
DOUBT = 4.0


class NoRehearsal(WavecastError):
    """There is no earlier origin whose outcome is known, so nothing to tell how far off a forecast may be."""


@dataclass(frozen=True)
class Intervals:
    """Bounds that the truth should lie within: half the time, and nine times in ten. Each (horizon, group_size)."""

    lower50: Array
    upper50: Array
    lower90: Array
    upper90: Array


def conformal(y: Array, errors: Array, apart: tuple[Array, Array] | None = None) -> Intervals:
    """50 % and 90 % intervals around the forecast `y` (horizon, group_size), in its unit.

    `errors` (folds, horizon, group_size): truth less forecast at earlier origins, NaN where the truth is not known. Of
    an ensemble, `apart`: how far its members were apart then (folds, horizon), and are now (horizon,); it tells where
    the forecast is harder than it was. Raises NoRehearsal when no error is known.
    """
    unit = float(np.nanmax(np.abs(errors))) if np.isfinite(errors).any() else np.nan
    if not np.isfinite(unit):
        raise NoRehearsal("no earlier origin has a known outcome, so there are no intervals: give a longer series")
    if unit == 0:  # never wrong so far
        return Intervals(y, y, y, y)
    then, now = scales(errors / unit, apart)
    scores = np.abs(errors / unit) / then[..., np.newaxis]
    known = np.sort(scores[np.isfinite(scores)])
    half = {level: unit * rank_quantile(known, level) * now[:, np.newaxis] for level in LEVELS}
    return Intervals(y - half[0.5], y + half[0.5], y - half[0.9], y + half[0.9])


def rank_quantile(ordered: Array, level: float) -> float:
    """The ⌈(n + 1)·level⌉-th smallest of n ordered scores; the largest when there are too few for that rank."""
    rank = int(np.ceil((len(ordered) + 1) * level))
    return float(ordered[min(rank, len(ordered)) - 1])


def scales(errors: Array, apart: tuple[Array, Array] | None) -> tuple[Array, Array]:
    """What errors are divided by: (folds, horizon) for those of earlier origins, (horizon,) for those to come."""
    steps = growth(errors)
    then, now = np.broadcast_to(steps, errors.shape[:2]), steps
    if apart is None:
        return then, now
    floor = 1e-3 * float(np.nanmax(apart[0])) or 1e-300
    return np.sqrt(then * np.fmax(apart[0], floor)), np.sqrt(now * np.fmax(apart[1], floor))


def growth(errors: Array) -> Array:
    """How errors grow with the step, as step to a power between 0 and 2 (horizon,): a line through the logarithms.

    One power, rather than a scale of its own for every step, since a step has no more errors than there are folds.
    """
    step = np.log(np.arange(1, errors.shape[1] + 1))
    known = np.isfinite(errors).any(axis=(0, 2))
    typical = np.full(errors.shape[1], np.nan)
    typical[known] = np.sqrt(np.nanmean(errors[:, known] ** 2, axis=(0, 2)))
    use = known & (typical > 0)
    if use.sum() < 2:
        return np.asarray(np.exp(USUAL_GROWTH * step))
    x, level = step[use] - step[use].mean(), np.log(typical[use])
    spread, doubt = float((x**2).sum()), DOUBT * float(np.var(step[use]))
    power = (float((x * level).sum()) + doubt * USUAL_GROWTH) / (spread + doubt)
    return np.asarray(np.exp(np.clip(power, 0, 2) * step))
