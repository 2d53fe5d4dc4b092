"""A real PostgreSQL as a source: its types, a transaction that only reads, and everything that can go wrong."""

from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy.exc import ProgrammingError

from rnn.readers.databases import connected, database_errors, database_name
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file

DATABASE = "sources"


@pytest.fixture(scope="module")
def sales(postgres):
    """The URL of a database with tables of all kinds, as PostgreSQL's own user sees it."""
    postgres.create(DATABASE)
    postgres.execute(
        DATABASE,
        """
        create table sales as select day::date as day, (100 + 10 * sin(row_number() over ()))::numeric(10, 2) as amount
          from generate_series('2026-01-01'::date, '2026-03-31', '1 day') as day order by random();
        create table readings (at timestamptz, value double precision, sensor uuid default gen_random_uuid());
        insert into readings (at, value)
          select day at time zone 'Europe/Berlin', extract(day from day)
          from generate_series('2026-03-01'::timestamp, '2026-04-30', '1 day') as day;
        create sequence counter;
        create table hidden (day date, amount int);
        create role reader login password 'se@cret/1';
        grant select on sales to reader;
        """,
    )
    return postgres.url(DATABASE)


def refused(**said) -> str:
    with pytest.raises(BadSource) as told:
        read_series_file(Source(**said))
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_table_of_dates_and_numerics(sales):
    series, calendar, found = read_series_file(Source(data=sales, table="public.sales"))
    assert len(series) == 90 and calendar is not None and calendar.step_in_words == "day"
    assert np.allclose(series.y * 100, np.rint(series.y * 100))
    assert found.kind == "PostgreSQL, table 'public.sales'" and found.first == "2026-01-01"


def test_moments_are_days_by_the_clocks_of_the_zone(sales):
    said = {"data": sales, "query": "select at, value from readings"}
    series, _, found = read_series_file(Source(**said, time_zone="Europe/Berlin"))
    assert len(series) == 61 and "Europe/Berlin" in found.spacing
    assert "uneven" not in refused(**said) and "time" in refused(**said)


def test_the_zone_of_the_session_is_that_of_its_moments(sales):
    said = {"data": f"{sales}?options=-ctimezone%3DEurope/Berlin", "table": "readings"}
    _, calendar, found = read_series_file(Source(**said))
    assert calendar is not None and calendar.zone == "Europe/Berlin"
    assert "timezone" not in found.file


def test_types_that_hold_no_values_are_told_by_their_names(sales):
    line = refused(data=sales, query="select day, amount > 1 as amount from sales", value_column="amount")
    assert "holds booleans" in line
    line = refused(data=sales, query="select day, array[amount] as amount from sales", value_column="amount")
    assert "'[Decimal(" in line or "no number" in line


def test_a_value_that_is_not_finite_is_told_with_its_row(sales):
    line = refused(data=sales, query="select day, case when day = '2026-01-05' then 'NaN' else amount end as amount "
                                     "from sales order by day")  # fmt: skip
    assert "row 5, column 'amount'" in line
    line = refused(data=sales, query="select day, case when day = '2026-01-05' then 9007199254740993 else amount end "
                                     "as amount from sales order by day")  # fmt: skip
    assert "9007199254740993.00 is a whole number beyond 2⁵³" in line


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ({"table": "nope"}, "there is no table 'nope': name a table with --table (there is "),
        ({"query": "select day, amont from sales"}, 'column "amont" does not exist: mend the name'),
        ({"query": "select day amount sales frm"}, "syntax error"),
        ({"query": "select day, amount from sales where false"}, "returns no rows"),
        ({"query": "select day, amount, amount + 1 as b, 2 as c from sales"}, "several columns hold numbers"),
        ({"query": "with gone as (delete from sales returning *) select * from gone"}, "data-modifying"),
        ({"query": "select setval('x', 1)"}, "does not exist"),
        (
            {"query": "select nextval('counter')::int as day, 1.0 as amount"},
            "read-only transaction: give a query that only",
        ),
        ({"query": "select 1; commit; drop table sales"}, "more than one statement"),
        ({"query": "select 1 / 0 as day, 2 as amount"}, "division by zero"),
    ],
)
def test_a_query_that_fails_is_one_line_and_changes_nothing(sales, reading, words):
    assert words in refused(data=sales, **reading)
    series, _, _ = read_series_file(Source(data=sales, table="sales"))
    assert len(series) == 90


def test_percent_and_colons_in_a_query_are_no_parameters(sales):
    query = "select day, amount from sales where day::text like '2026-0%' and '%s %(a)s' <> ':a' -- :b"
    assert len(read_series_file(Source(data=sales, query=query))[0]) == 90


def test_what_ends_the_transaction_does_not_begin_one_that_writes(sales):
    with pytest.raises(BadSource, match="read-only"), connected(sales) as connection:
        connection.exec_driver_sql("commit")
        connection.exec_driver_sql("drop table sales")


def test_a_table_without_rights_says_so(sales, postgres):
    url = sales.replace("wavecast@", "reader:se%40cret%2F1@")
    series, _, _ = read_series_file(Source(data=url, table="sales"))
    assert len(series) == 90
    line = refused(data=url, table="hidden")
    assert "permission denied for table hidden: let this user do it (GRANT)" in line
    assert "cret" not in line and "reader:…@" in line


def test_the_password_comes_from_the_environment(sales, postgres, monkeypatch):
    monkeypatch.setenv("SALES_PASSWORD", "se@cret/1")
    url = sales.replace("wavecast@", "reader:$SALES_PASSWORD@")
    _, _, found = read_series_file(Source(data=url, table="sales"))
    assert found.file == url
    monkeypatch.delenv("SALES_PASSWORD")
    assert "no variable SALES_PASSWORD" in refused(data=url, table="sales")


def test_prefects_own_url_of_a_database_works(postgres, sales):
    series, _, _ = read_series_file(Source(data=postgres.url(DATABASE, "asyncpg"), table="sales"))
    assert len(series) == 90


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://me:secret@127.0.0.1:1/db", "Connection refused: check that the server is there"),
        ("postgresql://me:secret@nowhere.invalid/db", "check that the server is there"),
        ("postgresql://me:secret@127.0.0.1:port/db", "no URL of a database"),
        ("mysql://me:secret@127.0.0.1/db", "pip install pymysql"),
        ("oracle://me:secret@127.0.0.1/db", "no driver for this database here"),
    ],
)
def test_a_server_that_is_not_there_is_one_line(url, words):
    line = refused(data=url, table="sales")
    assert words in line
    assert "secret" not in line


def test_a_database_that_is_not_there_is_named(sales):
    assert 'database "absent" does not exist' in refused(data=sales.replace(DATABASE, "absent"), table="sales")


@pytest.mark.parametrize(
    ("number", "said", "advice"),
    [
        (1049, "Unknown database 'nope'", "mend the name of the database"),
        (1142, "SELECT command denied to user 'poor'@'localhost'", "let this user do it (GRANT)"),
        (1146, "Table 'shop.nope' doesn't exist", "mend the name"),
        (1064, "You have an error in your SQL syntax", ""),
    ],
)
def test_what_mysql_says_is_told_without_its_number(number, said, advice):
    with pytest.raises(BadSource) as told, database_errors("mysql://me:secret@host/shop"):
        raise ProgrammingError("select 1", None, Exception(number, said))
    assert str(told.value) == ": ".join(filter(None, ["mysql://me:…@host/shop", said, advice]))


def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    import socket

    monkeypatch.setattr("rnn.readers.databases.CONNECTING", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        line = refused(data=f"postgresql://me:secret@127.0.0.1:{silent.getsockname()[1]}/db", table="sales")
    assert "timeout" in line and "secret" not in line


def test_a_query_that_takes_too_long_is_ended(sales, monkeypatch):
    monkeypatch.setattr("rnn.readers.databases.AT_WORK", 1)
    assert "takes longer than" in refused(data=sales, query="select now() as day, 1 as amount, pg_sleep(30)")


def test_a_transaction_that_writes_is_whole_or_not_there(sales):
    with connected(sales, reads_only=False) as connection:
        connection.exec_driver_sql("create table written as select 1 as x")
    with pytest.raises(BadSource), connected(sales, reads_only=False) as connection:
        connection.exec_driver_sql("insert into written values (2)")
        connection.exec_driver_sql("insert into written values ('x')")
    with connected(sales) as connection:
        assert connection.exec_driver_sql("select x from written").scalars().all() == [1]


def test_moments_written_come_back(sales):
    with connected(sales) as connection:
        moment = connection.exec_driver_sql("select '2026-01-01 12:00+00'::timestamptz").scalar_one()
    assert moment == datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_name_is_one_line_without_passwords():
    assert database_name("postgresql://me:secret@host/a\nb") == "postgresql://me:…@host/a·b"
