from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from rnn.source.problems import BadSource
from rnn.source.values import numbers, refuse_values


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
