"""Times that miss even steps by a little, as those of many loggers do: the even times that are meant."""

from typing import NamedTuple

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import DAY, UNITS

_SECOND, _MINUTE, _HOUR = UNITS["s"], UNITS["min"], UNITS["h"]

STEPS = (
    *(count * _SECOND for count in (1, 2, 5, 10, 15, 20, 30)),
    *(count * _MINUTE for count in (1, 2, 3, 5, 6, 10, 12, 15, 20, 30)),
    *(count * _HOUR for count in (1, 2, 3, 4, 6, 8, 12)),
    DAY,
    7 * DAY,
)
"""Steps that clocks are set to, in microseconds."""

NEAR = 0.1
"""The usual step may differ by this share from the one that is meant."""

FARTHEST = 0.25
"""No time may miss its place by more than this share of a step."""

LOOKED_AT = 2**16


class Rounded(NamedTuple):
    """The even times (points,), in int64 microseconds, and how far the farthest one was moved."""

    times: AnyArray
    farthest: int


def without_jitter(times: AnyArray) -> Rounded | None:
    """Ascending moments (points,), int64 microseconds, moved onto even steps; None when one is too far from any.

    The steps are counted from round times of the clock, such as full minutes, if those are near; else from where most
    times are, to the second.
    """
    if len(times) < 3:
        return None
    usual = float(np.median(np.diff(times[:LOOKED_AT])))
    step = min(STEPS, key=lambda size: abs(size - usual))
    if abs(step - usual) > NEAR * step:
        return None
    phase = _phase(times, step)
    even = phase + np.rint((times - phase) / step).astype(np.int64) * step
    farthest = int(np.abs(even - times).max())
    return Rounded(even, farthest) if farthest <= FARTHEST * step else None


def _phase(times: AnyArray, step: int) -> int:
    """Where in a step most of the times are, in microseconds: 0 when they are near round times of the clock."""
    around = (times - times[0] + step // 2) % step - step // 2
    phase = int(np.rint((times[0] + float(np.median(around))) % step / _SECOND)) * _SECOND % step
    return 0 if min(phase, step - phase) <= NEAR * step else phase
