"""Single points that do not belong to their neighbours, found and put where those would have it.

A spike pulls whatever is fitted by least squares towards it, and makes a spread, a range and a residual larger than
they are. What is one is judged by the nearest points, through which a cubic is laid. A jump of the level, a fast
swing or a sharp turn is none: there, putting one point right leaves the neighbours wrong.

On noisy and short series a cubic tells little. There a point is an outlier when it is hugely far from the median of its
neighbours, and nothing else is.
"""

import numpy as np

from rnn.arrays import AnyArray, Array

FAR = 8.0
"""So many robust deviations a point must be off to be a spike."""

SETTLED = 4.0
"""With the spike put right its neighbours must be within so many of them."""

BESIDE = 4
"""Two spikes that are no further apart hide each other: each is what the other's neighbours are out of order by."""

RARE = 0.02
"""A series with a larger share of such points has them by nature, and is left alone."""


OUTERMOST = 4.0
"""The first and the last point lie outside of what they are judged by, and must be so many times as far off."""

FEWEST = 40
"""Of fewer points it is not known what is usual."""

WINDOW = 7
"""The median of so many neighbouring points says where a point should be."""

HUGE = 10.0
"""What is further from that median than so many robust standard deviations is an outlier."""

SCARCE = 0.03
"""If more than this share of the points are, it is how the series is, and nothing is changed."""


def without_spikes(y: Array, season: int = 1) -> Array:
    """`y` (points,) with single outliers replaced by what their neighbours say; `y` itself where there are none.

    A point that is as far off on the same side a `season` earlier or later is no outlier.
    """
    if len(y) < FEWEST:
        return y
    off = _off(y)
    scale = 1.4826 * float(np.median(np.abs(off)))
    suspects = np.flatnonzero(np.abs(off) > FAR * scale) if scale > 0 else np.array([], dtype=int)
    if not len(suspects) or len(suspects) > 5 * (RARE * len(y) + 1):  # a spike is seen from four neighbours, too
        return y
    mended, spikes = y.copy(), 0
    reach = np.where(np.isin(suspects, [0, len(y) - 1]), OUTERMOST, 1.0)  # the one that would have to move furthest
    for at in suspects[np.argsort(-np.abs(off[suspects]) * reach)].tolist():
        near = slice(max(at - 2, 0), at + 3)
        here = _off(mended)
        if abs(here[at]) <= FAR * scale or _recurs(off, at, season):
            continue
        tried = mended.copy()
        tried[at] -= here[at] * (OUTERMOST if at in (0, len(y) - 1) else 1.0)
        if np.abs(_off(tried)[near]).max() <= SETTLED * scale:
            mended, spikes = tried, spikes + 1
    for at in suspects.tolist():
        for other in suspects[(suspects > at) & (suspects <= at + BESIDE)].tolist():
            together = np.array([at, other])
            between = _between(mended, together, SETTLED * scale)
            far = np.abs(between - mended[together]) > FAR * scale
            if far.all() and not any(_recurs(off, one, season) for one in (at, other)):
                mended[together] = between
                spikes += 2
    return mended if 0 < spikes <= RARE * len(y) + 1 else y


def _off(y: Array) -> Array:
    """How far each point (points,) is from the cubic through its four neighbours, or the parabola through three."""
    off = np.empty(len(y))
    off[2:-2] = y[2:-2] - (4 * (y[1:-3] + y[3:-1]) - (y[:-4] + y[4:])) / 6
    off[1] = y[1] - (y[0] + 3 * y[2] - y[3]) / 3
    off[-2] = y[-2] - (y[-1] + 3 * y[-3] - y[-4]) / 3
    off[0] = (y[0] - 3 * y[1] + 3 * y[2] - y[3]) / OUTERMOST
    off[-1] = (y[-1] - 3 * y[-2] + 3 * y[-3] - y[-4]) / OUTERMOST
    return off


def _between(y: Array, together: AnyArray, settled: float) -> Array:
    """Where a cubic through the four points on either side wants two points: numbers `together` (2,) of `y` (points,).

    As they are, where there are no such points, or one of those between and beside them is further than `settled` off.
    """
    beside = np.arange(together[0] - BESIDE, together[1] + BESIDE + 1)
    if beside[0] < 0 or beside[-1] >= len(y):
        return np.asarray(y[together])
    powers = (np.linspace(-1, 1, len(beside))[:, np.newaxis]) ** np.arange(4)
    others = ~np.isin(beside, together)
    cubic = np.linalg.lstsq(powers[others], y[beside[others]], rcond=None)[0]
    said = powers @ cubic
    return np.asarray(said[~others] if np.abs(said - y[beside])[others].max() <= settled else y[together])


def _recurs(off: Array, at: int, season: int) -> bool:
    """Whether the point `at` is at least half as far off on the same side a season earlier or later."""
    if season < 2:
        return False
    others = [place for place in (at - season, at + season) if 0 <= place < len(off)]
    return any(off[place] * off[at] > 0 and abs(off[place]) > abs(off[at]) / 2 for place in others)


def without_outliers(z: Array, season: int = 1) -> Array:
    """`z` (points,) with huge outliers replaced by the median of their neighbours; the last two points never are.

    What comes back in the same place of the `season` is none: the median a season before and after counts as well.
    """
    if len(z) < 2 * WINDOW:
        return z
    padded = np.concatenate([np.full(WINDOW // 2, z[: WINDOW // 2 + 1].mean()), z, np.full(WINDOW // 2, z[-1])])
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, WINDOW), axis=1)
    left = z - middle
    usual = 1.4826 * float(np.median(np.abs(left)))
    if usual == 0:
        usual = float(np.sort(np.abs(left))[int((1 - SCARCE) * len(left)) - 1])
    limit = HUGE * usual + 1e-9 * float(np.abs(middle).max())
    far = np.abs(left) > limit
    far[-2:] = False
    if season > 1:
        for shift in (-season, season):
            there = np.arange(len(z)) + shift
            inside = (there >= 0) & (there < len(z))
            alike = np.abs(left[inside] - left[there[inside]]) < np.abs(left[inside]) / 2
            far[inside] &= ~alike
    if not far.any() or far.mean() > SCARCE:
        return z
    return np.where(far, middle, z)
