import errno
import os
import shutil
from pathlib import Path

import pytest

from artifacts.store.atomic import CannotWrite, put_in_place, whole_folder, writing_to
from rnn.errors import WavecastError


def test_a_whole_folder_is_hidden_while_it_is_filled(tmp_path):
    with whole_folder(tmp_path / "deep" / "er") as folder:
        assert folder.name.startswith(".")
        assert folder.parent == tmp_path / "deep" / "er"
        assert not any(folder.iterdir())


def test_two_whole_folders_never_meet(tmp_path):
    with whole_folder(tmp_path) as one, whole_folder(tmp_path) as other:
        assert one != other


def test_nothing_is_left_of_a_folder_that_was_not_put_in_place(tmp_path):
    with whole_folder(tmp_path) as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").touch()
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
def test_nothing_is_left_after_an_error(tmp_path, error):
    with pytest.raises((type(error), CannotWrite)), whole_folder(tmp_path) as folder:
        (folder / "file").touch()
        raise error
    assert not any(tmp_path.iterdir())


def test_other_errors_come_through_as_they_are(tmp_path):
    with pytest.raises(ValueError, match=r"^no$"), whole_folder(tmp_path):
        raise ValueError("no")


def test_what_is_put_in_place_is_there_whole_and_its_hidden_name_gone(tmp_path):
    with whole_folder(tmp_path) as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_text("text")
        put_in_place(folder, tmp_path / "place")
        assert not folder.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["place"]
    assert (tmp_path / "place" / "deep" / "file").read_text() == "text"


def test_it_is_put_in_place_by_one_rename_after_every_file_is_flushed(tmp_path, monkeypatch):
    events, opened, rename = [], {}, Path.rename

    def note_open(path, *flags, open_=os.open):
        descriptor = open_(path, *flags)
        opened[descriptor] = Path(path)
        return descriptor

    def note_rename(path, to):
        events.append("rename")
        return rename(path, to)

    monkeypatch.setattr(os, "open", note_open)
    monkeypatch.setattr(os, "fsync", lambda descriptor: events.append(opened[descriptor]))
    monkeypatch.setattr(Path, "rename", note_rename)
    with whole_folder(tmp_path) as folder:
        inode = folder.stat().st_ino
        for name in ("a", "b"):
            (folder / name).touch()
        put_in_place(folder, tmp_path / "place")
    before, after = events[: events.index("rename")], events[events.index("rename") + 1 :]
    assert set(before) == {folder, folder / "a", folder / "b"}
    assert after == [tmp_path]
    assert (tmp_path / "place").stat().st_ino == inode


def test_a_place_that_is_taken_is_not_overwritten(tmp_path):
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "file").write_text("first")
    with pytest.raises(CannotWrite), whole_folder(tmp_path) as folder:
        (folder / "file").write_text("second")
        put_in_place(folder, tmp_path / "place")
    assert [path.name for path in tmp_path.iterdir()] == ["place"]
    assert (tmp_path / "place" / "file").read_text() == "first"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, ("disk is full", "make room")),
        (errno.EDQUOT, ("quota", "make room")),
        (errno.EROFS, ("read-only",)),
        (errno.EACCES, ("permission denied",)),
        (errno.EPERM, ("not permitted",)),
        (errno.EEXIST, ("a file stands where a folder is needed",)),
        (errno.ENOTDIR, ("a file stands where a folder is needed",)),
        (errno.EIO, (os.strerror(errno.EIO),)),
    ],
)
def test_an_error_of_the_system_is_told_in_one_line_with_what_mends_it(number, words):
    with pytest.raises(CannotWrite) as told, writing_to("some/place"):
        raise OSError(number, os.strerror(number), "some/place/file")
    message = str(told.value)
    assert isinstance(told.value, WavecastError)
    assert "some/place" in message
    assert "--store" in message
    assert all(word in message for word in words)
    assert "\n" not in message
    assert "Errno" not in message


def test_an_error_of_the_system_without_a_number_is_told_with_its_own_words():
    with pytest.raises(CannotWrite, match="the store did not answer"), writing_to("some/place"):
        raise TimeoutError("the store did not answer")


def test_an_error_of_several_lines_is_told_in_one():
    with pytest.raises(CannotWrite) as told, writing_to("some/place"):
        raise OSError("first\nsecond")
    assert "\n" not in str(told.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_really_full_is_told(tmp_path):
    with pytest.raises(CannotWrite, match="the disk is full"), whole_folder(tmp_path) as folder:
        (folder / "file").symlink_to("/dev/full")
        (folder / "file").write_text("text")
    assert not any(tmp_path.iterdir())


def test_a_folder_without_permission_is_told(tmp_path, monkeypatch):
    def denied(path, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(CannotWrite, match="permission denied"), whole_folder(tmp_path):
        pytest.fail("there is no folder to fill")


@pytest.mark.parametrize("below", ["", "deep/er"])
def test_a_file_in_place_of_the_folder_is_told_and_kept(tmp_path, below):
    (tmp_path / "file").write_text("text")
    with pytest.raises(CannotWrite, match="a file stands"), whole_folder(tmp_path / "file" / below):
        pytest.fail("there is no folder to fill")
    assert (tmp_path / "file").read_text() == "text"


@pytest.mark.parametrize(
    ("failures", "words"),
    [
        ([("from", "to", "[Errno 28] No space left on device")], "the disk is full"),
        ([("from", "to", "[Errno 5] Input/output error: 'x'")], "Input/output error"),
        ([("from", "to", "something else")], "something else"),
    ],
)
def test_what_fails_while_a_folder_is_copied_is_told_without_tuples(failures, words):
    with pytest.raises(CannotWrite, match=words) as told, writing_to("runs"):
        raise shutil.Error(failures)
    assert "(" not in str(told.value)


def test_a_folder_that_is_removed_meanwhile_is_told(tmp_path):
    with pytest.raises(CannotWrite, match="removed in the middle of the work"), whole_folder(tmp_path / "a") as folder:
        shutil.rmtree(tmp_path / "a")
        (folder / "file").write_text("x")
