"""The waits between a feed's arrivals: which are usual, and which come again every week."""

from collections.abc import Sequence

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.lifecycle.feed_health import DAY


def waits(seen: Sequence[float], unwatched: Sequence[float]) -> Array:
    """For how long something new was waited for (arrivals − 1,), in seconds, as far as somebody was looking.

    `seen` (arrivals,): when each arrival was seen; `unwatched`: seconds without a look before that. When no look was
    taken for longer than things usually wait for each other, it was the looks that were late, not the feed: after an
    outage of three days the feed is not one that may be silent for three days.
    """
    gaps = np.diff(np.asarray(seen, float))
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    return np.asarray(gaps - np.maximum(0.0, np.asarray(unwatched, float)[1:] - usual))


def a_week_before(seen: Sequence[float], gaps: AnyArray) -> float:
    """The longest wait (seconds) that began a week before the newest arrival, within half a day; 0 where none did.

    `seen` (arrivals,) and `gaps` (arrivals − 1,) as in `waits`. Of an hourly feed that rests over the weekend one wait
    in a hundred is long: too few to be usual, but they come again.
    """
    began = np.asarray(seen, float)
    then = np.abs(began[:-1] - (began[-1] - 7 * DAY)) <= DAY / 2
    return float(gaps[then].max(initial=0.0))
