import pyarrow as pa
import pytest

from rnn.readers.problems import BadSource
from rnn.readers.row_filter import RowFilter, has_content


class File:
    url = "file"


def test_content_is_compared_as_text_or_as_a_number():
    assert has_content(pa.array([" A", "B", None, "a"]), "A").tolist() == [True, False, False, False]
    assert has_content(pa.array([1, 2, None]), "1.0").tolist() == [True, False, False]
    assert has_content(pa.array([1, 2]), "one").tolist() == [False, False]
    assert has_content(pa.array(["A", "B"]).dictionary_encode(), "B").tolist() == [False, True]


def test_rows_keep_their_records_over_blocks():
    keep = RowFilter(File(), {"store": "A", "item": "x"})
    block = [pa.array([1, 2, 3]), pa.array(["A", "A", "B"]), pa.array(["x", "y", "x"])]
    records, (cells,) = keep.rows(block, 1, 0)
    assert (records.tolist(), cells.to_pylist()) == ([0], [1])
    records, _ = keep.rows(block, 1, 3)
    assert records.tolist() == [3]
    keep.check()


def test_no_row_at_all_is_a_mistake_with_what_there_is():
    keep = RowFilter(File(), {"store": "C"})
    keep.rows([pa.array([1, 2]), pa.array(["A", "B"])], 1, 0)
    with pytest.raises(BadSource, match="file: no row has store=C; column 'store' holds A, B: mend --where"):
        keep.check()


def test_without_conditions_every_row_is_kept():
    keep = RowFilter(File(), {})
    records, cells = keep.rows([pa.array([1, 2])], 1, 5)
    assert (records.tolist(), len(cells), keep.seen) == ([5, 6], 1, 7)
    keep.check()
