"""A run of the past, found by what people call it: its name or the beginning of it, its path or URL, or `latest`."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from artifacts.store.manifest import FORMAT
from artifacts.store.store import MANIFEST
from rnn.errors import WavecastError

LATEST = "latest"

SHOWN = 3
"""So many names are enough to jog a memory."""


class NoSuchRun(WavecastError):
    """No run, or more than one, goes by what was given."""


class UnreadableRun(WavecastError):
    """What is there is no run that this version of Wavecast can read."""


@dataclass(frozen=True)
class Run:
    """A run folder, and its manifest as it stands there. `root` is its path in `files`."""

    files: AbstractFileSystem
    root: str
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.root.rsplit("/", 1)[-1]

    @property
    def place(self) -> str:
        """Where it is: a path on a local disk, else a URL."""
        return _told(self.files, self.root)

    @property
    def flow(self) -> str:
        """Which flow it is a run of."""
        return str(self.manifest["flow"])

    @property
    def config(self) -> dict[str, Any]:
        """The flow's settings."""
        return dict(self.manifest["config"])

    @property
    def execution(self) -> dict[str, Any]:
        """What is this run's alone: times, and how each step came to be."""
        return dict(self.manifest.get("execution") or {})

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file, as the manifest has it."""
        return dict(self.manifest["files"])

    def has(self, file: str) -> bool:
        """Whether the file is there."""
        return bool(self.files.isfile(f"{self.root}/{file}"))

    def digest(self, file: str) -> str:
        """The digest of a file's bytes as they are now. Raises FileNotFoundError."""
        with self.files.open(f"{self.root}/{file}", "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()

    def fetch(self, file: str, to: Path) -> Path:
        """The file on the local disk: as it is there already, or as a copy below `to`."""
        if isinstance(self.files, LocalFileSystem):
            return Path(self.root) / file
        copy = to / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        self.files.get_file(f"{self.root}/{file}", str(copy))
        return copy

    def sibling(self, flow_run: str) -> str | None:
        """The name of the run in the same store that the flow run of that id left, or None."""
        store = self.root.rsplit("/", 1)[0]
        ending = f"-{flow_run[:6]}"
        return next((name for name in _names(self.files, store) if flow_run and name.endswith(ending)), None)

    def before(self) -> "Run | None":
        """The run of the same flow in the same store that came just before it; those that cannot be read are none."""
        return next((run for run in self.earlier() if run.flow == self.flow), None)

    def earlier(self) -> Iterator["Run"]:
        """The store's runs before this one that can be read, newest first."""
        store = self.root.rsplit("/", 1)[0]
        for name in reversed(_names(self.files, store)):
            if name < self.name:
                try:
                    yield _read(self.files, f"{store}/{name}")
                except UnreadableRun:
                    continue


def find_run(store: str, given: str) -> Run:
    """The run that is meant: see the module's first line. A name is looked for in `store`.

    Nothing is written. Raises NoSuchRun and UnreadableRun.
    """
    if "/" in given or (given != LATEST and Path(given).is_dir()):
        files, root = _opened(given)
        root = root.removesuffix(f"/{MANIFEST}")
        if not files.isdir(root):
            raise NoSuchRun(f"there is no run folder at {given}")
        return _read(files, root)
    files, root = _opened(store)
    names = _names(files, root)
    if not names:
        raise NoSuchRun(f"there are no runs in the store {store}: name another with --store")
    meant = names[-1:] if given == LATEST else [name for name in names if name.startswith(given)]
    if given in names:
        meant = [given]
    if not meant:
        raise NoSuchRun(f"the store {store} has no run {given!r}; its newest: {_list(names[::-1])}")
    if len(meant) > 1:
        raise NoSuchRun(f"{given!r} may be any of {len(meant)} runs, {_list(meant[::-1])}: give more of the name")
    return _read(files, f"{root}/{meant[0]}")


def _list(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")


def _opened(url: str) -> tuple[AbstractFileSystem, str]:
    try:
        files, root = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise NoSuchRun(f"cannot look into {url}: {' '.join(str(error).split())}") from None
    return files, root.rstrip("/")


def _names(files: AbstractFileSystem, store: str) -> list[str]:
    """The names of all whole runs, oldest first."""
    try:
        found = files.find(store, maxdepth=2)
    except OSError:
        return []
    ends = f"/{MANIFEST}"
    names = (path.removesuffix(ends).rsplit("/", 1)[-1] for path in found if path.endswith(ends))
    return sorted(name for name in names if not name.startswith("."))


def _read(files: AbstractFileSystem, root: str) -> Run:
    place = _told(files, root)
    try:
        with files.open(f"{root}/{MANIFEST}", "rb") as file:
            found = json.loads(file.read())
    except FileNotFoundError:
        raise UnreadableRun(f"{place} is no run folder: there is no {MANIFEST} in it") from None
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableRun(f"{place}/{MANIFEST} cannot be read ({reason}): restore it from a copy") from None
    return Run(files, root, _checked(found, place))


_PARTS = {"flow": str, "config": dict, "seeds": dict, "code": dict, "versions": dict, "files": dict}
"""What every manifest has had since the first format, and what is looked at here."""


def _checked(found: Any, place: str) -> dict[str, Any]:
    form = found.get("format") if isinstance(found, dict) else None
    if not isinstance(form, int):
        raise UnreadableRun(f"{place}/{MANIFEST} is not Wavecast's: it names no format")
    if form > FORMAT:
        raise UnreadableRun(
            f"{place} was written by a newer Wavecast, in format {form}, and this one reads up to {FORMAT}: update it"
        )
    wrong = next((name for name, kind in _PARTS.items() if not isinstance(found.get(name), kind)), None)
    if wrong:
        raise UnreadableRun(f"{place}/{MANIFEST} is damaged: no usable {wrong!r} in it; restore it")
    stray = next((name for name in found["files"] if not _is_within(name)), None)
    if stray is not None:
        raise UnreadableRun(f"{place}/{MANIFEST} is damaged: it names the file {stray!r}, outside of its folder")
    return dict(found)


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def _told(files: AbstractFileSystem, root: str) -> str:
    return root if isinstance(files, LocalFileSystem) else str(files.unstrip_protocol(root))
