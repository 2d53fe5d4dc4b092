"""Detect restated history: the known values that have changed, and whether it is still the same series.

Values are compared moment by moment. Digests of blocks of them tell later which state of the past a run has known.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array

BLOCK = 256
"""Points of a block that has a digest of its own."""

EQUAL = 1e-9
"""Values are the same when they differ by at most this share of themselves: a sum in another order is no news."""

SAME_SERIES = 0.1
"""A series of which at least this share of the values is as it was is the same one, whatever the others are."""

EXPLAINED, EXPLAINED_STEPS = 0.99, 0.9
"""So much of the variance of all new values, and of their steps from point to point, is explained by the old ones,
scaled and shifted, where a whole history was restated: by a tax, a base year, an adjustment for the season."""

FEWEST = 8
"""Fewer points explain nothing."""

CONSTANT = 1e-3
"""A factor between old and new values is constant when nine in ten are within this share of it."""


@dataclass(frozen=True)
class Restatement:
    """What changed: of so many values known before (`of`) those at the moments `at` (points,).

    `typical` and `largest`: by how much, in the unit of y. `factor`: new values over old ones where that is constant.
    """

    of: int
    at: Array
    typical: float
    largest: float
    factor: float | None

    def __len__(self) -> int:
        return len(self.at)

    @property
    def share(self) -> float:
        """The share of the known values that changed."""
        return len(self) / self.of

    @property
    def sentence(self) -> str:
        """It in words, without times."""
        times = f", all by a factor of {self.factor:.4g}" if self.factor is not None and len(self) >= FEWEST else ""
        return (
            f"{len(self)} of {self.of} known values have changed{times}, typically by {self.typical:.3g}, at most by "
            f"{self.largest:.3g}"
        )


def changed(old: Array, new: Array) -> AnyArray:
    """Which values differ (points,), for the same moments."""
    larger = np.maximum(np.abs(old), np.abs(new))
    return np.asarray(np.abs(new - old) > EQUAL * larger)


def restatement(at: Array, old: Array, new: Array) -> Restatement | None:
    """What changed from the `old` values to the `new` ones, each (points,) at the moments `at`; None where nothing."""
    different = changed(old, new)
    if not different.any():
        return None
    before, now = old[different], new[different]
    far = np.abs(now - before)
    return Restatement(len(at), at[different], float(np.median(far)), float(far.max()), constant_factor(before, now))


def constant_factor(old: Array, new: Array, within: float = CONSTANT) -> float | None:
    """The factor from old to new values (points,), where it is the same nearly everywhere; else None."""
    known = (old != 0) & (new != 0)
    if not known.any():
        return None
    factors = new[known] / old[known]
    usual = float(np.median(factors))
    near = np.abs(factors - usual) <= within * abs(usual)
    return usual if near.sum() >= 0.9 * len(old) else None


def is_same_series(old: Array, new: Array) -> bool:
    """Whether values (points,) at the same moments are of one series, parts or all of which were restated."""
    if (~changed(old, new)).sum() >= SAME_SERIES * len(old):
        return True
    return len(old) >= FEWEST and bool(
        _explained(old, new) >= EXPLAINED and _explained(np.diff(old), np.diff(new)) >= EXPLAINED_STEPS
    )


def _explained(old: Array, new: Array) -> float:
    """The share of the variance of `new` that a straight line of `old` explains."""
    one, other = old - old.mean(), new - new.mean()
    squares = float(one @ one) * float(other @ other)
    if not squares > 0:
        return 0.0
    with_sign = float(one @ other)
    return with_sign**2 / squares if with_sign > 0 else 0.0


def block_digests(at: Array, y: Array, first: int = 0) -> dict[int, str]:
    """The digest of each block of BLOCK points, by its number; the series' first point has the place `first`."""
    ends = np.arange((first // BLOCK + 1) * BLOCK - first, len(y), BLOCK)
    values = np.column_stack([at, y]).astype("<f8")
    parts = np.split(values, ends)
    return {first // BLOCK + k: hashlib.sha256(part.tobytes()).hexdigest()[:16] for k, part in enumerate(parts)}


def changed_blocks(old: Mapping[int, str], new: Mapping[int, str]) -> list[int]:
    """The numbers of the blocks whose digests differ, of those that both have."""
    return [number for number in old if number in new and old[number] != new[number]]
