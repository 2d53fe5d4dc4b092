import numpy as np

from rnn.lifecycle.feed_health import DAY, stale
from rnn.lifecycle.waits import a_week_before, waits


def test_a_wait_counts_as_far_as_somebody_was_looking():
    seen = np.array([0, 1, 2, 3, 7, 8, 9]) * DAY
    assert waits(seen, [0, *np.diff(seen)]).max() == DAY, "no look for three days"
    assert waits(seen, [0.0] * 7).max() == 4 * DAY, "looks, and nothing new"
    assert waits(np.arange(9) * 7 * DAY, [7 * DAY] * 9).tolist() == [7 * DAY] * 8, "one look a week"
    assert waits([5.0], [0.0]).tolist() == []


def test_an_hourly_feed_may_rest_every_weekend():
    """Its long waits are one in a hundred, and the rarest two in a hundred do not count: they were false alarms."""
    hours = [hour for hour in range(4 * 168) if hour % 168 < 120]
    late = []
    for hour in range(200, 4 * 168):
        seen = [3600.0 * each for each in hours if each <= hour][-200:]
        gaps = waits(seen, [0.0] * len(seen))
        late.append(stale(3600.0 * hour - seen[-1], gaps, 3600.0, "now", a_week_before(seen, gaps)) is not None)
    assert not any(late)
    assert stale(2 * DAY, gaps, 3600.0, "now") is not None, "the other rules alone call every weekend stale"
    assert stale(4 * DAY, gaps, 3600.0, "now", a_week_before(seen, gaps)) is not None
    assert a_week_before(seen[-24:], gaps[-23:]) == 0.0, "nothing is known of a week ago"
