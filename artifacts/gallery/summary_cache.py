"""The summaries of all runs of a store, and what is kept of them from one building of the gallery to the next.

A run's folder never changes, so that it is read once. What is kept is checked by the size and time of its manifest.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from artifacts.gallery.summary import Summary, summarise
from artifacts.store.atomic import replace_file
from artifacts.store.digests import digest_package
from artifacts.store.store import Store

PAGES = "gallery"
"""The folder of the store that holds the gallery's other pages; it is no run."""


def summaries(store: Store, on_new: Callable[[Sequence[Summary]], None] = lambda new: None) -> list[Summary]:
    """A summary of each folder in the store, newest first by name.

    `on_new` is called with those that were read anew, before they are remembered: when it fails, they are read again.
    """
    file = store.workspace / ".cache" / PAGES / "summaries.json"
    kept = _kept(file)
    found, new = [], []
    for name, stamp in sorted(listing(store).items(), reverse=True):
        summary = kept.get(name)
        if summary is None or summary.stamp != stamp:
            summary = summarise(store, name, stamp)
            new.append(summary)
        found.append(summary)
    if new:
        on_new(new)
    if new or len(found) != len(kept):
        held = {"code": digest_package("artifacts"), "runs": [summary.plain() for summary in found]}
        content = json.dumps(held).encode()
        replace_file(file, partial(_write, content))
    return found


def _kept(file: Path) -> dict[str, Summary]:
    """What was kept by the same code; nothing when there is none or it cannot be read: then all is read anew."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        held = json.loads(file.read_bytes())
        if held["code"] == digest_package("artifacts"):
            return {plain["name"]: Summary.of(plain) for plain in held["runs"]}
    return {}


def listing(store: Store) -> dict[str, str]:
    """The folders to summarise, each with a stamp that changes when its manifest does."""
    return {name: stamp or "none" for name, stamp in store.folders().items() if name != PAGES}


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)
