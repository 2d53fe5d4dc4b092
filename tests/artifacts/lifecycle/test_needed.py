"""What is needed is known by its reason, and everything else is not needed."""

from datetime import datetime, timedelta

import pytest

from artifacts.lifecycle.ledger import LEDGER, CorruptLedger
from artifacts.lifecycle.needed import AT_WORK, CHAMPION, OPEN, SERVED, lately, needed
from artifacts.lifecycle.registry import Registry
from tests.grown_store import NOW, grow, put_copy, run_name


def test_the_champion_the_one_before_and_what_is_served_are_needed(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [200, 150, 120, 100, 50, 2, 1], champions=[200, 150, 120])
    assert needed(store, NOW) == {
        run_name(120): CHAMPION,
        run_name(150): "the champion before, for a rollback",
        run_name(1): SERVED[0],
        run_name(2): SERVED[1],
    }
    assert Registry(store).earlier().run == run_name(150)


def test_with_champions_everyone_that_ever_was_is_needed(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [200, 150, 120, 100, 2, 1], champions=[200, 150, 120])
    assert needed(store, NOW, champions=True)[run_name(200)] == "it was a champion (--keep-champions)"
    assert run_name(100) not in needed(store, NOW, champions=True)


def test_the_model_of_what_is_served_is_needed_and_the_newest_retraining(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [200, 100, 50, 9])
    for days in (2, 1):
        put_copy(tmp_path / run_name(9), days, "serve", model=run_name(100))
    assert needed(store, NOW)[run_name(100)] == f"the model of {SERVED[0]}"
    assert needed(store, NOW)[run_name(9)] == "the newest retraining"
    assert run_name(50) not in needed(store, NOW)


def test_a_forecast_with_outcomes_to_come_is_needed(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [200, 150, 3, 2, 1], opened=[150])
    put_copy(tmp_path / run_name(1), 140, "sweep")
    assert needed(store, NOW)[run_name(150)] == OPEN
    assert run_name(140) not in needed(store, NOW), "a sweep serves nothing, and has no outcomes"


def test_the_champion_of_the_last_day_is_needed_by_whoever_is_at_work(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [200, 150, 120, 2, 1], champions=[200, 150, 120])
    registry = Registry(store)
    registry.promote(run_name(200), "autoregressive", "promote", "by hand", registry.champion())
    changed = datetime.fromisoformat(registry.promotions()[-1].when)
    assert lately(registry.promotions(), changed + AT_WORK / 2) == [run_name(120)]
    assert lately(registry.promotions(), changed + AT_WORK + timedelta(seconds=1)) == []
    registry.promote(run_name(1), "autoregressive", "promote", "by hand", registry.champion())
    assert "at work" in needed(store, changed)[run_name(120)]


def test_where_the_ledger_cannot_be_read_nobody_knows(tmp_path, put_retraining):
    store = grow(tmp_path, put_retraining, [200, 1])
    store.replace(LEDGER, b"no ledger")
    with pytest.raises(CorruptLedger):
        needed(store, NOW)
