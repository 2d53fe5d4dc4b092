from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from rnn.readers.problems import BadSource
from rnn.readers.values import is_missing, is_number, is_time, numbers, refuse_values


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


@pytest.mark.parametrize(
    ("cells", "decimal", "values"),
    [
        (["1", " 2.5 ", "-1e3", "x", ""], ".", [1, 2.5, -1000, None, None]),
        (["1,5", "2", "1.5", "1.000,5"], ",", [1.5, 2, None, None]),
        (["inf", "0x1", "1_0", "1d", "nan"], ".", [float("inf"), None, None, None, None]),
        ([1, None, 2**53, 2**53 - 1], ".", [1, None, 2**53, 2**53 - 1]),
        ([1, 2**60 + 1], ".", [1, None]),
        ([Decimal("1.25"), None], ".", [1.25, None]),
        ([1.5, None], ".", [1.5, None]),
    ],
)
def test_cells_are_numbers_or_nan(cells, decimal, values):
    found = numbers(pa.array(cells), decimal)
    np.testing.assert_array_equal(found, [np.nan if value is None else value for value in values])


@pytest.mark.parametrize("kind", [pa.bool_(), pa.date32(), pa.list_(pa.int8()), pa.string()])
def test_a_column_of_something_else_is_refused(kind):
    with pytest.raises(BadSource, match="column 'y' holds"):
        refuse_values("file", "y", kind, text_allowed=False)


def test_numbers_and_where_all_is_text_that_too_are_not():
    for kind in (pa.int8(), pa.float32(), pa.decimal128(5, 2), pa.string()):
        refuse_values("file", "y", kind, text_allowed=True)
