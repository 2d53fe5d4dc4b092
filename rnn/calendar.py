"""Calendars: from x, which counts steps, back to times. Months and days by the clock differ in length and are even."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array

UNITS = {"h": 3_600_000_000, "min": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}
"""Microseconds of what is as long everywhere and always. A day is not, where clocks change."""

_Unit: TypeAlias = Literal["D", "m", "s", "us"]

_BEGINS = {"MS": "month", "ME": "month", "Q": "quarter", "Y": "year"}

DAY = 24 * UNITS["h"]


@dataclass(frozen=True)
class Calendar:
    """When the points of a series are: x = 0 at `start`, x = 1 one `frequency` later, and so on.

    `frequency`: pandas' name of it, such as "15min", "D", "B" (working days), "MS" (month starts) or "QE-DEC". `start`:
    ISO, as clocks in `zone` show it. `shift`: so many days behind what the frequency means, such as 14 for months
    counted on the 15th.
    """

    frequency: str
    start: str
    zone: str = "UTC"
    shift: int = 0

    @property
    def step(self) -> int | None:
        """Microseconds of a step, or None where steps go by the calendar."""
        return duration(self.frequency)

    @property
    def step_in_words(self) -> str:
        """The frequency as a person says it, with pandas' name where that is not plain."""
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
        start = np.datetime64(self.start, "us")
        if self.step is not None:
            zero = int(to_utc(np.array([start]), self.zone)[0].astype(np.int64))
            return np.asarray((zero + np.rint(x * self.step).astype(np.int64)).astype("datetime64[us]"))
        import pandas as pd  # 40 MB, for which few have a use

        low, high = int(np.floor(x.min())), int(np.ceil(x.max()))
        offset: Any = pd.tseries.frequencies.to_offset(self.frequency)
        shift = pd.Timedelta(days=self.shift)
        first = pd.Timestamp(start) - shift + low * offset
        clocks = pd.date_range(first, periods=high - low + 1, freq=offset, unit="us") + shift
        known = to_utc(clocks.to_numpy(), self.zone).astype(np.int64)
        read = np.interp(x.ravel() - low, np.arange(len(known)), (known - known[0]).astype(float))
        return np.asarray((known[0] + np.rint(read).astype(np.int64)).astype("datetime64[us]").reshape(x.shape))

    def shown(self, times: AnyArray) -> list[str]:
        """Times in UTC as clocks in `zone` show them, without what is zero in all of them."""
        clocks = to_clock(np.asarray(times).ravel(), self.zone)
        units: tuple[_Unit, ...] = ("D", "m", "s", "us")
        unit = next(unit for unit in units if bool((clocks == clocks.astype(f"M8[{unit}]")).all()))
        return [str(text).replace("T", " ") for text in np.datetime_as_string(clocks, unit)]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def duration(frequency: str) -> int | None:
    """The microseconds of a frequency that is as long everywhere and always, such as "15min"; None for others."""
    digits = frequency.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = UNITS.get(frequency[len(digits) :])
    return None if unit is None or not (digits or "1").isdigit() else int(digits or 1) * unit


def lasting(microseconds: int) -> str:
    """The frequency of so many microseconds, as pandas writes it: "15min" and not "900s"."""
    unit, size = next((unit, size) for unit, size in UNITS.items() if microseconds % size == 0)
    return unit if microseconds == size else f"{microseconds // size}{unit}"


def to_utc(clocks: AnyArray, zone: str) -> AnyArray:
    """What clocks in `zone` show (points,), datetime64[us], as UTC: of two such moments the first, of none the next."""
    if zone == "UTC":
        return clocks.astype("datetime64[us]")
    import pandas as pd

    local = pd.DatetimeIndex(clocks).tz_localize(
        zone, ambiguous=np.ones(len(clocks), dtype=bool), nonexistent="shift_forward"
    )
    return np.asarray(local.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]"))


def to_clock(times: AnyArray, zone: str) -> AnyArray:
    """What clocks in `zone` show at `times` (points,), datetime64[us] in UTC."""
    if zone == "UTC":
        return times.astype("datetime64[us]")
    import pandas as pd

    local = pd.DatetimeIndex(times).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(local.to_numpy().astype("datetime64[us]"))
