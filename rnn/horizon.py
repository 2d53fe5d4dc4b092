"""Parse a horizon: a number of observations or groups, or a time such as "6 months"; and convert it to points.

A number by itself counts observations where it is typed. In a configuration, such as a manifest or prefect.yaml, it is
no text but an integer, and counts groups, as it always has.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np
from pydantic import BeforeValidator, WithJsonSchema

from rnn.arrays import AnyArray
from rnn.calendar import DAY, UNITS, Calendar, to_clock
from rnn.errors import WavecastError

MOST = 10_000
"""The most groups there may be."""

DIGITS = 12
"""The most digits there may be, of any unit: a time that is longer is no 64-bit number."""

_WORDS = {
    "points": ("", "point", "points", "observation", "observations", "obs", "step", "steps", "row", "rows"),
    "groups": ("group", "groups"),
    "seconds": ("s", "sec", "second", "seconds"),
    "minutes": ("min", "mins", "minute", "minutes"),
    "hours": ("h", "hr", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "wk", "week", "weeks"),
    "months": ("mo", "month", "months"),
    "quarters": ("q", "quarter", "quarters"),
    "years": ("y", "yr", "year", "years"),
}
"""The words for each unit, in small letters."""

_UNIT = {word: unit for unit, words in _WORDS.items() for word in words}

_LASTING = {"seconds": UNITS["s"], "minutes": UNITS["min"], "hours": UNITS["h"], "days": DAY, "weeks": 7 * DAY}
"""Microseconds of the units that always last as long, days and weeks by the clock."""

_MONTHS = {"months": 1, "quarters": 3, "years": 12}

_MONTHS_OF_A_STEP = {"MS": 1, "ME": 1, "BMS": 1, "BME": 1, "Q": 3, "BQ": 3, "Y": 12, "BY": 12}
"""By the beginning of a calendar's frequency."""

_SAID = re.compile(r"(\d+)\s*([A-Za-z]*)")


class BadHorizon(WavecastError, ValueError):
    """A horizon that says nothing, or nothing of this series."""


@dataclass(frozen=True)
class Horizon:
    """A horizon: a number of a unit, which is points, groups, or a unit of time."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Horizon":
        """The horizon in "14", "14 points", "2 groups", "14d", "36 h", "6 months". Raises BadHorizon."""
        said = _SAID.fullmatch(text.strip())
        unit = said and _UNIT.get(said[2].lower())
        if said is None or unit is None:
            raise BadHorizon("must be a number of observations, such as 14, or a time: 14d, 2w, 6 months, 36h, 90min")
        if len(said[1]) > DIGITS:
            raise BadHorizon(f"must be a number of {DIGITS} digits at most")
        if int(said[1]) < 1:
            raise BadHorizon("must be greater than or equal to 1")
        return cls(int(said[1]), unit)

    def __str__(self) -> str:
        """As `parse` reads it: "14 points"."""
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"

    def points(self, group_size: int, points: int, calendar: Calendar | None) -> int:
        """The fewest points behind a series of `points` that reach so far; `points` + 1 for more than there are.

        Raises BadHorizon for a time where the series has no `calendar`.
        """
        if self.unit == "points":
            return self.count
        if self.unit == "groups":
            return self.count * group_size
        if calendar is None:
            raise BadHorizon(f"--horizon {self}: the times of this series are plain numbers: give a number of points")
        months = self.count * _MONTHS.get(self.unit, 0)
        begins = (step for start, step in _MONTHS_OF_A_STEP.items() if calendar.frequency.startswith(start))
        if months and (of_a_step := next(begins, None)):
            return -(-months // of_a_step)
        return self._counted(calendar, points)

    def _counted(self, calendar: Calendar, points: int) -> int:
        """Points up to the end of the time, counted on the calendar."""
        last = self._clocks(calendar, np.array([points - 1.0]))[0]
        end, low, high = self._end(last), 0, 1
        while high <= points and self._clocks(calendar, np.array([points - 1.0 + high]))[0] < end:
            low, high = high, 2 * high
        ahead = np.arange(low + 1, min(high, points + 1) + 1)
        return low + 1 + int(np.searchsorted(self._clocks(calendar, points - 1.0 + ahead), end))

    def _clocks(self, calendar: Calendar, x: AnyArray) -> AnyArray:
        """Times at `x`: for days and longer as clocks show them, for hours and shorter in UTC."""
        times = calendar.times(x)
        return times if self.unit in ("seconds", "minutes", "hours") else to_clock(times, calendar.zone)

    def _end(self, last: Any) -> Any:
        if self.unit in _LASTING:
            return last + np.timedelta64(self.count * _LASTING[self.unit], "us")
        month, day = last.astype("datetime64[M]"), last.astype("datetime64[D]")
        later = month + np.timedelta64(self.count * _MONTHS[self.unit], "M")
        first, last_day = later.astype("datetime64[D]"), (later + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
        same_day = min(first + (day - month.astype("datetime64[D]")), last_day)
        return same_day.astype("datetime64[us]") + (last - day.astype("datetime64[us]"))


def _as_said(given: Any) -> Any:
    """What a field of this type keeps: groups as an integer, anything else as text. Raises BadHorizon."""
    if isinstance(given, str):
        horizon = Horizon.parse(given)
        if horizon.unit != "groups":  # a bare number stays one: of the generated series it counts groups
            return str(horizon.count) if given.strip().isdigit() else str(horizon)
        given = horizon.count
    if isinstance(given, int) and not isinstance(given, bool) and not 1 <= given <= MOST:
        raise BadHorizon(f"must be {'greater than or equal to 1' if given < 1 else f'less than or equal to {MOST}'}")
    return given


HorizonSetting: TypeAlias = Annotated[
    str | int | None,
    BeforeValidator(_as_said),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": MOST}, {"type": "string"}, {"type": "null"}]}
    ),
]
"""The type of a setting: groups as an integer, observations or a time as text, None where nothing is said."""
