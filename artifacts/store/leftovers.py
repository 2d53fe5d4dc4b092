"""Find what can be removed from a store's workspace: unused results of steps, checkpoints, leftovers of kills.

Nothing younger than a day is among it, since a run may be at work on that.
"""

import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from artifacts.store.atomic import take_away
from artifacts.store.cache import CHECKPOINTS, DAY
from artifacts.store.store import Store

Kind: TypeAlias = Literal["cached result", "checkpoint", "half-written file or folder", "copy of a run"]

OWN = ("gallery", CHECKPOINTS)
"""Folders of the cache that are no results of steps."""


@dataclass(frozen=True)
class Leftover:
    """A file or folder on this machine's disk: its `kind`, when it was last `touched` (s since 1970), what it takes."""

    path: Path
    kind: Kind
    touched: float
    files: int
    bytes: int

    def remove(self) -> None:
        """Delete it, unless somebody has touched it meanwhile; a folder gets a hidden name first.

        One that was touched just before that gets its name back: a run has begun to use it.
        """
        with suppress(OSError):  # somebody else has removed it
            if weighed(self.path, self.kind).touched > self.touched:
                return
            if not self.path.is_dir():
                self.path.unlink()
                return
            hidden = take_away(self.path)
            if weighed(hidden, self.kind).touched > self.touched:
                hidden.rename(self.path)
            else:
                shutil.rmtree(hidden, ignore_errors=True)


def weighed(path: Path, kind: Kind) -> Leftover:
    """A file or folder with all below it: when any of that was last touched, and what it takes. Raises OSError."""
    facts = [path.lstat(), *(each.lstat() for each in path.rglob("*"))] if path.is_dir() else [path.lstat()]
    files = [fact for fact in facts if not stat.S_ISDIR(fact.st_mode)]
    return Leftover(path, kind, max(fact.st_mtime for fact in facts), len(files), sum(fact.st_size for fact in files))


def leftovers(store: Store, now: float) -> Iterator[Leftover]:
    """All that can go, whatever its age, but for the last day's; `now` in seconds since 1970."""
    for path, kind in _candidates(store):
        with suppress(OSError):  # somebody else has removed it
            found = weighed(path, kind)
            if now - found.touched > DAY:
                yield found


def torn(store: Store, now: float) -> Iterator[Leftover]:
    """Find leftovers of kills: half-written files and folders, older than a day."""
    return (each for each in leftovers(store, now) if each.kind == "half-written file or folder")


def _candidates(store: Store) -> Iterator[tuple[Path, Kind]]:
    cache = store.workspace / ".cache"
    pages = store.workspace / "gallery"
    for place in (store.workspace, pages / "data", pages / "moved", cache, cache / CHECKPOINTS, cache / "gallery"):
        for path in _in(place):
            ends = ".partial" if place == store.workspace else (".partial", ".removed")  # see `removal.withdrawn`
            if path.name.startswith(".") and path.name.endswith(ends):
                yield path, "half-written file or folder"
    for path in _in(cache):
        if not path.name.startswith(".") and path.name not in OWN:
            yield path, "cached result"
    for path in _in(cache / CHECKPOINTS):
        if not path.name.startswith("."):
            yield path, "checkpoint"
    if not store.local:
        runs = set(store.runs())
        yield from ((path, "copy of a run") for path in _in(store.workspace / "copies") if path.name not in runs)


def _in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
