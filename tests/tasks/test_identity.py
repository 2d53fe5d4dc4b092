"""Data that are refused are announced, once while the last good point stays the same."""

from artifacts.lifecycle.feed import Feed, write_feed
from artifacts.store.store import Store
from tasks import identity


def test_a_refusal_is_announced_once(tmp_path, monkeypatch):
    store, announced, awaited = str(tmp_path / "runs"), [], []
    monkeypatch.setattr(identity, "announce", lambda event, store, payload: announced.append((event, payload)))
    monkeypatch.setattr(identity, "is_awaited", lambda event, store: bool(awaited))
    write_feed(Store(store), Feed("2026-01-01T00:00:00+00:00", "9"))
    identity.announce_refusal(store, "sales.csv does not continue the series")
    assert announced == [], "where nobody waits it stays to be announced"
    awaited.append(True)
    for _ in range(3):
        identity.announce_refusal(store, "sales.csv does not continue the series")
    ((event, payload),) = announced
    assert event == "wavecast.feed"
    assert (payload["kind"], payload["why"]) == ("refused", "sales.csv does not continue the series")
