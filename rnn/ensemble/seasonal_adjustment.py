"""Seasonal adjustment: estimate a season's effect, shrink it by its noise, remove it, and add it again.

The classical decomposition (a centred moving average, then means by place in the season) with three changes: newer
seasons count a little more, outliers count no more than what is usual, and the indices are shrunk as James and Stein
(1961) shrink means, so that what is hardly there is hardly taken out. Nothing need then be decided by a test.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array

FADES = 0.9
"""A season counts so many times the one after it."""

DOUBT = 1.2
"""The noise in the indices counts so many times: what is left over tells of too little, as the average follows it."""


@dataclass(frozen=True)
class Adjustment:
    """The indices (length,) of one or several seasons of a series, each by place: point t has place t mod length."""

    indices: tuple[Array, ...]

    @classmethod
    def of(cls, z: Array, lengths: Sequence[int]) -> "Adjustment":
        """Of `z` (points,): shortest season first, each from what the ones before it leave."""
        found = []
        for length in sorted(lengths):
            index = seasonal_indices(z, length)
            z = z - np.resize(index, len(z))
            found.append(index)
        return cls(tuple(found))

    def at(self, start: int, stop: int) -> Array:
        """What all seasons add at the points from `start` up to `stop` (stop − start,)."""
        total = np.zeros(stop - start)
        for index in self.indices:
            total += index[np.arange(start, stop) % len(index)]
        return total


def seasonal_indices(z: Array, length: int) -> Array:
    """What a season of `length` points adds at each place (length,), in the unit of `z` (points,); mean 0.

    Zero where there are fewer than two seasons and two points.
    """
    if length < 2 or len(z) < 2 * length + 2:
        return np.zeros(max(length, 1))
    weights = np.full(length, 1.0) if length % 2 else np.r_[0.5, np.ones(length - 1), 0.5]
    trend = np.convolve(z, weights / length, "valid")
    first = (len(weights) - 1) // 2
    detrended = z[first : first + len(trend)] - trend
    place = (np.arange(len(detrended)) + first) % length
    counts = FADES ** ((len(detrended) - 1 - np.arange(len(detrended))) / length)
    index = _means(detrended, place, counts, length)
    left = detrended - index[place]
    usual = 2.5 * 1.4826 * float(np.median(np.abs(left)))
    detrended = index[place] + np.clip(left, -usual, usual)
    index = _means(detrended, place, counts, length)
    left = detrended - index[place]
    noise = float((left**2).sum()) / max(len(left) - length, 1)
    effective = np.bincount(place, counts, length) ** 2 / np.bincount(place, counts**2, length)
    strength = float((index**2).sum())
    if strength == 0:
        return np.zeros(length)
    share = DOUBT * max(length - 3, 0) * noise / float(effective.mean()) / strength
    return np.asarray(index * max(0.0, 1.0 - share))


def _means(values: Array, place: AnyArray, counts: Array, length: int) -> Array:
    mean = np.bincount(place, counts * values, length) / np.bincount(place, counts, length)
    return np.asarray(mean - mean.mean())
