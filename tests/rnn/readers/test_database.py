"""SQLite here; tests/rnn/readers/test_databases.py asks a real PostgreSQL."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from rnn.readers import database
from rnn.readers.database import Result, query_digest, query_result
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series, read_series_file
from rnn.readers.tables import digest_of

DAYS = [f"2026-01-{day:02}" for day in range(1, 31)]


@pytest.fixture
def sales(tmp_path) -> str:
    path = tmp_path / "sales.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table sales (day text, amount, note text)")
        rows = [(day, float(place), "x") for place, day in enumerate(DAYS)]
        connection.executemany("insert into sales values (?, ?, ?)", [*rows[15:], *rows[:15]])
        connection.execute("create view empty as select day, amount from sales where 1 = 0")
    return f"sqlite:///{path}"


def change(url: str, statement: str) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute(statement)


def test_a_table_is_a_series_whatever_the_order_of_its_rows(sales):
    series = read_series(sales, table="sales")
    assert series.y.tolist() == list(range(30))
    assert series.calendar is not None and series.calendar.step_in_words == "day"


def test_a_query_is_a_series(sales):
    asked = Source(data=sales, query="select day as ds, 2 * amount as y from sales where day > '2026-01-10' limit 50;")
    series, _, found = read_series_file(asked)
    assert series.y.tolist() == [2.0 * place for place in range(10, 30)]
    assert found.repairs == {}
    assert "the query 'select day as ds" in found.kind


def test_percent_and_colons_in_a_query_are_no_parameters(sales):
    query = "select day, amount from sales where note like '%x%' and day || ':a' != ':b'"
    assert len(read_series(sales, query=query)) == 30


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ({}, "name a table with --table (there is 'sales', 'empty')"),
        ({"table": "nope"}, "there is no table 'nope': name a table with --table (there is 'sales', 'empty')"),
        ({"table": "empty"}, "table 'empty' returns no rows, only columns 'day', 'amount'"),
        ({"query": "select day, amount from sal"}, "no such table: sal: mend the query"),
        ({"query": "select day, amount from sales where 1 = 0"}, "returns no rows"),
        ({"query": "select day, amount, amount a2, amount a3 from sales"}, "several columns hold numbers"),
        ({"query": "select day, amount, amount from sales"}, "two columns are called 'amount'"),
        ({"query": "select day from sales"}, "only one column"),
        ({"query": "drop table sales"}, "only reading is allowed"),
        ({"query": "select 1; drop table sales"}, "more than one statement"),
        ({"query": "with x as (select 1) delete from sales"}, "readonly database"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_changes_nothing(sales, reading, words):
    before = Path(sales.removeprefix("sqlite:///")).read_bytes()
    with pytest.raises(BadSource) as told:
        read_series_file(Source(data=sales, **reading))
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    assert Path(sales.removeprefix("sqlite:///")).read_bytes() == before


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(BadSource, match="there is no such file"):
        read_series_file(Source(data=f"sqlite:///{tmp_path}/absent.db", table="sales"))
    assert not (tmp_path / "absent.db").exists()


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "text.db").write_text("day,amount\n" * 100)
    with pytest.raises(BadSource, match="file is not a database: check the file"):
        read_series_file(Source(data=f"sqlite:///{tmp_path}/text.db", table="sales"))


def test_cells_are_checked_as_those_of_files_are(sales):
    change(sales, "update sales set amount = null where day = '2026-01-05'")
    with pytest.raises(BadSource, match=r"row 20, column 'amount': no value.*--fill-gaps"):
        read_series_file(Source(data=sales, table="sales"))
    series, _, found = read_series_file(Source(data=sales, table="sales", fill_gaps=1))
    assert series.y[4] == 4 and found.repairs
    change(sales, "update sales set amount = 9007199254740993 where day = '2026-01-05'")
    with pytest.raises(BadSource, match="9007199254740993' is a whole number beyond"):
        read_series_file(Source(data=sales, table="sales"))
    change(sales, "update sales set amount = 'many' where day = '2026-01-05'")
    with pytest.raises(BadSource, match="'many' is no number"):
        read_series_file(Source(data=sales, table="sales"))
    change(sales, "update sales set amount = 1, day = '2026-01-06' where day = '2026-01-05'")
    with pytest.raises(BadSource, match="this time is there twice"):
        read_series_file(Source(data=sales, table="sales"))


def test_what_is_read_is_what_the_digest_was_made_of(sales):
    source = Source(data=sales, table="sales")
    first = query_digest(source)
    change(sales, "insert into sales values ('2026-01-31', 30, 'x')")
    assert len(query_result(source).blocks(["day"]).__next__()[0]) == 30
    assert len(query_result(source).blocks(["day"]).__next__()[0]) == 31, "a result is read once"
    assert digest_of(source) != first
    assert digest_of(source) == digest_of(source)


def test_many_rows_are_read_block_by_block(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BLOCK", 100)
    url = f"sqlite:///{tmp_path}/many.db"
    change(url, "create table many (x, y)")
    with sqlite3.connect(tmp_path / "many.db") as connection:
        connection.executemany("insert into many values (?, ?)", [(x, None if x < 100 else x) for x in range(1000)])
    result = Result(Source(data=url, table="many"))
    blocks = list(result.blocks(["x", "y"]))
    assert [len(block[0]) for block in blocks] == [100] * 10
    assert np.concatenate([block[0].to_numpy() for block in blocks]).tolist() == list(range(1000))
    assert result.is_whole
    few = Result(Source(data=url, table="many"), most=250)
    assert not few.is_whole and sum(len(block[0]) for block in few.blocks(["x"])) == 300


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"data": "sales.csv", "query": "select 1"}, "--query is for a database"),
        ({"data": "sqlite:///a.db", "query": "select 1", "table": "sales"}, "give one of them"),
    ],
)
def test_a_query_belongs_to_a_database_alone(given, words):
    with pytest.raises(ValueError, match=words):
        Source(**given)
