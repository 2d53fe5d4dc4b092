"""What the service knows of its store: current, and a reason where it cannot be read."""

from datetime import UTC, datetime

import pytest

from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.service import views as module
from artifacts.service.views import NoChampion, Views
from artifacts.store.store import Store

RUN, NEXT = "20260415T030000Z-aaaaaa", "20260416T030000Z-bbbbbb"


def test_the_champion_and_what_is_served(store, made):
    views = Views(store)
    champion = views.champion()
    assert (champion["name"], champion["method"], champion["how"], champion["why"]) == (
        RUN, "autoregressive", "gate", "It is better.",
    )  # fmt: skip
    assert champion["served"] == {
        "unique_id": "sales", "run": RUN, "model": {"run": RUN, "method": "autoregressive"}, "label": "champion",
        "made": "2026-04-15T03:00:07Z", "by_champion": True,
    }  # fmt: skip
    Registry(store).promote(NEXT, "autoregressive", "promote", "by hand", Registry(store).champion())
    assert (views.champion()["run"], views.champion()["served"]["by_champion"]) == (NEXT, False)
    made.put(store, made.table(model=f"{NEXT}/autoregressive"))
    assert views.champion()["served"]["by_champion"] is True


def test_the_history_ends_with_the_champion(store, monkeypatch):
    Registry(store).promote(NEXT, "autoregressive", "promote", "by hand", Registry(store).champion())
    history = Views(store).history()
    assert [each["run"] for each in history["promotions"]] == [RUN, NEXT]
    monkeypatch.setattr(module, "LISTED", 1)
    assert [each["run"] for each in Views(store).history()["promotions"]] == [NEXT]
    assert Views(store).history()["total"] == 2


def test_an_empty_store_has_neither(tmp_path):
    views = Views(Store(str(tmp_path)))
    with pytest.raises(NoChampion, match="has no champion yet: `wavecast retrain`"):
        views.champion()
    assert views.history() == {"total": 0, "promotions": []}
    is_well, told = views.health_in_words()
    assert (is_well, told["healthy"], told["fresh"]) == (False, False, None)
    assert "serves no forecast yet" in told["reasons"][0]
    assert views.state().served is None


def test_a_champion_without_a_forecast_is_told_all_the_same(tmp_path):
    store = Store(str(tmp_path))
    Registry(store).promote(RUN, "autoregressive", "gate", "It is better.", None)
    assert Views(store).champion()["served"] is None


def test_health_is_that_of_the_store(store, made):
    views = Views(store)
    assert views.health(datetime(2026, 4, 15, 12, tzinfo=UTC)).is_well
    is_well, told = views.health_in_words()
    assert (is_well, told["fresh"]) == (False, False), "its last time has passed"
    assert (told["unique_id"], told["newest"], told["monitored"]) == ("sales", "2026-04-14T00:00:00", None)
    store.replace("monitor.json", b"damaged")
    is_well, told = views.health_in_words()
    assert (is_well, told["drifting"]) == (False, None)
    assert "monitor.json is damaged" in told["reasons"][0]
    assert views.state().health is None
    assert views.state().served is not None


def test_a_damaged_registry_leaves_the_rest(store):
    store.replace(CHAMPION, b"damaged")
    state = Views(store).state()
    assert (state.promoted, state.served is not None) == (None, True)
