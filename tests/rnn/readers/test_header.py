import pytest

from rnn.readers.header import lines_above_names, separator_line

TABLE = ["day,v\n", "2024-01-01,5\n", "2024-01-02,6\n"]


@pytest.mark.parametrize(
    ("lines", "above"),
    [
        (TABLE, 0),
        (["Sales\n", *TABLE], 1),
        (["Sales,\n", "\n", *TABLE], 2),
        (["# by hand\n", "# again\n", *TABLE], 2),
        (["2024-01-01,5\n", "2024-01-02,6\n"], None),
        (["a,b\n", "c,d\n"], None),
        ([], None),
    ],
)
def test_names_are_found_by_the_rows_below_them(lines, above):
    assert lines_above_names(lines, (",", ";")) == above


def test_names_too_far_down_are_not_looked_for():
    assert lines_above_names(["title\n"] * 100 + TABLE, (",",)) is None


@pytest.mark.parametrize(
    ("line", "mark"), [("sep=;\n", ";"), ('"sep=,"\r\n', ","), ("SEP=\t\n", "\t"), ("sep,v\n", None)]
)
def test_the_separator_line_of_excel(line, mark):
    assert separator_line(line) == mark
