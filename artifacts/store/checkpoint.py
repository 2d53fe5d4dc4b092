"""Checkpoints: the state of a training, saved to disk from time to time, so that a killed one resumes."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from artifacts.store.atomic import replace_file
from rnn import npz
from rnn.arrays import AnyArray

SHARE = 0.02
"""The share of the time that writing may take."""

FIRST = 1.0
"""Seconds of training before the first checkpoint: shorter trainings need none."""


class Checkpoint:
    """A file with the newest state of one training; a `rnn.elman.training.Keeper`.

    `key` identifies the training: data, recipe, seed, code. A file with another key or a damaged one is not used, and
    `tell` is called with the reason. A new state is written when the time of the last writing has become at most SHARE
    of the time since.
    """

    def __init__(
        self, path: Path, key: str, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.path, self.key = path, key
        self._tell, self._clock = tell, clock
        self._due = clock() + FIRST

    def resume(self) -> dict[str, AnyArray] | None:
        """Read the saved state; None if there is none that can be used."""
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
        """Save `state()` if it is due. Raises CannotWrite; the last saved state is then still there."""
        started = self._clock()
        if started < self._due:
            return
        arrays = {**state(), "key": np.array(self.key)}
        replace_file(self.path, lambda file: npz.write(file, arrays))
        ended = self._clock()
        self._due = ended + (ended - started) * (1 / SHARE - 1)

    def remove(self) -> None:
        """Remove the file: the training has ended and its results are in place."""
        self.path.unlink(missing_ok=True)
