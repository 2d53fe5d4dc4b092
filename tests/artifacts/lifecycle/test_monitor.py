"""The monitor's status of a store: the champion's period, the drift test, and the file."""

import json
from dataclasses import replace

import numpy as np
import pytest

from artifacts.lifecycle.monitor import (
    MONITOR,
    CorruptStatus,
    Drift,
    Status,
    champion_period,
    drift,
    in_x,
    judge_live,
    read_announced,
    write_status,
)
from artifacts.lifecycle.registry import Promotion
from artifacts.store.store import Store
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.lifecycle.outcomes import Scored, join, pending

A, B = "20260101T000000Z-aaaaaa", "20260105T000000Z-bbbbbb"


def promotion(run: str, when: str, how: str = "gate") -> Promotion:
    return Promotion(run=run, method="autoregressive", when=when, how=how, why="")


def forecast(run: str, model: str, origin: float, error: float = 0.5, method: str = "served") -> Scored:
    """A run's forecasts of the six next points, off by `error`, half the 90 % interval being 1."""
    x = origin + np.arange(1.0, 7).reshape(3, 2)
    said = pending(
        run, f"{model}/autoregressive", Forecast(method, x, x, Intervals(x - 0.4, x + 0.4, x - 1, x + 1)), origin
    )
    return replace(said, truth=said.y + error)


@pytest.fixture
def store(tmp_path) -> Store:
    found = Store(str(tmp_path / "runs"))
    for run in (A, B):
        (tmp_path / "runs" / run).mkdir(parents=True)
        parts = {name: {} for name in ("seeds", "code", "versions", "files")}
        manifest = {"format": 1, "flow": "retrain", "config": {"group_size": 2}, **parts}
        (tmp_path / "runs" / run / "manifest.json").write_text(json.dumps(manifest))
    return found


ROWS = join([forecast(A, A, 10), forecast(B, A, 12), forecast(B, B, 12, method="challenger")])


def test_a_reign_begins_with_the_data_of_the_champions_own_run(store):
    found = champion_period(ROWS, promotion(A, "2026-01-01T00:05:00+00:00"), store, 3, 1.0)
    assert (found.since, found.cycle, len(found.served)) == (10.0, 6.0, 12)


def test_after_a_rollback_only_what_was_said_since_counts(store):
    again = promotion(A, "2026-01-04T12:00:00+00:00", "rollback")
    found = champion_period(ROWS, again, store, 1, 1.0)
    assert (found.since, len(found.served)) == (12.0, 6)
    assert champion_period(ROWS, promotion(A, "2026-02-01T00:00:00+00:00", "promote"), store, 1, 1.0) is None


def test_without_champion_or_outcome_there_is_no_reign(store):
    assert champion_period(ROWS, None, store, 1, 1.0) is None
    assert champion_period(Scored.none(), promotion(A, "2026-01-01T00:05:00+00:00"), store, 1, 1.0) is None


def test_a_champion_without_manifest_is_told(store):
    with pytest.raises(CorruptStatus, match="group size"):
        champion_period(forecast("gone", "gone", 1), promotion("gone", "2026-01-01T00:05:00+00:00"), store, 1, 1.0)


def test_moments_become_x_of_todays_series():
    moved = in_x(forecast(A, A, 1000.0), np.arange(1000.0, 1010), np.arange(10.0))
    assert moved.origin.tolist() == [0.0] * 6
    assert moved.at.tolist() == [1, 2, 3, 4, 5, 6]


def daily(sizes) -> Scored:
    """A forecast a day, each day two points, off by so much."""
    return join([forecast(A, A, 10 + 2 * k, size) for k, size in enumerate(sizes)])


@pytest.mark.parametrize(("sizes", "days"), [([0.5] * 30, []), ([0.5] * 20 + [8.0] * 5, [22, 24])])
def test_drift_is_found_in_the_cycles_of_a_reign(store, sizes, days):
    x = np.arange(1.0, 11 + 2 * len(sizes))
    found = drift(champion_period(daily(sizes), promotion(A, "2026-01-01T00:05:00+00:00"), store, 1, 1.0), x, np.sin(x))
    assert found.cycles == len(sizes)
    assert list(found.found) == days
    assert found.now == bool(days)
    assert found.findings == [f"{A}/autoregressive since 2026-01-01T00:05:00+00:00, cycle {day}" for day in days]
    if days:
        assert found.last == 10 + 2 * days[-1]
        assert found.times_usual > 5


def status(**changes) -> Status:
    every = judge_live(ROWS)
    base = Status("2026-01-01T00:00:00+00:00", "9", "a", "Quiet.", 1, 2, {}, False, None, None, every)
    return replace(base, **changes)


def test_the_file_is_plain_json_and_remembers_what_was_announced(store):
    nothing = replace(status().live[0], coverage90=np.nan, inside90=np.array([np.nan, 1.0, 1.0]))
    write_status(
        store, status(announced=("a@3",), live=(nothing,), drift=Drift("a", "then", 9, (3,), 0.0, 3.2, 4.0, 20.0))
    )
    held = json.loads(store.read(MONITOR), parse_constant=pytest.fail)
    assert held["live"][0]["coverage90"] is None
    assert held["live"][0]["inside90"] == [None, 1.0, 1.0]
    assert held["drift"]["found"] == [3]
    assert read_announced(store) == ("a@3",)


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b'{"announced": 3}'])
def test_a_damaged_file_is_written_anew(store, damage):
    assert read_announced(store) == ()
    store.replace(MONITOR, damage)
    assert read_announced(store) == ()
