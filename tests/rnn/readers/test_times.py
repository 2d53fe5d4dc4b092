import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from rnn.readers.problems import BadSource
from rnn.readers.times import NOT_A_TIME, Writing, moments, read_times, writing


def read(*cells: str, given: str | None = None) -> list[str]:
    """What cells of text say, as ISO."""
    column = pa.array(cells, pa.string())
    times = moments(column, writing("file", "t", column, ".", given))
    return [str(time) for time in times.astype("datetime64[us]").astype("datetime64[s]")]


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2024-02-03", "2024-02-03T00:00:00"),
        ("2024-02-03 04:05", "2024-02-03T04:05:00"),
        ("2024-02-03T04:05:06.000000000", "2024-02-03T04:05:06"),
        ("2024-02-03T04:05:06Z", "2024-02-03T04:05:06"),
        ("2024-02-03 04:05:06 UTC", "2024-02-03T04:05:06"),
        ("2024-02-03T04:05:06+01:00", "2024-02-03T03:05:06"),
        ("2024-02-03 04:05 -0130", "2024-02-03T05:35:00"),
        ("13.02.2024", "2024-02-13T00:00:00"),
        ("13/02/2024 04:05", "2024-02-13T04:05:00"),
        ("02/13/2024", "2024-02-13T00:00:00"),
        ("2024/02/03", "2024-02-03T00:00:00"),
        ("2024-02", "2024-02-01T00:00:00"),
        ("3-Feb-2024", "2024-02-03T00:00:00"),
    ],
)
def test_a_time_may_be_written_in_many_ways(cell, time):
    assert read(cell, cell) == [time, time]


def test_day_and_month_must_be_told_apart_by_some_cell_or_by_the_user():
    with pytest.raises(BadSource, match="--time-format '%d/%m/%Y' or '%m/%d/%Y'"):
        read("01/02/2024", "03/02/2024")
    assert read("01/02/2024", "13/02/2024")[0] == "2024-02-01T00:00:00"
    assert read("01/02/2024", given="%m/%d/%Y") == ["2024-01-02T00:00:00"]


def test_a_cell_written_otherwise_is_no_time():
    column = pa.array(["2024-01-01", "2024-02-30", "03.01.2024", "", None, "2024-01-01T00:00Z"])
    found = moments(column, Writing("iso")) != NOT_A_TIME
    assert found.tolist() == [True, False, False, False, False, False]


def test_types_of_parquet_are_read_in_utc_to_the_microsecond():
    days = pa.array([datetime.date(2024, 1, 1), None])
    assert moments(days, Writing("typed")).tolist() == [1_704_067_200_000_000, NOT_A_TIME]
    hours = pa.array(pd.date_range("2024-01-01", periods=2, freq="h", tz="Europe/Berlin"))
    how = writing("file", "t", hours, ".", None)
    assert (how.zone, how.in_zone) == ("Europe/Berlin", True)
    assert moments(hours, how)[0] == 1_704_067_200_000_000 - 3_600_000_000
    fine = pa.array([1, 1000], pa.timestamp("ns"))
    assert moments(fine, Writing("typed")).tolist() == [NOT_A_TIME, 1]


def test_numbers_stay_numbers():
    column = pa.array(["1", "2.5", "x"])
    found = read_times(column, Writing("number"), ".")
    assert found.dtype == np.float64
    assert found[:2].tolist() == [1, 2.5]
    assert np.isnan(found[2])


def test_what_holds_no_times_is_refused_with_an_example():
    with pytest.raises(BadSource, match="'soon'"):
        read("soon", "later")
    with pytest.raises(BadSource, match="booleans"):
        writing("file", "t", pa.array([True]), ".", None)
