import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rnn.readers.parquet_file import ParquetTable
from rnn.readers.problems import BadSource
from rnn.readers.table import BLOCK


def test_blocks_are_small_whatever_the_row_groups_are(tmp_path):
    rows = 2 * BLOCK + 5
    pq.write_table(pa.table({"a": np.arange(rows), "b": np.arange(rows)}), tmp_path / "it", row_group_size=rows)
    table = ParquetTable(str(tmp_path / "it"))
    blocks = [block for (block,) in table.blocks(["a"])]
    assert [len(block) for block in blocks] == [BLOCK, BLOCK, 5]
    assert pa.concat_arrays(blocks).to_pylist() == list(range(rows))
    assert table.places([0, 7]) == {0: "row 1", 7: "row 8"}
    assert table.problems() == []


def test_text_is_looked_at_and_categories_are_what_they_stand_for(tmp_path):
    column = pa.array(["x", "y", "x"]).dictionary_encode()
    pq.write_table(pa.table({"a": column, "b": [1, 2, 3]}), tmp_path / "it")
    table = ParquetTable(str(tmp_path / "it"))
    assert table.sample["a"].to_pylist() == ["x", "y", "x"]
    assert len(table.sample["b"]) == 0
    assert [block.to_pylist() for (block,) in table.blocks(["a"])] == [["x", "y", "x"]]


def test_a_damaged_file_is_told(tmp_path):
    (tmp_path / "it").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(BadSource, match="damaged or cut off"):
        ParquetTable(str(tmp_path / "it"))
