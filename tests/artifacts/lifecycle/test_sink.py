"""What a store serves as tables of SQLite; tests/test_from_table_to_table.py has PostgreSQL and whole commands."""

import json
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from artifacts.files.series import DATASET, write_series
from artifacts.lifecycle.latest import NoForecast, renew_latest
from artifacts.lifecycle.ledger import score_arrivals, void
from artifacts.lifecycle.sink import check_sink, outcomes, write_latest, write_outcomes, write_verdicts
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.readers.problems import BadSource
from rnn.series import Series

FIRST, SECOND = "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"


@pytest.fixture
def sink(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/sink.db"


def rows(sink: str, query: str) -> list[tuple]:
    with sqlite3.connect(sink.removeprefix("sqlite:///")) as connection:
        return connection.execute(query).fetchall()


def test_the_table_holds_what_latest_holds_however_often_it_is_written(tmp_path, put_retraining, sink):
    store = Store(str(tmp_path / "runs"))
    with pytest.raises(NoForecast):
        write_latest(store, sink, "forecasts")
    put_retraining(store.root, FIRST)
    renew_latest(store)
    assert write_latest(store, sink, "forecasts") == write_latest(store, sink, "forecasts") == 8
    told = json.loads((tmp_path / "runs" / "latest" / "forecast.json").read_text())["forecast"]
    held = rows(sink, "select unique_id, ds, wavecast, wavecast_hi_90, cutoff, model, label from forecasts")
    names = ("unique_id", "ds", "wavecast", "wavecast-hi-90", "cutoff", "model", "label")
    assert held == [tuple(row[name] for name in names) for row in told]
    put_retraining(store.root, SECOND, points=124)
    renew_latest(store)
    write_latest(store, sink, "forecasts")
    assert rows(sink, "select cutoff, count(*) from forecasts group by cutoff") == [(119.0, 8), (123.0, 8)]


def test_outcomes_are_written_once_and_mended_where_they_change(tmp_path, put_retraining, sink):
    store = Store(str(tmp_path / "runs"))
    put_retraining(store.root, FIRST)
    x = np.arange(124.0)
    assert write_outcomes(store, sink, "outcomes") == 0
    assert rows(sink, "select * from outcomes") == [], "the table is there before anything has come"
    score_arrivals(store, x, np.sin(x), 1.0)
    new = len(outcomes(store, "y", None))
    assert new == 12, "four points, the served forecast and two naive ones"
    assert write_outcomes(store, sink, "outcomes") == new
    assert write_outcomes(store, sink, "outcomes") == 0
    rows_before = rows(sink, "select * from outcomes order by run, method, ds")
    with sqlite3.connect(sink.removeprefix("sqlite:///")) as connection:
        connection.execute("update outcomes set y = 9 where method = 'served' and ds = 121")
    assert write_outcomes(store, sink, "outcomes") == 1
    assert rows(sink, "select * from outcomes order by run, method, ds") == rows_before
    assert void(store, 121, 121, "stuck") == 3
    assert write_outcomes(store, sink, "outcomes") == 3
    assert write_outcomes(store, sink, "outcomes") == 0
    assert rows(sink, "select count(*), count(y) from outcomes") == [(12, 9)]


def test_outcomes_of_dates_have_them_by_clock_and_in_utc(tmp_path, put_retraining, sink, monkeypatch):
    store = Store(str(tmp_path / "runs"))
    folder = put_retraining(store.root, FIRST)
    x = np.arange(124.0)
    ledger = score_arrivals(store, x, np.sin(x), 1.0).ledger
    calendar = Calendar("h", "2026-10-20T00:00:00", "Europe/Berlin")
    at, origin = (
        calendar.times(each).astype(np.int64).astype(float) for each in (ledger.scored.at, ledger.scored.origin)
    )
    dated = replace(ledger, scored=replace(ledger.scored, at=at, origin=origin))
    monkeypatch.setattr("artifacts.lifecycle.sink.read_ledger", lambda store: dated)
    write_series(folder / DATASET, Series(x, np.sin(x), 1.0), {"source": "x", "unique_id": "sales"}, calendar)
    assert write_outcomes(store, sink, "outcomes") == 12
    held = rows(sink, "select unique_id, ds, ds_utc, cutoff from outcomes where method = 'served' order by ds_utc")
    first = ("sales", "2026-10-25 00:00:00.000000", "2026-10-24 22:00:00.000000", "2026-10-24 23:00:00.000000")
    assert held[0] == first
    assert {rest[2] for rest in held} == {f"2026-10-24 {hour}:00:00.000000" for hour in (22, 23)} | {
        f"2026-10-25 0{hour}:00:00.000000" for hour in (0, 1)
    }


def test_verdicts_say_what_is_served_since_when_and_why(tmp_path, put_retraining, sink):
    store = Store(str(tmp_path / "runs"))
    put_retraining(store.root, FIRST)
    put_retraining(store.root, SECOND, points=124, method="persistence")
    (put_retraining(store.root, "20260103T000000Z-cccccc") / VERDICT).write_text("{")
    assert write_verdicts(store, sink, "verdicts") == 2
    assert write_verdicts(store, sink, "verdicts") == 0
    held = rows(sink, "select unique_id, run, made, decision, sentence, serves_run, serves_method from verdicts")
    assert held == [
        ("y", FIRST, "2026-01-01 00:00:00.000000", "promote", "It is better.", FIRST, "autoregressive"),
        ("y", SECOND, "2026-01-02 00:00:00.000000", "promote", "It is better.", SECOND, "persistence"),
    ]


def test_a_sink_is_tried_before_anything_is_trained(tmp_path, sink):
    check_sink(sink, "forecasts", "verdicts")
    check_sink(sink, None, None)
    assert not (tmp_path / "sink.db").exists()
    with sqlite3.connect(tmp_path / "sink.db") as connection:
        connection.execute("create table other (x)")
    check_sink(sink, "forecasts", "verdicts")
    with sqlite3.connect(sink.removeprefix("sqlite:///")) as connection:
        assert connection.execute("select count(*) from sqlite_master").fetchone() == (1,)
        connection.execute("create table forecasts (x)")
    with pytest.raises(BadSource, match="table 'forecasts' has no column 'unique_id'"):
        check_sink(sink, "forecasts", None)
    with pytest.raises(BadSource, match="there is no folder"):
        check_sink(f"sqlite:///{tmp_path}/absent/sink.db", "forecasts", None)
