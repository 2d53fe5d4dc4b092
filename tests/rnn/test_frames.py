import numpy as np
import pandas as pd
import pytest

from rnn.series import NotASeries, Series

DAYS = pd.date_range("2026-03-01", periods=10, freq="D", tz="Europe/Berlin")
VALUES = np.arange(10.0)


def test_a_series_with_dates_keeps_its_times_and_zone():
    series = Series.of(pd.Series(VALUES, index=DAYS))
    assert series.y.tolist() == VALUES.tolist()
    assert series.calendar.zone == "Europe/Berlin"
    assert series.calendar.times(series.x[:1]).astype(str)[0].startswith("2026-02-28T23:00")


@pytest.mark.parametrize("frequency", ["D", "B", "h", "15min", "MS", "ME", "QE-DEC", "YE-DEC", "W-SUN"])
def test_every_usual_step_goes_on_as_pandas_would(frequency):
    index = pd.date_range("2024-01-01", periods=14, freq=frequency)
    series = Series.of(pd.Series(np.arange(12.0), index=pd.DatetimeIndex(list(index[:12]))))
    assert series.calendar.times(np.array([12.0, 13.0])).tolist() == index[12:].to_numpy().astype("M8[us]").tolist()


def test_columns_of_a_frame_are_named():
    frame = pd.DataFrame({"day": DAYS.strftime("%Y-%m-%d"), "sales": VALUES, "other": VALUES})
    assert Series.from_pandas(frame, time="day", value="sales").y.tolist() == VALUES.tolist()
    assert Series.from_pandas(frame[["day", "sales"]], time="day").y.tolist() == VALUES.tolist()


def test_numbers_as_times_stay_numbers():
    series = Series.of(pd.Series(VALUES, index=np.arange(10) * 0.5))
    assert (series.step, series.calendar) == (0.5, None)
    assert Series.of(pd.Series(VALUES)).x.tolist() == list(range(1, 11))


@pytest.mark.parametrize(
    ("data", "time", "value", "said"),
    [
        (pd.DataFrame({"a": VALUES, "b": VALUES}), None, None, "value='a' or 'b'"),
        (pd.DataFrame({"a": VALUES}), "day", "a", "no column 'day'"),
        (pd.Series(VALUES, index=DAYS[[0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]), None, None, "in order"),
        (pd.Series(list("abcdefghij"), index=DAYS), None, None, "numbers"),
        (pd.Series(VALUES, index=list("abcdefghij")), None, None, "dates"),
        (pd.Series([1.0, np.nan, 3.0], index=DAYS[:3]), None, None, "1 of 3 values are missing"),
    ],
)
def test_what_is_wrong_is_one_line(data, time, value, said):
    with pytest.raises(NotASeries, match=said) as problem:
        Series.from_pandas(data, time, value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("data", [{"a": 1}, "sales.csv", 3.0, [[1.0, 2.0]], [1.0, None, 3.0], [1.0, np.inf]])
def test_what_is_no_series_says_what_was_wanted(data):
    with pytest.raises(NotASeries):
        Series.of(data)
    with pytest.raises(TypeError):
        Series.of(data)
