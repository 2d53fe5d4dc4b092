"""A run that is withdrawn is none any more, and its files are deleted afterwards."""

from pathlib import Path

import pytest

from artifacts.store.atomic import CannotWrite
from artifacts.store.removal import clear, note, withdraw, withdrawn
from artifacts.store.removed import Removed, read_removed
from artifacts.store.store import Store

RUNS = ("20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb")


@pytest.fixture
def store(tmp_path) -> Store:
    for run in RUNS:
        (tmp_path / run / "models").mkdir(parents=True)
        for file in ("manifest.json", "models/final.npz"):
            (tmp_path / run / file).write_text("{}")
    return Store(str(tmp_path))


def test_a_withdrawn_run_is_out_of_sight_and_then_deleted(store):
    withdraw(store, RUNS[0])
    assert store.runs() == [RUNS[1]]
    assert list(store.folders()) == [RUNS[1]]
    (hidden,) = withdrawn(store)
    assert Path(hidden, "models/final.npz").is_file(), "whole until it is deleted"
    assert clear(store) == 1
    assert withdrawn(store) == []
    assert clear(store) == 0


def test_a_run_of_the_same_name_that_comes_back_can_be_withdrawn_again(store, tmp_path):
    withdraw(store, RUNS[0])
    (tmp_path / RUNS[0]).mkdir()
    withdraw(store, RUNS[0])
    assert len(withdrawn(store)) == 2
    assert clear(store) == 2


def test_a_run_that_is_not_there_is_one_line(store):
    with pytest.raises(CannotWrite, match="cannot write to"):
        withdraw(store, "20260103T000000Z-cccccc")


def test_what_is_noted_adds_to_what_is_known(store):
    note(store, [Removed(run="x", when="2026")])
    note(store, [Removed(run="y", when="2027"), Removed(run="x", when="2027")])
    assert {name: each.when for name, each in read_removed(store.files, store.root).items()} == {
        "x": "2027",
        "y": "2027",
    }
