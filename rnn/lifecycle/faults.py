"""Draw the faults of a year of nights from a seed: the night, the kind, and how long it lasts.

A fault of the data lies in the file that a night reads; a fault of the machine meets the process that reads it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict

from rnn.recipes import AutoregressiveRecipe

DataFault: TypeAlias = Literal[
    "stale", "flat", "shifted", "half-written", "restated", "duplicated", "all x1000", "newest x1000"
]
MachineFault: TypeAlias = Literal["killed", "disk full", "clock jumps", "server away"]
FaultKind: TypeAlias = DataFault | MachineFault

LASTS: dict[FaultKind, tuple[int, int]] = {
    "stale": (1, 3),
    "flat": (4, 6),
    "shifted": (1, 1),
    "half-written": (1, 1),
    "restated": (1, 1),
    "duplicated": (1, 1),
    "all x1000": (1, 1),
    "newest x1000": (1, 1),
    "killed": (1, 1),
    "disk full": (1, 1),
    "clock jumps": (1, 1),
    "server away": (1, 1),
}
"""Each fault, and for how many nights in a row it lasts: at least, at most."""

UNTRUE: frozenset[FaultKind] = frozenset({"flat", "shifted", "half-written", "all x1000", "newest x1000"})
"""Faults under which the file holds values that are not so, or has lost most of them: nothing may be learned from it.

A restatement is a correction that is meant, and a row given twice is the same row.
"""

QUIET_NIGHTS = 10
"""Nothing goes wrong before the store has a champion, and the feed the arrivals from which its rhythm is learned."""


@dataclass(frozen=True)
class Fault:
    """What is wrong on a night: its `kind`, and the place of the night (from 0) among those it lasts."""

    kind: FaultKind
    night: int = 0

    @property
    def untrue(self) -> bool:
        """Whether the file holds values that are not so."""
        return self.kind in UNTRUE

    @property
    def alarm(self) -> bool:
        """Whether an alarm is due: from the second night without news, the third of a constant, the first else.

        One night without news is not late yet, and the same value three times is no finding (the true one was the
        first): so say the feed's rules. A
        correction, a clock and a server that is away leave a good forecast, so no alarm is due. Rows given twice are
        refused unless --repair says otherwise, so there one is.
        """
        if self.kind in ("stale", "flat"):
            return self.night >= {"stale": 1, "flat": 2}[self.kind]
        return self.untrue or self.kind in ("duplicated", "killed", "disk full")


SMALL = AutoregressiveRecipe(
    iterations=2, gains=(0.3,), hidden=4, memories=(24,), recurrent_memories=(12,), ranks=(), members=6, folds=2,
    pairs=0, sections=0,
)  # fmt: skip
"""A recipe that trains in a moment: what is asked of a year with faults is not how good its forecasts are."""


class YearPlan(BaseModel):
    """A year of so many `nights`, faults on a `share` of them, and how its store learns and judges.

    `known`: the days that are known on night 0. `faults`: the fault of each night, where they are not to be drawn.
    """

    model_config = ConfigDict(frozen=True)

    nights: int = 365
    share: float = 0.25
    seed: int = 0
    known: int = 210
    group_size: int = 7
    horizon: int = 2
    folds: int = 3
    newest: int | None = 210
    recipe: AutoregressiveRecipe = SMALL
    faults: tuple[Fault | None, ...] | None = None


def draw_faults(nights: int, share: float, rng: np.random.Generator) -> list[Fault | None]:
    """The fault of each night, None for most: on a `share` of the nights after QUIET_NIGHTS, on average.

    All kinds begin equally often.
    """
    kinds = list(LASTS)
    mean = float(np.mean([sum(span) / 2 for span in LASTS.values()]))
    begins = share / (mean * (1 - share) + share) if share < 1 else 1.0
    drawn: list[Fault | None] = [None] * min(QUIET_NIGHTS, nights)
    while len(drawn) < nights:
        if rng.random() >= begins:
            drawn.append(None)
            continue
        kind = kinds[int(rng.integers(len(kinds)))]
        fewest, most = LASTS[kind]
        drawn += [Fault(kind, night) for night in range(int(rng.integers(fewest, most + 1)))]
        if kind in ("stale", "flat"):
            drawn.append(None)  # the night on which all comes in at last
    return drawn[:nights]
