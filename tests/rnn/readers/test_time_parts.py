"""Tests of times of which a part stands in a column of its own."""

import pytest

from rnn.readers.problems import BadSource
from rnn.readers.read import read_series
from rnn.readers.time_parts import in_words, second_part


@pytest.mark.parametrize(
    ("year", "columns", "words"),
    [
        ("Jahr", ("Jahr", "KW", "Umsatz"), "--time-column Jahr KW"),
        ("year", ("year", "quarter", "gdp"), "--time-column year quarter"),
        ("year", ("year", "month", "y"), "--time-column year month --time-format '%Y %m'"),
        ("year", ("year", "month", "day", "y"), None),
        ("year", ("year", "month", "quarter", "y"), None),
        ("day", ("day", "week", "y"), None),
    ],
)
def test_the_part_of_a_year_in_another_column(year, columns, words):
    found = second_part(year, dict.fromkeys(columns, "number"))
    assert (found and in_words(found[1])) == words


def hours(clock, times=48):
    return "date,hour,load\n" + "".join(f"2024-01-{1 + k // 24:02d},{clock(k % 24)},{k % 24}\n" for k in range(times))


def test_date_and_hour_are_read_together(tmp_path):
    (tmp_path / "it.csv").write_text(hours(lambda hour: hour))
    with pytest.raises(BadSource, match="date and hour stand in two columns: give --time-column date hour"):
        read_series(str(tmp_path / "it.csv"))
    series = read_series(str(tmp_path / "it.csv"), time=("date", "hour"))
    assert series.y.tolist() == [k % 24 for k in range(48)]
    assert series.calendar is not None
    assert series.calendar.start == "2024-01-01T00:00:00.000000"


def test_hours_up_to_24_are_no_advice(tmp_path):
    (tmp_path / "it.csv").write_text(hours(lambda hour: hour + 1))
    with pytest.raises(BadSource, match="several columns hold numbers, 'hour', 'load'"):
        read_series(str(tmp_path / "it.csv"))
