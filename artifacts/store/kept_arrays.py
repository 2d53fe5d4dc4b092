"""Finished parts of a step, such as the folds of a rehearsal, kept on disk until the step has ended.

A killed step finds them again under the same key and goes on with those that are missing: `rnn.kept_results`.
"""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from artifacts.store.atomic import CannotWrite, replace_file
from rnn import npz
from rnn.arrays import AnyArray


class KeptArrays:
    """A folder with a compressed npz file for each part. What is damaged counts as not there, and is made again.

    `tell` is called once, when the first part is found again. A part that cannot be written is not kept: it would be
    missing only after a kill.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder, self._tell = folder, tell
        self._told = False

    def get(self, name: str) -> dict[str, AnyArray] | None:
        """What was kept under that name; None where nothing usable was."""
        try:
            arrays = npz.read(self._path(name))
        except (FileNotFoundError, npz.UnreadableError):
            return None
        if not self._told:
            self._told = True
            parts = sum(1 for _ in self.folder.glob("*.npz"))
            self._tell(f"going on with {parts} finished {'part' if parts == 1 else 'parts'} of an earlier run")
        return arrays

    def put(self, name: str, arrays: Mapping[str, AnyArray]) -> None:
        """Keep a part that is finished, whole or not at all."""
        with suppress(CannotWrite):  # a disk that is full is told by whoever needs it
            replace_file(self._path(name), lambda file: np.savez_compressed(file, **arrays))  # type: ignore[arg-type]

    def remove(self) -> None:
        """Remove the folder: the step has ended and its result is in place."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.npz"
