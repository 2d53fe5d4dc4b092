"""Models as npz files that plain NumPy opens, never pickle.

They hold `w`, `v`, `b`, `z`, `c` as in the article's equations, and `h`, the hidden state where a forecast begins.
"""

import io
import lzma
import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

from rnn.arrays import Array, Parameters
from rnn.errors import CorruptModel

SHAPES = {
    "w": ("hidden", "inputs"),
    "v": ("hidden", "hidden"),
    "b": ("hidden", "1"),
    "z": ("outputs", "hidden"),
    "c": ("outputs", "1"),
    "h": ("hidden", "1"),
}
"""What each array is by: equal words are equal sizes."""


def save(path: str | os.PathLike[str], parameters: Parameters, h: Array) -> None:
    """Write the weights and the last hidden state `h` (hidden, 1), float64. The same model gives the same bytes."""
    arrays = {name: np.asarray(array, np.float64) for name, array in {**parameters, "h": h}.items()}
    np.savez(path, **arrays)  # type: ignore[arg-type]


def load(path: str | os.PathLike[str]) -> tuple[Parameters, Array]:
    """The weights by name, and the hidden state (hidden, 1).

    Raises CorruptModel, naming the file and what is wrong with it, unless every array is there, float64, finite and of
    a shape that fits the others.
    """
    try:
        arrays = _read(path)
    except FileNotFoundError:
        raise _corrupt(path, "there is no such file") from None
    except _UNREADABLE as error:
        raise _corrupt(path, f"not a readable npz file ({error})") from None
    _check(path, arrays)
    h = arrays.pop("h")
    return arrays, h


_UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What the zip file and the arrays in it may raise when their bytes are not what was written."""


def _read(path: str | os.PathLike[str]) -> Parameters:
    """The arrays by name. Each is read to its end before it is looked at, so that its checksum is always compared."""
    with zipfile.ZipFile(path) as archive:
        missing = [name for name in SHAPES if f"{name}.npy" not in archive.namelist()]
        if missing:
            raise _corrupt(path, f"no array {missing[0]!r} in it")
        members = {name: io.BytesIO(archive.read(f"{name}.npy")) for name in SHAPES}
    return {name: np.lib.format.read_array(member, allow_pickle=False) for name, member in members.items()}


def _check(path: str | os.PathLike[str], arrays: Parameters) -> None:
    sizes: dict[str, int] = {"1": 1}
    for name, dimensions in SHAPES.items():
        array = arrays[name]
        if array.dtype != np.float64:
            raise _corrupt(path, f"array {name!r} is {array.dtype}, not float64")
        expected = tuple(sizes.setdefault(word, size) for word, size in zip(dimensions, array.shape, strict=False))
        if array.ndim != 2 or array.shape != expected:
            raise _corrupt(path, f"array {name!r} has shape {array.shape}, which does not fit the others")
        if not np.isfinite(array).all():
            raise _corrupt(path, f"array {name!r} holds values that are not finite")


def _corrupt(path: str | os.PathLike[str], what: str) -> CorruptModel:
    return CorruptModel(f"{Path(path)}: not a usable model: {what}; train it again")
