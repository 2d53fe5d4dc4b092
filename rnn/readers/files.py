"""Where a file is: a path or any fsspec URL, opened, known by its content, and named without passwords."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast
from urllib.parse import unquote

import fsspec
from fsspec.implementations.local import LocalFileSystem

from rnn.readers.problems import BadSource, short

_USER = re.compile(r"(?<=://)(?:[^\s?#]*:[^\s?#]*|[^/\s?#]*)@")
_QUERY = re.compile(r"(?<=\?)[^#\s]*")


def redacted(url: str) -> str:
    """The URL without user, password and query, any of which may open what they should not. A path stays as it is."""
    return _QUERY.sub("…", _USER.sub("…@", url)) if "://" in url else url


def named(url: str) -> str:
    """How messages call the file: its path, or its URL without passwords, in one line."""
    return short(redacted(url), 200)


@contextmanager
def opened(url: str) -> Iterator[IO[bytes]]:
    """The file, to be read as bytes. Raises BadSource when there is none, or it cannot be read."""
    name = named(url)
    with reading(url):
        files, path = fsspec.core.url_to_fs(url)
        if isinstance(files, LocalFileSystem) and files.isdir(path):
            raise BadSource(f"{name}: this is a folder: give one CSV or Parquet file in it")
        file = files.open(path, "rb")
    with file:
        yield cast(IO[bytes], file)


@contextmanager
def reading(url: str) -> Iterator[None]:
    """Turn what goes wrong on the way to a file into BadSource, without its passwords."""
    name = named(url)
    try:
        yield
    except BadSource:
        raise
    except FileNotFoundError:
        raise BadSource(f"{name}: there is no such file: check the path") from None
    except IsADirectoryError:
        raise BadSource(f"{name}: this is a folder: give one CSV or Parquet file in it") from None
    except PermissionError:
        raise BadSource(f"{name}: permission denied: let this user read it") from None
    # Each of fsspec's file systems has errors of its own, down to those of a network library.
    except Exception as error:
        reason = _without_secrets(" ".join(str(error).split()) or type(error).__name__, url)
        raise BadSource(f"{name}: cannot be opened ({short(reason, 160)}): check the path or URL") from None


def _without_secrets(text: str, url: str) -> str:
    secrets = [part for match in (*_USER.finditer(url), *_QUERY.finditer(url)) for part in re.split("[:@&=]", match[0])]
    text = text.replace(url, redacted(url))
    for secret in sorted({form for s in secrets for form in (s, unquote(s)) if len(form) > 2}, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def digest(url: str) -> str:
    """The SHA-256 of the file's bytes, in hex. Raises BadSource."""
    with opened(url) as file, reading(url):
        found = hashlib.sha256()
        while block := file.read(2**20):
            found.update(block)
        return found.hexdigest()
