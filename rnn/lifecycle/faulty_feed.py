"""Write a daily feed's file as each night finds it, whole or with that night's fault.

The values are generated: a level that wanders, a week, and noise.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np

from rnn.arrays import Array
from rnn.lifecycle.faults import Fault

Row: TypeAlias = tuple[date, float]

FIRST = date(2024, 1, 1)

SHOWN_TWICE = 3
"""So many rows a feed delivers twice."""


def daily_values(days: int, rng: np.random.Generator) -> Array:
    """Values (days,) with a season of 7, about 300, all positive, of two decimals."""
    week = np.array([1.0, 0.96, 0.94, 1.0, 1.12, 1.25, 0.8])
    level = np.zeros(days)
    shocks = rng.normal(0, 0.01, days)
    for i in range(1, days):
        level[i] = 0.97 * level[i - 1] + shocks[i]
    return np.asarray(np.round(300 * week[np.arange(days) % 7] * np.exp(level + rng.normal(0, 0.03, days)), 2))


@dataclass(frozen=True)
class Feed:
    """A feed: its true values `y` (days,), a day apart from FIRST on."""

    y: Array

    def day(self, place: int) -> date:
        """The day of a value."""
        return FIRST + timedelta(days=place)

    def restated(self, end: int, rng: np.random.Generator) -> "Feed":
        """The feed after some of the 60 values before `end` were corrected by a few percent."""
        y = self.y.copy()
        places = end - 1 - rng.choice(60, 5, replace=False)
        y[places] = np.round(y[places] * (1 + rng.uniform(0.01, 0.05, 5)), 2)
        return replace(self, y=y)

    def file(self, end: int) -> bytes:
        """The file with all values before `end`."""
        return _file([(self.day(i), float(self.y[i])) for i in range(end)])

    def faulty_file(self, end: int, fault: Fault, rng: np.random.Generator) -> bytes:
        """The file that a night finds, on which `end` values should be there, when something is wrong with it.

        A file of no data fault is the healthy one.
        """
        begun = end - 1 - fault.night  # values before the first night of the fault
        rows = [(self.day(i), float(self.y[i])) for i in range(end)]
        wrong: dict[str, Callable[[], list[Row]]] = {
            "stale": lambda: rows[:begun],
            "flat": lambda: [*rows[:begun], *((day, float(self.y[begun - 1])) for day, _ in rows[begun:])],
            "shifted": lambda: [(day, float(self.y[max(0, i - 1)])) for i, (day, _) in enumerate(rows)],
            "duplicated": lambda: rows + rows[-SHOWN_TWICE:],
            "all x1000": lambda: [(day, y * 1000) for day, y in rows],
            "newest x1000": lambda: [*rows[:-1], (rows[-1][0], rows[-1][1] * 1000)],
        }
        whole = _file(wrong[fault.kind]() if fault.kind in wrong else rows)
        return whole[: int(len(whole) * rng.uniform(0.3, 0.999))] if fault.kind == "half-written" else whole


def _file(rows: list[Row]) -> bytes:
    return ("date,sales\n" + "".join(f"{day},{y:.2f}\n" for day, y in rows)).encode()
