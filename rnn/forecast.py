"""Forecasts, the grids that they are made on, and forecasting in open loop, where the inputs ahead are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar, to_clock
from rnn.errors import WavecastError
from rnn.frames import DataFrame, table
from rnn.intervals import BOUNDS, Intervals, NoRehearsal, NoSuchLevel, between, conformal

GridName: TypeAlias = Literal["text", "code"]


class NoIntervals(WavecastError):
    """A forecast has no intervals."""


@dataclass(frozen=True)
class Forecast:
    """A forecast by one `method` of the groups beyond the series: `x` and `y`, both (horizon, group_size).

    `intervals`: where the truth should lie, unless the series is too short to tell. `calendar`: from x to times, unless
    x are the times as numbers.
    """

    method: str
    x: Array
    y: Array
    intervals: Intervals | None = None
    calendar: Calendar | None = None

    def __len__(self) -> int:
        """The number of points."""
        return int(self.y.size)

    def __repr__(self) -> str:
        intervals = "with intervals" if self.intervals else "without intervals"
        return f"Forecast({self.method!r}, {len(self)} points {intervals}, from {self.times[0]} to {self.times[-1]})"

    @property
    def mean(self) -> Array:
        """The point forecast (points,)."""
        return self.y.ravel()

    @property
    def times(self) -> AnyArray:
        """The times of the points (points,): datetime64[us] in UTC, or x where the series has no calendar."""
        return self.x.ravel() if self.calendar is None else self.calendar.times(self.x.ravel())

    def interval(self, level: float) -> tuple[Array, Array]:
        """The bounds (points,) between which the truth should lie in `level` percent of all cases.

        Raises NoIntervals when the series is too short to tell, NoSuchLevel for a level outside 0 to 100, or below 1,
        which will be a share by mistake.
        """
        if between(level, 0, 1):
            raise NoSuchLevel(f"a level is a percentage: give {100 * level:g} rather than {level:g}")
        return self._interval(level)

    def _interval(self, level: float) -> tuple[Array, Array]:
        if self.intervals is None:
            raise NoIntervals(
                f"{self.method!r} has no intervals: the series is too short to tell how far off it may be"
            )
        lower, upper = self.intervals.at(level)
        return lower.ravel(), upper.ravel()

    def quantile(self, q: float) -> Array:
        """The values (points,) that the truth should not exceed in a share `q` of all cases, 0 < q < 1.

        Raises NoIntervals and NoSuchLevel, as `interval` does.
        """
        if not between(q, 0, 1):
            raise NoSuchLevel(f"a quantile is a share between 0 and 1, not {q!r}: give 0.05, 0.5 or 0.95")
        if q == 0.5:
            return self.mean
        lower, upper = self._interval(100 * abs(2 * q - 1))
        return lower if q < 0.5 else upper

    def with_intervals(self, errors: Array, apart: tuple[Array, Array] | None = None) -> "Forecast":
        """The same with the intervals that `errors` at earlier origins give (see `conformal`); as it is without any."""
        try:
            return replace(self, intervals=conformal(self.y, errors, apart))
        except NoRehearsal:
            return self

    def first(self, points: int) -> "Forecast":
        """The first so many points, each a group of its own."""
        return self._reshaped(slice(0, points), (points, 1))

    def in_groups(self, size: int) -> "Forecast":
        """The same points in groups of `size`; those at the end that fill none are left out."""
        steps = len(self) // size
        return self._reshaped(slice(0, steps * size), (steps, size))

    def _reshaped(self, part: slice, shape: tuple[int, int]) -> "Forecast":
        def of(values: Array) -> Array:
            return values.ravel()[part].reshape(shape)

        intervals = self.intervals
        if intervals is not None:
            errors = intervals.errors and intervals.errors.reshaped(of)
            intervals = Intervals(*(of(getattr(intervals, bound)) for bound in BOUNDS), errors=errors)
        return replace(self, x=of(self.x), y=of(self.y), intervals=intervals)

    def to_pandas(self, levels: Sequence[float] = (50, 90)) -> DataFrame:
        """A row a point: time (or x), mean, lo-50, hi-50, …; the bounds are NaN where there are no intervals.

        `time` is what clocks in the series' zone show, without the zone, as spreadsheets want it; where that is not UTC
        there is `time_utc` too.
        Raises NoSuchLevel.
        """
        if not isinstance(levels, Iterable):
            raise NoSuchLevel(f"levels are several percentages, such as (50, 90), not {levels!r}")
        columns: dict[str, AnyArray] = {**self._when(), "mean": self.mean}
        for level in levels:
            nothing = np.full(len(self), np.nan)
            lower, upper = (nothing, nothing) if self.intervals is None else self.interval(level)
            columns |= {f"lo-{level:g}": lower, f"hi-{level:g}": upper}
        return table(columns)

    def _when(self) -> dict[str, AnyArray]:
        if self.calendar is None:
            return {"x": self.times}
        if self.calendar.zone == "UTC":
            return {"time": self.times}
        return {"time": to_clock(self.times, self.calendar.zone), "time_utc": self.times}


def grid(name: GridName, last_x: float, step: float, group_size: int, horizon: int) -> Array:
    """The x of `horizon` groups beyond `last_x`, as (horizon, group_size).

    `text`, as the article's text has it: the series goes on with the same step, 6.01, 6.02, … 7.20.
    `code`, as its program has it: group i is `linspace(6.01 + 0.06 i, 6.01 + 0.06 (i+1), 6)`, a wider step with both
    ends kept, so that neighbouring groups share a point (article, "The forecast").
    """
    first, span = last_x + step, group_size * step
    if name == "text":
        return np.array([first + span * i + step * np.arange(group_size) for i in range(horizon)])
    return np.array([np.linspace(first + span * i, first + span * (i + 1), group_size) for i in range(horizon)])


def on_grid(y: Array, natural: Array, x: Array) -> Array:
    """A forecast `y` at the series' own spacing, `natural`, read off at other `x`: linearly between its points.

    All (horizon, group_size), but `y` and `natural` may be longer.
    """
    return np.interp(x.ravel(), natural.ravel(), y.ravel()).reshape(x.shape)
