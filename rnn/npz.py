"""npz files that plain NumPy opens: arrays by name, never pickle, and nothing of a damaged one believed."""

import io
import lzma
import math
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from rnn.arrays import AnyArray

_DAMAGE = (
    OSError,
    MemoryError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""What the zip file and the arrays in it may raise when their bytes are not what was written."""


UNPACKED, TIMES_PACKED = 2**24, 20
"""What is in a file may have so many bytes, and so many times the file's more: numbers hardly compress."""


class UnreadableError(ValueError):
    """A file is no npz file, or not the one that was written."""


def write(file: str | os.PathLike[str] | BinaryIO, arrays: Mapping[str, AnyArray]) -> None:
    """Write arrays by name. The same arrays give the same bytes."""
    np.savez(file, **arrays)  # type: ignore[arg-type]


def read(path: str | os.PathLike[str]) -> dict[str, AnyArray]:
    """All arrays by name. Each is read to its end before it is looked at, so that its checksum is always compared.

    Sizes are compared with the file's before anything is allocated, so that a small file cannot fill the memory.
    Raises FileNotFoundError, and UnreadableError, which says what is wrong, for whatever else is in its place.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise UnreadableError("not a file")
        with zipfile.ZipFile(path) as archive:
            if len(archive.namelist()) != _count(path):
                raise UnreadableError("not a readable npz file (its directory is damaged)")
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > UNPACKED + TIMES_PACKED * Path(path).stat().st_size:
                raise UnreadableError(f"not a readable npz file (unpacked it would fill {unpacked:,} bytes)")
            members = {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}
        return {name: _array(member) for name, member in members.items()}
    except (FileNotFoundError, UnreadableError):
        raise
    except _DAMAGE as error:
        raise UnreadableError(f"not a readable npz file ({error})") from None


def _array(member: bytes) -> AnyArray:
    """An array in NumPy's format. Its shape is compared with the bytes that there are before memory is taken for it."""
    file = io.BytesIO(member)
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise UnreadableError(f"not a readable npz file (an array's format {version} is not known)")
    shape, _, dtype = _HEADERS[version](file)
    declared, there = math.prod(shape) * dtype.itemsize, len(member) - file.tell()
    if not dtype.hasobject and declared != there:
        raise UnreadableError(f"not a readable npz file (an array should have {declared:,} bytes and has {there:,})")
    file.seek(0)
    array: AnyArray = np.lib.format.read_array(file, allow_pickle=False)
    return array


_HEADERS: dict[tuple[int, int], Callable[[BinaryIO], tuple[tuple[int, ...], bool, np.dtype[Any]]]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def _count(path: str | os.PathLike[str]) -> int:
    """How many arrays the file's last bytes say there are: `zipfile` believes a directory in which some are missing."""
    with Path(path).open("rb") as file:
        file.seek(-12, os.SEEK_END)
        return int.from_bytes(file.read(2), "little")
