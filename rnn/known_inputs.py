"""Inputs known ahead: columns beside a series, such as prices or holidays, whose values are known beyond its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rnn.arrays import Array
from rnn.errors import WavecastError

HOLIDAYS = "holidays"
"""What the name of an input begins with that tells of public holidays: "holidays DE"."""


class NotKnownAhead(WavecastError, ValueError):
    """Inputs end before the horizon does, or are not there at all."""


@dataclass(frozen=True)
class KnownInputs:
    """Inputs by `names`; `values` (points + ahead, inputs): at each point of a series, then at those after its end."""

    names: tuple[str, ...]
    values: Array

    def since(self, start: int) -> "KnownInputs":
        """The same for a series that begins at point `start`."""
        return replace(self, values=self.values[start:])

    def beside(self, other: "KnownInputs") -> "KnownInputs":
        """Both together, as far ahead as both are known."""
        rows = min(len(self.values), len(other.values))
        values = np.concatenate([self.values[:rows], other.values[:rows]], axis=1)
        return KnownInputs(self.names + other.names, values)


def part_of(known: KnownInputs | None, start: int) -> KnownInputs | None:
    """The inputs of a series that begins at point `start`; None where there are none."""
    return known and known.since(start)


def refuse_beyond(names: Sequence[str], ahead: int, points: int) -> None:
    """Raise NotKnownAhead where more `points` are to be forecast than inputs are known `ahead`."""
    if points > ahead:
        inputs = f"the input {names[0]!r} is" if len(names) == 1 else f"the inputs {', '.join(map(repr, names))} are"
        raise NotKnownAhead(
            f"{inputs} known {ahead} points beyond the last value, and {points} are to be forecast: give their values "
            "there, or a shorter horizon"
        )
