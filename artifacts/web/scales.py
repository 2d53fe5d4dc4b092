"""Axes: the place of a number on an axis, and the ticks beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array

MARGIN = 0.04
"""The share of an axis that is left free at either end."""


FACTORS = (1, 2, 2.5, 5, 10)
"""The distances of ticks, as multiples of a power of ten."""


@dataclass(frozen=True)
class Scale:
    """An axis from `low` to `high`, logarithmic if `log`; both are finite, `low` is the smaller, positive if `log`."""

    low: float
    high: float
    log: bool = False

    @classmethod
    def of(cls, values: Sequence[Array], log: bool = False, margin: float = MARGIN) -> "Scale":
        """The axis on which all finite values fit; a logarithmic one fits the positive values, if there are any."""
        numbers = np.concatenate([np.asarray(each, dtype=float).ravel() for each in values] or [np.zeros(0)])
        numbers = numbers[np.isfinite(numbers)]
        log = log and bool(np.any(numbers > 0))
        if log:
            numbers = np.clip(np.log10(numbers[numbers > 0]), -305, 305)
        if not len(numbers):
            return cls(0.0, 1.0)
        low, high = float(numbers.min()), float(numbers.max())
        room = margin * (high - low) or 0.5 * (abs(low) or 1.0) * (not log) + 0.3 * log
        if log:
            return cls(10.0 ** max(low - room, -307), 10.0 ** min(high + room, 307), True)
        return cls(max(low - room, -1.7e308), min(high + room, 1.7e308))

    def place(self, values: Array | float) -> Array:
        """The places of values, 0 at `low` and 1 at `high`, in the same shape; NaN where there is no logarithm."""
        values = np.asarray(values, dtype=float)
        with np.errstate(all="ignore"):
            if self.log:
                span = np.log10(self.high) - np.log10(self.low)
                return np.asarray(np.where(values > 0, (np.log10(values) - np.log10(self.low)) / span, np.nan))
            half = self.high / 2 - self.low / 2  # halves: the whole span may be too large for a float
            return np.asarray((values / 2 - self.low / 2) / half)

    def ticks(self, about: int = 5, whole: bool = False) -> list[tuple[float, str]]:
        """About so many round numbers on the axis, or `whole` ones, with their labels."""
        return self._log_ticks() if self.log else self._plain_ticks(about, whole)

    def _plain_ticks(self, about: int, whole: bool) -> list[tuple[float, str]]:
        rough = (self.high / about) - (self.low / about)
        power = 10.0 ** np.floor(np.log10(rough))
        factors = (1, 2, 5, 10) if whole else FACTORS
        step = next(power * factor for factor in factors if power * factor >= rough * 0.999)
        step = max(step, 1.0) if whole else step
        first, last = int(np.ceil(self.low / step - 1e-9)), int(np.floor(self.high / step + 1e-9))
        return [(k * step, _written(k * step, step)) for k in range(first, last + 1)]

    def _log_ticks(self) -> list[tuple[float, str]]:
        first, last = int(np.floor(np.log10(self.low))), int(np.ceil(np.log10(self.high)))
        decades = max(1, -(-(last - first) // 6))
        factors = (1, 2, 5) if last - first <= 2 else (1, 3) if last - first <= 3 else (1,)
        candidates = [factor * 10.0**power for power in range(first, last + 1, decades) for factor in factors]
        shown = [(value, f"{value:g}") for value in candidates if self.low <= value <= self.high]
        if len(shown) > 1:
            return shown
        # On a short piece of a decade there is no power of ten.
        return [tick for tick in self._plain_ticks(4, False) if self.low <= tick[0] <= self.high]


def decimals(values: Sequence[Array], digits: int = 3) -> int:
    """The decimals that leave so many `digits` of the spread of values: 1 for a spread of 40, none for one of 4000.

    Of values that are all alike, of their size. Those that are not finite do not count.
    """
    numbers = np.concatenate([np.asarray(each, dtype=float).ravel() for each in values] or [np.zeros(0)])
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return digits - 1
    for scale in (float(numbers.max() / 2 - numbers.min() / 2) * 2, float(np.abs(numbers).max())):
        if 0 < scale < np.inf:
            return int(min(max(digits - 1 - np.floor(np.log10(scale)), 0), 12))
    return digits - 1


def _written(value: float, step: float) -> str:
    decimals = max(0, -int(np.floor(np.log10(step) + 1e-9)) + (1 if f"{step:e}".startswith("2.5") else 0))
    if decimals > 6 or abs(value) >= 1e6:
        return f"{value:.6g}".replace("-", "−")
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")
