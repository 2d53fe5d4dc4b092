import numpy as np
import pandas as pd
import pytest

from rnn.readers.spacing import of_moments
from rnn.readers.weekly import weekly_calendar


def opening_hours(weeks: int = 8, first: str = "2024-01-01"):
    hours = pd.date_range(first, periods=weeks * 7 * 24, freq="h")
    return hours[(hours.day_of_week < 5) & (hours.hour >= 9) & (hours.hour < 17)]


def test_opening_hours_are_a_calendar():
    calendar = weekly_calendar(opening_hours().to_numpy().astype("datetime64[us]"), "UTC")
    assert len(calendar.week) == 40
    assert calendar.step_in_words == "hour from 09:00 to 16:00, Monday to Friday"


@pytest.mark.parametrize("missing", [[], [5], [100, 101, 102, 103]])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_they_are_found_also_when_some_are_missing_and_clocks_change(missing, zone):
    every = opening_hours(12, "2024-02-05")
    kept = np.delete(np.arange(len(every)), missing)
    moments = every[kept].tz_localize(zone).tz_convert("UTC").tz_localize(None).as_unit("us").asi8
    spacing = of_moments(np.asarray(moments), zone)
    assert spacing.calendar.frequency == "week"
    assert (spacing.positions is None and not missing) or spacing.positions.tolist() == kept.tolist()


@pytest.mark.parametrize("freq", ["h", "6h", "D", "7D"])
def test_even_steps_are_no_week(freq):
    assert weekly_calendar(pd.date_range("2024-01-01", periods=500, freq=freq).to_numpy(), "UTC") is None


def test_two_weeks_are_too_few():
    assert weekly_calendar(opening_hours(2).to_numpy().astype("datetime64[us]"), "UTC") is None


def test_days_of_which_few_are_missing_stay_days():
    days = pd.date_range("2024-01-01", periods=100, freq="D").delete([20, 21, 50])
    assert of_moments(np.asarray(days.as_unit("us").asi8), "UTC").calendar.frequency == "D"


def test_sundays_off_are_a_calendar_with_holidays():
    days = pd.date_range("2024-01-01", periods=200, freq="D")
    days = days[days.day_of_week != 6].delete([30, 31, 77])
    spacing = of_moments(np.asarray(days.as_unit("us").asi8), "UTC")
    assert spacing.calendar.step_in_words == "day, Monday to Saturday"
    assert spacing.positions[-1] + 1 == len(days) + 3
