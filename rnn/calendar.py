"""Calendars convert x, which counts steps, to times, also where the steps are months or days of the clock.

A week's opening hours are a calendar as well: the same moments come every week, and no others.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array

UNITS = {"h": 3_600_000_000, "min": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}
"""Microseconds of what is as long everywhere and always. A day is not, where clocks change."""

_Unit: TypeAlias = Literal["D", "m", "s", "us"]

_BEGINS = {
    "MS": "month", "ME": "month", "Q": "quarter", "Y": "year",
    "BMS": "month by its first working day", "BME": "month by its last working day",
    "BQS": "quarter by its first working day", "BQE": "quarter by its last working day",
    "BYS": "year by its first working day", "BYE": "year by its last working day",
}  # fmt: skip

DAY = 24 * UNITS["h"]
WEEK = "week"
"""The frequency of calendars whose moments repeat by the week."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Calendar:
    """The times of a series: x = 0 at `start`, x = 1 one `frequency` later, and so on.

    `frequency`: pandas' name of it, such as "15min", "D", "B" (working days), "MS" (month starts) or "QE-DEC"; or
    "week" for the moments in `week`. `start`: ISO, as clocks in `zone` show it. `shift`: so many days behind what the
    frequency means, such as 14 for months counted on the 15th. `week`: the moments of a week that have a point, in
    ascending microseconds since Monday 0:00 by the clock; `start` is one of them.
    """

    frequency: str
    start: str
    zone: str = "UTC"
    shift: int = 0
    week: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "week", tuple(self.week))  # JSON has lists

    @property
    def step(self) -> int | None:
        """Microseconds of a step, or None where steps go by the calendar."""
        return duration(self.frequency)

    @property
    def step_in_words(self) -> str:
        """The frequency as a person says it, with pandas' name where that is not plain."""
        if self.week:
            return _week_in_words(self.week)
        words = {"D": "day", "B": "working day (B)", "h": "hour", "min": "minute", "s": "second"}
        return words.get(self.frequency) or next(
            (f"{word} ({self.frequency})" for start, word in _BEGINS.items() if self.frequency.startswith(start)),
            self.frequency,
        )

    def times(self, x: Array) -> AnyArray:
        """The times at `x`, in any shape, as datetime64[us] in UTC. Between two points they are between their times."""
        x = np.asarray(x, dtype=float)
        if x.size == 0:
            return np.empty(x.shape, "datetime64[us]")
        if self.step is not None:
            start = np.datetime64(self.start, "us")
            zero = int(to_utc(np.array([start]), self.zone)[0].astype(np.int64))
            return np.asarray((zero + np.rint(x * self.step).astype(np.int64)).astype("datetime64[us]"))
        low, high = int(np.floor(x.min())), int(np.ceil(x.max()))
        clocks = self._by_week(low, high) if self.week else self._by_offset(low, high)
        known = to_utc(clocks, self.zone).astype(np.int64)
        since = np.interp(x.ravel() - low, np.arange(len(known)), (known - known[0]).astype(float))
        return np.asarray((known[0] + np.rint(since).astype(np.int64)).astype("datetime64[us]").reshape(x.shape))

    def _by_offset(self, low: int, high: int) -> AnyArray:
        """The clock times from x = low to x = high, as pandas counts them."""
        import pandas as pd  # 40 MB, for which few have a use

        offset: Any = pd.tseries.frequencies.to_offset(self.frequency)
        shift = pd.Timedelta(days=self.shift)
        first = pd.Timestamp(np.datetime64(self.start, "us")) - shift + low * offset
        clocks = pd.date_range(first, periods=high - low + 1, freq=offset, unit="us") + shift
        return np.asarray(clocks.to_numpy())

    def _by_week(self, low: int, high: int) -> AnyArray:
        """The clock times from x = low to x = high, where the same moments come every week."""
        monday, since = since_monday(np.array([self.start], "datetime64[us]"))
        moments = np.array(self.week, dtype=np.int64)
        weeks, places = np.divmod(int(np.searchsorted(moments, since[0])) + np.arange(low, high + 1), len(moments))
        return np.asarray((monday[0] + weeks * 7 * DAY + moments[places]).astype("datetime64[us]"))

    def shown(self, times: AnyArray) -> list[str]:
        """Times in UTC as clocks in `zone` show them, without what is zero in all of them."""
        clocks = to_clock(np.asarray(times).ravel(), self.zone)
        units: tuple[_Unit, ...] = ("D", "m", "s", "us")
        unit = next(unit for unit in units if bool((clocks == clocks.astype(f"M8[{unit}]")).all()))
        return [str(text).replace("T", " ") for text in np.datetime_as_string(clocks, unit)]

    def plain(self) -> dict[str, Any]:
        """As JSON has it; without `week` where that is empty, as it always was."""
        return {name: value for name, value in asdict(self).items() if name != "week" or value}


def since_monday(clocks: AnyArray) -> tuple[AnyArray, AnyArray]:
    """The Monday 0:00 before each clock time (points,), and how long ago that was: both int64 microseconds."""
    micros = clocks.astype("datetime64[us]").astype(np.int64)
    since = (micros - 4 * DAY) % (7 * DAY)  # 1970 began on a Thursday
    return micros - since, since


def _week_in_words(week: tuple[int, ...]) -> str:
    """The moments of a week as a person says them: "hour from 09:00 to 16:00, Monday to Friday"."""
    days = sorted({moment // DAY for moment in week})
    clocks = sorted({moment % DAY for moment in week})
    run = days == list(range(days[0], days[-1] + 1)) and len(days) > 2
    named = f"{_DAYS[days[0]]} to {_DAYS[days[-1]]}" if run else ", ".join(_DAYS[day] for day in days)
    if len(week) != len(days) * len(clocks):
        return f"one of {len(week)} times a week, {named}"
    if len(clocks) == 1:
        return f"day, {named}"
    steps = set(np.diff(clocks).tolist())
    shown = [f"{clock // UNITS['h']:02d}:{clock % UNITS['h'] // UNITS['min']:02d}" for clock in (clocks[0], clocks[-1])]
    step = lasting(steps.pop()) if len(steps) == 1 else f"one of {len(clocks)} times a day"
    return f"{'hour' if step == 'h' else step} from {shown[0]} to {shown[1]}, {named}"


def duration(frequency: str) -> int | None:
    """The microseconds of a frequency that is as long everywhere and always, such as "15min"; None for others."""
    digits = frequency.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = UNITS.get(frequency[len(digits) :])
    return None if unit is None or not (digits or "1").isdigit() else int(digits or 1) * unit


def lasting(microseconds: int) -> str:
    """The frequency of so many microseconds, as pandas writes it: "15min" and not "900s"."""
    unit, size = next((unit, size) for unit, size in UNITS.items() if microseconds % size == 0)
    return unit if microseconds == size else f"{microseconds // size}{unit}"


def counted(microseconds: int) -> str:
    """A duration as a person says it: "1min", where pandas' frequency is "min"."""
    frequency = lasting(microseconds)
    return frequency if frequency[0].isdigit() else f"1{frequency}"


def to_utc(clocks: AnyArray, zone: str) -> AnyArray:
    """Clock times in `zone` (points,), datetime64[us], as UTC: of two such moments the first, of none the next."""
    if zone == "UTC":
        return clocks.astype("datetime64[us]")
    import pandas as pd

    local = pd.DatetimeIndex(clocks).tz_localize(
        zone, ambiguous=np.ones(len(clocks), dtype=bool), nonexistent="shift_forward"
    )
    return np.asarray(local.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]"))


def to_clock(times: AnyArray, zone: str) -> AnyArray:
    """The clock times in `zone` at `times` (points,), datetime64[us] in UTC."""
    if zone == "UTC":
        return times.astype("datetime64[us]")
    import pandas as pd

    local = pd.DatetimeIndex(times).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(local.to_numpy().astype("datetime64[us]"))
