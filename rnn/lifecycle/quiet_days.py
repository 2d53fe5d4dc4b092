"""Days on which a feed rests every year: public holidays that are known, and silences that come again.

A feed of working days has nothing to say from Good Friday to the Tuesday after Easter, and much the same at Christmas.
Such a rest is longer than a weekend, and rarer than what can be learned from the newest arrivals.
"""

from collections.abc import Iterator

import numpy as np
from dateutil.easter import easter

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar
from rnn.known_inputs import HOLIDAYS
from rnn.lifecycle.feed_health import DAY
from rnn.series import Series

YEAR = 365.25 * DAY
"""Seconds."""

AROUND = 4 * DAY
"""Seconds by which a rest may begin earlier or later than in a year before: weekends move by as much."""

BY_EASTER = 70 * DAY
"""Seconds from Easter within which rests may go by it: carnival, Ascension, Whitsun, Corpus Christi."""

WORKING_DAYS = "B"


def usual_rest(series: Series, calendar: Calendar, at: Array) -> float:
    """How far from the newest value the next one may be (seconds), since the feed rests then; 0 where nothing tells.

    `at` (points,): the moments of the series in seconds.
    """
    over = _over_holidays(series.x[-1], _resting(series, calendar, at)[len(series) :], calendar)
    return max(over, _years_before(at, _filled(series), float(at[-1])))


def usually_empty(series: Series, calendar: Calendar, at: Array, new: int) -> int:
    """How many of the `new` newest points were filled because the feed rested there as it does every year.

    Those are points of holidays, and of silences no longer than one about the same date in a year before.
    """
    filled, holidays, count = _filled(series), _resting(series, calendar, at), 0
    for first, end in _runs(filled, len(series) - new):
        rested = end < len(at) and at[end] - at[first - 1] <= _years_before(
            at[:first], filled[:first], float(at[first - 1])
        )
        count += end - first if rested else int(holidays[first:end].sum())
    return count


def _filled(series: Series) -> AnyArray:
    return np.zeros(len(series), bool) if series.filled is None else np.asarray(series.filled, bool)


def _runs(filled: AnyArray, start: int) -> Iterator[tuple[int, int]]:
    """The first place of each run of filled points that begins at `start` or later, and the place after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled, [False]]).astype(int)))
    return ((first, end) for first, end in edges.reshape(-1, 2).tolist() if first >= max(1, start))


def _resting(series: Series, calendar: Calendar, at: Array) -> AnyArray:
    """At which points, also those ahead, there is a holiday on which this feed rests (points + ahead,).

    That is learned from the holidays that it has had. Where it has had none yet, feeds of working days rest.
    """
    known = series.known
    place = next((k for k, name in enumerate(known.names) if name.startswith(HOLIDAYS)), None) if known else None
    if known is None or place is None or np.median(np.diff(at)) > DAY:  # of longer steps, holidays are counted
        return np.zeros(len(series), bool)
    holidays = np.asarray(known.values[:, place] > 0)
    had = _filled(series)[holidays[: len(series)]]
    rests = had.mean() > 1 / 2 if len(had) else calendar.frequency == WORKING_DAYS or bool(calendar.week)
    return holidays if rests else np.zeros_like(holidays)


def _over_holidays(newest: float, ahead: AnyArray, calendar: Calendar) -> float:
    """The time from the `newest` x to the point after the holidays that come next; 0 where none come (seconds).

    One working day may be between: its value may not be sent before the holidays are over.
    """
    begins = int(np.argmax(ahead[:2])) if ahead[:2].any() else None
    if begins is None:
        return 0.0
    work = np.flatnonzero(~ahead[begins:])
    ends = begins + (int(work[0]) if len(work) else len(ahead) - begins)
    times = calendar.times(np.array([newest, newest + ends + 1])).astype(np.int64)
    return float(times[1] - times[0]) / 1e6


def _years_before(at: Array, filled: AnyArray, now: float) -> float:
    """The longest time (seconds) without a value that began as `now` does in a year before; 0 where none did.

    By the date, or by the distance from Easter.
    """
    seen = at[~filled]
    began, lasted = seen[:-1], np.diff(seen)
    ago = now - began
    by_date = np.abs((ago + YEAR / 2) % YEAR - YEAR / 2) <= AROUND
    then, here = _from_easter(began), _from_easter(np.array([now]))
    by_easter = (np.abs(then - here) <= AROUND) & (np.abs(then) <= BY_EASTER)
    return float(lasted[(by_date | by_easter) & (ago > YEAR / 2)].max(initial=0.0))


def _from_easter(at: Array) -> Array:
    """How long after the Easter Sunday of its year each moment is (seconds), negative before it."""
    micros = np.asarray(at * 1e6, np.int64).astype("datetime64[us]")
    years, places = np.unique(micros.astype("datetime64[Y]").astype(int) + 1970, return_inverse=True)
    sundays = np.array([easter(year) for year in years.tolist()], "datetime64[s]")
    return np.asarray(at - sundays.astype(float)[places])
