"""Where a verb is told to write: refused before any work is done when its folder is not there."""

from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from rnn.errors import WavecastError


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
