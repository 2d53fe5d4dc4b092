"""The summaries of all runs of a store, cached from one building of the gallery to the next.

A run's folder never changes, so that it is read once; the stamp of its manifest tells whether it is still the same.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from artifacts.gallery.summary import Summary, summarise
from artifacts.lifecycle.latest import LATEST
from artifacts.store.atomic import replace_file
from artifacts.store.digests import digest_package
from artifacts.store.store import Store

PAGES = "gallery"
"""The folder of the store that holds the other pages of the gallery; it is no run."""


def summaries(store: Store, on_new: Callable[[Sequence[Summary]], None] = lambda new: None) -> list[Summary]:
    """A summary of each folder in the store, newest first by name.

    `on_new` is called with those that were read now, before they are cached: if it fails, they are read again.
    """
    file = store.workspace / ".cache" / PAGES / "summaries.json"
    kept = _cached(file)
    current, new = [], []
    for name, stamp in sorted(listing(store).items(), reverse=True):
        summary = kept.get(name)
        if summary is None or summary.stamp != stamp:
            summary = summarise(store, name, stamp)
            new.append(summary)
        current.append(summary)
    if new:
        on_new(new)
    if new or len(current) != len(kept):
        cached = {"code": digest_package("artifacts"), "runs": [summary.plain() for summary in current]}
        content = json.dumps(cached).encode()
        replace_file(file, partial(_write, content))
    return current


def _cached(file: Path) -> dict[str, Summary]:
    """The summaries cached by the same code; none where the file is missing or damaged, and all runs are read again."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        cached = json.loads(file.read_bytes())
        if cached["code"] == digest_package("artifacts"):
            return {plain["name"]: Summary.of(plain) for plain in cached["runs"]}
    return {}


def listing(store: Store) -> dict[str, str]:
    """The folders to summarise, each with a stamp that changes when its manifest does."""
    return {name: stamp or "none" for name, stamp in store.folders().items() if name not in {PAGES, LATEST}}


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)
