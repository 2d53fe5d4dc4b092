"""A fault of a store, and how it is mended."""

from collections.abc import Callable
from dataclasses import dataclass

from rnn.errors import WavecastError


@dataclass(frozen=True)
class Fault:
    """Something that is wrong: `what`, in words, and the `remedy`, what somebody can do by hand.

    `put_right` does that and says in a word or two what it has done; None where only a hand can.
    """

    what: str
    remedy: str = ""
    put_right: Callable[[], str] | None = None

    def mend(self) -> str | None:
        """Put it right; returns what was done, or None where that cannot be done.

        Raises WavecastError, and OSError where the disk or the store does not let it.
        """
        return None if self.put_right is None else self.put_right()

    def told(self) -> str:
        """The fault and its remedy in one line."""
        return f"{self.what}: {self.remedy}" if self.remedy else self.what


def tried(fault: Fault) -> tuple[bool, str]:
    """Whether a fault was mended, and the line that tells it; an error is the reason why not."""
    try:
        done = fault.mend()
    except (WavecastError, OSError) as error:
        return False, f"not mended: {fault.what}: {' '.join(str(error).split())}"
    return done is not None, f"mended: {fault.what}: {done}" if done is not None else f"not mended: {fault.told()}"
