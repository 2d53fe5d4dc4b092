"""Detect values at wrong times: a block delivered twice, a series moved by an hour, a clock that was changed."""

import numpy as np

from rnn.arrays import AnyArray, Array

COPIED = 4
"""Fewer values that come again are no copy."""

LAGS = 400
"""A copy is looked for as far back as this."""

ALIKE = 0.95
"""Of the values that were there before, at least this share stands at the new place."""

BETTER = 0.5
"""The squared error of the moved profile is at most this share of the unmoved one's, …"""

RARER = 0.7
"""… and at most this share of the least that it was in any earlier stretch."""

STRETCHES = 60
"""So many earlier stretches are looked at; fewer than FEWEST_STRETCHES say nothing."""

FEWEST_STRETCHES = 10

DAYS = 5
"""The usual day is the mean of so many."""


def copied_from(y: Array) -> tuple[int, int] | None:
    """How many of the newest values repeat earlier ones exactly, and from how many points back; None for no copy.

    They must be more than twice as many as ever repeated before, at any distance: counts, rounded values and exact
    seasons repeat by themselves. A constant stretch is no copy.
    """
    found, longest = (0, 0), 0
    for lag in range(1, min(LAGS, len(y) // 2) + 1):
        ends = np.flatnonzero(y[lag:] != y[:-lag])
        if not len(ends):
            return None  # it repeats itself for ever
        last = len(y) - lag - 1 - int(ends[-1])
        longest = max(longest, int(np.diff(ends).max(initial=1)) - 1, int(ends[0]))
        if last > found[0]:
            found = last, lag
    count, lag = found
    if count < max(COPIED, 2 * longest + 1) or len(np.unique(y[-count:])) < 3:
        return None
    return count, lag


def moved_by(now: Array, before: Array, farthest: int) -> int:
    """By how many points the values `now` (points,) stand later than they did `before` (points,); 0 where they do not.

    A value that was missing before is NaN. The values must differ where they are, and agree where they are moved to.
    """
    if len(now) < COPIED or _agreement(now, before) >= ALIKE / 2 or len(np.unique(now)) < COPIED:
        return 0
    for size in range(1, min(farthest, len(now) // 2) + 1):
        if _agreement(now[size:], before[:-size]) >= ALIKE:
            return size
        if _agreement(now[:-size], before[size:]) >= ALIKE:
            return -size
    return 0


def _agreement(now: Array, before: Array) -> float:
    known = ~np.isnan(before)
    return float(np.mean(now[known] == before[known])) if known.sum() >= COPIED else 0.0


def profile_moved_by(y: Array, new: int, per_hour: int, per_day: int) -> int:
    """By how many points the `new` values follow the usual day later (or earlier, negative); 0 where they do not.

    The usual day is the mean of the DAYS before. A shift by an hour must explain the newest values far better than
    none, and far better than it ever explained a stretch as long before.
    """
    if not per_hour or per_day < 12 or new < per_day // 2:
        return 0
    size = min(new, 2 * per_day)
    best, moved = _gain(y, len(y) - size, size, per_hour, per_day)
    if not moved or best > BETTER:
        return 0
    first = (DAYS + 1) * per_day
    ends = np.arange(len(y) - new - size, first, -max(1, size // 2))[:STRETCHES]
    if len(ends) < FEWEST_STRETCHES:
        return 0
    earlier = min(_gain(y, int(start), size, per_hour, per_day)[0] for start in ends)
    return moved if best < RARER * earlier else 0


def _gain(y: Array, start: int, size: int, per_hour: int, per_day: int) -> tuple[float, int]:
    """The least squared error of the usual day, moved by an hour, over the unmoved one's, and the way it is moved.

    Of the stretch of `size` points from `start`. The level of the stretch does not count.
    """

    def error(moved: int) -> float:
        at = np.arange(start, start + size) - moved
        usual = np.mean([y[at - per_day * _days(at, start, per_day) - per_day * day] for day in range(DAYS)], axis=0)
        left = y[start : start + size] - usual
        return float(np.sum((left - left.mean()) ** 2))

    unmoved = error(0)
    if start < (DAYS + 2) * per_day or unmoved <= 0:
        return np.inf, 0
    moved = min((per_hour, -per_hour), key=error)
    return error(moved) / unmoved, moved


def _days(at: AnyArray, start: int, per_day: int) -> AnyArray:
    """How many days before each moment the last one before `start` lies."""
    return np.asarray((at - start) // per_day + 1)
