"""Archives, tar packed by Zstandard: written in one pass, and read without belief in what they say of themselves."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, cast

import pyarrow as pa

from rnn.errors import WavecastError

SUFFIX = ".tar.zst"

PIECE = 2**20
"""Bytes that are read or written at once; a header that asks for more is hostile."""

MOST_FILES = 250_000
"""Files of an archive at most."""

RATIO, SPARE = 200, 2**26
"""An archive of n bytes may hold RATIO·n + SPARE: pages and tables pack by 20 at most, nothing but zeros by 10,000."""


class BadArchive(WavecastError):
    """An archive is damaged, or no archive of Wavecast's, or made to do harm."""


class Packing:
    """Files put into an archive, one after the other; `files` says of each its digest and its size in bytes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, dict[str, str | int]] = {}

    def add(self, name: str, size: int, content: BinaryIO, when: float = 0.0) -> str:
        """Add a file of so many bytes; returns its digest. Raises EOFError when it turns out to be shorter."""
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(when), 0o644
        reading = _Digesting(content)
        try:
            self._tar.addfile(member, reading)  # it reads, and is asked for nothing else
        except OSError as error:
            if error.errno is None:  # tarfile's own word for it
                raise EOFError(name) from None
            raise
        self.files[name] = {"sha256": reading.digest.hexdigest(), "bytes": size}
        return reading.digest.hexdigest()

    def add_bytes(self, name: str, content: bytes) -> str:
        """As `add`, for a file that is in memory."""
        return self.add(name, len(content), io.BytesIO(content))


@contextmanager
def packing(file: BinaryIO) -> Iterator[Packing]:
    """Write an archive to `file`, which stays open."""
    sink = pa.PythonFile(_KeptOpen(file), "w")
    with (
        pa.CompressedOutputStream(sink, "zstd") as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield Packing(tar)


def members(file: BinaryIO, size: int) -> Iterator[tuple[str, BinaryIO]]:
    """Each file of an archive of `size` bytes, its name and its content.

    A content is read before the next one is asked for, in pieces of at most PIECE bytes.

    Raises BadArchive for anything but plain files below the place where they are put, and for an archive that grows
    beyond measure; reading a content raises it too, or tarfile.TarError.
    """
    try:
        stream = pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd")
        guarded = cast("BinaryIO", _Guarded(stream, RATIO * size + SPARE))
        with tarfile.open(fileobj=guarded, mode="r:") as tar:
            count = 0
            while (member := tar.next()) is not None:
                count += 1
                if count > MOST_FILES:
                    raise BadArchive(f"there are more than {MOST_FILES} files in it")
                content = tar.extractfile(_plain(member))
                if content is not None:
                    yield member.name, cast("BinaryIO", content)
                tar.members = []  # type: ignore[attr-defined, unused-ignore]  # else it keeps a note of every file
    except (tarfile.TarError, ValueError, OverflowError) as error:
        raise BadArchive(f"it is damaged ({' '.join(str(error).split()) or type(error).__name__})") from None


def is_plain_name(name: str) -> bool:
    """Whether a name may stand in an archive: a path downward, not hidden, of letters that can be shown."""
    path = PurePosixPath(name)
    within = not path.is_absolute() and ".." not in path.parts and path.as_posix() == name
    return within and not name.startswith(".") and name.isprintable()


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """The member, if it is a plain file that stays in its place."""
    try:
        tarfile.data_filter(member, "/nowhere")
    except tarfile.FilterError as error:
        raise BadArchive(f"{member.name!r} is not a file within it ({type(error).__name__})") from None
    if not member.isreg() or member.sparse is not None:
        raise BadArchive(f"{member.name!r} is not a plain file")
    if not is_plain_name(member.name):
        raise BadArchive(f"{member.name!r} is no name that a backup gives")
    return member


class _Digesting:
    """A file's bytes as they are read, digested on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class _KeptOpen:
    """A file that Arrow does not close: who opened it still has to flush it to the disk."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def flush(self) -> None:
        """Nothing: `file` is flushed by whoever opened it."""

    def close(self) -> None:
        """Nothing, likewise."""


class _Guarded:
    """A stream that is unpacked only forward, to `limit` bytes, and never into more than a PIECE of memory at once."""

    def __init__(self, stream: pa.NativeFile, limit: int) -> None:
        self._stream, self._limit, self._place = stream, limit, 0

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= PIECE:
            raise BadArchive(f"it asks for {size} bytes of memory at once")
        if self._place + size > self._limit:
            raise BadArchive(f"it would grow beyond {self._limit} bytes, far more than a backup of its size")
        parts: list[bytes] = []
        try:
            while size > 0 and (part := self._stream.read(size)):
                parts.append(part)
                size -= len(part)
        except (OSError, pa.ArrowException) as error:
            raise BadArchive(f"it is damaged ({' '.join(str(error).split())})") from None
        data = b"".join(parts)
        self._place += len(data)
        return data

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or place < self._place:
            raise BadArchive("its parts lie over each other")
        while self._place < place:
            if not self.read(min(PIECE, place - self._place)):
                break
        return self._place

    def close(self) -> None:
        self._stream.close()
