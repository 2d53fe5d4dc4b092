"""Tables that Wavecast writes, in SQLite, in a real PostgreSQL, and in MySQL or MariaDB where a server is named."""

import datetime
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateTable

from artifacts.files.sql_sink import Layout, check_writable, layout_of, read_back, table_of, upsert, write
from rnn.readers.databases import NotReached, connected
from rnn.readers.problems import BadSource

TIME = pa.timestamp("us")
CUTOFF = datetime.datetime(2026, 1, 31)


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def sink(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/sink.db"
    if request.param == "mysql":
        return empty_mysql(f"sink_{abs(hash(tmp_path)) % 10**9}")
    postgres, name = request.getfixturevalue("postgres"), f"sink_{abs(hash(tmp_path)) % 10**9}"
    postgres.create(name)
    return postgres.url(name)


def empty_mysql(name: str) -> str:
    """A database of that name on the server that MYSQL_TO_TEST names, with a user who may make it; else skips."""
    server = os.environ.get("MYSQL_TO_TEST")
    if not server:
        pytest.skip("no MySQL or MariaDB to test with: MYSQL_TO_TEST=mysql://user:password@127.0.0.1:3306 names one")
    with connected(f"{server}/mysql", reads_only=False) as connection:
        connection.exec_driver_sql(f"drop database if exists {name}")
        connection.exec_driver_sql(f"create database {name}")
    return f"{server}/{name}"


def forecast(values: list[float], cutoff: datetime.datetime = CUTOFF, name: str = "sales") -> pa.Table:
    times = [cutoff + datetime.timedelta(days=day + 1) for day in range(len(values))]
    rows = len(values)
    return pa.table(
        {
            "unique_id": pa.array([name] * rows),
            "ds": pa.array(times, TIME),
            "ds_utc": pa.array(times, TIME),
            "wavecast": pa.array(values, pa.float64()),
            "wavecast-lo-90": pa.nulls(rows, pa.float64()),
            "cutoff": pa.array([cutoff] * rows, TIME),
            "made": pa.array([datetime.datetime(2026, 2, 1, 3)] * rows, TIME),
        }
    )


def layout(rows: pa.Table) -> Layout:
    return layout_of(rows, "forecasts", ("unique_id", "ds_utc", "cutoff"), ("unique_id", "cutoff"))


def put(sink: str, rows: pa.Table) -> int:
    return write(sink, layout(rows), rows)


def held(sink: str) -> list[tuple]:
    with connected(sink) as connection:
        asked = "select unique_id, wavecast, wavecast_lo_90 from forecasts order by unique_id, cutoff, ds_utc"
        return [tuple(row) for row in connection.exec_driver_sql(asked)]


def of_dialect(sink: str, statement: str) -> str:
    """The statement with the types of a database: a `moment`, which knows its zone where that can be, and texts."""
    if sink.startswith("mysql"):
        return statement.replace("text", "varchar(99)").replace("timestamp", "datetime(6)").format(moment="datetime(6)")
    return statement.format(moment="timestamp" if sink.startswith("sqlite") else "timestamptz")


def execute(sink: str, statement: str) -> None:
    with connected(sink, reads_only=False) as connection:
        connection.exec_driver_sql(statement)


def test_a_table_is_made_and_written_twice_it_is_the_same(sink):
    rows = forecast([1.0, 2.0, 3.0])
    assert put(sink, rows) == 3
    once = held(sink)
    assert once == [("sales", 1.0, None), ("sales", 2.0, None), ("sales", 3.0, None)]
    assert put(sink, rows) == 3
    assert held(sink) == once


def test_a_forecast_of_the_same_cutoff_is_replaced_as_a_whole_and_others_stay(sink):
    put(sink, forecast([1.0, 2.0, 3.0]))
    put(sink, forecast([4.0, 5.0], CUTOFF + datetime.timedelta(days=1)))
    put(sink, forecast([6.0], name="visits"))
    put(sink, forecast([7.0, 8.0]))
    assert [(name, value) for name, value, _ in held(sink)] == [
        ("sales", 7.0), ("sales", 8.0), ("sales", 4.0), ("sales", 5.0), ("visits", 6.0),
    ]  # fmt: skip


def test_what_fails_in_the_middle_leaves_what_was_there(sink):
    put(sink, forecast([1.0, 2.0]))
    bad = forecast([3.0, 4.0, 5.0]).set_column(
        2, "ds_utc", pa.array([datetime.datetime(2026, 2, 1), datetime.datetime(2026, 2, 2), None], TIME)
    )
    with pytest.raises(BadSource):
        put(sink, bad)
    assert [value for _, value, _ in held(sink)] == [1.0, 2.0]


def test_times_have_the_right_types(sink):
    put(sink, forecast([1.0]))
    with connected(sink) as connection:
        ds, in_utc = connection.exec_driver_sql("select ds, ds_utc from forecasts").one()
    if sink.startswith("sqlite"):
        assert (ds, in_utc) == ("2026-02-01 00:00:00.000000", "2026-02-01 00:00:00.000000")
    else:
        assert ds == datetime.datetime(2026, 2, 1)
        zone = datetime.UTC if sink.startswith("postgresql") else None
        assert in_utc == datetime.datetime(2026, 2, 1, tzinfo=zone)
    back = read_back(sink, layout(forecast([1.0])), ["ds", "wavecast"], "sales")
    assert back == [(datetime.datetime(2026, 2, 1), 1.0)]


@pytest.mark.parametrize(
    ("made_as", "words"),
    [
        ("create table forecasts (day date, amount integer)", "has no column 'unique_id', but 'day', 'amount': name"),
        (
            "create table forecasts (unique_id text, ds timestamp, ds_utc text, wavecast numeric, wavecast_lo_90 "
            "double precision, cutoff timestamp, made timestamp)",
            "has column 'ds_utc' of type {text}, which is to be",
        ),
        (
            "create table forecasts (unique_id text, ds timestamp, ds_utc {moment}, wavecast numeric, wavecast_lo_90 "
            "double precision, cutoff timestamp, made {moment})",
            "has no primary key (unique_id, ds_utc, cutoff)",
        ),
        (
            "create table forecasts (unique_id text, ds timestamp, ds_utc {moment}, wavecast numeric, wavecast_lo_90 "
            "double precision, cutoff timestamp, made {moment}, who text not null, "
            "primary key (unique_id, ds_utc, cutoff))",
            "has a column 'who' that must have a value",
        ),
    ],
)
def test_another_table_of_that_name_is_refused_in_one_line_and_stays(sink, made_as, words):
    execute(sink, of_dialect(sink, made_as))
    words = words.replace("{text}", "VARCHAR(99)" if sink.startswith("mysql") else "TEXT")
    for attempt in (put, lambda sink, rows: check_writable(sink, layout(rows))):
        with pytest.raises(BadSource) as told:
            attempt(sink, forecast([1.0]))
        assert words in str(told.value) and "\n" not in str(told.value)
    with connected(sink) as connection:
        assert connection.exec_driver_sql("select count(*) from forecasts").scalar_one() == 0


def test_a_table_of_ones_own_with_more_columns_is_written(sink):
    own = (
        "create table forecasts (id text default 'x', unique_id text, ds timestamp, ds_utc {moment}, wavecast "
        "numeric(9, 2), wavecast_lo_90 double precision, cutoff timestamp, made {moment}, "
        "unique (cutoff, unique_id, ds_utc))"
    )
    execute(sink, of_dialect(sink, own))
    put(sink, forecast([1.5]))
    put(sink, forecast([2.5]))
    assert [float(value) for _, value, _ in held(sink)] == [2.5]


def test_trying_writes_nothing(sink):
    execute(sink, "create table other (x integer)")
    check_writable(sink, layout(forecast([1.0])))
    with pytest.raises(BadSource, match=r"no such table|does(n't| not) exist"):
        held(sink)


def test_what_mysql_and_mariadb_are_told():
    """Without a server: how a table is made, in which keys have a length, and how rows are replaced."""
    rows = forecast([1.0])
    table = table_of(layout(rows))
    made = str(CreateTable(table).compile(dialect=mysql.dialect()))
    assert "unique_id VARCHAR(190) COLLATE utf8mb4_bin NOT NULL" in made
    assert "ds_utc DATETIME(6) NOT NULL" in made
    assert "ENGINE=InnoDB" in made and "CHARSET=utf8mb4" in made
    for dialect in ("mysql", "mariadb"):
        replaced = str(upsert(dialect, table, layout(rows)).compile(dialect=mysql.dialect()))
        assert "ON DUPLICATE KEY UPDATE ds = VALUES(ds), wavecast = VALUES(wavecast)" in replaced
    for dialect, known in (("postgresql", postgresql), ("sqlite", sqlite)):
        replaced = str(upsert(dialect, table, layout(rows)).compile(dialect=known.dialect()))
        assert "ON CONFLICT (unique_id, ds_utc, cutoff) DO UPDATE SET ds = excluded.ds" in replaced


def test_eight_writers_at_once_leave_one_whole_forecast(sink):
    start = threading.Barrier(8)

    def one(place: int) -> None:
        start.wait()
        for _ in range(3):
            put(sink, forecast([float(place)] * (place + 2)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    values = [value for _, value, _ in held(sink)]
    assert len(set(values)) == 1 and len(values) == int(values[0]) + 2


@pytest.mark.parametrize("url", ["s3://bucket/a.csv", "oracle://me:secret@host/db", "forecasts.db"])
def test_a_sink_is_a_database_that_can_be_written(url):
    with pytest.raises(BadSource, match="--sink is a database"):
        put(url, forecast([1.0]))


def test_a_server_that_is_away_may_come_back():
    with pytest.raises(NotReached) as told:
        put("postgresql://me:secret@127.0.0.1:1/db", forecast([1.0]))
    assert "secret" not in str(told.value)


def test_a_user_who_may_not_write_is_told(postgres, tmp_path):
    postgres.create("rights")
    url = postgres.url("rights")
    put(url, forecast([1.0]))
    postgres.execute("rights", "create role looker login; grant select on forecasts to looker")
    looker = url.replace("wavecast@", "looker@")
    with pytest.raises(BadSource, match=r"permission denied for table forecasts: let this user do it \(GRANT\)"):
        check_writable(looker, layout(forecast([1.0])))
    with pytest.raises(BadSource, match="permission denied"):
        check_writable(looker, layout_of(forecast([1.0]), "other", ("unique_id", "ds_utc", "cutoff")))
