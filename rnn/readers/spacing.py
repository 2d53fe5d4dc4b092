"""Infer the spacing of a series' times, a fixed step, months, days or opening hours, and find the missing ones."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rnn.arrays import AnyArray, Array
from rnn.calendar import DAY, Calendar, lasting, to_clock
from rnn.readers.weekly import weekly_calendar

LOOKED_AT = 2**16
"""So many times at the beginning tell the usual step."""

ROUNDED = 0.05
"""Numbers may miss their place by this share of a step: they were rounded when they were written."""

BLOCK = 2**20

WEEKDAYS = 5

MOST_INVENTED = 0.1
"""A spacing by which more than this share of the points is missing may not be the one that was meant."""


@dataclass(frozen=True)
class Spacing:
    """Evenly spaced times: `positions` (points,) counts steps from the first, None when none is missing.

    `calendar` is None for numbers. `step`: of numbers their own, of a calendar 1.
    """

    step: float
    calendar: Calendar | None
    positions: AnyArray | None


@dataclass(frozen=True)
class Uneven:
    """Where the spacing breaks: `at` is the first time that does not fit of `count`; steps in words."""

    at: int
    count: int
    usual: str
    found: str


def of_numbers(t: Array) -> Spacing | Uneven:
    """The spacing of ascending numbers (points,), all different."""
    usual = float(np.median(np.diff(t[:LOOKED_AT])))
    steps = sum(float(np.rint(np.diff(part) / usual).sum()) for part in _blocks(t))
    step = float(f"{(t[-1] - t[0]) / max(steps, 1):.12g}")
    off = [np.abs(np.diff(part) / step - np.rint(np.diff(part) / step)) > ROUNDED for part in _blocks(t)]
    if any(bad.any() for bad in off) or step <= 0:
        bad = np.concatenate(off)
        at = int(np.argmax(bad)) + 1
        return Uneven(at, int(bad.sum()), f"{usual:g}", f"{t[at] - t[at - 1]:g}")
    whole = all((np.rint(np.diff(part) / step) == 1).all() for part in _blocks(t))
    if whole:
        return Spacing(step, None, None)
    return Spacing(step, None, np.concatenate([[0], np.cumsum(np.rint(np.diff(t) / step))]).astype(np.int64))


def of_moments(t: AnyArray, zone: str) -> Spacing | Uneven:
    """The spacing of ascending moments (points,), int64 microseconds in UTC, all different.

    First by months, if they can be; then by days as clocks in `zone` count them; then by working days, if no other day
    ever comes; then by the same time. The first of them in which nothing is left over is taken. Where that would leave
    more than a tenth of the points missing, moments that come again every week are taken if they leave fewer.
    """
    usual = int(np.median(np.diff(t[:LOOKED_AT])))
    if len(t) > LOOKED_AT and usual >= DAY // 2:  # more days than this are two hundred years
        return _by_duration(t, usual, zone)
    clocks = to_clock(t.astype("datetime64[us]"), zone) if len(t) <= LOOKED_AT else None
    spacing: Spacing | Uneven | None = None
    if usual >= DAY // 2 and clocks is not None:
        calendars = (*_months(clocks, zone), *_days(clocks, zone))
        spacing = next((fit for each in calendars if (fit := _by_calendar(t, each)) is not None), None)
    spacing = spacing or _by_duration(t, usual, zone)
    if isinstance(spacing, Uneven) or missing_share(spacing) > MOST_INVENTED:
        weekly = weekly_calendar(to_clock(t.astype("datetime64[us]"), zone), zone)
        repeated = weekly and _by_calendar(t, weekly)
        return repeated if repeated and missing_share(repeated) <= MOST_INVENTED else spacing
    return spacing


def missing_share(spacing: Spacing) -> float:
    """The share of a series' points that its times leave out."""
    places = spacing.positions
    return 0.0 if places is None else 1 - len(places) / float(places[-1] + 1)


def _by_duration(t: AnyArray, usual: int, zone: str) -> Spacing | Uneven:
    off = sum(int((np.diff(part) % usual != 0).sum()) for part in _blocks(t))
    if off:
        bad = np.diff(t) % usual != 0
        at = int(np.argmax(bad)) + 1
        return Uneven(at, off, _in_words(usual), _in_words(int(t[at] - t[at - 1])))
    start = str(to_clock(t[:1].astype("datetime64[us]"), zone)[0])
    day = usual % DAY == 0 and zone == "UTC"
    calendar = Calendar(_times(usual // DAY, "D") if day else lasting(usual), start, zone)
    whole = all((np.diff(part) == usual).all() for part in _blocks(t))
    return Spacing(1.0, calendar, None if whole else (t - t[0]) // usual)


def _by_calendar(t: AnyArray, calendar: Calendar) -> Spacing | None:
    """The positions of `t` in a calendar that begins with its first; None when one of them is not in it."""
    count, most = len(t), 20 * len(t) + 100
    while count <= most:
        expected = calendar.times(np.arange(count, dtype=float)).astype(np.int64)
        if expected[-1] >= t[-1]:
            places = np.searchsorted(expected, t)
            if not np.array_equal(expected[places], t):
                return None
            return Spacing(1.0, calendar, None if np.array_equal(places, np.arange(len(t))) else places)
        count *= 2
    return None


def _months(clocks: AnyArray, zone: str) -> Iterator[Calendar]:
    """Months, quarters and years, counted from the same day of the month or from its end."""
    stamps = pd.DatetimeIndex(clocks)
    months = stamps.year.to_numpy() * 12 + stamps.month.to_numpy()
    if len(clocks) < 3 or (np.diff(months) < 1).any():
        return
    step, start = int(np.median(np.diff(months))), str(clocks[0])
    name = stamps[0].strftime("%b").upper()
    kind = {3: f"Q%-{name}", 12: f"Y%-{name}"}.get(step, _times(step, "M%"))
    if stamps.is_month_end.all():
        yield Calendar(kind.replace("%", "E"), start, zone)
    elif (stamps.day == stamps.day[0]).all() and stamps.day[0] <= 28:
        yield Calendar(kind.replace("%", "S"), start, zone, int(stamps.day[0]) - 1)
    elif step in {1, 3, 12} and (stamps.day_of_week < WEEKDAYS).all():
        yield Calendar("B" + kind.replace("%", "E" if stamps.day[0] > 15 else "S"), start, zone)


def _days(clocks: AnyArray, zone: str) -> Iterator[Calendar]:
    """Working days when there are no others and a weekend is left out; else days by the clock."""
    stamps = pd.DatetimeIndex(clocks)
    days = np.diff(stamps.normalize().to_numpy().astype("datetime64[D]").astype(np.int64))
    start, usual = str(clocks[0]), int(np.median(days))
    if usual == 1 and (stamps.day_of_week < WEEKDAYS).all() and (days > 1).any():
        yield Calendar("B", start, zone)
    if usual >= 1:
        yield Calendar(_times(usual, "D"), start, zone)


def _times(count: int, unit: str) -> str:
    return unit if count == 1 else f"{count}{unit}"


def _in_words(microseconds: int) -> str:
    days, rest = divmod(microseconds, DAY)
    return lasting(microseconds) if rest else f"{days} day{'s'[: days != 1]}"


def _blocks(t: AnyArray) -> Iterator[AnyArray]:
    """In parts that share their ends, so that no step is lost and no array of all steps is made."""
    for first in range(0, len(t) - 1, BLOCK):
        yield t[first : first + BLOCK + 1]
