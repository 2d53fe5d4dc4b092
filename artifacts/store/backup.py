"""A backup: the whole runs of a store and the files beside them at one moment, in one archive, each with its digest.

What can be made again is left out: `latest/`, the gallery, `.cache/`. The index, backup.json, is written last, as a
run's manifest is: an archive without one was never finished.
"""

import errno
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from artifacts.store.archive import SUFFIX, Packing, is_plain_name, packing
from artifacts.store.atomic import CannotWrite, replace_file, writing_to
from artifacts.store.listing import MANIFEST, is_store
from artifacts.store.naming import short_name
from artifacts.store.runs import UnreadableRun, check_reachable
from artifacts.store.store import Store
from rnn.errors import WavecastError
from rnn.readers.urls import filled_in, redacted, without_secrets

INDEX = "backup.json"
FORMAT = 1
CHAMPION = "champion.json"
"""The file whose lock is held while runs are published and promoted."""
MADE_AGAIN = {"index.html"}
"""Files beside the runs that `wavecast browse` makes again."""

TRIES, PAUSE = 40, 0.25
"""So often, and after so many seconds, files are read again that changed while they were read."""


class NoBackup(WavecastError):
    """A backup could not be made."""


@dataclass(frozen=True)
class Moment:
    """A store at one moment: its runs, which never change, and the content of each file beside them."""

    runs: tuple[str, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Backup:
    """A backup that was made. `damaged`: the fault of each run that differs from its manifest; it is in it too.

    `stores`: the folders of the store that are stores themselves, and are not in it.
    """

    place: str
    runs: int
    files: int
    size: int
    damaged: Mapping[str, str]
    stores: tuple[str, ...] = ()


def back_up(store: Store, to: str, schedules: Mapping[str, Any]) -> Backup:
    """Put the store, and a note of its `schedules`, into an archive at `to`, which appears whole or not at all.

    `to`: a path or URL that ends in .tar.zst, which must not be there yet; else a folder, where the archive gets a name
    from the store's and the time. Raises NoBackup, CannotWrite and OutOfReach.
    """
    files, path = _target(store, to)
    local = isinstance(files, LocalFileSystem)
    place = path if local else redacted(str(files.unstrip_protocol(path)))
    made: list[Backup] = []

    def write(file: BinaryIO) -> None:
        made.append(_write(store, place, schedules, file))

    if local:
        replace_file(Path(path), write)
        return made[0]
    with TemporaryFile() as packed:
        write(packed)
        packed.seek(0)
        try:
            with files.open(path, "wb") as out:
                while piece := packed.read(2**22):
                    out.write(piece)
        except Exception as error:  # each file system has errors of its own
            raise CannotWrite(f"cannot write to {place}: {without_secrets(_line(error), filled_in(to))}") from None
    return made[0]


@contextmanager
def _nobody_promoting(store: Store) -> Iterator[None]:
    """Hold the lock of champions, where a lock can be made at all."""
    with ExitStack() as stack:
        try:
            stack.enter_context(store.changing(CHAMPION))
        except CannotWrite as error:
            if getattr(error.__cause__, "errno", None) != errno.EROFS:
                raise
        yield


def moment(store: Store) -> Moment:
    """The store at one moment, though others change it: what was read twice with nothing between is of one moment.

    No run is published for promotion meanwhile, unless the store can only be read from here, as a snapshot of its disk.
    Raises NoBackup when files do not come to rest.
    """
    with _nobody_promoting(store):
        before = _look(store)
        for _ in range(TRIES):
            now = _look(store)
            if now == before:
                return now
            before = now
            time.sleep(PAUSE)
    raise NoBackup(f"{store.url} changes all the time: try again when fewer runs are at work")


def _look(store: Store) -> Moment:
    store.files.invalidate_cache()
    contents = {name: store.read(name) for name in _beside(store)}
    return Moment(tuple(store.runs()), {name: data for name, data in contents.items() if data is not None})


def _beside(store: Store) -> list[str]:
    found = store.files.ls(store.root, detail=True) if store.files.isdir(store.root) else []
    names = [each["name"].rstrip("/").rsplit("/", 1)[-1] for each in found if _is_file(each)]
    return sorted(name for name in names if is_plain_name(name) and name not in MADE_AGAIN)


def _is_file(facts: Mapping[str, Any]) -> bool:
    """A file itself: a link could lead to what is not the store's."""
    return facts["type"] == "file" and not facts.get("islink")


def _target(store: Store, to: str) -> tuple[Any, str]:
    full = filled_in(to)
    try:
        files, path = fsspec.core.url_to_fs(full)
    except (ValueError, ImportError) as error:
        raise NoBackup(f"cannot use {redacted(to)}: {without_secrets(_line(error), full)}") from None
    check_reachable(to)
    path = path.rstrip("/")
    if not full.endswith(SUFFIX):
        when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        path = f"{path}/{short_name(store.url)}-{when}{SUFFIX}"
    if store.local and isinstance(files, LocalFileSystem) and _is_below(Path(path), Path(store.root)):
        raise NoBackup(f"--to: {redacted(to)} is in the store itself, and would be lost with it: name another place")
    with writing_to(redacted(to)):
        if files.exists(path):
            raise NoBackup(
                f"--to: {redacted(to)} is there already, and an earlier backup is not replaced: name another file, or "
                "a folder, where each backup gets a name of its own"
            )
    return files, path


def _is_below(path: Path, folder: Path) -> bool:
    return folder.resolve() in path.resolve().parents


def _write(store: Store, place: str, schedules: Mapping[str, Any], file: BinaryIO) -> Backup:
    made, now = datetime.now(UTC), moment(store)
    with packing(file) as archive:
        damaged = {run: wrong for run in now.runs if (wrong := _add_run(store, run, archive))}
        for name, content in now.files.items():
            archive.add_bytes(name, content)
        index = {
            "format": FORMAT,
            "made": made.isoformat(timespec="seconds"),
            "wavecast": version("wavecast"),
            "store": store.url,
            "runs": list(now.runs),
            "damaged": damaged,
            "schedules": schedules,
            "files": dict(archive.files),
        }
        archive.add_bytes(INDEX, (json.dumps(index, indent=1, ensure_ascii=False) + "\n").encode())
    no_runs = sorted(set(store.folders()) - set(now.runs))
    stores = tuple(name for name in no_runs if is_store(store.files, f"{store.root}/{name}"))
    return Backup(
        place=place, runs=len(now.runs), files=len(now.files), size=file.tell(), damaged=damaged, stores=stores
    )


def _add_run(store: Store, run: str, archive: Packing) -> str | None:
    """Add a run's files; what is wrong with them by its manifest, or None."""
    try:
        recorded = store.run(run).digests
    except UnreadableRun as error:
        recorded, wrong = {}, [error.reason]
    else:
        wrong = []
    found: dict[str, str] = {}
    try:
        for name, size, when in sorted(_files_of(store, run), key=lambda each: each[0] == MANIFEST):
            with store.files.open(f"{store.root}/{run}/{name}", "rb") as content:
                found[name] = archive.add(f"{run}/{name}", size, content, when)
    except (FileNotFoundError, EOFError):
        raise NoBackup(f"{store.place(run)} was removed or changed while it was read: try again") from None
    except PermissionError as error:
        raise NoBackup(f"{store.place(run)} cannot be read: {_line(error)}") from None
    lost = [f"there is no {name}" for name in recorded if name not in found]
    changed = [f"{name} is not as it was" for name in recorded if name in found and found[name] != recorded[name]]
    return "; ".join([*wrong, *lost, *changed]) or None


def _files_of(store: Store, run: str) -> Iterator[tuple[str, int, float]]:
    """The path of each file of a run, its size and its time."""
    root = f"{store.root}/{run}"
    for path, facts in store.files.find(root, detail=True).items():
        name = path[len(root) :].lstrip("/")
        if _is_file(facts) and is_plain_name(f"{run}/{name}"):
            yield name, int(facts["size"]), float(facts.get("mtime") or 0.0)


def _line(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split()) or type(error).__name__
