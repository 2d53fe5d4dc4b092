"""Where a verb is told to write: refused before any work where it cannot, or where something would be lost."""

from pathlib import Path
from urllib.parse import unquote

from fsspec.implementations.local import LocalFileSystem

from artifacts.lifecycle.identity import look_up
from artifacts.store.naming import whole_url
from rnn.errors import WavecastError
from rnn.readers.urls import filled_in, redacted


class NoSuchFolder(WavecastError):
    """A file is to be written into a folder that is not there, which may be a typo."""


def require_folder(place: str) -> None:
    """Raise NoSuchFolder where `place`, a path or URL given as --to, lies in a folder of this machine that is missing.

    A place elsewhere is not looked at: only writing tells whether it can be written.
    """
    if "://" in place and not place.startswith("file://"):
        return
    path = Path(LocalFileSystem._strip_protocol(place))
    if not path.parent.is_dir():
        folder = place.rpartition("/")[0]
        raise NoSuchFolder(f"--to: there is no folder {folder} to write {path.name} to: make it first")


class NotYours(WavecastError):
    """A file would be written over what a store or a series is made of."""


def refuse_over_own(place: str, store: str, data: str | None = None) -> None:
    """Raise NotYours where `place`, given as --to, lies in the store `store`, or is the file of its series.

    `data`: the file, where it is given and may be another than the store knows.
    """
    written = _whole(place)
    home = _whole(store)
    if written == home or written.startswith(f"{home}/"):
        raise NotYours(
            f"--to: {redacted(place)} lies in the store, whose files are its own: name a place outside of it"
        )
    identity = look_up(store)
    known = None if identity is None or identity.source is None else str(identity.source.get("data") or "")
    for file in filter(None, (data, known)):
        if written == _whole(file):
            raise NotYours(f"--to: {redacted(place)} is the file of the series itself, and would be lost: name another")
        if written.startswith(f"{_whole(file)}/"):
            raise NotYours(f"--to: {redacted(place)} lies in the folder of the series, and would be read as part of it")


def _whole(place: str) -> str:
    """A place in one form: a path of this machine without links, or a URL."""
    full = filled_in(place)
    if "://" in full and not full.startswith("file://"):
        return unquote(whole_url(full)).rstrip("/")
    return str(Path(LocalFileSystem._strip_protocol(full)).resolve())
