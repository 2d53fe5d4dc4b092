"""The gallery's files by the path of a URL: those of the store that a page may show, and nothing beside or above it."""

import re
from dataclasses import dataclass
from pathlib import Path

from artifacts.gallery.build import INDEX
from artifacts.store.listing import is_store
from artifacts.store.removed import removed_run
from artifacts.store.store import Store
from rnn.errors import WavecastError

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".json": "application/json", ".csv": "text/csv; charset=utf-8", ".md": "text/markdown; charset=utf-8",
    ".png": "image/png", ".gif": "image/gif", ".parquet": "application/vnd.apache.parquet",
    ".npz": "application/octet-stream",
}  # fmt: skip
"""The kinds of files that a store holds, by their ending; no others are shown."""

LARGEST = 2**26
"""Bytes of a file in a distant store that are fetched into memory at most."""

WHOLE = 2**23
"""Bytes of a local file that is read at once. Files that are replaced are all smaller: none is sent in two halves."""

_SEGMENT = re.compile(r"[^./\\:*?\[\]\x00-\x1f\x7f][^/\\:*?\[\]\x00-\x1f\x7f]*")
"""A part of a path: not hidden, no way up, no pattern, no version of an object."""


class NoSuchPage(WavecastError):
    """There is no page of that name."""


@dataclass(frozen=True)
class Page:
    """A file to send: its media type, and its `content`, or the `path` of a large one on a local disk."""

    kind: str
    path: Path | None = None
    content: bytes | None = None


def find_page(store: Store, asked: str) -> Page:
    """The file of the store that the path of a URL, decoded and without its first slash, names. Raises NoSuchPage."""
    name = asked or INDEX
    segments = name.split("/")
    kind = TYPES.get(Path(name).suffix.lower())
    if kind is None or not all(map(_SEGMENT.fullmatch, segments)):
        raise NoSuchPage("there is no such page: / is the gallery, /docs says what can be asked")
    if len(segments) > 1 and is_store(store.files, f"{store.root}/{segments[0]}"):
        raise NoSuchPage(f"there is no such page: {segments[0]} is another store, to be served by itself")
    page = _local(store, name, kind) if store.local else _distant(store, name, kind)
    if page is None:
        if (gone := removed_run(store.files, store.root, segments[0])) and gone.run == segments[0]:
            raise NoSuchPage(f"there is no such page: the run {gone.run} was {gone.briefly}")
        built = "" if name != INDEX else ": `wavecast browse` builds the gallery"
        raise NoSuchPage(f"there is no such page{built}")
    return page


def _local(store: Store, name: str, kind: str) -> Page | None:
    """The file, which a link must not lead out of the store."""
    try:
        path, root = (Path(store.root) / name).resolve(strict=True), Path(store.root).resolve(strict=True)
        if not path.is_file() or not path.is_relative_to(root):
            return None
        return Page(kind, path=path) if path.stat().st_size > WHOLE else Page(kind, content=path.read_bytes())
    except (OSError, ValueError, RuntimeError):  # too long a name, a circle of links
        return None


def _distant(store: Store, name: str, kind: str) -> Page | None:
    try:
        store.files.invalidate_cache()  # some file systems answer from listings of long ago
        facts = store.files.info(f"{store.root}/{name}")
        if facts.get("type") != "file" or int(facts.get("size") or 0) > LARGEST:
            return None
        content = store.read(name)
    except (OSError, ValueError):
        return None
    return None if content is None else Page(kind, content=content)
