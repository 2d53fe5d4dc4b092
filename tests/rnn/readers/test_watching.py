import gzip
import io
import sqlite3

import pytest

from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file
from rnn.readers.watching import counted, watched

TEXT = "day,v\n" + "".join(f"2024-01-{k:02d},{k}\n" for k in range(1, 29))


class Watcher:
    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.open: set[str] = set()
        self.waited: list[tuple[str, int]] = []

    def waits(self, name: str, what: str) -> None:
        self.waited.append((what, len(self.told)))
        self.open.add(name)

    def read(self, name: str, done: int, total: int) -> None:
        self.told.append((name, done, total))
        self.open.add(name)

    def ended(self, name: str) -> None:
        self.open.discard(name)


@pytest.fixture
def watcher():
    return Watcher()


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_a_file_tells_how_far_it_has_been_read(pack, watcher, tmp_path):
    data = pack(TEXT.encode())
    (tmp_path / "it.csv").write_bytes(data)
    with watched(watcher):
        series, _, _ = read_series_file(Source(data=str(tmp_path / "it.csv")))
    assert series.y.tolist() == list(range(1, 29))
    assert (str(tmp_path / "it.csv"), len(data), len(data)) in watcher.told
    assert watcher.open == set()


def test_a_database_tells_its_rows(watcher, tmp_path):
    with sqlite3.connect(tmp_path / "it.db") as connection:
        connection.execute("create table v (t, y)")
        connection.executemany("insert into v values (?, ?)", [(k, k * k) for k in range(9)])
    with watched(watcher):
        read_series_file(Source(data=f"sqlite:///{tmp_path}/it.db", table="v"))
    assert [(done, total) for _, done, total in watcher.told] == [(9, 0)]
    assert watcher.waited == [("the database's first row", 0)], "before any row"
    assert watcher.open == set()


def test_waiting_ends_where_the_database_fails(watcher, tmp_path):
    with watched(watcher), pytest.raises(BadSource):
        read_series_file(Source(data=f"sqlite:///{tmp_path}/none.db", table="v"))
    assert watcher.waited
    assert watcher.open == set()


def test_nobody_is_told_where_nobody_watches():
    file = io.BytesIO(b"x")
    with counted(file, "it") as same:
        assert same is file


def test_whatever_is_read_is_told(watcher):
    with watched(watcher), counted(io.BytesIO(b"one\ntwo\n"), "it") as file, file as entered:
        assert (entered.readline(), entered.read(1), entered.readinto(bytearray(9)), list(entered)) == (
            b"one\n",
            b"t",
            3,
            [],
        )
    assert watcher.told == [("it", 4, 0), ("it", 5, 0), ("it", 8, 0)]
