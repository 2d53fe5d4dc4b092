"""Writing into a database as a step of a flow: tried again while the database is away, never for a mistake."""

import sqlite3
from types import SimpleNamespace

import pytest
from prefect import flow

from artifacts.lifecycle.latest import renew_latest
from artifacts.store.store import Store
from rnn.readers.databases import NotReached
from rnn.readers.problems import BadSource
from tasks import sink
from tasks.sink import send, sends_what_is_served

pytestmark = pytest.mark.usefixtures("prefect_server")
soon = send.with_options(retry_delay_seconds=[0.1, 0.1])


@pytest.fixture
def tries(monkeypatch):
    """What the next tries raise, each but the last; and how many there were."""
    real, waiting, made = sink.write_latest, [], []

    def write(*given):
        made.append(given)
        if waiting:
            raise waiting.pop(0)
        return real(*given)

    monkeypatch.setattr(sink, "write_latest", write)
    return waiting, made


def test_a_database_that_is_away_is_tried_again_and_a_mistake_is_told_at_once(tmp_path, put_retraining, tries):
    waiting, made = tries
    store, url = Store(str(tmp_path / "runs")), f"sqlite:///{tmp_path}/sink.db"
    put_retraining(store.root, "20260101T000000Z-aaaaaa")
    renew_latest(store)

    @flow
    def sends():
        return soon(store.root, url, forecasts="forecasts", verdicts="verdicts")

    waiting += [NotReached("away"), NotReached("away")]
    sends()
    assert len(made) == 3
    with sqlite3.connect(tmp_path / "sink.db") as connection:
        assert connection.execute("select count(*) from forecasts").fetchone() == (8,)
        assert connection.execute("select count(*) from verdicts").fetchone() == (1,)
    made.clear()
    waiting += [BadSource("another table")]
    with pytest.raises(BadSource, match="another table"):
        sends()
    assert len(made) == 1


def test_a_flow_that_fails_sends_what_is_served_and_keeps_its_error(tmp_path, put_retraining):
    store = Store(str(tmp_path / "runs"))

    @flow
    @sends_what_is_served
    def fails(settings):
        raise BadSource("no file tonight")

    settings = SimpleNamespace(store=store.root, sink=f"sqlite:///{tmp_path}/sink.db", sink_table="forecasts")
    settings.sink_verdicts = None
    with pytest.raises(BadSource, match="no file tonight"):
        fails(settings)
    assert not (tmp_path / "sink.db").exists(), "nothing is served yet"
    put_retraining(store.root, "20260101T000000Z-aaaaaa")
    renew_latest(store)
    with pytest.raises(BadSource, match="no file tonight"):
        fails(settings)
    with sqlite3.connect(tmp_path / "sink.db") as connection:
        assert connection.execute("select count(*) from forecasts").fetchone() == (8,)
