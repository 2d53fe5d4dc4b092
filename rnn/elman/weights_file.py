"""Models as npz files that plain NumPy opens, never pickle.

They hold `w`, `v`, `b`, `z`, `c` as in the article's equations, and `h`, the hidden state where a forecast begins.
"""

import os
from pathlib import Path

import numpy as np

from rnn import npz
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
    npz.write(path, {name: np.asarray(array, np.float64) for name, array in {**parameters, "h": h}.items()})


def load(path: str | os.PathLike[str]) -> tuple[Parameters, Array]:
    """The weights by name, and the hidden state (hidden, 1).

    Raises CorruptModel, naming the file and what is wrong with it, unless every array is there, float64, finite and of
    a shape that fits the others.
    """
    try:
        found = npz.read(path)
    except FileNotFoundError:
        raise _corrupt(path, "there is no such file") from None
    except npz.UnreadableError as error:
        raise _corrupt(path, str(error)) from None
    missing = [name for name in SHAPES if name not in found]
    if missing:
        raise _corrupt(path, f"no array {missing[0]!r} in it")
    arrays = {name: found[name] for name in SHAPES}
    _check(path, arrays)
    h = arrays.pop("h")
    return arrays, h


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
