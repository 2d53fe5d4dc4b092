"""What can go from a workspace is found with its age and size, and never what somebody may be at work on."""

import os
import time
from pathlib import Path

import fsspec
import pytest

from artifacts.store.atomic import take_away
from artifacts.store.cache import DAY, Cache
from artifacts.store.leftovers import leftovers, torn
from artifacts.store.store import Store

NOW = time.time()


def aged(path: Path, days: float) -> Path:
    for each in (*path.rglob("*"), path) if path.is_dir() else (path,):
        os.utime(each, (NOW - days * DAY,) * 2)
    return path


def put(path: Path, content: str = "12345") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


@pytest.fixture
def store(tmp_path) -> Store:
    """A workspace with a leftover of each kind, two days old, and what is none."""
    put(tmp_path / "champion.json")
    put(tmp_path / "20260101T000000Z-aaaaaa" / "manifest.json")
    put(tmp_path / ".latest.before" / "forecast.json")
    put(tmp_path / ".cache" / "gallery" / "summaries.json")
    for place in (".1.partial", ".cache/.2.partial/deep/file", ".cache/checkpoints/.3.partial",
                  "gallery/data/.x.partial", "gallery/moved/.y.partial", ".20260101T000000Z-b.1.removed/note",
                  ".cache/0a/file", ".cache/shards-1/x.jsonl", ".cache/checkpoints/1.npz",
                  ".cache/checkpoints/2/part.npz"):  # fmt: skip
        put(tmp_path / place)
    aged(tmp_path, 2)
    return Store(str(tmp_path))


def found(store: Store) -> dict[str, str]:
    return {str(each.path.relative_to(store.root)): each.kind for each in leftovers(store, NOW)}


def test_each_kind_is_found_and_nothing_that_is_kept(store):
    half = "half-written file or folder"
    assert found(store) == {
        ".1.partial": half, "gallery/data/.x.partial": half, "gallery/moved/.y.partial": half,
        ".cache/.2.partial": half, ".cache/checkpoints/.3.partial": half,
        ".cache/0a": "cached result", ".cache/shards-1": "cached result",
        ".cache/checkpoints/1.npz": "checkpoint", ".cache/checkpoints/2": "checkpoint",
    }  # fmt: skip
    assert [each.path.name for each in torn(store, NOW)] == [
        ".1.partial", ".x.partial", ".y.partial", ".2.partial", ".3.partial",
    ]  # fmt: skip
    (deep,) = (each for each in leftovers(store, NOW) if each.path.name == ".2.partial")
    assert (deep.files, deep.bytes) == (1, 5)


def test_what_was_touched_within_a_day_is_none_however_deep(store):
    aged(Path(store.root) / ".cache/.2.partial/deep/file", 0.5)
    aged(Path(store.root) / ".cache/checkpoints/1.npz", 0.5)
    assert not {".cache/.2.partial", ".cache/checkpoints/1.npz"} & set(found(store))


def test_a_result_that_is_used_just_before_it_goes_gets_its_name_back(store, monkeypatch):
    (old,) = (each for each in leftovers(store, NOW) if each.path.name == "0a")

    def used_before(folder: Path) -> Path:
        os.utime(folder)
        return take_away(folder)

    monkeypatch.setattr("artifacts.store.leftovers.take_away", used_before)
    old.remove()
    assert (old.path / "file").read_text() == "12345"
    monkeypatch.undo()
    aged(old.path, 2)
    old.remove()
    assert not old.path.exists()
    assert not list(old.path.parent.glob("*.removed"))


def test_a_result_that_is_used_is_young_again(tmp_path):
    store = Store(str(tmp_path))
    with Cache(store.workspace).filling("a run") as folder:
        put(folder / "file")
    entry = folder.entry
    aged(entry.folder, 50)
    assert len(found(store)) == 1
    type(entry).model_validate(entry.model_dump())
    assert found(store) == {}


def test_it_is_removed_unless_somebody_has_touched_it_meanwhile(store):
    for each in list(leftovers(store, NOW)):
        if each.path.name == "0a":
            (each.path / "file").touch()
        each.remove()
        each.remove()
    assert (Path(store.root) / ".cache/0a/file").is_file()
    left = {path.name for path in Path(store.root).rglob("*") if path.is_file()}
    assert left == {"champion.json", "manifest.json", "forecast.json", "summaries.json", "file", "note"}


def test_copies_of_runs_of_a_distant_store_that_are_gone_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/leftovers/20260101T000000Z-aaaaaa/manifest.json", b"{}")
    try:
        store = Store("memory://leftovers")
        for run in ("20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"):
            put(store.workspace / "copies" / run / "manifest.json")
        aged(store.workspace, 2)
        assert [(each.path.name, each.kind) for each in leftovers(store, NOW)] == [
            ("20260102T000000Z-bbbbbb", "copy of a run")
        ]
    finally:
        memory.rm("/leftovers", recursive=True)
