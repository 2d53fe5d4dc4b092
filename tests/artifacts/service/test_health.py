"""Health: fresh, good, drifting, and a reason for all that is not well."""

from datetime import UTC, datetime, timedelta

import pytest

from artifacts.lifecycle.feed import Feed
from artifacts.lifecycle.identity import Identity, Noted
from artifacts.service.health import (
    CorruptMonitor,
    Signs,
    judge,
    read_monitor,
    when_made,
)
from artifacts.service.served_forecast import ServedForecast
from artifacts.store.store import Store
from rnn.lifecycle.feed_health import Finding

NOW = datetime(2026, 4, 15, 12, tzinfo=UTC)
QUIET = {"when": "2026-04-15T06:00:00+00:00", "drifts": False, "drift": {"cycles": 3}, "live": [], "feed": []}
OUTCOMES = {"points": 40, "times_naive": 0.6, "coverage90": 0.9, "naive": "persistence"}
STALE = Finding("stale", "Nothing new has come.", "2026-04-14")


@pytest.fixture
def served(made):
    def make(frequency="D", outcomes=OUTCOMES):
        table = made.table(frequency)
        told = made.told(table, quality={"outcomes": outcomes, "gate": None})
        return ServedForecast(told, table, "0")

    return make


def test_all_is_well(served):
    health = judge(Signs(served(), QUIET, Feed("2026-04-15T05:00:00+00:00", "2026-04-14")), NOW)
    assert (health.fresh, health.good, health.drifting, health.reasons) == (True, True, False, ())
    assert health.is_well
    assert health.age == timedelta(hours=38), "since 14 April in Berlin"


def test_what_nothing_tells_is_not_known(served):
    health = judge(Signs(served(None, None)), NOW)
    assert (health.fresh, health.good, health.drifting, health.is_well) == (None, None, None, True)
    assert health.age == NOW - when_made(served())
    assert judge(Signs(served(), {**QUIET, "drift": None}), NOW).drifting is None


@pytest.mark.parametrize(
    ("now", "allowed", "reason"),
    [
        (
            NOW + timedelta(days=30),
            None,
            "the last time that it forecasts, 2026-04-27T22:00:00Z, has passed: its newest observation is 32 days "
            "(31 steps) old",
        ),
        (NOW, timedelta(hours=36), "its newest observation is 38.0 h old, and 36.0 h are allowed"),
    ],
)
def test_an_old_forecast_is_not_fresh(served, now, allowed, reason):
    health = judge(Signs(served(), QUIET), now, allowed)
    assert (health.fresh, health.reasons) == (False, (reason,))
    assert judge(Signs(served(), QUIET), NOW, timedelta(hours=39)).is_well


def test_where_times_are_numbers_the_forecasts_own_age_counts(served):
    health = judge(Signs(served(None)), NOW + timedelta(days=9), timedelta(days=2))
    assert health.reasons == ("the forecast is 9.4 days old, and 48.0 h are allowed",)
    assert judge(Signs(served(None)), NOW, timedelta(days=2)).fresh is True


@pytest.mark.parametrize(
    ("feed", "monitor", "found"),
    [
        (Feed("2026-04-15T07:00:00+00:00", "x", (STALE,)), QUIET, True),
        (Feed("2026-04-15T05:00:00+00:00", "x", (STALE,)), QUIET, False),  # the monitor has looked since
        (None, {**QUIET, "feed": [{"kind": "stale", "sentence": STALE.sentence}]}, True),
        (Feed("2026-04-15T07:00:00+00:00", "x"), {**QUIET, "feed": [{"kind": "stale", "sentence": "Old."}]}, False),
        (Feed("2026-04-15T07:00:00+00:00", "x", (STALE,)), None, True),
    ],
)
def test_the_feed_counts_as_it_was_seen_last(served, feed, monitor, found):
    health = judge(Signs(served(), monitor, feed), NOW)
    assert health.reasons == (("the feed is stale: Nothing new has come.",) if found else ())
    assert health.fresh is not found


def test_refused_data_are_a_reason(served):
    refused = Noted(when="2026-04-15T05:00:00+00:00", sentence="the values are a thousand times as large")
    identity = Identity.model_construct(refused=refused)
    health = judge(Signs(served(), QUIET, None, identity), NOW)
    assert (health.fresh, health.reasons[0]) == (False, f"the newest data were refused: {refused.sentence}")


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        ({**OUTCOMES, "times_naive": 1.2}, "over 40 outcomes its error was 1.20 times that of 'persistence'"),
        ({**OUTCOMES, "coverage90": 0.3}, "of 40 outcomes 30% lay within its 90 % intervals"),
    ],
)
def test_worse_than_naive_or_not_as_promised_is_not_good(served, outcomes, reason):
    health = judge(Signs(served(outcomes=outcomes), QUIET), NOW)
    assert (health.good, health.reasons) == (False, (reason,))
    assert judge(Signs(served(outcomes={**outcomes, "points": 5}), QUIET), NOW).good is None, "so few say nothing"


def test_drift_and_anomalies_are_told_in_the_monitors_words(served):
    drifts = {**QUIET, "drifts": True, "sentence": "Drift: up to 14 April."}
    health = judge(Signs(served(), drifts), NOW)
    assert (health.drifting, health.reasons) == (True, ("the champion drifts: Drift: up to 14 April.",))
    absurd = judge(Signs(served(), {**QUIET, "anomaly": "Anomaly: 1e9 on 14 April"}), NOW)
    assert (absurd.good, absurd.reasons) == (False, ("Anomaly: 1e9 on 14 April",))


def test_the_monitors_file_is_read_or_named(tmp_path):
    store = Store(str(tmp_path))
    assert read_monitor(store) is None
    for damaged in (b"damaged", b"[]", b'{"when": "x"}', b"5"):
        store.replace("monitor.json", damaged)
        with pytest.raises(CorruptMonitor, match="is damaged: `wavecast monitor` replaces it"):
            read_monitor(store)
