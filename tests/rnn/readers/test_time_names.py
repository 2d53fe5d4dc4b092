import pytest

from rnn.readers.time_names import beginning_of_two, part_of_date, speaks_of_time, two_columns


@pytest.mark.parametrize("name", ["Time", "sale_date", "ts", "Datum", "日期", "Fecha", "année"])
def test_names_that_speak_of_time(name):
    assert speaks_of_time(name)


@pytest.mark.parametrize("name", ["x", "t", "sales", "Tag", "updated", "销量", ""])
def test_names_that_do_not(name):
    assert not speaks_of_time(name)


def test_the_parts_of_a_date():
    assert [part_of_date(name) for name in ("Jahr", "月份", " Day ", "Umsatz")] == ["year", "month", "day", ""]
    assert two_columns("Jahr", "Monat", "text") == {"time_column": ("Jahr", "Monat"), "time_format": "%Y %B"}
    assert two_columns("year", "month", "number")["time_format"] == "%Y %m"


@pytest.mark.parametrize(
    ("columns", "begins"),
    [
        (["Datum von", "Datum bis"], "Datum von"),
        (["period_end", "period_start"], "period_start"),
        (["created", "updated"], None),
        (["start", "stop", "time"], None),
        (["from to", "to"], None),
    ],
)
def test_the_column_in_which_spans_of_time_begin(columns, begins):
    assert beginning_of_two(columns) == begins
