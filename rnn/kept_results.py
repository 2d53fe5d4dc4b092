"""Keep the finished parts of a long computation, so that after a kill it goes on with the others.

The library computes and says what there is to keep; where it is kept is the caller's to decide
(`artifacts.store.kept_arrays` has a folder for it).
"""

from collections.abc import Mapping
from typing import Protocol

from rnn.arrays import AnyArray


class KeptResults(Protocol):
    """Finished parts of one computation, each some arrays under a name of its own."""

    def get(self, name: str) -> dict[str, AnyArray] | None:
        """What was kept under that name; None where nothing was."""

    def put(self, name: str, arrays: Mapping[str, AnyArray]) -> None:
        """Keep a part that is finished."""


class NothingKept:
    """Keeps nothing: for computations that take no time, or that nobody wants to go on with."""

    def get(self, name: str) -> dict[str, AnyArray] | None:
        """None."""
        return None

    def put(self, name: str, arrays: Mapping[str, AnyArray]) -> None:
        """Nothing is kept."""


NOTHING = NothingKept()
