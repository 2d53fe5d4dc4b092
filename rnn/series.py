"""Series, the noisy x·sin(x) that the article learns, and their groups.

A series is ordered observations x, y. A group is `group_size` neighbouring points, one time step of the network, as a
column vector; a series in groups has shape (groups, group_size, 1).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar
from rnn.errors import SeriesTooShort, WavecastError
from rnn.frames import observations
from rnn.known_inputs import KnownInputs, part_of
from rnn.scaling import LARGEST
from rnn.seasonality import UNKNOWN, Seasons, calendar_seasons

UNBOUNDED = (float("-inf"), float("inf"))


def bounded(lower: float | None, upper: float | None) -> tuple[float, float]:
    """Two bounds, of which either may be missing."""
    return UNBOUNDED[0] if lower is None else lower, UNBOUNDED[1] if upper is None else upper


def _part(filled: AnyArray | None, part: slice) -> AnyArray | None:
    """A part of what tells of filled points; None where none of it was."""
    return filled[part] if filled is not None and filled[part].any() else None


class NotASeries(WavecastError, TypeError):
    """What was given is no series of numbers."""


@dataclass(frozen=True)
class Series:
    """Ordered observations: `x` (points,), `y` (points,), evenly spaced by `step`.

    `calendar`: from x to times, where these are dates; None where x are the times as numbers. `seasons`: what is
    said of them beside the values. `bounds`: what forecasts must never leave. `filled` (points,): which of y were
    missing and have been filled in; None where none were. `known`: inputs, of the points and of those that follow.
    """

    x: Array
    y: Array
    step: float
    calendar: Calendar | None = None
    seasons: Seasons = UNKNOWN
    bounds: tuple[float, float] = UNBOUNDED
    filled: AnyArray | None = None
    known: KnownInputs | None = None

    def __len__(self) -> int:
        return len(self.x)

    @classmethod
    def of(cls, data: Any) -> "Series":
        """A series from whatever holds one: a Series, a list or array of numbers, a pandas Series.

        Numbers alone are at x = 1, 2, 3, …; a pandas Series with a DatetimeIndex has its times. The numbers are copied.
        Raises NotASeries.
        """
        if isinstance(data, Series):
            return data._usable()
        if hasattr(data, "iloc") and hasattr(data, "to_numpy"):
            return cls.from_pandas(data)
        y = _numbers(data)
        return cls(np.arange(1.0, len(y) + 1), y, 1.0)._usable()

    @classmethod
    def from_pandas(cls, data: Any, time: str | None = None, value: str | None = None) -> "Series":
        """A series from a pandas Series, or from the columns `time` and `value` of a DataFrame.

        Without `time` the index has the times. Raises NotASeries for what is no series, for times that are not evenly
        spaced and for values that are missing. A calendar is taken only if it gives back the very times of the index.
        """
        problem, x, y, step, calendar = observations(data, time, value)
        if problem:
            raise NotASeries(problem)
        return cls(x, y, step, calendar)._usable()

    def _usable(self) -> "Series":
        """Itself. Raises NotASeries when it has no values, unusable ones, or x that do not go with them."""
        y = np.asarray(self.y)
        if not len(y):
            raise NotASeries("the series has no values: give one at least")
        if np.shape(self.x) != y.shape or y.ndim != 1 or not np.isfinite(self.x).all() or not self.step > 0:
            raise NotASeries("x and y must be of one length, x finite and the step above 0: let Series.of(y) make them")
        bad = np.flatnonzero(~np.isfinite(y))
        if len(bad):
            raise NotASeries(
                f"{len(bad)} of {len(y)} values are missing or infinite, the first at position {bad[0]}: fill or drop "
                "them first, or read the file with read_series(…, fill_gaps=…)"
            )
        if np.abs(y).max() > LARGEST:
            raise NotASeries(f"the values must not be beyond {LARGEST:g} in size: change the unit")
        inputs = None if self.known is None else np.asarray(self.known.values)
        if self.known is not None and inputs is not None and not (
            inputs.ndim == 2 and inputs.shape[1] == len(self.known.names) and len(inputs) >= len(y)
            and np.isfinite(inputs).all()
        ):  # fmt: skip
            raise NotASeries(
                f"the inputs known ahead are {inputs.shape} numbers for {len(self.known.names)} names and {len(y)} "
                "points: give one finite number of each for each point, and for those to come"
            )
        return self

    def first(self, points: int) -> "Series":
        """The first so many points: what was known then, with inputs known ahead as far as they are now."""
        return replace(self, x=self.x[:points], y=self.y[:points], filled=_part(self.filled, slice(points)))

    @property
    def observed(self) -> Array:
        """y (points,), NaN where it was missing: for those who can do without."""
        return self.y if self.filled is None else np.where(self.filled, np.nan, self.y)

    @property
    def known_seasons(self) -> Seasons:
        """What is said of its seasons, or else what its calendar proposes."""
        if self.seasons != UNKNOWN or self.calendar is None:
            return self.seasons
        return Seasons(calendar_seasons(self.calendar.frequency))

    def ahead(self, points: int) -> Array:
        """The next x (points,), at the series' own step."""
        return np.asarray(self.x[-1] + self.step * np.arange(1, points + 1))


USUAL_GROUP = 6
"""The article's group size."""

WANTED = "rnn.Series, a list or array of numbers in one dimension, or a pandas Series with a DatetimeIndex"


def _numbers(data: Any) -> Array:
    """A copy of numbers in one dimension as floats, NaN where one is masked. Raises NotASeries."""
    try:
        held = np.ma.asarray(data) if isinstance(data, np.ma.MaskedArray) else np.asarray(data)
        what = NOT_NUMBERS.get(held.dtype.kind, type(data).__name__ if held.ndim == 0 else "")
        y = np.ma.filled(held.astype(float), np.nan) if not what else np.empty(0)
    except (TypeError, ValueError, OverflowError) as error:
        what, y = f"what this {type(data).__name__} holds ({' '.join(str(error).split())})", np.empty(0)
    if not what and y.ndim != 1:
        what = f"{y.ndim} dimensions of shape {y.shape}"
    if what:
        raise NotASeries(f"a series is wanted: {WANTED}, not {what}")
    return y


NOT_NUMBERS = {"b": "booleans", "c": "complex numbers", "M": "dates", "m": "durations", "V": "records"}
"""What NumPy would make floats of without a word, by the kind of its type."""


@dataclass(frozen=True)
class Groups:
    """A series cut into groups: `x` and `y` are (groups, group_size, 1), spaced by `step`.

    `dropped` counts the points at the start of the series that did not fill a group. `filled` (points,) and `known`:
    see `Series`.
    """

    x: Array
    y: Array
    step: float
    dropped: int
    seasons: Seasons = UNKNOWN
    bounds: tuple[float, float] = UNBOUNDED
    filled: AnyArray | None = None
    known: KnownInputs | None = None

    def __len__(self) -> int:
        return len(self.x)

    @property
    def group_size(self) -> int:
        """Points in a group."""
        return int(self.x.shape[1])


def newest(series: Series, points: int | None) -> Series:
    """The last so many points of a series, or all of them where None is said."""
    start = 0 if points is None else max(0, len(series) - points)
    filled, known = _part(series.filled, slice(start, None)), part_of(series.known, start)
    return replace(series, x=series.x[start:], y=series.y[start:], filled=filled, known=known)


def group(series: Series, group_size: int, at_least: int = 1) -> Groups:
    """Cut a series into groups of `group_size` points.

    When the length does not divide, the *oldest* points are dropped, since a forecast begins after the newest.
    Raises SeriesTooShort when fewer than `at_least` groups come out.
    """
    groups = count_groups(len(series), group_size, at_least)
    dropped = len(series) - groups * group_size
    shape = (groups, group_size, 1)
    x, y = series.x[dropped:].reshape(shape), series.y[dropped:].reshape(shape)
    filled = _part(series.filled, slice(dropped, None))
    known = part_of(series.known, dropped)
    return Groups(x, y, series.step, dropped, series.known_seasons, series.bounds, filled, known)


def group_size_for(points: int, season: int, groups_needed: int) -> int:
    """A group size that suits a series: a divisor of its season near 6, smaller where the series is short."""
    divisors = [size for size in range(3, 13) if season % size == 0] if season > 1 else []
    size = min(divisors, key=lambda size: abs(size - USUAL_GROUP), default=USUAL_GROUP)
    while size > 1 and points // size < 2 * groups_needed:
        size -= 1
    return size


def count_groups(points: int, group_size: int, at_least: int = 1) -> int:
    """How many whole groups of `group_size` so many points make. Raises SeriesTooShort for fewer than `at_least`."""
    groups = points // group_size
    if groups < at_least:
        raise SeriesTooShort(
            f"{points} points make {groups} groups of {group_size}, and at least {at_least} groups are needed: "
            f"give {at_least * group_size} points or a smaller group size"
        )
    return groups


def ungroup(groups: Groups) -> Series:
    """The series that the groups were cut from, less the points that were dropped."""
    x, y = groups.x.reshape(-1), groups.y.reshape(-1)
    return Series(x, y, groups.step, None, groups.seasons, groups.bounds, groups.filled, groups.known)
