"""An absurd outcome of the newest cycles is found and told in a sentence; one that is long past is not."""

from dataclasses import replace

import numpy as np
import pytest

from artifacts.lifecycle.anomaly import anomaly_in_words, find_anomaly
from artifacts.lifecycle.monitor import ChampionPeriod
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.lifecycle.outcomes import pending

X = np.arange(1.0, 21)
SAID = X[10:][:, None]
SERVED = pending("r", "r/a", Forecast("served", SAID, SAID, Intervals(SAID, SAID, SAID - 1, SAID + 1)), 10.0)


def period(*absurd: float) -> ChampionPeriod:
    """Forecasts of 11 to 20, all right but for these, of which each cycle has two."""
    truth = np.where(np.isin(SERVED.at, absurd), 1000 * SERVED.y, SERVED.y)
    return ChampionPeriod("r/a", "2026-01-01T00:00:00+00:00", 10.0, 2.0, replace(SERVED, truth=truth))


@pytest.mark.parametrize(("absurd", "count"), [((), 0), ((12,), 0), ((14,), 0), ((15,), 1), ((19, 20), 2)])
def test_the_newest_three_cycles_are_looked_at(absurd, count):
    found = find_anomaly(period(*absurd), X, X)
    assert (found.count if found else 0) == count


def test_the_worst_is_told_with_how_many_others():
    told = anomaly_in_words(find_anomaly(period(20), X, X), "20 May")
    assert told.startswith(
        "Anomaly: 20 May was 20000, and 20 was forecast, 2e+04 times as far off as its 90 % interval"
    )
    assert "the worst of 2 such values among the last 6" in anomaly_in_words(find_anomaly(period(19, 20), X, X), "May")
