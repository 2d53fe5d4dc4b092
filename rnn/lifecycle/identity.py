"""The identity of a series: whether new data continue the series that a store is about, and what differs if not."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import DAY, UNITS, Calendar
from rnn.errors import WavecastError
from rnn.lifecycle.outcomes import match
from rnn.lifecycle.restatement import Restatement, changed, constant_factor, is_same_series, restatement

Word: TypeAlias = Literal["columns", "calendar", "shrunk", "scale", "another"]
"""What may differ; the same word after --accept goes on with it."""

ANEW: frozenset[Word] = frozenset({"calendar", "scale", "another"})
"""Differences after which earlier forecasts are not about the same values: they are neither scored nor counted."""

UNIT = 10.0
"""All values so many times larger or smaller are in another unit."""

ROUNDED = 0.01
"""In another unit values may be rounded by this share of themselves."""

RESCALED = 0.1
"""A share of the known values that must be in another unit before that is said: fewer may be corrected mistakes."""

ABSURD = 100.0
"""New rows beyond everything known, and so many times the usual size, are in another unit."""

LENGTHS = {"min": UNITS["min"], "h": UNITS["h"], "d": DAY, "w": 7 * DAY}
"""The microseconds of the units in which a time is said."""

UNKNOWN = "?"
"""The columns of a file that was read before they were noted."""

HALF = 0.5
"""A file that begins later than before may hold fewer points, as one does that keeps the last years alone; but not
less than this share."""


class NotTheSameSeries(WavecastError):
    """New data do not continue the series that the store is about."""


@dataclass(frozen=True)
class Seen:
    """A series as it was seen: columns, calendar, and the values `y` (points,) at the moments `at` (points,).

    A moment is the x of a series on plain numbers, or microseconds since 1970. `time` and `value` are the columns'
    names: UNKNOWN where nobody has noted them, empty for generated data. `step`: the usual distance of neighbouring
    points, in the unit of `at`.
    """

    time: str
    value: str
    at: Array
    y: Array
    step: float
    calendar: Calendar | None = None

    def __len__(self) -> int:
        return len(self.at)

    def shown(self, place: int) -> str:
        """A point's time as a person writes it."""
        if self.calendar is None:
            return f"{self.at[place]:g}"
        return self.calendar.shown(self.at[place : place + 1].astype(np.int64).astype("datetime64[us]"))[0]

    @property
    def next(self) -> float:
        """The moment right after the last point."""
        if self.calendar is None:
            return float(self.at[-1]) + self.step
        return float(self.calendar.times(np.array([float(len(self))])).astype(np.int64)[0])

    @property
    def rhythm(self) -> str:
        """Its times in words."""
        if self.calendar is None:
            return f"numbers, {self.step:g} apart"
        zone = "" if self.calendar.zone == "UTC" else f" in {self.calendar.zone}"
        return f"one each {self.calendar.step_in_words}{zone}"


@dataclass(frozen=True)
class Continuation:
    """The relation of new data to the known ones.

    `differences`: by word, in a sentence each; none where they continue it. `first`: the place of their first point
    among the known ones. `added`: points beyond the known end. `revised`: how many values changed within the time in
    which that is usual. `restated`: what else changed.
    """

    differences: dict[Word, str]
    first: int = 0
    added: int = 0
    revised: int = 0
    restated: Restatement | None = None


def compare(known: Seen, new: Seen, may_lack: int = 0, revise_within: float = 0.0) -> Continuation:
    """How `new` data continue what is `known`.

    `may_lack`: so many of the newest points may be missing, since they are held back or left out. `revise_within`: so
    long, in the unit of `at`, before the newest moment a value may still change or be withdrawn.
    """
    if bool(known.value) != bool(new.value):
        one, other = ("a file" if seen.value else "generated data" for seen in (new, known))
        return Continuation({"another": f"these are values of {one}, and it has {other}"})
    differences: dict[Word, str] = {}
    if columns := _columns(known, new):
        differences["columns"] = columns
    if (known.calendar is None) != (new.calendar is None):
        differences["calendar"] = f"the times are {new.rhythm}, and were {known.rhythm}"
        return Continuation(differences)
    place = match(new.at, known.at, known.step)
    here = np.flatnonzero(place >= 0)
    if not _same_times(known, new, place):
        differences["calendar"] = f"the times are {new.rhythm}, and were {known.rhythm}"
        return Continuation(differences)
    if not len(here):
        return _appended(known, new, differences)
    places = place[here]
    if lacking := _shrunk(known, new, int(places[0]), may_lack, revise_within):
        differences["shrunk"] = lacking
    old, now = known.y[places], new.y[here]
    usual = new.at[here] > max(known.at[-1], new.at[-1]) - revise_within
    settled = ~usual if revise_within else np.ones(len(here), dtype=bool)
    found = restatement(known.at[places][settled], old[settled], now[settled]) if settled.any() else None
    fresh = np.flatnonzero(new.at > known.at[-1] + 0.5 * known.step)
    if found and (of_values := _values(old[settled], now[settled], found)):
        differences |= of_values
    elif far := _absurd(known, new, fresh):
        differences["scale"] = far
    return Continuation(
        differences=differences,
        first=int(places[0] - here[0]),
        added=len(fresh),
        revised=int(changed(old[~settled], now[~settled]).sum()),
        restated=found,
    )


def length(said: str, step: float, dated: bool) -> float:
    """A time such as "7d", or a number of points, in the unit of `at`. Raises WavecastError without a calendar."""
    number, unit = said.rstrip("dwhmin "), said.lstrip("0123456789 ")
    if not unit:
        return float(number) * step
    if not dated:
        raise WavecastError(f"--revise-within {said}: the times are plain numbers: give a number of points")
    return float(number) * LENGTHS[unit]


def _columns(known: Seen, new: Seen) -> str:
    pairs = [("values", new.value, known.value), ("times", new.time, known.time)]
    told = [(what, one, other) for what, one, other in pairs if one != other and UNKNOWN not in (one, other)]
    return ", ".join(f"the {what} are column {one!r}, and were {other!r}" for what, one, other in told)


def _same_times(known: Seen, new: Seen, place: AnyArray) -> bool:
    """Whether both have the same moments where they overlap; where they do not, whether their rhythms are the same."""
    begin, end = max(known.at[0], new.at[0]), min(known.at[-1], new.at[-1])
    slack = 1e-3 * known.step
    inside = (new.at >= begin - slack) & (new.at <= end + slack)
    if begin > end + slack:
        return known.rhythm == new.rhythm
    expected = int(((known.at >= begin - slack) & (known.at <= end + slack)).sum())
    return int(inside.sum()) == expected > 0 and bool((place[inside] >= 0).all())


def _appended(known: Seen, new: Seen, differences: dict[Word, str]) -> Continuation:
    """Data without a moment in common: they continue only where they begin right after the known end."""
    if abs(float(new.at[0]) - known.next) > 1e-3 * known.step:
        differences["another"] = (
            f"the data are from {new.shown(0)} to {new.shown(len(new) - 1)}, and have no time in common with what is "
            f"known, {known.shown(0)} to {known.shown(len(known) - 1)}"
        )
    elif far := _absurd(known, new, np.arange(len(new))):
        differences["scale"] = far
    return Continuation(differences, len(known), len(new))


def _shrunk(known: Seen, new: Seen, first: int, may_lack: int, revise_within: float) -> str:
    """What the data have lost, in words: points at the end, or most of what was known; empty where they have not."""
    beyond = known.at > new.at[-1] + 0.5 * known.step
    lost = int(beyond.sum())
    settled = int((known.at[beyond] <= known.at[-1] - revise_within).sum()) if revise_within else lost
    if lost > may_lack and settled:
        points = "1 later point" if lost == 1 else f"{lost} later points"
        return f"the data end at {new.shown(len(new) - 1)}, and {points} are known, up to {known.shown(len(known) - 1)}"
    if first > 0 and len(new) < HALF * len(known):
        return f"{len(new)} points, and {len(known)} are known: the file begins at {new.shown(0)} now"
    return ""


def _values(old: Array, new: Array, found: Restatement) -> dict[Word, str]:
    """What is wrong with changed values: another unit, or another series; nothing where they are restated."""
    different = changed(old, new)
    factor = constant_factor(old[different], new[different], ROUNDED)
    if factor and different.sum() >= max(3, RESCALED * len(old)) and not 1 / UNIT < factor < UNIT:
        many = "all" if different.all() else f"{int(different.sum())} of {len(old)}"
        times = f"{factor:.4g} times" if abs(factor) >= 1 else f"1/{1 / factor:.4g} of"
        return {"scale": f"{many} known values are {times} what they were"}
    if is_same_series(old, new):
        return {}
    return {"another": f"{len(found)} of {len(old)} known values differ, typically by {found.typical:.3g}"}


def _absurd(known: Seen, new: Seen, fresh: AnyArray) -> str:
    """What is wrong with the size of new rows, in words; empty where it may be true."""
    size, rows = np.abs(known.y), np.abs(new.y[fresh])
    usual = float(np.median(size))
    if not len(rows) or not usual > 0:
        return ""
    now = float(np.median(rows))
    count = "the new row is" if len(rows) == 1 else f"the {len(rows)} new rows are"
    if now >= ABSURD * usual and rows.min() > size.max():
        return f"{count} {now / usual:.2g} times as large as usual, and beyond every known value"
    if 0 < now <= usual / ABSURD and rows.max() < size.min():
        return f"{count} 1/{usual / now:.2g} of the usual size, and below every known value"
    return ""
