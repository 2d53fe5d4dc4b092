"""An absurd outcome is told at once; ordinary errors, also large ones, are not."""

from dataclasses import replace

import numpy as np

from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.lifecycle.anomaly import FAR, anomaly
from rnn.lifecycle.outcomes import Scored, join, pending


def served(origin: float, errors, bounds: bool = True) -> Scored:
    """Forecasts of the next points of zero, each interval reaching 1, with these errors."""
    x = origin + np.arange(1.0, len(errors) + 1)[:, None]
    zero = np.zeros_like(x)
    intervals = Intervals(zero - 0.4, zero + 0.4, zero - 1, zero + 1) if bounds else None
    return replace(
        pending("run", "run/a", Forecast("served", x, zero, intervals), origin), truth=np.array(errors, float)
    )


def test_the_worst_is_told_with_its_distance():
    found = anomaly(served(10, [0.5, -FAR - 1, FAR + 20, 2]), 10, spread=1.0)
    assert (found.points, found.count, found.at, found.truth, found.y, found.times) == (4, 2, 13, 30, 0, 30)


def test_large_errors_and_old_ones_are_none():
    rows = served(10, [FAR - 1, -FAR + 1, 3])
    assert anomaly(rows, 10, 1.0) is None
    assert anomaly(served(10, [99, 1, 1]), 11, 1.0) is None
    assert anomaly(Scored.none(), 0, 1.0) is None


def test_the_newest_forecast_of_a_point_counts():
    early = served(10, [0, 99])
    later = replace(served(11, [99]), y=np.array([98.0]), lower90=np.array([97.0]), upper90=np.array([99.0]))
    assert anomaly(early, 10, 1.0).count == 1
    assert anomaly(join([early, later]), 10, 1.0) is None


def test_without_intervals_the_series_own_spread_is_the_measure():
    assert anomaly(served(10, [15, 3], bounds=False), 10, 2.0) is None
    assert anomaly(served(10, [25, 3], bounds=False), 10, 2.0).times == 12.5
