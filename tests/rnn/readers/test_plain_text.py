"""Tests of cells in the digits of other scripts, and with marks that nobody sees."""

import pyarrow as pa
import pytest

from rnn.readers.plain_text import plain, plain_cell


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("١٢٣", "123"),
        ("۱۴۰۳", "1403"),
        ("१२३.५", "123.5"),
        ("２０２４／０１／３１", "2024/01/31"),
        ("١٬٢٣٤٫٥", "1234.5"),
        ("١٬٢", "1٬2"),  # no thousand
        ("\u200e1\u200e/2\u200e/2024", "1/2/2024"),
        ("\u200b5\ufeff", "5"),
        ("10²", "10²"),  # a power is no digit
        ("5年", "5年"),
        ("", ""),
    ],
)
def test_digits_are_ours_and_marks_are_gone(cell, read):
    assert plain_cell(cell) == read
    assert plain(pa.array([cell, None, "a", cell], pa.string())).to_pylist() == [read, None, "a", read]


def test_plain_cells_are_the_same_array():
    cells = pa.array(["1", None, "a"], pa.string())
    assert plain(cells) is cells
    assert plain(cells.slice(0, 0)).to_pylist() == []
