import pytest

from rnn.readers.header import lines_above_names, separator_line, times_across

TABLE = ["day,v\n", "2024-01-01,5\n", "2024-01-02,6\n"]


@pytest.mark.parametrize(
    ("lines", "above"),
    [
        (TABLE, 0),
        (["Sales\n", *TABLE], 1),
        (["Sales,\n", "\n", *TABLE], 2),
        (["# by hand\n", "# again\n", *TABLE], 2),
        (["#group,false\n", ",day,v\n", ",2024-01-01,5\n", ",2024-01-02,6\n"], 1),
        (["|day|v|\n", "|2024-01-01|5|\n"], None),
        (["2024-01-01,5\n", "2024-01-02,6\n"], None),
        (["a,b\n", "c,d\n"], None),
        ([], None),
    ],
)
def test_names_are_found_by_the_rows_below_them(lines, above):
    assert lines_above_names(lines, (",", ";")) == above


def test_bars_may_stand_around_a_table():
    assert lines_above_names(["-----\n", "|day|v|\n", "|2024-01-01|5|\n", "|2024-01-02|6|\n"], ("|",)) == 1


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["item,2024-01-01,2024-01-02,2024-01-03\n", "a,1,2,3\n"], (1, "2024-01-01")),
        (["country,1990,1991,1992,1993\n"], (1, "1990")),
        (["country,1993,1992,1991,1990\n"], (1, "1993")),
        (["Source,WDI\n", "\n", "country,1990,1991,1992,1993\n"], (3, "1990")),
        (["item,2020Q1,2020Q2,2020Q3\n"], (1, "2020Q1")),
        (["item,1990,1991,1992\n"], None),
        (["item,1990,1995,1996,1997\n"], None),
        (["a,b,c,d,e\n", "x,2024-01-01,2024-01-02,2024-01-03,2024-01-04\n"], None),
        (TABLE, None),
        (["a," + "x" * 2**17], None),
        ([], None),
    ],
)
def test_times_that_run_across_are_found_where_names_should_be(lines, found):
    assert times_across(lines, (",", ";")) == found


def test_names_too_far_down_are_not_looked_for():
    assert lines_above_names(["title\n"] * 100 + TABLE, (",",)) is None


@pytest.mark.parametrize(
    ("line", "mark"), [("sep=;\n", ";"), ('"sep=,"\r\n', ","), ("SEP=\t\n", "\t"), ("sep,v\n", None)]
)
def test_the_separator_line_of_excel(line, mark):
    assert separator_line(line) == mark
