import json

import numpy as np
import pandas as pd
import pytest

from rnn.calendar import Calendar, counted, duration, lasting, to_clock, to_utc


@pytest.mark.parametrize("frequency", ["D", "B", "MS", "ME", "QE-DEC", "YS-JAN", "7D", "15min", "h", "100ms"])
def test_times_are_those_of_pandas(frequency):
    expected = pd.date_range("2020-01-01", periods=50, freq=frequency)
    calendar = Calendar(frequency, expected[0].isoformat())
    assert (calendar.times(np.arange(50.0)) == expected.to_numpy()).all()
    assert (calendar.times(np.arange(50.0).reshape(5, 10)) == expected.to_numpy().reshape(5, 10)).all()
    assert (calendar.times(np.array([30.0, 49.0])) == expected.to_numpy()[[30, 49]]).all()


def test_months_may_be_counted_from_any_day():
    calendar = Calendar("MS", "2024-01-15", shift=14)
    assert calendar.times(np.array([1.0, 13.0])).astype("M8[D]").astype(str).tolist() == ["2024-02-15", "2025-02-15"]


def test_days_by_the_clock_begin_at_midnight_before_and_after_summer_time():
    calendar = Calendar("D", "2024-03-30", "Europe/Berlin")
    times = calendar.times(np.arange(4.0))
    assert np.diff(times).astype("m8[h]").astype(int).tolist() == [24, 23, 24]
    assert calendar.shown(times) == ["2024-03-30", "2024-03-31", "2024-04-01", "2024-04-02"]


def test_hours_are_as_long_as_hours_while_clocks_change():
    times = Calendar("h", "2024-03-31T01:00", "Europe/Berlin").times(np.arange(3.0))
    assert set(np.diff(times).astype("m8[m]").astype(int)) == {60}


def test_between_two_points_there_are_times_between():
    assert Calendar("D", "2024-01-01").times(np.array([0.5]))[0] == np.datetime64("2024-01-01T12:00")


def test_a_calendar_is_plain_json_and_back():
    calendar = Calendar("MS", "2024-01-15", "Europe/Berlin", 14)
    assert Calendar(**calendar.plain()) == calendar


def test_what_is_as_long_everywhere_has_a_duration():
    assert duration("15min") == 900_000_000
    assert duration("D") is duration("MS") is duration("QE-DEC") is None
    assert [lasting(size) for size in (1, 1500, 900_000_000, 86_400_000_000)] == ["1us"[1:], "1500us", "15min", "24h"]


def test_clocks_and_utc_are_inverse_where_an_hour_comes_once():
    times = np.datetime64("2024-01-01", "us") + np.arange(400) * np.timedelta64(1, "D")
    assert (to_utc(to_clock(times, "Europe/Berlin"), "Europe/Berlin") == times).all()
    assert Calendar("D", "2024-01-01").times(np.empty(0)).shape == (0,)
    assert Calendar("MS", "2024-01-01").step_in_words == "month (MS)"


HOURS = tuple(day * 86_400_000_000 + hour * 3_600_000_000 for day in range(5) for hour in (9, 10, 11))


def test_moments_of_a_week_come_again_every_week_forwards_and_back():
    calendar = Calendar("week", "2024-01-05T11:00", week=HOURS)
    times = calendar.times(np.array([-1.0, 0.0, 1.0, 15.0]))
    assert [str(time)[:16] for time in times] == [
        "2024-01-05T10:00", "2024-01-05T11:00", "2024-01-08T09:00", "2024-01-12T11:00",
    ]  # fmt: skip
    assert calendar.step is None


def test_a_week_goes_by_the_clock():
    calendar = Calendar("week", "2024-03-29T09:00", "Europe/Berlin", week=HOURS)
    assert calendar.shown(calendar.times(np.array([0.0, 3.0]))) == ["2024-03-29 09:00", "2024-04-01 09:00"]


def test_a_week_is_plain_json_and_back_and_other_calendars_are_as_they_were():
    calendar = Calendar("week", "2024-01-01T09:00", week=HOURS)
    assert Calendar(**json.loads(json.dumps(calendar.plain()))) == calendar
    assert set(Calendar("D", "2024-01-01").plain()) == {"frequency", "start", "zone", "shift"}


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (HOURS, "hour from 09:00 to 11:00, Monday to Friday"),
        (HOURS[:3], "hour from 09:00 to 11:00, Monday"),
        (tuple(day * 86_400_000_000 for day in range(6)), "day, Monday to Saturday"),
        (tuple(day * 86_400_000_000 for day in (0, 2, 4)), "day, Monday, Wednesday, Friday"),
        (HOURS[:-1], "one of 14 times a week, Monday to Friday"),
        ((0, 3_600_000_000, 7_200_000_001), "one of 3 times a day from 00:00 to 02:00, Monday"),
    ],
)
def test_a_week_in_words(week, words):
    assert Calendar("week", "2024-01-01", week=week).step_in_words == words


def test_the_last_working_day_of_a_month_in_words():
    assert Calendar("BME", "2024-01-31").step_in_words == "month by its last working day (BME)"
    assert counted(60_000_000) == "1min"
