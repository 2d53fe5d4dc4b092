"""The state of a store: what is whole, and what was there before and is gone or torn."""

import pytest

from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.ledger import LEDGER
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.lifecycle.state import content_of, known_values, lost, state_of
from artifacts.store.store import Store

ONE, TWO = "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    put_retraining(tmp_path, ONE, 0, 100)
    put_retraining(tmp_path, TWO, 1, 104)
    store = Store(str(tmp_path))
    Registry(store).promote(ONE, "autoregressive", "gate", "the first", None)
    renew_latest(store)
    return store


def test_a_whole_store_has_lost_nothing(store):
    state = state_of(store)
    assert list(state.runs) == [ONE, TWO]
    assert state.champions == [(ONE, "autoregressive")]
    assert state.torn == []
    assert state.latest["run"] == TWO
    assert lost(state, state_of(store)) == []
    assert state_of(store, state.runs).runs == state.runs


def test_what_is_gone_changed_or_torn_is_told(store, tmp_path):
    before = state_of(store)
    (tmp_path / TWO / "verdict.json").write_text("{}")
    (tmp_path / "latest" / "forecast.json").write_text("{")
    (tmp_path / ONE / "manifest.json").unlink()
    (tmp_path / LEDGER).write_bytes(b"no ledger")
    (tmp_path / CHAMPION).write_text("no registry")
    told = "\n".join(lost(before, state_of(store)))
    for what in (f"run {ONE} is gone", f"{TWO}/verdict.json is not what", f"{ONE} has no manifest", "latest/ cannot",
                 "a promotion is gone", LEDGER, CHAMPION):  # fmt: skip
        assert what in told


def test_the_content_of_a_run_is_data_model_verdict_and_forecast(store):
    assert {"dataset.parquet", "verdict.json", "forecast.parquet"} <= set(content_of(store, ONE))
    assert not [name for name in content_of(store, ONE) if name.endswith((".html", ".csv"))]
    assert len(known_values(store, ONE)[1]) == 100
