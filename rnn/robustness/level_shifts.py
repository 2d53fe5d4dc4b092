"""Level shifts: places where a series jumps and stays, found and undone by moving what came before.

A forecast goes on from the newest level. What was learned across a jump takes it for noise or for a trend: moved onto
the newest level, the points before it still tell of slope, season and noise. A jump of a walk that often jumps, an
outlier that comes back and a bend of the trend are none.
"""

import numpy as np

from rnn.arrays import Array

FAR = 8.0
"""A jump is so many times as large as a usual step, in robust standard deviations."""

STAYS = 0.6
"""The levels of both sides differ by at least this share of the jump."""

QUIET = 4.0
"""The jump is at least so many times the spread of the points around the levels beside it."""

SIDE = 8
"""A level is the median of so many points, or of FEWEST at the least."""

FEWEST = 4

MOST = 2
"""A series with more jumps has them by nature, and is left alone."""


def without_level_shifts(z: Array) -> Array:
    """`z` (points,), less its seasons, with what lies before each level shift moved by it; `z` itself without any."""
    if len(z) < 3 * FEWEST:
        return z
    moved, found = z, 0
    while (at := _shift(moved)) is not None:
        found += 1
        if found > MOST:
            return z
        moved = np.concatenate([moved[:at] + _move(moved, at), moved[at:]])
    return moved


def _shift(z: Array) -> int | None:
    """The first point after the largest jump that stays; None where there is none."""
    steps = np.diff(z)
    steps = steps - np.median(steps)
    scale = 1.4826 * float(np.median(np.abs(steps))) + 1e-9 * float(np.abs(z).max())
    far = np.flatnonzero(np.abs(steps) > FAR * scale) + 1
    for at in sorted(far.tolist(), key=lambda at: -abs(steps[at - 1])):
        if min(at, len(z) - at) < FEWEST:
            continue
        jump, (before, after) = abs(float(z[at] - z[at - 1])), _sides(z, at)
        spread = max(float(np.abs(side - np.median(side)).max()) for side in (before, after))
        if abs(float(np.median(after) - np.median(before))) > STAYS * jump and QUIET * spread < jump:
            return int(at)
    return None


def _sides(z: Array, at: int) -> tuple[Array, Array]:
    return z[max(at - SIDE, 0) : at], z[at : at + SIDE]


def _move(z: Array, at: int) -> float:
    """By how much the level jumps, less what the series' slope would have made of it."""
    before, after = _sides(z, at)
    slope = float(z[-1] - z[at] + z[at - 1] - z[0]) / max(len(z) - 2, 1)
    apart = (len(before) + len(after)) / 2
    return float(np.median(after) - np.median(before)) - slope * apart
