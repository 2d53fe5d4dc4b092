import pytest

from rnn.source.cells import is_missing, is_number, is_time


@pytest.mark.parametrize("cell", ["1", " -1.5e3 ", "+.5", "5.", "inf", "-Infinity", "1E-7"])
def test_numbers(cell):
    assert is_number(cell, ".")


@pytest.mark.parametrize("cell", ["", "1,5", "1_0", "0x10", "1.2.3", "one", "1 000", "€5", "٣", "--1", "1e"])
def test_no_numbers(cell):
    assert not is_number(cell, ".")


def test_with_a_decimal_comma_a_point_is_none():
    assert is_number("1,5", ",")
    assert is_number("15", ",")
    assert not is_number("1.5", ",")
    assert not is_number("1.234,5", ",")


@pytest.mark.parametrize(
    "cell", ["2024-01-31", "2024-01-31T12:00Z", "31.01.2024", "1/31/24 5:00", "2024-01", "5-Jan-2024"]
)
def test_times(cell):
    assert is_time(cell)


@pytest.mark.parametrize("cell", ["1", "1.5", "", "soon", "-5", "value"])
def test_no_times(cell):
    assert not is_time(cell)


def test_nothing_has_many_names():
    assert all(map(is_missing, ["", "  ", "NaN", "N/A", "null", "None", "-", "."]))
    assert not any(map(is_missing, ["0", "no", "inf"]))
