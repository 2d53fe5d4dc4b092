"""Conditional writes: write a file of an object store only where it is still as it was seen (compare and swap).

S3 compares by ETag (`If-Match`) or wants the file to be new (`If-None-Match: *`), in one step with the write, whoever
else writes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import errno
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus

from fsspec import AbstractFileSystem

LOCKS = ".locks"
"""The hidden folder of an object store for the leases on its files."""

PROTOCOLS = {"s3", "s3a"}
"""Object stores whose driver (s3fs) hands conditions on to the server."""

_REFUSED = {HTTPStatus.PRECONDITION_FAILED, HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}
"""What a server answers to a write whose condition does not hold: 409 while another write goes on, 404 to If-Match."""


class Changed(Exception):
    """The file is not as it was seen: somebody else has written or removed it since."""


@contextmanager
def reaching() -> Iterator[None]:
    """Turn what a driver raises of its own kind, when no server answers, into an OSError (EHOSTUNREACH)."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EHOSTUNREACH, " ".join(str(error).split()) or type(error).__name__) from error


def version_of(files: AbstractFileSystem, path: str) -> str | None:
    """The version (ETag) of a file, asked of the server; None if there is none. Raises OSError."""
    try:
        with reaching():
            return files.info(path, refresh=True).get("ETag") or None
    except FileNotFoundError:
        return None


def read_version(files: AbstractFileSystem, path: str) -> tuple[bytes, str] | None:
    """A file's bytes and its version; None if there is none.

    The bytes may be newer than the version, never older: then writing on that version is refused. Raises OSError.
    """
    version = version_of(files, path)
    if version is None:
        return None
    try:
        with reaching():
            return files.cat_file(path), version
    except FileNotFoundError:
        return None


def versions_below(files: AbstractFileSystem, path: str) -> dict[str, str]:
    """The version of the file at `path`, or of each file below it, by path; asked of the server. Raises OSError."""
    files.invalidate_cache()
    try:
        with reaching():
            found = files.find(path, detail=True)
    except FileNotFoundError:
        return {}
    return {name: str(facts["ETag"]) for name, facts in found.items() if facts.get("ETag")}


def write_if(files: AbstractFileSystem, path: str, data: bytes, seen: str | None) -> str:
    """Write a file if its version is still `seen` (None: if there is none yet); returns the new version.

    Raises Changed, with the file as it was, and OSError.
    """
    condition = {"IfNoneMatch": "*"} if seen is None else {"IfMatch": seen}
    kind, _ = mimetypes.guess_type(path)
    condition |= {"ContentType": kind} if kind else {}
    try:
        # In one piece: a write in several parts carries no condition.
        with reaching():
            answer = files.pipe_file(path, data, chunksize=max(1, len(data)), **condition)
    except OSError as error:
        if status_of(error) not in _REFUSED:
            raise
        # An earlier try whose answer was lost, and which the driver repeats, finds its own bytes there.
        now = read_version(files, path)
        if now is None or now[0] != data:
            raise Changed(path) from None
        return now[1]
    return str(answer["ETag"])


def status_of(error: OSError) -> int | None:
    """The HTTP status of a server's answer that the driver has turned into `error`; None if it is of another kind."""
    response = getattr(error.__cause__, "response", None) or {}
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return int(status) if status else None


def is_object_store(files: AbstractFileSystem) -> bool:
    """Whether the file system is a store of objects that takes conditions (PROTOCOLS)."""
    protocols = {files.protocol} if isinstance(files.protocol, str) else set(files.protocol)
    return bool(protocols & PROTOCOLS)


@cache
def keeps_conditions(files: AbstractFileSystem, root: str) -> bool:
    """Whether the server below `root` refuses writes whose condition does not hold, asked once by trying.

    Some servers that speak S3 take no notice of conditions. Raises OSError.
    """
    if not is_object_store(files):
        return False
    path = f"{root}/{LOCKS}/trial"
    with reaching():
        files.makedirs(root, exist_ok=True)
        files.pipe_file(path, b"there\n")
    for wrong in (None, '"00000000000000000000000000000000"'):
        try:
            write_if(files, path, b"written against the condition\n", wrong)
        except Changed:
            continue
        except OSError as error:
            if status_of(error) in (HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.BAD_REQUEST):
                return False
            raise
        return False
    return True
