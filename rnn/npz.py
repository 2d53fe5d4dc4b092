"""npz files that plain NumPy opens: arrays by name, never pickle, and nothing of a damaged one believed."""

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from rnn.arrays import AnyArray

_DAMAGE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What the zip file and the arrays in it may raise when their bytes are not what was written."""


class UnreadableError(ValueError):
    """A file is no npz file, or not the one that was written."""


def write(file: str | os.PathLike[str] | BinaryIO, arrays: Mapping[str, AnyArray]) -> None:
    """Write arrays by name. The same arrays give the same bytes."""
    np.savez(file, **arrays)  # type: ignore[arg-type]


def read(path: str | os.PathLike[str]) -> dict[str, AnyArray]:
    """All arrays by name. Each is read to its end before it is looked at, so that its checksum is always compared.

    Raises FileNotFoundError, and UnreadableError, which says what is wrong, for whatever else is in its place.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.namelist()) != _count(path):
                raise UnreadableError("not a readable npz file (its directory is damaged)")
            members = {name.removesuffix(".npy"): io.BytesIO(archive.read(name)) for name in archive.namelist()}
        return {name: np.lib.format.read_array(member, allow_pickle=False) for name, member in members.items()}
    except (FileNotFoundError, UnreadableError):
        raise
    except _DAMAGE as error:
        raise UnreadableError(f"not a readable npz file ({error})") from None


def _count(path: str | os.PathLike[str]) -> int:
    """How many arrays the file's last bytes say there are: `zipfile` believes a directory in which some are missing."""
    with Path(path).open("rb") as file:
        file.seek(-12, os.SEEK_END)
        return int.from_bytes(file.read(2), "little")
