"""Tests of times with more around them than a date and a clock."""

import pyarrow as pa
import pytest

from rnn.readers.trimmed_times import are_buddhist, are_trimmed, in_our_years, trimmed

READ = [
    ("令和6年1月5日", "2024年1月5日"),
    ("令和元年5月", "2019年5月"),
    ("平成31年4月", "2019年4月"),
    ("昭和40年", "1965年"),
    ("R6.1.5", "2024.1.5"),
    ("民國113年1月", "2024年1月"),
    ("113/01/05", "2024/01/05"),
    ("ม.ค. 2567", "2024-01"),
    ("5 มกราคม 2567", "2024-01-05"),
    ("2024/1/1 上午12:00", "2024/1/1 12:00 AM"),
    ("2024/1/1 下午 03:05:09", "2024/1/1 03:05:09 PM"),
    ("2024. 1. 1. 오후 3:05", "2024/1/1 3:05 PM"),
    ("2024/01/01 午後0:30", "2024/01/01 12:30 PM"),
    ("2024年1月1日 下午3时5分", "2024/1/1 3:5 PM"),
    ("31/01/2024 12:00 a. m.", "31/01/2024 12:00 AM"),
    ("2024-01-01 3PM", "2024-01-01 3:00 PM"),
    ("1/31/2024, 3:05:00 PM", "1/31/2024 3:05:00 PM"),
    ("Mo, 01.01.2024", "01.01.2024"),
    ("2024/01/01(月)", "2024/01/01"),
    ("2024-01-01 星期一", "2024-01-01"),
    ("2024-01-01 - 2024-01-07", "2024-01-01"),
    ("2024-01-01/2024-01-07", "2024-01-01"),
    ("01.01.2024 00:00 - 01.01.2024 01:00", "01.01.2024 00:00"),
    ("2024-01-01 00:00 - 01:00", "2024-01-01 00:00"),
    ("2024-01-01 00:00:00,123", "2024-01-01 00:00:00.123"),
    ("2024-01-01T00:00:00+01:00[Europe/Paris]", "2024-01-01T00:00:00+01:00"),
    ("2024-01-01T00:00:00−05:00", "2024-01-01T00:00:00-05:00"),
    ("[01/Jan/2024:10:00:00 +0000]", "01 Jan 2024 10:00:00 +0000"),
    ("Mon Jan 01 2024 00:00:00 GMT+0100 (CET)", "01 Jan 2024 00:00:00 +0100"),
    ("Week 3, 2023", "W3 2023"),
]


@pytest.mark.parametrize(("cell", "read"), READ)
def test_what_stands_around_a_date_is_left_out(cell, read):
    assert trimmed(pa.array([cell, None], pa.string())).to_pylist() == [read, None]
    assert are_trimmed([cell])


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01-01",
        "2024-01-01 00:00 -05:00",  # an offset, and no span
        "R6",
        "S40",
        "Set 24",
        "113",
        "晚上12:00",  # midnight or noon
        "A-1 - B-2",
        "",
    ],
)
def test_all_else_stays_as_it_is(cell):
    assert trimmed(pa.array([cell], pa.string())).to_pylist() == [cell]
    assert not are_trimmed([cell])


def test_buddhist_years_are_those_of_a_thai_column():
    assert are_buddhist("วันที่", ["1/1/2567", "2567-02-29"])
    assert not are_buddhist("วันที่", ["1/1/2024"])
    assert not are_buddhist("date", ["1/1/2567"])
    years = in_our_years(pa.array(["29/2/2567", None, "2567-01-01 10:00", "12567"], pa.string()))
    assert years.to_pylist() == ["29/2/2024", None, "2024-01-01 10:00", "12567"]
