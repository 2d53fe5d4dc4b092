"""Files by path or fsspec URL: opened, unpacked, listed, known by their content, and named without passwords."""

import hashlib
import io
import lzma
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import PurePosixPath
from typing import IO, Any, cast
from urllib.parse import unquote

import fsspec
import fsspec.compression
from fsspec.implementations.local import LocalFileSystem

from rnn.readers.problems import BadSource, short
from rnn.readers.urls import filled_in, redacted, without_secrets
from rnn.readers.watching import counted
from rnn.readers.web_files import is_on_the_web, open_web_file, reason_of_absence

STANDARD_INPUT = "-"

PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip"}
"""The first bytes of compressed files, and fsspec's names of their compressions."""

DATA_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
PACKED_ENDINGS = frozenset({".gz", ".bz2", ".xz", ".zip"})


def named(url: str) -> str:
    """The name of the file in messages: its path, or its URL without passwords, in one line."""
    return "standard input" if url == STANDARD_INPUT else short(redacted(url), 200)


@contextmanager
def opened(url: str) -> Iterator[IO[bytes]]:
    """The file, to be read as bytes. Raises BadSource when there is none, or it cannot be read."""
    name = named(url)
    if url == STANDARD_INPUT:
        yield io.BytesIO(standard_input())
        return
    with reading(url):
        files, path = fsspec.core.url_to_fs(filled_in(url))
        if isinstance(files, LocalFileSystem) and files.isdir(path):
            raise BadSource(f"{name}: this is a folder: give one file in it, or have its files read as one series")
        file = open_web_file(name, files, path) if is_on_the_web(files) else files.open(path, "rb")
    with file, counted(cast(IO[bytes], file), name) as told:
        yield told


@contextmanager
def unpacked(url: str) -> Iterator[IO[bytes]]:
    """The same; of a file compressed by gzip, bzip2, xz or as the only one of a zip archive, what is in it."""
    with opened(url) as file, reading(url):
        start = file.read(6)
        file.seek(0)
        compression = next((name for mark, name in PACKED.items() if start.startswith(mark)), None)
        if compression is None:
            yield file
        elif compression == "zip":
            with zipfile.ZipFile(file) as archive, _only_member(named(url), archive, file) as member:
                yield member
        else:
            with fsspec.compression.compr[compression](file, mode="rb") as plain:
                yield plain


def _only_member(name: str, archive: zipfile.ZipFile, file: IO[bytes]) -> Any:
    """The one file in an archive, opened; a workbook, which is an archive too, as it is."""
    members = [member for member in archive.namelist() if not member.endswith("/") and "__MACOSX/" not in member]
    if "[Content_Types].xml" in members or "mimetype" in members:
        file.seek(0)
        return file
    if len(members) != 1:
        few = ", ".join(repr(short(member)) for member in members[:3])
        raise BadSource(f"{name}: a zip archive of {len(members)} files ({few}…): give one with a single file in it")
    return archive.open(members[0])


@cache
def standard_input() -> bytes:
    """All that is piped in, read once and held: a file is looked at more than once. Raises BadSource at a terminal."""
    if sys.stdin.isatty():
        raise BadSource("standard input: this is a terminal: pipe a file into the command, or name one")
    return sys.stdin.buffer.read()


def files_in(url: str) -> list[str] | None:
    """The data files of a folder, by name; None when `url` is no folder. Raises BadSource when it holds none.

    So are those of the folders in it that are called as partitions are, such as store=A.
    """
    if url == STANDARD_INPUT:
        return None
    with reading(url):
        files, path = fsspec.core.url_to_fs(filled_in(url))
        is_folder = files.isdir(path) if isinstance(files, LocalFileSystem) else url.endswith("/")
        if not is_folder:
            return None
        names = list(_data_files(files, path, ""))
        if not names:
            raise BadSource(f"{named(url)}: this folder holds no CSV file, Parquet file or workbook: check the path")
    return [f"{url.rstrip('/')}/{name}" for name in names]


def _data_files(files: Any, path: str, within: str) -> Iterator[str]:
    """The names of data files in a folder, those in a partition with its name before them."""
    for entry in sorted(files.ls(path, detail=True), key=lambda entry: str(entry["name"])):
        name = PurePosixPath(entry["name"]).name
        if not name or name[0] in "._~":
            continue
        if entry["type"] == "directory":
            if partition_of(name) is not None:
                yield from _data_files(files, entry["name"], f"{within}{name}/")
        elif _is_data(name):
            yield within + name


def partition_of(folder: str) -> tuple[str, str] | None:
    """The column and the content that the name of a folder gives to the files in it, as Hive and Spark write them."""
    column, mark, content = folder.partition("=")
    return (unquote(column), unquote(content)) if column and mark else None


def _is_data(name: str) -> bool:
    endings = [ending.lower() for ending in PurePosixPath(name).suffixes[-2:]] or [""]
    if endings[-1] in PACKED_ENDINGS:
        return len(endings) == 1 or endings[0] in DATA_ENDINGS
    return endings[-1] in DATA_ENDINGS


@contextmanager
def reading(url: str) -> Iterator[None]:
    """Turn what goes wrong on the way to a file into BadSource, without its passwords."""
    name = named(url)
    try:
        yield
    except BadSource:
        raise
    except FileNotFoundError as error:
        reason = without_secrets(reason_of_absence(error), filled_in(url)) if "://" in url else ""
        if reason:
            raise BadSource(f"{name}: cannot be opened ({short(reason, 160)}): check the URL") from None
        raise BadSource(f"{name}: there is no such file: check the path") from None
    except IsADirectoryError:
        raise BadSource(f"{name}: this is a folder: give one CSV or Parquet file in it") from None
    except PermissionError:
        raise BadSource(f"{name}: permission denied: let this user read it") from None
    except zipfile.BadZipFile:
        raise BadSource(
            f"{name}: a zip archive or an Excel workbook that is damaged or cut off: save it anew"
        ) from None
    except (EOFError, zlib.error, lzma.LZMAError):
        raise BadSource(f"{name}: the compressed file is damaged or cut off: fetch it anew") from None
    # Each of fsspec's file systems has errors of its own, down to those of a network library.
    except Exception as error:
        reason = without_secrets(" ".join(str(error).split()) or type(error).__name__, filled_in(url))
        raise BadSource(f"{name}: cannot be opened ({short(reason, 160)}): check the path or URL") from None


def digest(url: str) -> str:
    """The SHA-256 of the file's bytes, in hex; of a folder, that of its files' names and digests. Raises BadSource."""
    whole = hashlib.sha256()
    parts = files_in(url)
    if parts is not None:
        for part in parts:
            whole.update(f"{part.removeprefix(url.rstrip('/') + '/')} {digest(part)}\n".encode())
        return whole.hexdigest()
    with opened(url) as file, reading(url):
        while block := file.read(2**20):
            whole.update(block)
    return whole.hexdigest()
