"""Easter and Christmas in a feed of working days: known by the calendar of holidays, or by the years before."""

from datetime import date, timedelta

import numpy as np
import pytest

from rnn.calendar import Calendar
from rnn.lifecycle.feed_health import DAY
from rnn.lifecycle.quiet_days import usual_rest, usually_empty
from rnn.readers.holiday_inputs import holiday_inputs
from rnn.series import Series

EASTER = {2023: date(2023, 4, 9), 2024: date(2024, 3, 31), 2025: date(2025, 4, 20), 2026: date(2026, 4, 5)}


def feed(first: str, last: date, holidays: str | None = None, rests: bool = True, frequency: str = "B"):
    """The series of a feed of working days from `first` to `last`, that rests at Easter, its calendar and moments."""
    calendar = Calendar(frequency, first)
    x = np.arange(1200.0)
    days = calendar.times(x).astype("datetime64[D]").astype(object)
    x = x[: int(np.searchsorted(days, last, side="right"))]
    off = {each + timedelta(days=k) for each in EASTER.values() for k in (-2, 1)}
    filled = np.array([rests and day in off for day in days[: len(x)]])
    known = holiday_inputs(holidays, calendar, len(x)) if holidays else None
    series = Series(x, np.zeros(len(x)), 1.0, filled=filled if filled.any() else None, known=known)
    return series, calendar, calendar.times(x).astype(np.int64) / 1e6


THURSDAY = EASTER[2026] - timedelta(days=3)


@pytest.mark.parametrize("before", [0, 1])
def test_holidays_that_are_known_are_not_waited_for(before):
    last = THURSDAY - timedelta(days=before)
    assert usual_rest(*feed("2026-01-02", last, "DE")) == (5 + before) * DAY, "up to the Tuesday after Easter"
    assert usual_rest(*feed("2026-01-02", last)) == 0.0, "of this feed less than a year is known"


def test_other_days_are_as_ever():
    assert usual_rest(*feed("2026-01-02", THURSDAY - timedelta(days=2), "DE")) == 0.0
    assert usual_rest(*feed("2026-01-02", EASTER[2026] + timedelta(days=2), "DE")) == 0.0


def test_a_feed_that_does_not_rest_on_holidays_is_waited_for():
    assert usual_rest(*feed("2025-01-02", THURSDAY, "DE", rests=False)) == 3 * DAY, "a weekend, as in the year before"
    assert usual_rest(*feed("2026-01-02", THURSDAY, "DE", rests=False, frequency="D")) == 0.0


def test_a_silence_of_the_year_before_comes_again_about_its_date():
    assert usual_rest(*feed("2025-01-02", THURSDAY)) == 5 * DAY
    assert usual_rest(*feed("2024-01-02", EASTER[2025] - timedelta(days=3))) == 5 * DAY, "Easter is 20 days later"
    assert usual_rest(*feed("2025-01-02", date(2026, 6, 11))) == 3 * DAY, "in June nothing but weekends"
    assert usual_rest(*feed("2025-01-02", date(2026, 4, 24))) == 3 * DAY, "it goes by Easter, not by the date"


def test_values_that_were_filled_over_a_rest_are_no_missing_ones():
    tuesday = EASTER[2026] + timedelta(days=2)
    assert usually_empty(*feed("2026-01-02", tuesday, "DE"), 3) == 2
    assert usually_empty(*feed("2025-01-02", tuesday), 3) == 2
    assert usually_empty(*feed("2026-01-02", tuesday), 3) == 0
    assert usually_empty(*feed("2025-01-02", tuesday), 1) == 0, "the one that is new has a value"


def test_of_longer_gaps_the_holidays_alone_are_usual():
    series, calendar, at = feed("2026-01-02", EASTER[2026] + timedelta(days=4), "DE")
    assert series.filled is not None
    series.filled[-4:-1] = True  # Monday, which is a holiday, and two days more
    assert usually_empty(series, calendar, at, 5) == 2
