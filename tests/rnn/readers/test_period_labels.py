import datetime

import numpy as np
import pyarrow as pa
import pytest

from rnn.readers.period_labels import NOT_A_TIME, label_times


def read(way: str, *cells: str) -> list[str]:
    return [str(day) for day in label_times(pa.array(cells), way).astype("datetime64[us]").astype("datetime64[D]")]


def test_quarters_begin_with_their_first_month():
    assert read("quarter", "2020Q1", "2020-Q2", "1999 q4") == ["2020-01-01", "2020-04-01", "1999-10-01"]
    assert read("quarter first", "Q3 2020", "q1/2021", "Q4-1999") == ["2020-07-01", "2021-01-01", "1999-10-01"]


@pytest.mark.parametrize("year", [1969, 1970, 2015, 2020, 2024, 2026])
def test_weeks_are_those_of_iso_8601(year):
    last = datetime.date(year, 12, 28).isocalendar().week
    weeks = [f"{year}-W{week:02d}" for week in range(1, last + 1)]
    assert read("week", *weeks) == [str(datetime.date.fromisocalendar(year, w, 1)) for w in range(1, last + 1)]
    assert read("week", f"{year}W{last}7") == [str(datetime.date.fromisocalendar(year, last, 7))]


@pytest.mark.parametrize(
    ("way", "cell"),
    [("quarter", "2020Q5"), ("quarter", "2020"), ("week", "2024-W53"), ("week", "2024-W00"), ("week", "2024-W05-8"),
     ("quarter first", "Q0 2020"), ("week", ""), ("quarter", "0000Q1")],
)  # fmt: skip
def test_what_is_no_period_is_no_time(way, cell):
    assert label_times(pa.array([cell, None]), way).tolist() == [NOT_A_TIME, NOT_A_TIME]


def test_all_of_a_column_is_read():
    assert np.diff(label_times(pa.array(["2020Q1", "2020Q2"]), "quarter")).tolist() == [91 * 86_400_000_000]


@pytest.mark.parametrize(
    ("way", "cells", "days"),
    [
        ("quarter", ["2020T2", "2020-T3"], ["2020-04-01", "2020-07-01"]),
        ("quarter's number first", ["1Q2020", "2. Quartal 2020", "3e trimestre 2020"],
         ["2020-01-01", "2020-04-01", "2020-07-01"]),
        ("quarter's letter last", ["2020-4Q"], ["2020-10-01"]),
        ("quarter in Chinese", ["2020年第1季度", "2020年二季度"], ["2020-01-01", "2020-04-01"]),
        ("half", ["2020H1", "2020-S2"], ["2020-01-01", "2020-07-01"]),
        ("half first", ["H2 2020"], ["2020-07-01"]),
        ("month", ["2020M3", "2020-M12"], ["2020-03-01", "2020-12-01"]),
        ("week", ["2023 W1", "2023-KW 02"], ["2023-01-02", "2023-01-09"]),
        ("week first", ["KW 01/2023", "W2-2023"], ["2023-01-02", "2023-01-09"]),
        ("week in Chinese", ["2023年第2周"], ["2023-01-09"]),
        ("day of the year", ["2024-001", "2024-366"], ["2024-01-01", "2024-12-31"]),
        ("split_year", ["1990/91", "1999-00", "1999/2000", "FY2019/20", "2019–20"],
         ["1990-01-01", "1999-01-01", "1999-01-01", "2019-01-01", "2019-01-01"]),
        ("split_year of two digits", ["FY68/69", "FY69/70", "FY99/00"], ["2068-01-01", "1969-01-01", "1999-01-01"]),
    ],
)  # fmt: skip
def test_other_periods_begin_with_their_first_day(way, cells, days):
    assert read(way, *cells) == days


@pytest.mark.parametrize(
    ("way", "cell"),
    [("split_year", "1990/92"), ("split_year", "1990/1990"), ("split_year", "1990-90"), ("month", "2020M13"),
     ("day of the year", "2023-366"), ("day of the year", "2023-000"), ("half", "2020H3"),
     ("quarter in Chinese", "2020年1"), ("split_year of two digits", "FY19/21")],
)  # fmt: skip
def test_what_cannot_be_is_no_time(way, cell):
    assert label_times(pa.array([cell]), way).tolist() == [NOT_A_TIME]
