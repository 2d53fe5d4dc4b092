"""Scale a series to numbers of size one and back, at any level and in any unit, on the logarithm where asked."""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.errors import WavecastError

LARGEST = 1e305
"""Beyond this, sums of a series' values may not be finite."""

ROOM = 1.5
"""A forecast may leave the range seen so far by so many times what the series moved at most in as long a time."""


class OutOfReach(WavecastError):
    """The values are not finite, or so large that computing with them is not."""


@dataclass(frozen=True)
class Scaling:
    """y = unit · (centre + spread · s), or the exponential of the bracket when `log`. `s` has mean 0 and spread 1.

    `low` and `high` bound s: the range of what was seen, and `ROOM` times the largest move over a horizon on either
    side; what never was below zero stays so. A series that is constant, to rounding, has spread 0: its s is zero
    everywhere, and so is every forecast's.
    """

    unit: float
    centre: float
    spread: float
    low: float
    high: float
    log: bool = False

    @classmethod
    def of(cls, y: Array, log: bool = False, ahead: int | None = None) -> "Scaling":
        """The scaling of `y` in any shape, from which `ahead` points are to be forecast; None: as many as there are.

        Raises OutOfReach for values that are not finite or beyond `LARGEST`.
        """
        if not np.isfinite(y).all() or np.abs(y).max() > LARGEST:
            raise OutOfReach(
                f"the values must be finite and not beyond {LARGEST:g} in size: drop or fill what is missing, or "
                "change the unit"
            )
        unit = float(np.abs(y).max()) or 1.0
        inside = np.log(y / unit) if log else y / unit
        origin = inside.reshape(-1)[0]
        centre = float(origin + np.mean(inside - origin))
        spread = float(np.std(inside - origin))
        if spread < 1e-13:
            return cls(unit, float(inside.reshape(-1)[-1]), 0.0, 0.0, 0.0, log)
        s = (inside - centre) / spread
        room = ROOM * largest_move(s.reshape(-1), ahead)
        low, high = float(s.min()) - room, float(s.max()) + room
        if not log and y.min() >= 0:
            low = max(low, -centre / spread)
            while centre + spread * low < 0:  # by rounding
                low = float(np.nextafter(low, np.inf))
        return cls(unit, centre, spread, low, high, log)

    def scale(self, y: Array) -> Array:
        """y in its units to s, in the same shape."""
        if self.spread == 0:
            return np.zeros_like(y)
        inside = np.log(y / self.unit) if self.log else y / self.unit
        return np.asarray((inside - self.centre) / self.spread)

    def unscale(self, s: Array) -> Array:
        """s to y in its units, in the same shape."""
        inside = self.centre + self.spread * s
        return np.asarray(self.unit * (np.exp(np.minimum(inside, 5.0)) if self.log else inside))


def largest_move(s: Array, ahead: int | None = None) -> float:
    """By how much `s` (points,) has moved at most within `ahead` steps; None: ever."""
    if ahead is None or ahead + 1 >= len(s):
        return float(s.max() - s.min())
    windows = np.lib.stride_tricks.sliding_window_view(s, ahead + 1)
    return float((windows.max(axis=1) - windows.min(axis=1)).max())


def growth_is_relative(y: Array) -> bool:
    """Whether the logarithm of a series is worth a look: all positive, and changing by a factor of 1.5 to 1e4."""
    low, high = float(y.min()), float(y.max())
    return bool(low > 0 and 1.5 < high / low < 1e4)
