"""Take a snapshot of a local store, and return the store to it.

A run's folder never changes, so that its name is enough. All else at the store's top is copied, but for what is made
anew from the rest.
"""

import shutil
from collections.abc import Collection
from pathlib import Path

MADE_ANEW = ("gallery", "index.html")
CACHE = ".cache"


def take_snapshot(store: Path, to: Path, runs: Collection[str]) -> None:
    """Copy what changes in the folder `store`, whose whole runs are `runs`, into the folder `to`. Raises OSError."""
    to.mkdir(parents=True)
    for entry in store.iterdir():
        if entry.name not in (*runs, *MADE_ANEW, CACHE):
            _copy(entry, to / entry.name)


def go_back(store: Path, snapshot: Path, runs: Collection[str]) -> None:
    """Let the folder `store` be as it was at the `snapshot`, when its whole runs were `runs`. Raises OSError.

    What came later is removed; a run that was there and has been removed does not come back.
    """
    for entry in store.iterdir():
        if entry.name not in (*runs, CACHE):
            _remove(entry)
    for entry in snapshot.iterdir():
        _copy(entry, store / entry.name)


def _copy(entry: Path, to: Path) -> None:
    shutil.copytree(entry, to, symlinks=True) if entry.is_dir() else shutil.copy2(entry, to)


def _remove(entry: Path) -> None:
    shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
