"""Folders damaged in each way: what is told, and what mending does and does not do."""

import os
import shutil
import time
from pathlib import Path

import fsspec
import pytest

from artifacts.lifecycle.check_folders import wrong_folders, wrong_results, wrong_runs
from artifacts.store.cache import DAY, Cache
from artifacts.store.removal import note, withdraw
from artifacts.store.removed import Removed
from artifacts.store.store import Store
from tests.grown_store import grow, run_name

NOW = time.time()


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    return grow(tmp_path / "runs", put_retraining, [3, 2, 1])


def told(faults) -> list[str]:
    return [fault.told() for fault in faults]


def test_a_whole_store_has_none(store):
    with Cache(store.workspace).filling("a run") as folder:
        (folder / "file").write_text("text")
    assert told([*wrong_runs(store), *wrong_folders(store, NOW), *wrong_results(store)]) == []


def test_a_run_with_other_bytes_or_an_unreadable_manifest_cannot_be_mended(store):
    root = Path(store.root)
    (root / run_name(3) / "verdict.json").write_text("{}")
    (root / run_name(3) / "dataset.parquet").unlink()
    (root / run_name(2) / "manifest.json").write_text("{")
    found = list(wrong_runs(store))
    assert all(fault.put_right is None for fault in found)
    one, two = told(found)
    assert one == (
        f"{run_name(3)} is not whole: dataset.parquet is in the manifest and not in the folder, and 1 more: put the "
        "folder back from a backup"
    )
    assert two.startswith(f"{run_name(2)} has a manifest.json that cannot be read")
    assert two.endswith("restore it from a copy")


def test_a_folder_of_somebodys_own_is_told_and_left_alone(store):
    (Path(store.root) / "notes").mkdir()
    (fault,) = wrong_folders(store, NOW)
    assert fault.told() == "notes is a folder without a manifest, and no run: move it out of the store"
    assert fault.put_right is None


def test_a_store_in_the_store_is_no_fault(store):
    shutil.copytree(store.root, Path(store.root) / "inner")
    assert list(wrong_folders(store, NOW)) == []


def test_what_kills_have_left_goes_when_it_is_older_than_a_day(store):
    left = Path(store.root) / ".cache" / ".1.partial"
    left.mkdir(parents=True)
    (left / "file").write_text("12345")
    assert list(wrong_folders(store, NOW)) == []
    for path in (left / "file", left):
        os.utime(path, (NOW - 2 * DAY,) * 2)
    (fault,) = wrong_folders(store, NOW)
    assert fault.what == "1 half-written files or folders, left by what was killed, 0.0 MB"
    assert fault.mend() == "deleted"
    assert not left.exists()


def test_runs_that_a_killed_prune_has_withdrawn_are_deleted(store):
    note(store, [Removed(run=run_name(3), when="2026")])
    withdraw(store, run_name(3))
    (fault,) = wrong_folders(store, NOW)
    assert fault.what == "1 removed run not deleted yet"
    assert fault.mend() == "1 run deleted"
    assert list(wrong_folders(store, NOW)) == []


def test_a_cached_result_that_is_damaged_is_removed(store):
    with Cache(store.workspace).filling("a run") as folder:
        (folder / "file").write_text("text")
    (folder.entry.folder / "file").write_text("rubbish")
    (fault,) = wrong_results(store)
    assert fault.what == f"the cached result {folder.entry.folder.name} is damaged"
    fault.mend()
    assert not folder.entry.folder.exists()


def test_on_an_object_store_what_was_not_published_whole_goes_after_a_day(store):
    memory = fsspec.filesystem("memory")
    memory.put(f"{store.root}/", "/checked/", recursive=True)
    try:
        there = Store("memory://checked")
        memory.rm_file(f"/checked/{run_name(3)}/manifest.json")
        (fault,) = wrong_folders(there, NOW)
        assert (fault.put_right, "a run may be at work on it" in fault.told()) == (None, True)
        (fault,) = wrong_folders(there, NOW + 2 * DAY)
        assert fault.mend() == "it was deleted"
        assert not memory.exists(f"/checked/{run_name(3)}/dataset.parquet")
    finally:
        memory.rm("/checked", recursive=True)
