"""The listing of a store: its folders, its runs by name, and which of these are from the future."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from artifacts.store.conditional import is_object_store

MANIFEST = "manifest.json"

RUN_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")

ONLY_IN_STORES = ("champion.json", "series.json")
"""Files that stand beside runs."""

CLOCKS_APART = timedelta(hours=1)
"""The clocks of machines that share a store may differ by so much."""


def list_folders(files: AbstractFileSystem, store: str) -> dict[str, str | None]:
    """Every folder of a store that is not hidden, by name, with a stamp that changes when its manifest does.

    The stamp is the manifest's size, on a local disk with its time; None for a folder without a manifest. Empty where
    the store does not exist. Raises OSError where it cannot be listed.
    """
    try:
        folders = _local_folders(Path(store)) if isinstance(files, LocalFileSystem) else _distant_folders(files, store)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {name: stamp for name, stamp in folders if not name.startswith(".")}


def _local_folders(store: Path) -> list[tuple[str, str | None]]:
    return [(folder.name, _stamp(folder / MANIFEST)) for folder in store.iterdir() if folder.is_dir()]


def _stamp(manifest: Path) -> str | None:
    try:
        facts = manifest.stat()
    except OSError:
        return None
    return f"{facts.st_size} {facts.st_mtime_ns}"


def _distant_folders(files: AbstractFileSystem, store: str) -> list[tuple[str, str | None]]:
    stamps: dict[str, str | None] = {}
    root = store.rstrip("/")
    # Not glob: the store's own path may hold what glob takes for a pattern. An object store lists a thousand files by
    # one request; folder by folder, its driver asks for each run, or its memory, which knows no other machine's runs.
    depth = None if is_object_store(files) else 2
    for path, facts in files.find(root, maxdepth=depth, detail=True).items():
        name, _, file = path.removeprefix(root).lstrip("/").partition("/")
        if file:
            stamps.setdefault(name, None)
        if file == MANIFEST:
            stamps[name] = str(facts.get("size"))
    return list(stamps.items())


def run_names(files: AbstractFileSystem, store: str) -> list[str]:
    """The names of all runs of a store, oldest first: the folders with a manifest, which is written last.

    Names begin with a time. A run from the future, made before a clock was set right, comes first: it is not the
    newest until its time has come.
    """
    names = (name for name, stamp in list_folders(files, store).items() if stamp is not None)
    return sorted(names, key=lambda name: (not is_from_future(name), name))


def is_store(files: AbstractFileSystem, folder: str) -> bool:
    """Whether a folder is a store: it has a file that stands beside runs, or runs."""
    return any(files.exists(f"{folder}/{name}") for name in ONLY_IN_STORES) or any(
        map(RUN_NAME.fullmatch, run_names(files, folder))
    )


def is_from_future(name: str) -> bool:
    """Whether a run's name says that it was made more than CLOCKS_APART from now, in the future."""
    try:
        made = datetime.strptime(name[: len("20260101T000000Z")], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:  # a folder that somebody has renamed
        return False
    return made > datetime.now(UTC) + CLOCKS_APART
