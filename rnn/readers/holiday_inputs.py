"""Public holidays as an input that is known ahead, from the package `holidays`."""

from datetime import date
from typing import Any

import numpy as np

from rnn.arrays import AnyArray
from rnn.calendar import Calendar, to_clock
from rnn.known_inputs import HOLIDAYS, KnownInputs
from rnn.readers.problems import BadSource

DAY = np.timedelta64(1, "D")

FARTHEST = 10_000
"""Holidays are counted so many points ahead, at the most; and no farther than the series is long, if that is enough."""

FEWEST = 120


def holiday_inputs(where: str, calendar: Calendar | None, points: int) -> KnownInputs:
    """The public holidays of `where`, a country such as DE or one with a subdivision such as DE-BY, for a series.

    1 at each point of a holiday, by the clock of the series, else 0; where steps are longer than a day, how many
    holidays there are from one point up to the next, or, of months, quarters and years that are named by their last
    day, since the one before. Raises BadSource: for plain numbers, an unknown country, and without the package.
    """
    if calendar is None:
        raise BadSource(f"--holidays {where}: the times are plain numbers, which have no holidays: leave it out")
    try:
        times = calendar.times(np.arange(-1.0, points + min(max(points, FEWEST), FARTHEST) + 1))
    except (ValueError, OverflowError):
        raise BadSource(f"--holidays {where}: the times lie beyond what holidays are known of: leave it out") from None
    days = to_clock(times, calendar.zone).astype("datetime64[D]")
    known = _holidays(where, days[0].astype(object), days[-1].astype(object))
    if np.median(np.diff(days)) <= DAY:
        values = np.isin(days[1:-1], known)
    elif _named_by_its_end(calendar.frequency):
        values = _count(known, days[:-2] + DAY, days[1:-1] + DAY)
    else:
        values = _count(known, days[1:-1], days[2:])
    return KnownInputs((f"{HOLIDAYS} {where}",), np.asarray(values, dtype=float)[:, np.newaxis])


def _named_by_its_end(frequency: str) -> bool:
    return frequency.partition("-")[0].endswith("E")


def _count(known: AnyArray, start: AnyArray, stop: AnyArray) -> AnyArray:
    """How many of the days `known`, in order, lie from each start up to before each stop."""
    return np.asarray(np.searchsorted(known, stop) - np.searchsorted(known, start))


def _holidays(where: str, first: date, last: date) -> AnyArray:
    """The days of holidays, in order."""
    try:
        import holidays
    except ImportError:
        raise BadSource(f"--holidays {where} needs the package holidays: pip install 'wavecast[holidays]'") from None
    country, _, part = where.partition("-")
    years = range(first.year, last.year + 1)
    try:
        found: Any = holidays.country_holidays(country, subdiv=part or None, years=years)
    except NotImplementedError as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise BadSource(
            f"--holidays {where} is not known ({reason[:120]}): give a country such as DE, or one with a part such as "
            "DE-BY"
        ) from None
    return np.array(sorted(found), dtype="datetime64[D]")
