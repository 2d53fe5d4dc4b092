import numpy as np
import pandas as pd
import pytest

from rnn.calendar import Calendar, duration, lasting, to_clock, to_utc


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
