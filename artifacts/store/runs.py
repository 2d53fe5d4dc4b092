"""Run folders: find one by what people call it, list all of a store, and read a checked manifest.

People call a run by its name or the beginning of it, by its path or URL, or `latest`.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from artifacts.files.parquet import NotAFile
from artifacts.store.listing import MANIFEST, is_from_future, run_names
from artifacts.store.removed import removed_run
from rnn.errors import WavecastError
from rnn.readers.urls import filled_in, redacted, without_secrets

FORMAT = 1
"""The newest format of a manifest: what is written, and the highest number that can be read."""

LATEST = "latest"

SHOWN = 3
"""Names that a message lists at most."""


class NoSuchRun(WavecastError):
    """No run, or more than one, goes by the given name."""


class OutOfReach(WavecastError):
    """A place behind a URL cannot be looked into: no credentials, no network, no library."""


class UnreadableRun(WavecastError):
    """A folder is no run that this version of Wavecast can read.

    Its text is a sentence: where the folder is, and the `reason`, which begins with a verb ("is no run folder: …").
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place, self.reason = place, reason

    def __str__(self) -> str:
        return f"{self.place} {self.reason}"


@dataclass(frozen=True)
class Run:
    """A run folder and its manifest. `root` is the folder's path in the file system `files`."""

    files: AbstractFileSystem
    root: str
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.root.rsplit("/", 1)[-1]

    @property
    def place(self) -> str:
        """Where the folder is: a path on a local disk, else a URL."""
        return _place(self.files, self.root)

    @property
    def flow(self) -> str:
        """The name of the flow that it is a run of."""
        return str(self.manifest["flow"])

    @property
    def config(self) -> dict[str, Any]:
        """The flow's settings."""
        return dict(self.manifest["config"])

    @property
    def data(self) -> str | None:
        """The digest of its data set, None for a run that keeps none."""
        return self.manifest.get("data")

    @property
    def code(self) -> dict[str, Any]:
        """The version of Wavecast and the digest of package `rnn` that made it."""
        return dict(self.manifest["code"])

    @property
    def execution(self) -> dict[str, Any]:
        """The facts of this run alone: times, and how each step was made."""
        return dict(self.manifest.get("execution") or {})

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file, as recorded in the manifest."""
        return dict(self.manifest["files"])

    def has(self, file: str) -> bool:
        """Whether the file exists."""
        return bool(self.files.isfile(f"{self.root}/{file}"))

    def digest(self, file: str) -> str:
        """The digest of a file's present bytes. Raises FileNotFoundError and NotAFile."""
        refuse_what_is_no_file(self.files, f"{self.root}/{file}")
        with self.files.open(f"{self.root}/{file}", "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    def read(self, file: str) -> bytes:
        """A file's bytes. Raises FileNotFoundError and NotAFile."""
        refuse_what_is_no_file(self.files, f"{self.root}/{file}")
        content: bytes = self.files.cat_file(f"{self.root}/{file}")
        return content

    def fetch(self, file: str, to: Path) -> Path:
        """A file's path on the local disk: its own, or that of a copy made below `to`."""
        if isinstance(self.files, LocalFileSystem):
            return Path(self.root) / file
        copy = to / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        self.files.get_file(f"{self.root}/{file}", str(copy))
        return copy

    def sibling(self, flow_run: str) -> str | None:
        """The name of the run that the flow run with this id left in the same store, or None."""
        ending = f"-{flow_run[:6]}"
        return next((name for name in self._neighbours() if flow_run and name.endswith(ending)), None)

    def before(self) -> "Run | None":
        """The newest earlier run of the same flow in the same store, among those that can be read."""
        store = self.root.rsplit("/", 1)[0]
        names = self._neighbours()
        earlier = names[: names.index(self.name)] if self.name in names else []
        return next((run for run in readable_runs(self.files, store, earlier) if run.flow == self.flow), None)

    def _neighbours(self) -> list[str]:
        """The names of all runs of its store; none where the store cannot be listed, as behind some URLs."""
        try:
            return run_names(self.files, self.root.rsplit("/", 1)[0])
        except OSError:
            return []


def find_run(store: str, given: str) -> Run:
    """Find a run by its name, the beginning of its name, its path or URL, or `latest`. Names are looked up in `store`.

    Nothing is written. Raises NoSuchRun and UnreadableRun.
    """
    if not given.strip():
        raise NoSuchRun("no run is named: give its name, the beginning of its name, its path, or 'latest'")
    if "/" in given or (given != LATEST and Path(given).is_dir()):
        files, root = _opened(given)
        root = root.removesuffix(f"/{MANIFEST}")
        if not files.isdir(root):
            _refuse_removed(files, *root.rsplit("/", 1))
            raise NoSuchRun(f"there is no run folder at {redacted(given)}")
        return read_run(files, root)
    files, root = _opened(store)
    shown = redacted(store)
    try:
        names = run_names(files, root)
    except OSError as error:
        raise NoSuchRun(f"cannot look into {shown}: {' '.join(str(error).split()).replace(store, shown)}") from None
    if not names:
        raise NoSuchRun(f"there are no runs in the store {shown}: name another with --store")
    if given == LATEST:
        warn_of_future(names)
    matching = names[-1:] if given == LATEST else [name for name in names if name.startswith(given)]
    if given in names:
        matching = [given]
    if not matching:
        _refuse_removed(files, root, given)
        raise NoSuchRun(f"the store {shown} has no run {given!r}; its newest: {_list(names[::-1])}")
    if len(matching) > 1:
        raise NoSuchRun(f"{given!r} may be any of {len(matching)} runs, {_list(matching[::-1])}: give more of the name")
    return read_run(files, f"{root}/{matching[0]}")


def _refuse_removed(files: AbstractFileSystem, store: str, given: str) -> None:
    """Raise NoSuchRun where it is known what became of a run."""
    if removed := removed_run(files, store, given):
        raise NoSuchRun(f"{removed.run} {removed.told}")


def warn_of_future(names: Sequence[str]) -> None:
    """Log a warning that names the runs from the future, if there are any, which are not taken for the newest."""
    ahead = [name for name in names if is_from_future(name)]
    if ahead:
        logging.getLogger(__name__).warning(
            "not taken for the newest, since by their names they are from the future (was the clock wrong?): %s",
            _list(ahead),
        )


def check_reachable(url: str) -> None:
    """Ask the file system behind a URL about it, once for each process. Raises OutOfReach; nothing for a local path.

    A file system may need credentials, a network and a library, each with errors of its own kind.
    """
    full = filled_in(url)
    try:
        _ask(full)
    except FileNotFoundError:
        return
    except Exception as error:
        reason = without_secrets(" ".join(str(error).split()), full)[:200]
        what = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
        raise OutOfReach(f"cannot look into {redacted(url)} ({what}): check the address and its credentials") from None


@cache
def _ask(url: str) -> None:
    files, root = fsspec.core.url_to_fs(url)
    if not isinstance(files, LocalFileSystem):
        files.info(root)


def _list(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")


def _opened(url: str) -> tuple[AbstractFileSystem, str]:
    full = filled_in(url)
    try:
        files, root = fsspec.core.url_to_fs(full)
    except (ValueError, ImportError) as error:
        reason = without_secrets(" ".join(str(error).split()), full)
        raise NoSuchRun(f"cannot look into {redacted(url)}: {reason}") from None
    check_reachable(url)
    return files, root.rstrip("/")


def readable_runs(files: AbstractFileSystem, store: str, names: Sequence[str]) -> Iterator[Run]:
    """Those runs of a store that can be read, the last of `names` first; the others are left out."""
    for name in reversed(names):
        try:
            run = read_run(files, f"{store}/{name}")
        except UnreadableRun:
            continue
        yield run


def refuse_what_is_no_file(files: AbstractFileSystem, path: str) -> None:
    """Raise NotAFile for a folder, a pipe or a device on a local disk: reading a pipe would wait for ever."""
    if isinstance(files, LocalFileSystem) and Path(path).exists() and not Path(path).is_file():
        raise NotAFile(f"{Path(path).name} is not a file")


def read_run(files: AbstractFileSystem, root: str) -> Run:
    """Read and check the manifest of the run folder `root`. Raises UnreadableRun."""
    place = _place(files, root)
    try:
        refuse_what_is_no_file(files, f"{root}/{MANIFEST}")
        content = json.loads(files.cat_file(f"{root}/{MANIFEST}"))
    except FileNotFoundError:
        raise UnreadableRun(place, f"is no run folder: there is no {MANIFEST} in it") from None
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableRun(place, f"has a {MANIFEST} that cannot be read ({reason}): restore it from a copy") from None
    return Run(files, root, _checked(content, place))


DEEPEST = 32
"""The levels of lists and mappings within each other that a manifest may have: what reads it calls itself for each."""

_PARTS = {"flow": str, "config": dict, "seeds": dict, "code": dict, "versions": dict, "files": dict}
"""The parts of a manifest since the first format, as far as they are read here."""


def _checked(content: Any, place: str) -> dict[str, Any]:
    form = content.get("format") if isinstance(content, dict) else None
    if not isinstance(form, int):
        raise UnreadableRun(place, f"has a {MANIFEST} that is not Wavecast's: it names no format")
    if _is_deeper(content, DEEPEST):
        raise UnreadableRun(place, f"has a damaged {MANIFEST}: it is nested too deep; restore it from a copy")
    if form > FORMAT:
        raise UnreadableRun(
            place, f"was written by a newer Wavecast, in format {form}, and this one reads up to {FORMAT}: update it"
        )
    wrong = next((name for name, kind in _PARTS.items() if not isinstance(content.get(name), kind)), None)
    if wrong:
        raise UnreadableRun(place, f"has a damaged {MANIFEST}: no usable {wrong!r} in it; restore it from a copy")
    stray = next((name for name in content["files"] if not _is_within(name)), None)
    if stray is not None:
        raise UnreadableRun(place, f"has a damaged {MANIFEST}: it names the file {stray!r}, outside of its folder")
    return dict(content)


def _is_deeper(content: Any, levels: int) -> bool:
    """Whether lists and mappings lie within each other on more than so many levels."""
    level = [content]
    for _ in range(levels):
        inside = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [part for parts in inside for part in parts]
    return any(isinstance(each, dict | list) for each in level)


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def _place(files: AbstractFileSystem, root: str) -> str:
    return root if isinstance(files, LocalFileSystem) else redacted(str(files.unstrip_protocol(root)))
