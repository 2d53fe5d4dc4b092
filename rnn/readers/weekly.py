"""Opening hours, six-day weeks and other moments that come again every week, found in the times of a series."""

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import DAY, WEEK, Calendar, since_monday

FEWEST_WEEKS = 3
"""In fewer weeks nothing repeats."""

USUAL = 0.5
"""A moment of the week is meant when it comes in at least this share of the weeks; other times fit no such calendar."""

MOST_MOMENTS = 7 * 24 * 60
"""A week of more moments than minutes is not looked for."""


def weekly_calendar(clocks: AnyArray, zone: str) -> Calendar | None:
    """The calendar of moments that come again every week, by clocks in `zone` (points,), datetime64[us], ascending.

    None when there are too few weeks, when some times come in few weeks only, and when the moments are evenly spaced
    all week long, which is no week's business.
    """
    mondays, since = since_monday(clocks)
    weeks = (mondays[-1] - mondays[0]) / (7 * DAY)
    moments, counts = np.unique(since, return_counts=True)
    if weeks < FEWEST_WEEKS or not 1 < len(moments) <= MOST_MOMENTS or counts.min() < USUAL * weeks:
        return None
    around = np.diff(np.append(moments, moments[0] + 7 * DAY))
    if (around == around[0]).all():
        return None
    return Calendar(WEEK, str(clocks[0]), zone, week=tuple(moments.tolist()))
