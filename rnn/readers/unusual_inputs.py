"""Inputs known ahead that a person should look at: values to come unlike all before, and columns that never change."""

from collections.abc import Callable

import numpy as np

from rnn.arrays import Array

BEYOND = 3.0
"""A value to come is far off when it lies so many ranges of the known ones beyond these."""


def doubt_about(column: str, values: Array, points: int, when: Callable[[int], str]) -> str | None:
    """A sentence on a column's `values` (points + ahead,) that ought to be checked; None where all is usual.

    The effect of an input is a straight line, so one mistyped price to come is a forecast of any size, or of none.
    `when` says the time of a point.
    """
    past, ahead = values[:points], values[points:]
    low, high = float(past.min()), float(past.max())
    if low == high:
        return f"Column '{column}' is {low:g} at every point so far, so nothing can be learned of its effect."
    off = np.maximum(low - ahead, ahead - high)
    far = np.flatnonzero(off > BEYOND * (high - low))
    if not len(far):
        return None
    worst = int(np.argmax(off))
    others = f", and {len(far) - 1} more" if len(far) > 1 else ""
    return (
        f"Check column '{column}': {ahead[worst]:g} at {when(points + worst)}{others} is far from all so far, {low:g} "
        f"to {high:g}, and the forecast goes by it."
    )
