"""How old the data of a served forecast are, in time and in steps, and when all that it forecasts has passed."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from artifacts.files.forecast_table import Origin, forecast_table, to_parquet
from artifacts.lifecycle.freshness import Freshness, freshness_in, freshness_of, newest_observation
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals

MADE = datetime(2026, 4, 15, 3, tzinfo=UTC)


def table_of(frequency="D"):
    """Ten times ahead, from 15 April 2026 in Berlin on where there is a calendar; known are those before."""
    x, y = np.arange(100.0, 110.0).reshape(2, 5), np.ones((2, 5))
    bounds = Intervals(lower50=y - 1, upper50=y + 1, lower90=y - 2, upper90=y + 2)
    calendar = None if frequency is None else Calendar(frequency, "2026-01-05", "Europe/Berlin")
    return forecast_table(Forecast("served", x, y, bounds, calendar), Origin("sales", 99.0, "a/b", "champion", MADE))


def test_a_forecast_reaches_from_its_newest_observation_to_its_last_time():
    found = freshness_of({"data": {}}, table_of())
    assert found == Freshness(datetime(2026, 4, 13, 22, tzinfo=UTC), datetime(2026, 4, 23, 22, tzinfo=UTC), 10)
    assert not found.is_over(found.last)
    assert found.is_over(found.last + timedelta(seconds=1))
    assert freshness_of({"data": {}}, table_of(None)) is None, "where times are numbers nothing tells"


def test_the_clock_of_the_newest_observation_counts_where_clocks_change():
    assert newest_observation({"data": {}}, table_of()) == datetime(2026, 4, 13, 22, tzinfo=UTC)
    told = {"data": {"last_utc": "2026-04-13T23:00:00Z"}}  # as if summer time began in that night
    assert newest_observation(told, table_of()) == datetime(2026, 4, 13, 23, tzinfo=UTC)
    assert newest_observation({"data": {}}, table_of(None)) is None


@pytest.mark.parametrize(
    ("step", "age", "steps", "said"),
    [
        (timedelta(days=1), timedelta(days=150), 150, "5 months (150 steps) old"),
        (timedelta(days=1), timedelta(days=1, hours=5), 1, "29 hours (1 step) old"),
        (timedelta(minutes=5), timedelta(days=2), 576, "2 days (576 steps) old"),
        (timedelta(days=30.4375), timedelta(days=365.25 * 65), 780, "65 years (780 steps) old"),
        (timedelta(minutes=1), timedelta(days=20), 28_800, "20 days (28,800 steps) old"),
    ],
)
def test_an_age_is_told_in_time_and_in_steps(step, age, steps, said):
    freshness = Freshness(MADE, MADE + 12 * step, 12)
    assert freshness.age_in_steps(MADE + age) == steps
    assert freshness.age_in_words(MADE + age) == said


def test_the_freshness_of_a_store_is_that_of_what_it_serves(tmp_path):
    store = Store(str(tmp_path))
    assert freshness_in(store) is None, "nothing is served yet"
    content = to_parquet(table_of())
    told = {"files": {"forecast.parquet": hashlib.sha256(content).hexdigest()}, "data": {}}
    store.replace("latest/forecast.parquet", content)
    store.replace("latest/forecast.json", json.dumps(told).encode())
    assert freshness_in(store) == freshness_of(told, table_of())
