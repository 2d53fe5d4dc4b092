"""Write files and folders atomically: under a hidden name first, flushed to the disk, then renamed."""

import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from rnn.errors import WavecastError


class CannotWrite(WavecastError):
    """Writing failed: a full disk, a folder that is not writable, something else in its place."""


_REMEDY = {
    errno.ENOENT: "it was removed in the middle of the work: start again",
    errno.ENOSPC: "the disk is full: make room, or point --store to another disk",
    errno.EDQUOT: "the disk quota is used up: make room, or point --store to another disk",
    errno.EROFS: "the file system is read-only: point --store to a folder you may write to",
    errno.EACCES: "permission denied: point --store to a folder you may write to",
    errno.EPERM: "not permitted: point --store to a folder you may write to",
    errno.ENOTDIR: "a file stands where a folder is needed: choose another --store",
    errno.EHOSTUNREACH: "no server answers there: try again when it does",
    errno.EEXIST: "a file stands where a folder is needed: choose another --store",
}


@contextmanager
def writing_to(place: Path | str) -> Iterator[None]:
    """Turn an operating-system error while writing to `place` into CannotWrite, whose text names the remedy."""
    try:
        yield
    except OSError as error:
        number, message = error.errno, str(error.strerror or error)
        if isinstance(error, shutil.Error):
            number, message = _of_first(error)
        reason = _REMEDY.get(number or 0, f"{' '.join(message.split())}: choose another --store")
        if number == errno.ENOENT and (missing := _missing_file(error)):
            reason = f"{missing} was removed in the middle of the work: start again"
        raise CannotWrite(f"cannot write to {place}: {reason}") from error


def _missing_file(error: OSError) -> str | None:
    """The name of the file that is not there, where it says anything: a folder being filled has a random one."""
    path = error.args[0][0][0] if isinstance(error, shutil.Error) else error.filename
    name = Path(path or "").name
    return name if Path(name).suffix and not name.startswith(".") else None


def _of_first(error: shutil.Error) -> tuple[int | None, str]:
    """The number and message of the first of several failures, which shutil keeps as (from, to, "[Errno 28] …")."""
    failures = error.args[0] if error.args and isinstance(error.args[0], list) else []
    text = str(failures[0][-1]) if failures else str(error)
    number = re.match(r"\[Errno (\d+)\]\s*", text)
    return (int(number[1]), text[number.end() :]) if number else (None, text)


@contextmanager
def whole_folder(parent: Path) -> Iterator[Path]:
    """Make an empty folder in `parent` under a hidden name, to be filled and then handed to `put_in_place`.

    If it is still there when the block ends, by success or error, it is removed. Raises CannotWrite.
    """
    with writing_to(parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = parent / f".{uuid4().hex}.partial"
        folder.mkdir()
    try:
        with writing_to(parent):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(folder: Path, place: Path) -> None:
    """Flush all of `folder` to the disk and rename it to `place`: a reader finds the whole folder or none."""
    for path in folder.rglob("*"):
        _flush(path)
    _flush(folder)
    folder.rename(place)
    _flush(place.parent)


def take_away(folder: Path) -> Path:
    """Give a folder a hidden name, at which nobody looks for it, flushed; returns its path there. Raises OSError.

    A reader finds the whole folder or none, also after a power cut: what is deleted later is deleted there.
    """
    hidden = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.removed")
    folder.rename(hidden)
    _flush(folder.parent)
    return hidden


def replace_folder(folder: Path, place: Path) -> bool:
    """Flush all of `folder` and put it where the folder `place` is, in one step; False where the system cannot do that.

    A reader who goes by the name finds the old folder or the new one; one who holds the old folder open still has its
    files until the next replacement, under a hidden name. Raises OSError.
    """
    if not place.exists():
        put_in_place(folder, place)
        return True
    for path in folder.rglob("*"):
        _flush(path)
    _flush(folder)
    before = place.with_name(f".{place.name}.before")
    shutil.rmtree(before, ignore_errors=True)
    if not _exchange(folder, place):
        return False
    folder.rename(before)
    _flush(place.parent)
    return True


_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders swap names in one step, as Linux can (renameat2); False where that cannot be done.

    Renaming alone would leave a moment without either.
    """
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if renameat2 is None:
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(done == 0)


def replace_file(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Let `write` fill a file under a hidden name, flush it, and rename it to `path`, replacing what is there.

    A reader finds the old bytes or the new ones, whole; if writing fails, the old ones. Raises CannotWrite.
    """
    partial = path.parent / f".{uuid4().hex}.partial"
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
