"""A backup put back: unpacked beside the place, every file compared with the index, then put there as one."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from artifacts.store.archive import PIECE, BadArchive, members
from artifacts.store.atomic import put_in_place, whole_folder, writing_to
from artifacts.store.backup import CHAMPION, FORMAT, INDEX
from artifacts.store.runs import check_reachable
from artifacts.store.store import Store
from rnn.errors import WavecastError
from rnn.readers.urls import filled_in, redacted, without_secrets

LARGEST_INDEX = 2**27
"""Bytes of backup.json at most: some 150 a file."""


class NotRestored(WavecastError):
    """A backup was not put back, and nothing has changed."""


@dataclass(frozen=True)
class Index:
    """The index of an archive: when and where it was made, its runs, their faults, the schedules."""

    made: str
    store: str
    runs: tuple[str, ...]
    damaged: dict[str, str]
    schedules: dict[str, Any]


def restore(archive: str, url: str) -> Index:
    """Put the store of an archive, a path or URL, at `url`, where nothing is yet.

    Raises NotRestored, for a place where something is and for an archive that is damaged or hostile; CannotWrite and
    OutOfReach. After any of them the place is as it was.
    """
    files, root = _opened(url)
    refuse_what_lives(files, root, url)
    if not isinstance(files, LocalFileSystem):
        with TemporaryDirectory() as folder:
            index = _unpacked(archive, Path(folder))
            _publish(Path(folder), index, Store(url))
        return index
    place = Path(root)
    with whole_folder(place.parent) as folder:
        index = _unpacked(archive, folder)
        with writing_to(place):
            put_in_place(folder, place)
    return index


def read_index(archive: str) -> Index:
    """Read the index of an archive, and compare every file with it. Raises NotRestored."""
    return _unpacked(archive, None)


def refuse_what_lives(files: Any, root: str, url: str) -> None:
    """Raise NotRestored when anything is at `url` that a store could be."""
    with writing_to(redacted(url)):
        files.invalidate_cache()
        there = files.exists(root) and (not files.isdir(root) or any(files.ls(root, detail=False)))
    if there:
        raise NotRestored(
            f"--store: there is something at {redacted(url)} already, and no backup is put over it: move it away, or "
            "name another place"
        )


def _opened(url: str) -> tuple[Any, str]:
    full = filled_in(url)
    try:
        files, root = fsspec.core.url_to_fs(full)
    except (ValueError, ImportError) as error:
        raise NotRestored(f"cannot use {redacted(url)}: {without_secrets(_line(error), full)}") from None
    check_reachable(url)
    return files, root.rstrip("/")


@contextmanager
def _archive(url: str) -> Iterator[tuple[BinaryIO, int]]:
    """An archive, open, and its size. Raises NotRestored."""
    files, path = _opened(url)
    try:
        if isinstance(files, LocalFileSystem) and not Path(path).is_file():
            raise FileNotFoundError
        size, file = int(files.size(path)), files.open(path, "rb")
    except (OSError, TypeError) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else _line(error)
        raise NotRestored(f"cannot read the backup {redacted(url)}: {reason}") from None
    with file:
        yield file, size


def _unpacked(archive: str, folder: Path | None) -> Index:
    """Unpack below `folder`, or nowhere, and compare with the index, which comes last. Raises NotRestored."""
    found: dict[str, dict[str, str | int]] = {}
    index: bytes | None = None
    try:
        with _archive(archive) as (file, size):
            for name, content in members(file, size):
                if index is not None:
                    raise BadArchive(f"{name!r} comes after {INDEX}, the last one")
                if name == INDEX:
                    index = _read_index(content)
                elif name in found:
                    raise BadArchive(f"{name!r} is in it twice")
                else:
                    found[name] = _take(content, folder and folder / name)
        return _checked(index, found)
    except (BadArchive, tarfile.TarError) as error:
        raise NotRestored(f"{redacted(archive)} is no backup that can be put back: {error}") from None


def _read_index(content: BinaryIO) -> bytes:
    pieces: list[bytes] = []
    while piece := content.read(PIECE):
        pieces.append(piece)
        if len(pieces) * PIECE > LARGEST_INDEX:
            raise BadArchive(f"{INDEX} is too long")
    return b"".join(pieces)


def _take(content: BinaryIO, to: Path | None) -> dict[str, str | int]:
    """Copy a file to its place; its digest and size. Raises BadArchive where names stand in each other's way."""
    digest, size = hashlib.sha256(), 0
    try:
        if to is not None:
            to.parent.mkdir(parents=True, exist_ok=True)
        out = to.open("xb") if to is not None else None
    except (FileExistsError, NotADirectoryError):
        raise BadArchive(f"{to.name if to else ''!r} is a file and a folder in it") from None
    try:
        while piece := content.read(PIECE):
            digest.update(piece)
            size += len(piece)
            if out is not None:
                out.write(piece)
    finally:
        if out is not None:
            out.close()
    return {"sha256": digest.hexdigest(), "bytes": size}


def _checked(content: bytes | None, found: dict[str, dict[str, str | int]]) -> Index:
    """The index, once all that it names is there as it says, and nothing else. Raises BadArchive."""
    if content is None:
        raise BadArchive(f"it has no {INDEX}, which is written last: it was never finished, or is none of Wavecast's")
    try:
        index = json.loads(content)
        form, files = index["format"], dict(index["files"])
        read = Index(
            made=str(index["made"]),
            store=str(index["store"]),
            runs=tuple(str(run) for run in index["runs"]),
            damaged={str(run): str(why) for run, why in index["damaged"].items()},
            schedules=dict(index["schedules"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadArchive(f"its {INDEX} cannot be read ({type(error).__name__})") from None
    if form != FORMAT:
        raise BadArchive(f"it is of format {form!r}, and this Wavecast reads format {FORMAT}")
    for name in sorted(files.keys() | found.keys()):
        if files.get(name) != found.get(name):
            what = "is not in it" if name not in found else "is not in the index" if name not in files else "is altered"
            raise BadArchive(f"{name!r} {what}")
    stray = next((run for run in read.runs if "/" in run or f"{run}/manifest.json" not in found), None)
    if stray is not None:
        raise BadArchive(f"the run {stray!r} is not in it")
    return read


def _publish(folder: Path, index: Index, store: Store) -> None:
    """Bring an unpacked store to a distant place: the runs, then the files beside them, the champion last."""
    for run in index.runs:
        store.publish(folder / run, run)
    beside = sorted((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.name == CHAMPION)
    for path in beside:
        store.replace(path.name, path.read_bytes())


def _line(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split()) or type(error).__name__
