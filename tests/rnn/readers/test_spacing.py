import numpy as np
import pandas as pd
import pytest

from rnn.readers.spacing import Spacing, Uneven, of_moments, of_numbers


def moments(times) -> np.ndarray:
    return pd.DatetimeIndex(times).as_unit("us").asi8


def test_numbers_may_be_rounded():
    found = of_numbers(np.round(np.arange(1, 200) / 30, 3))
    assert isinstance(found, Spacing)
    assert found.step == pytest.approx(1 / 30, rel=1e-3)
    assert found.positions is None


def test_numbers_that_are_missing_have_a_place():
    found = of_numbers(np.array([0.0, 0.1, 0.2, 0.5, 0.6]))
    assert found.positions.tolist() == [0, 1, 2, 5, 6]
    assert found.step == pytest.approx(0.1)


def test_numbers_that_fit_nowhere_are_uneven_from_the_first_that_does_not():
    found = of_numbers(np.array([0, 1, 2, 3.4, 4, 5]))
    assert isinstance(found, Uneven)
    assert (found.at, found.count, found.usual) == (3, 2, "1")


@pytest.mark.parametrize("frequency", ["B", "MS", "ME", "QS-FEB", "QE-MAR", "YS-JAN", "YE-DEC", "D", "7D", "2h", "30s"])
@pytest.mark.parametrize("missing", [[], [5], [5, 6, 20]])
def test_calendars_are_found_also_when_some_of_their_days_are_missing(frequency, missing):
    every = pd.date_range("2019-01-01", periods=60, freq=frequency)
    found = of_moments(moments(every.delete(missing)), "UTC")
    assert isinstance(found, Spacing)
    assert found.calendar.frequency == frequency
    kept = np.delete(np.arange(60), missing)
    assert (found.positions is None and not missing) or found.positions.tolist() == kept.tolist()


def test_days_by_the_clock_and_days_of_24_hours_are_told_apart():
    by_clock = pd.date_range("2024-03-25", periods=20, freq="D", tz="Europe/Berlin")
    by_hours = pd.date_range("2024-03-25", periods=20, freq="24h", tz="UTC")
    assert of_moments(moments(by_clock), "Europe/Berlin").calendar.frequency == "D"
    assert of_moments(moments(by_hours), "Europe/Berlin").calendar.frequency == "24h"
    assert isinstance(of_moments(moments(by_clock), "UTC"), Uneven)


def test_months_may_be_counted_from_their_15th():
    found = of_moments(moments(pd.date_range("2020-01-01", periods=30, freq="MS") + pd.Timedelta(days=14)), "UTC")
    assert (found.calendar.frequency, found.calendar.shift) == ("MS", 14)


def test_uneven_moments_say_what_is_usual():
    times = (
        pd.date_range("2024-01-01", periods=9, freq="15min").delete([4]).append(pd.DatetimeIndex(["2024-01-01 09:01"]))
    )
    found = of_moments(moments(times), "UTC")
    assert (found.at, found.usual, found.found) == (8, "15min", "421min")
