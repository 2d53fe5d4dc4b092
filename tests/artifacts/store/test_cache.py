import os
import shutil
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from artifacts.store.atomic import CannotWrite
from artifacts.store.cache import KEPT_DAYS, Cache, Entry
from artifacts.store.digests import digest_folder

DAY = 24 * 3600


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path)


def fill(cache: Cache, text: str = "text", made_by: str = "a run") -> Entry:
    with cache.filling(made_by) as folder:
        (folder / "deep/file").write_text(text)
    return folder.entry


def age(path: Path, days: float) -> Path:
    os.utime(path, (time.time() - days * DAY,) * 2)
    return path


def test_an_entry_says_where_its_files_are_what_they_are_and_who_made_them(cache, tmp_path):
    entry = fill(cache, made_by="run 7")
    assert entry.folder.parent == tmp_path / ".cache"
    assert (entry / "deep/file").read_text() == "text"
    assert entry.digest == digest_folder(entry.folder)
    assert entry.made_by == "run 7"


def test_an_entry_survives_prefects_json(cache):
    entry = fill(cache)
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: (entry / "deep/file").unlink(),
        lambda entry: (entry / "deep/file").write_text("Text"),
        lambda entry: (entry / "more").touch(),
        lambda entry: entry.folder.rename(entry.folder.with_name("elsewhere")),
    ],
    ids=["file gone", "altered", "extra file", "folder gone"],
)
def test_an_entry_of_damaged_files_is_invalid(cache, damage):
    entry = fill(cache)
    kept = entry.model_dump_json()
    damage(entry)
    with pytest.raises(ValidationError, match="is not what the step left there"):
        Entry.model_validate_json(kept)


def test_equal_contents_have_one_place_and_others_another(cache):
    one, same, other = fill(cache, made_by="one"), fill(cache, made_by="other"), fill(cache, "other text")
    assert one.folder == same.folder != other.folder
    assert (one.made_by, same.made_by) == ("one", "other")
    assert set(cache.root.iterdir()) == {one.folder, other.folder}


def test_equal_contents_made_anew_do_not_touch_the_files_that_are_there(cache):
    before = (fill(cache) / "deep/file").stat()
    after = (fill(cache) / "deep/file").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_two_that_make_the_same_at_the_same_time_end_with_one_place(cache):
    with cache.filling("one") as one:
        (one / "file").write_text("text")
        with cache.filling("other") as other:
            (other / "file").write_text("text")
        assert one.folder != other.folder
    assert one.entry.folder == other.entry.folder
    assert list(cache.root.iterdir()) == [one.entry.folder]


def test_an_equal_entry_that_is_removed_meanwhile_is_put_there_anew(cache, monkeypatch):
    old = fill(cache)

    def gone(place):
        monkeypatch.undo()
        shutil.rmtree(place)
        raise FileNotFoundError(place)

    monkeypatch.setattr("artifacts.store.cache.os.utime", gone)
    assert fill(cache).folder == old.folder
    assert (old / "deep/file").read_text() == "text"


def test_two_that_make_different_things_at_the_same_time_do_not_mix(cache):
    with cache.filling("one") as one, cache.filling("other") as other:
        (one / "file").write_text("one")
        (other / "file").write_text("other")
    assert (one.entry / "file").read_text() == "one"
    assert (other.entry / "file").read_text() == "other"


@pytest.mark.parametrize("damage", ["altered", "emptied"])
def test_a_damaged_place_is_replaced(cache, damage):
    entry = fill(cache)
    if damage == "altered":
        (entry / "deep/file").write_text("rubbish")
    else:
        (entry / "deep/file").unlink()
    again = fill(cache)
    assert again.folder == entry.folder
    assert (again / "deep/file").read_text() == "text"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_while_filling_leaves_no_entry(cache, error):
    with pytest.raises(error), cache.filling("a run") as folder:
        (folder / "file").touch()
        raise error
    assert not any(cache.root.iterdir())
    assert not hasattr(folder, "entry")


def test_a_disk_that_fills_up_at_the_last_moment_leaves_no_entry(cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("artifacts.store.atomic.os.fsync", full)
    with pytest.raises(CannotWrite, match="the disk is full"):
        fill(cache)
    assert not any(cache.root.iterdir())


def test_pruning_removes_what_is_old_and_what_was_left_half_written_long_ago(cache):
    old, young = fill(cache, "old"), fill(cache, "young")
    age(old.folder, KEPT_DAYS + 1)
    age(young.folder, KEPT_DAYS - 1)
    leftover, at_work = cache.root / ".1.partial", cache.root / ".2.partial"
    for folder in (leftover, at_work):
        folder.mkdir()
        (folder / "file").touch()
    age(leftover, KEPT_DAYS + 1)
    cache.prune()
    assert set(cache.root.iterdir()) == {young.folder, at_work}
    assert (young / "deep/file").read_text() == "young"


def test_what_is_made_anew_is_young_again(cache):
    age(fill(cache).folder, KEPT_DAYS + 1)
    entry = fill(cache)
    cache.prune()
    assert entry.folder.is_dir()


def test_pruning_a_cache_that_was_never_filled_does_nothing(cache, tmp_path):
    cache.prune()
    assert not any(tmp_path.iterdir())


def test_pruning_does_not_mind_what_another_run_removes_meanwhile(cache, monkeypatch):
    entry = fill(cache)
    monkeypatch.setattr(Path, "iterdir", lambda root: iter([root / ".gone.partial", entry.folder]))
    cache.prune()
    assert entry.folder.is_dir(), "it is of today"


def test_beyond_the_room_the_oldest_entries_go_but_none_of_the_last_day(cache, monkeypatch):
    monkeypatch.setattr("artifacts.store.cache.ROOM", 250)
    old = [age(fill(cache, f"{days}" * 100).folder, days) for days in (2, 3, 4, 5)]
    cache.prune()
    assert [folder.is_dir() for folder in old] == [True, True, False, False]
    fresh = [age(fill(cache, "abcd"[hours - 1] * 100).folder, hours / 24) for hours in (1, 2, 3, 4)]
    cache.prune()
    assert [folder.is_dir() for folder in old] == [False] * 4
    assert all(folder.is_dir() for folder in fresh)


def test_checkpoints_take_no_room_of_entries_and_stay(cache, monkeypatch):
    monkeypatch.setattr("artifacts.store.cache.ROOM", 50)
    checkpoint = cache.checkpoint("0" * 64)
    checkpoint.parent.mkdir(parents=True)
    checkpoint.write_text("x" * 100)
    age(checkpoint.parent, 30)
    cache.prune()
    assert checkpoint.is_file()
