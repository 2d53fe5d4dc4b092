import time
from datetime import UTC, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from dateutil import tz

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


def at(times):
    return pd.Series(np.arange(float(len(times))), index=times)


@pytest.mark.parametrize(
    "times",
    [
        pd.date_range("2024-10-27 01:00", periods=30, freq="h", tz="UTC").tz_convert("Europe/Berlin"),
        pd.DatetimeIndex(pd.date_range("2024-03-30", periods=20, freq="6h", tz="Europe/Berlin"), freq=None),
        pd.date_range("2024-03-30", periods=20, freq="h", tz="dateutil/Europe/Berlin"),
        pd.DatetimeIndex([f"2024-{month:02d}-15" for month in range(1, 11)]),
        pd.date_range("2024-01-01 09:00", periods=30, freq="bh"),
        pd.date_range("2024-03-25", periods=20, freq="D", tz="dateutil/Europe/Berlin"),
        pd.date_range("2024-03-25", periods=20, freq="D", tz=timezone(timedelta(hours=8), "CST")),
        pd.date_range("2024-09-01", periods=20).tz_localize("America/Santiago", nonexistent="shift_forward"),
    ],
    ids=["begins in the hour that comes twice", "over a change of clocks", "a zone by its file", "the 15th", "hours",
         "days of a zone by its file", "an offset with a name", "a midnight that is left out"],
)  # fmt: skip
def test_a_series_has_exactly_the_times_of_its_index(times):
    series = Series.of(at(times))
    wanted = times if times.tz is None else times.tz_convert("UTC").tz_localize(None)
    assert series.calendar.times(series.x).tolist() == wanted.to_numpy().astype("M8[us]").tolist()


TUESDAYS = pd.offsets.CustomBusinessDay(weekmask="Mon Tue Thu")


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (DAYS[::-1], "oldest first"),
        (DAYS[[0, 1, 2, 2, 3]], "comes twice"),
        (DAYS.delete(4), "evenly spaced"),
        (pd.DatetimeIndex(["2024-01-01", "2024-01-02"]), "too few"),
        (pd.date_range("2024", periods=0, freq="D"), "too few"),
        (pd.DatetimeIndex([*DAYS.tz_localize(None)[:4], pd.NaT]), "position 4 is missing"),
        (pd.date_range("2024-01-01", periods=10, freq=TUESDAYS), "evenly spaced"),
        (pd.date_range("2024-01-01", periods=10, freq="500ns"), "evenly spaced"),
        (DAYS.strftime("%d/%m/%Y"), "to_datetime"),
        (pd.RangeIndex(9, -1, -1), "in order"),
        (pd.Index([1.0, 2.0, np.nan, 4.0]), "in order"),
        (pd.Index([False, True]), "dates or numbers"),
    ],
)
def test_times_that_are_no_even_steps_are_refused(times, said):
    with pytest.raises(NotASeries, match=said) as problem:
        Series.of(at(times))
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (tz.gettz("Europe/Berlin"), "Europe/Berlin"),
        (timezone(timedelta(hours=8), "CST"), "UTC+08:00"),
        (timezone(-timedelta(hours=3, minutes=30)), "UTC-03:30"),
        (UTC, "UTC"),
    ],
)
def test_a_zone_is_kept_by_a_name_that_every_machine_knows(zone, name):
    calendar = Series.of(at(pd.date_range("2024-03-01", periods=40, tz=zone))).calendar
    assert calendar.zone == name
    assert calendar.times(np.zeros(1))[0] == pd.Timestamp("2024-03-01", tz=name).tz_convert("UTC").tz_localize(None)


@pytest.fixture
def in_berlin(monkeypatch):
    """A machine whose own clocks are Berlin's, and which knows them by no name."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield tz.tzlocal()
    monkeypatch.undo()
    time.tzset()


def test_a_zone_without_a_name_is_told(in_berlin):
    with pytest.raises(NotASeries, match=r"the time zone tzlocal\(\) has no name to go by: use \.tz_convert"):
        Series.of(at(pd.date_range("2024-03-20", periods=30, tz=in_berlin)))


def test_a_range_that_counts_by_more_than_one_is_the_times():
    series = Series.of(at(pd.RangeIndex(5, 25, 2)))
    assert (series.x[:2].tolist(), series.step) == ([5, 7], 2)


@pytest.mark.parametrize(
    "values",
    [VALUES > 3, VALUES + 1j, DAYS.tz_localize(None), pd.to_timedelta(VALUES, "h"), [10**400] * 10,
     pd.array([True] * 10, dtype="boolean"), np.array([True, 2.0] * 5, dtype=object),
     np.array([1 + 2j] * 10, dtype=object)],
    ids=["booleans", "complex", "dates", "durations", "huge", "nullable booleans", "booleans among objects",
         "complex objects"],
)  # fmt: skip
def test_values_that_are_no_numbers_are_not_made_into_some(values):
    with pytest.raises(NotASeries, match="must be numbers"):
        Series.of(pd.Series(values, index=DAYS))


@pytest.mark.parametrize(
    ("data", "time", "value", "said"),
    [
        (VALUES, None, None, "DataFrame is wanted, not ndarray"),
        (pd.Series(VALUES), "day", None, "has its times in its index"),
        (pd.DataFrame({"day": DAYS, "a": VALUES}), None, "a", "time='day'"),
        (pd.DataFrame({"a": VALUES}), "a", "a", "both the times and the values"),
        (pd.DataFrame({"a": VALUES}), None, ["a"], "no column"),
        (pd.DataFrame(np.ones((10, 2)), columns=["a", "a"]), None, "a", "2 columns 'a'"),
        (pd.DataFrame(np.ones((10, 2)), columns=["a", "a"]), None, None, "2 columns 'a'"),
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
