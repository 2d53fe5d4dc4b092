import numpy as np
import pyarrow as pa
import pytest

from rnn.readers.numerals import LateMarks, Numerals, certain_decimal, numerals_of
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.values import numbers


def decided(*cells: str, decimal: str = ".", others: tuple[str, ...] = (), **said) -> Numerals:
    sample = {"v": pa.array(cells, pa.string()), "w": pa.array(others, pa.string())}
    return numerals_of("file", "v", sample, decimal, Source(data="file", **said))


@pytest.mark.parametrize(
    ("cells", "numerals"),
    [
        (["985", "1,040", "1,064"], (".", ",")),
        (["1,234,567", "5"], (".", ",")),
        (["1,234.5", "900.25"], (".", ",")),
        (["1,234", "12.5"], (".", ",")),
        (["-1,234", "-990", "+985"], (".", ",")),
        (["1.234.567", "5"], (",", ".")),
        (["1.234,5", "900,25"], (",", ".")),
        (["985", "1.040", "1.064"], (",", ".")),
        (["1 234", "5"], (".", "space")),
        (["1\u202f234,5", "5"], (",", "space")),
        (["1\u00a0234 567.5", "5"], (".", "space")),
        (["1\u2009234", "5"], (".", "space")),
        (["1'234.5", "5"], (".", "'")),
        (["1’234", "5"], (".", "'")),
        (["1.234", "1.250"], (".", "")),
        (["1.5", "1.250"], (".", "")),
        (["0.125", "900"], (".", "")),
        (["1", "1.500", "2"], (".", "")),
        (["5", "6"], (".", "")),
        ([], (".", "")),
    ],
)
def test_marks_are_told_apart_by_the_cells_themselves(cells, numerals):
    assert decided(*cells)[:2] == numerals


@pytest.mark.parametrize("cells", [["1,234", "1,250"], ["1,234", "5", "6"], ["-1,234"], ["1,234", "n/a"]])
def test_where_both_are_possible_the_user_must_say(cells):
    with pytest.raises(BadSource, match=r"1234 or -?1.234: give --thousands , or --decimal ,"):
        decided(*cells, decimal=",")
    assert decided(*cells, decimal=",", thousands=",")[:2] == (".", ",")
    assert decided(*cells, decimal=",", thousands="none")[:2] == (",", "")


def test_what_is_said_of_decimals_decides():
    assert numerals_of("f", "v", {"v": pa.array(["1,234"])}, ",", Source(decimal=","))[:2] == (",", "")
    assert numerals_of("f", "v", {"v": pa.array(["1,234"])}, ",", Source(decimal="."))[:2] == (".", ",")
    assert numerals_of("f", "v", {"v": pa.array(["5"])}, ".", Source(decimal=",", thousands="."))[:2] == (",", ".")


def test_other_columns_decide_too():
    assert decided("1.234", "1.250", decimal=",", others=("12,5",))[:2] == (",", ".")
    assert decided("1,234", "1,250", decimal=",", others=("12.5",))[:2] == (".", ",")
    assert certain_decimal({"v": pa.array(["1.5", "1,5"])}) == ""


def test_one_mark_cannot_be_both():
    with pytest.raises(BadSource, match="mend --thousands"):
        numerals_of("f", "v", {"v": pa.array(["1"])}, ".", Source(decimal=",", thousands=","))


def watched(early: list[str], late: list[str]) -> None:
    watch = LateMarks("file", "v", {"v": pa.array(early)}, Numerals())
    for cells in (early, late):
        column = pa.array(cells)
        watch.look(column, numbers(column, "."))
    watch.check()


def test_marks_that_come_late_and_may_group_digits_are_a_doubt():
    with pytest.raises(BadSource, match=r"'1.040' may be 1040 or 1.040: give --thousands . or --decimal ."):
        watched(["985", "990"], ["1.040", "999"])


@pytest.mark.parametrize("late", [["1.5", "2"], ["1.040", "1.5"], ["990", ""], ["0.125", "3"]])
def test_others_are_not(late):
    watched(["985", "990"], late)
    watched(["1", "2"], ["1.250", "2"])


def test_grouped_cells_are_read_and_others_are_not():
    cells = pa.array(["1,234", "990", "-1,234,567.5", "12,34", "1,2345", ",123", "1,234,", "", "x"])
    values = numbers(cells, ".", ",")
    np.testing.assert_array_equal(values, [1234, 990, -1234567.5, *[np.nan] * 6])
    assert numbers(pa.array(["1\u202f234,5"]), ",", "space").tolist() == [1234.5]
