"""Open a store that exists already; a mistyped name makes no folder. Say which places are none for a store."""

from pathlib import Path, PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from artifacts.store.listing import MANIFEST, RUN_NAME, is_store
from artifacts.store.runs import check_reachable
from artifacts.store.store import Store
from rnn.errors import WavecastError
from rnn.readers.urls import filled_in, redacted

MADE_ANEW = ("latest", "gallery", ".cache")
"""Folders of a store in which what is not its own is replaced or removed."""


class NoSuchStore(WavecastError):
    """There is nothing at the place that was given as a store, or a file."""


class NoPlace(WavecastError):
    """A store cannot be kept at a place: another one would remove it."""


def existing_store(url: str) -> Store:
    """The store at `url`, a folder or an fsspec URL.

    Raises NoSuchStore when nothing is there, or a file, before anything is made; CannotWrite and OutOfReach when it
    cannot be used.
    """
    not_a_file(url)
    try:
        files, root = fsspec.core.url_to_fs(filled_in(url))
        check_reachable(url)
        there = bool(files.exists(root))
    except WavecastError:
        raise
    except Exception:  # a place of an unknown kind, or out of reach
        return Store(url)  # says what is wrong with it
    if not there:
        raise NoSuchStore(
            f"there is no store at {redacted(url)}: name one with --store, or make one with `wavecast run`"
        )
    return Store(url)


def holds_nothing(url: str) -> bool:
    """Whether nothing is at `url`, or nothing that is not hidden, as after a store was moved from there.

    Raises OutOfReach. Of a place of an unknown kind whoever opens it tells.
    """
    try:
        files, root = fsspec.core.url_to_fs(filled_in(url))
        check_reachable(url)
        names = (str(path).rstrip("/").rsplit("/", 1)[-1] for path in files.ls(root, detail=False))
        return all(name.startswith(".") for name in names)
    except FileNotFoundError:
        return True
    except WavecastError:
        raise
    except Exception:
        return False


def not_a_file(url: str) -> None:
    """Raise NoSuchStore when a file is at `url`, such as the data where the store should be named."""
    if "://" not in url and Path(url).is_file():
        raise NoSuchStore(f"{url} is a file, and a store is a folder: name the store with --store")


def not_another_stores(url: str) -> None:
    """Raise NoPlace when `url` is a run of a store, or within one, or in a folder that its store makes anew.

    A store in any other folder of a store is as good as elsewhere.
    """
    try:
        files, root = fsspec.core.url_to_fs(filled_in(url))
        path = PurePosixPath(Path(root).as_posix())
        for folder in (path, *path.parents):
            a_run = RUN_NAME.fullmatch(folder.name) and files.exists(f"{folder}/{MANIFEST}")
            if a_run or (folder.name in MADE_ANEW and is_store(files, str(folder.parent))):
                break
        else:
            return
    except Exception:  # a place of an unknown kind, or out of reach, of which whoever opens it tells
        return
    what = f"the run {folder.name}" if a_run else f"{folder.name}/"
    raise NoPlace(
        f"{redacted(url)} is no place for a store: {what} belongs to another one, {redacted(_shown(files, folder))}, "
        "which may replace or remove it with all that is in it: name another folder with --store"
    )


def _shown(files: fsspec.AbstractFileSystem, folder: PurePosixPath) -> str:
    store = str(folder.parent)
    return store if isinstance(files, LocalFileSystem) else str(files.unstrip_protocol(store))
