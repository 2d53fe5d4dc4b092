"""Open a store that exists already; a mistyped name makes no folder."""

from pathlib import Path

import fsspec

from artifacts.store.runs import check_reachable
from artifacts.store.store import Store
from rnn.errors import WavecastError
from rnn.readers.urls import filled_in, redacted


class NoSuchStore(WavecastError):
    """There is nothing at the place that was given as a store, or a file."""


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


def not_a_file(url: str) -> None:
    """Raise NoSuchStore when a file is at `url`, such as the data where the store should be named."""
    if "://" not in url and Path(url).is_file():
        raise NoSuchStore(f"{url} is a file, and a store is a folder: name the store with --store")
