"""The ledger: the same whatever the order in which data arrive, idempotent, whole, and unmoved by broken runs."""

import io
import json
import threading
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artifacts.files.forecasts import FORECAST, write_forecasts
from artifacts.files.parquet import read_table, write_table
from artifacts.lifecycle.ledger import (
    LEDGER,
    MARKS,
    CorruptLedger,
    Scoring,
    moments,
    read_ledger,
    score_arrivals,
    void,
)
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.lifecycle.outcomes import Scored

X = np.arange(1.0, 61)
Y = np.sin(X)
HORIZON, SIZE = 3, 2


def manifest(flow: str) -> str:
    parts = {name: {} for name in ("seeds", "code", "versions", "files")}
    return json.dumps({"format": 1, "flow": flow, "config": {"group_size": SIZE}, **parts})


def put_run(store: Store, name: str, origin: int, serves: dict | None = None, calendar: Calendar | None = None) -> Path:
    """A run that knew `origin` points and forecast the next six, by two methods."""
    folder = Path(store.root) / name
    folder.mkdir(parents=True)
    x = origin + np.arange(1.0, HORIZON * SIZE + 1).reshape(HORIZON, SIZE)
    served = Forecast("served", x, np.cos(x), Intervals(x - 1, x + 1, x - 2, x + 2))
    write_forecasts(folder / FORECAST, [served, Forecast("persistence", x, 0 * x)], None, calendar)
    (folder / VERDICT).write_text(json.dumps({"serves": serves or {"run": None, "method": "autoregressive"}}))
    (folder / MANIFEST).write_text(manifest("retrain"))
    return folder


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(str(tmp_path / "runs"))


def score(store: Store, places=slice(None)):
    return score_arrivals(store, X[places], Y[places], 1.0)


def same(one: Scored, other: Scored) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=f.name.startswith(("low", "up")))
               for f in fields(Scored))  # fmt: skip


def test_what_has_arrived_is_scored_and_nothing_else(store):
    put_run(store, "a", 10)
    done = score(store, slice(0, 13))
    assert (done.added, done.opened, done.unreadable) == (6, 1, {})
    served = done.ledger.scored.of(done.ledger.scored.method == "served")
    assert served.at.tolist() == [11, 12, 13]
    assert served.step.tolist() == [1, 1, 2]
    assert served.origin.tolist() == [10, 10, 10]
    np.testing.assert_array_equal(served.truth, Y[10:13])
    np.testing.assert_array_equal(served.y, np.cos(X[10:13]))
    assert set(served.model) == {"a/autoregressive"}
    naive = done.ledger.scored.of(done.ledger.scored.method == "persistence")
    assert np.isnan(naive.lower50).all()


def test_the_model_is_the_one_that_is_served(store):
    put_run(store, "b", 12, serves={"run": "a", "method": "persistence"})
    scored = score(store).ledger.scored
    assert set(scored.model[scored.method == "served"]) == {"a/persistence"}


def test_it_is_read_as_it_was_written(store):
    put_run(store, "a", 10)
    done = score(store)
    assert same(read_ledger(store).scored, done.ledger.scored)
    assert read_ledger(store).closed == done.ledger.closed == {"a"}


def test_scoring_again_adds_nothing_and_changes_no_byte(store):
    put_run(store, "a", 10)
    put_run(store, "b", 30)
    score(store, slice(0, 33))
    before = Path(store.root, LEDGER).read_bytes()
    assert score(store, slice(0, 33)).added == 0
    assert Path(store.root, LEDGER).read_bytes() == before


def test_a_value_that_is_corrected_later_does_not_change_what_was_found(store):
    put_run(store, "a", 10)
    score(store, slice(0, 13))
    done = score_arrivals(store, X[:14], Y[:14] + 100, 1.0)
    served = done.ledger.scored.of(done.ledger.scored.method == "served")
    np.testing.assert_array_equal(served.truth, [*Y[10:13], Y[13] + 100])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_ledger_is_the_same_in_whatever_order_data_arrive(tmp_path_factory, data):
    """Any order of arrivals, with repeats and gaps, within a horizon of the last forecast: the same as all at once."""
    at_once, bit_by_bit = (Store(str(tmp_path_factory.mktemp("runs"))) for _ in range(2))
    for store in (at_once, bit_by_bit):
        for name, origin in (("a", 10), ("b", 12), ("c", 15)):
            put_run(store, name, origin)
    arrived = data.draw(st.lists(st.integers(0, 20), max_size=25))
    batches = data.draw(st.lists(st.integers(0, len(arrived)), max_size=4).map(sorted))
    for start, stop in zip([0, *batches], [*batches, len(arrived)], strict=True):
        score(bit_by_bit, np.array(arrived[start:stop], dtype=int))
    score(at_once, np.array(arrived, dtype=int))
    assert same(read_ledger(bit_by_bit).scored, read_ledger(at_once).scored)


def test_only_runs_that_may_have_something_to_score_are_opened(store):
    put_run(store, "a", 10)
    put_run(store, "b", 56)
    folder = put_run(store, "c", 10)
    (folder / MANIFEST).write_text(manifest("sweep"))
    assert score(store).opened == 3
    assert score(store).opened == 1, "b waits for points that have not come; c is of another flow"


def test_a_gap_is_not_waited_for_for_ever(store):
    put_run(store, "a", 10)
    assert score(store, [*range(10, 13), *range(14, 20)]).ledger.closed == set()
    assert score(store, [*range(10, 13), *range(14, 24)]).ledger.closed == {"a"}


@pytest.mark.parametrize("file", [MANIFEST, VERDICT, FORECAST])
@pytest.mark.parametrize("damage", [b"", b"{}", b"PAR1 and then nothing"])
def test_a_broken_run_is_left_out_and_named(store, file, damage):
    put_run(store, "a", 10)
    (put_run(store, "b", 10) / file).write_bytes(damage)
    done = score(store)
    assert set(done.unreadable) == {"b"}
    assert "\n" not in done.unreadable["b"]
    assert set(done.ledger.scored.run) == {"a"}
    assert done.ledger.closed == {"a"}, "it may be mended"


@pytest.mark.parametrize("damage", [b"", b"no table", b"PAR1PAR1"])
def test_a_damaged_ledger_is_told_and_not_overwritten(store, damage):
    put_run(store, "a", 10)
    path = Path(store.root, LEDGER)
    path.write_bytes(damage)
    with pytest.raises(CorruptLedger, match="move it away"):
        score(store)
    assert path.read_bytes() == damage


def test_two_monitors_at_once_leave_one_whole_ledger(store):
    for k in range(6):
        put_run(store, f"run{k}", 10 + k)
    threads = [threading.Thread(target=score, args=(store, slice(0, 12 + 2 * k))) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    score(store)
    scored = read_ledger(store).scored
    assert len(scored) == 6 * 12
    assert len({(run, method, at) for run, method, at in zip(scored.run, scored.method, scored.at, strict=True)}) == 72


def test_dated_forecasts_are_matched_by_time_though_the_file_begins_later(store):
    calendar = Calendar("D", "2026-01-01")
    put_run(store, "a", 10, calendar=calendar)
    times = moments(calendar.times(X))
    later = slice(5, 13)
    done = score_arrivals(store, times[later], Y[later], times[1] - times[0])
    served = done.ledger.scored.of(done.ledger.scored.method == "served")
    np.testing.assert_array_equal(served.truth, Y[10:13])


def test_an_empty_store_and_no_data_are_no_trouble(store):
    assert score(store).added == 0
    put_run(store, "a", 10)
    assert score(store, slice(0, 0)).added == 0
    assert not Path(store.root, LEDGER).exists()


def test_a_ledger_from_before_marks_is_read_and_goes_on(store):
    put_run(store, "a", 10)
    score(store, slice(0, 13))
    columns, made = read_table(store.read(LEDGER))
    buffer = io.BytesIO()
    write_table(buffer, {name: values for name, values in columns.items() if name not in MARKS}, made)
    store.replace(LEDGER, buffer.getvalue())
    old = read_ledger(store)
    assert not old.scored.restated.any()
    assert set(old.scored.voided) == set(old.scored.unique_id) == {""}
    assert len(old.counted()) == 6
    assert score(store, slice(0, 14)).added == 2


def test_lines_are_voided_and_count_again(store):
    put_run(store, "a", 10)
    score(store, slice(0, 13))
    assert void(store, 12, 12, "stuck") == 2
    assert void(store, 11, 13, "again") == 4, "what is voided keeps its reason"
    assert set(read_ledger(store).scored.voided) == {"stuck", "again"}
    assert len(read_ledger(store).counted()) == 0
    assert score(store, slice(0, 13)).added == 0, "and is not scored again"
    assert void(store, 0, 99, "") == 6
    assert len(read_ledger(store).counted()) == 6


def test_scores_follow_young_values_alone(store):
    put_run(store, "a", 10)
    score(store, slice(0, 16))
    other = Y + 1
    done = score_arrivals(store, X[:17], other[:17], 1.0, Scoring(revise=3.0))
    assert done.revised == 4, "two methods at 15 and 16: 17 is the newest moment"
    served = done.ledger.scored.of(done.ledger.scored.method == "served")
    assert (served.truth - np.sin(served.at)).round().tolist() == [0, 0, 0, 0, 1, 1]


def test_runs_from_before_the_series_began_anew_are_closed_unscored(store):
    put_run(store, "20260101T000000Z-a", 10)
    put_run(store, "20260102T000000Z-b", 12)
    done = score_arrivals(store, X, Y, 1.0, Scoring(begun="20260102T000000Z", unique_id="sales"))
    assert set(done.ledger.scored.run) == {"20260102T000000Z-b"}
    assert set(done.ledger.scored.unique_id) == {"sales"}
    assert done.ledger.closed == {"20260101T000000Z-a", "20260102T000000Z-b"}
    assert len(done.ledger.counted("20260103T000000Z")) == 0
