"""What a store is about, as it is written, read, and looked up without making anything."""

import json

import numpy as np
import pytest

from artifacts.lifecycle.identity import (
    SERIES,
    VALUES,
    CorruptIdentity,
    Identity,
    absolute,
    look_up,
    read_identity,
    read_values,
    source_to_keep,
    write_identity,
    write_values,
)
from artifacts.store.store import Store
from rnn.lifecycle.identity import Seen
from rnn.lifecycle.restatement import BLOCK, block_digests
from rnn.readers.options import Source

AT, Y = np.arange(600.0), np.sin(np.arange(600))
SEEN = Seen("t", "sales", AT, Y, 1.0)


def identity(**changes) -> Identity:
    facts = {"unique_id": "sales", "since": "2026-01-01T00:00:00+00:00", "source": {"data": "/data/sales.csv"},
             "time_column": "t", "value_column": "sales", "calendar": None, "step": 1.0, "lowest": -1.0, "highest": 1.0,
             "median": 0.0, "spread": 0.7, "first": "0", "last": "599", "points": 600, "block": BLOCK,
             "digests": block_digests(AT, Y)}  # fmt: skip
    return Identity(**{**facts, **changes})


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(str(tmp_path / "runs"))


def test_it_is_read_as_it_was_written(store):
    assert read_identity(store) is None
    write_identity(store, identity())
    assert read_identity(store) == look_up(store.url) == identity()


def test_the_values_are_taken_only_when_they_are_those_of_the_digests(store):
    assert read_values(store, identity()) is None
    write_values(store, SEEN)
    found = read_values(store, identity())
    np.testing.assert_array_equal(found.y, Y)
    assert (found.time, found.value, found.step) == ("t", "sales", 1.0)
    assert read_values(store, identity(digests=block_digests(AT, Y + 1))) is None
    store.replace(VALUES, b"torn")
    assert read_values(store, identity()) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff"])
def test_a_damaged_one_is_one_line(store, content):
    store.replace(SERIES, content)
    with pytest.raises(CorruptIdentity, match="move it away") as told:
        read_identity(store)
    assert "\n" not in str(told.value)
    assert look_up(store.url) is None


def test_one_of_a_newer_wavecast_is_told(store):
    store.replace(SERIES, b'{"format": 9}')
    with pytest.raises(CorruptIdentity, match="update this one"):
        read_identity(store)


def test_what_a_newer_wavecast_adds_is_passed_over(store):
    content = json.loads(identity().model_dump_json())
    store.replace(SERIES, json.dumps({**content, "mood": "good"}).encode())
    assert read_identity(store) == identity()


def test_looking_up_makes_nothing(tmp_path):
    assert look_up(str(tmp_path / "absent")) is None
    assert look_up("nosuch://place") is None
    assert list(tmp_path.iterdir()) == []


def test_a_source_is_kept_from_the_root_and_without_passwords(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept = source_to_keep(Source(data="sales.csv", where=("store=A",), hold_back=1))
    assert kept == {"data": str(tmp_path / "sales.csv"), "where": ["store=A"], "hold_back": 1}
    assert source_to_keep(Source()) is None
    assert absolute("-") == "-"
    assert "secret" not in json.dumps(source_to_keep(Source(data="https://me:secret@host/sales.csv?token=secret")))


def test_a_file_is_read_again_by_the_path_that_was_given_where_that_still_names_it(tmp_path, monkeypatch):
    known = identity(source={"data": str(tmp_path / "sales.csv")}, given="sales.csv")
    monkeypatch.chdir(tmp_path)
    assert known.readable_source == {"data": "sales.csv"}
    monkeypatch.chdir("/")
    assert known.readable_source == {"data": str(tmp_path / "sales.csv")}


@pytest.mark.parametrize("source", [None, {"data": "-"}, {"data": "https://…@host/sales.csv"}])
def test_what_cannot_be_read_again_is_no_source(source):
    assert identity(source=source).readable_source is None
