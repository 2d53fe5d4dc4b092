"""Checkpoints: how far a training has come, kept on disk, so that a killed one goes on where it was."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from artifacts.store.atomic import replace_file
from rnn import npz
from rnn.arrays import AnyArray

SHARE = 0.02
"""Writing may take this share of the time."""

FIRST = 1.0
"""Seconds of training before the first checkpoint: what is over sooner needs none."""


class Checkpoint:
    """A file that holds the newest state of one training; a `rnn.elman.training.Keeper`.

    `key` says which training: data, recipe, seed, code. A file with another key, or a damaged one, is told and not
    used. The next is written when the last one's writing time is at most SHARE of the time since.
    """

    def __init__(
        self, path: Path, key: str, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.path, self.key = path, key
        self._tell, self._clock = tell, clock
        self._due = clock() + FIRST

    def resume(self) -> dict[str, AnyArray] | None:
        """The state that was kept last, or None when there is none that can be used."""
        try:
            state = npz.read(self.path)
            key = str(state.pop("key"))
        except FileNotFoundError:
            return None
        except npz.UnreadableError as error:
            refused = str(error)
        except KeyError:
            refused = "it is not a checkpoint"
        else:
            if key == self.key:
                self._tell(f"going on from the checkpoint {self.path}")
                return state
            refused = "it belongs to another training"
        self._tell(f"{self.path} is not used: {refused}; training starts anew")
        return None

    def keep(self, state: Callable[[], dict[str, AnyArray]]) -> None:
        """Keep what `state()` gives, if it is time again. Raises CannotWrite; then the last one is still there."""
        started = self._clock()
        if started < self._due:
            return
        arrays = {**state(), "key": np.array(self.key)}
        replace_file(self.path, lambda file: npz.write(file, arrays))
        ended = self._clock()
        self._due = ended + (ended - started) * (1 / SHARE - 1)

    def remove(self) -> None:
        """Forget it: the training is over and its results are in place."""
        self.path.unlink(missing_ok=True)
