import numpy as np
import pytest

from rnn.source.growing import Growing


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_blocks_come_out_as_one_column(dtype):
    column = Growing(dtype)
    for block in (np.arange(5), np.arange(0), np.arange(10)[::2]):
        column.extend(block.astype(dtype))
    assert column.array().dtype == dtype
    assert column.array().tolist() == [0, 1, 2, 3, 4, 0, 2, 4, 6, 8]
    assert Growing(dtype).array().tolist() == []
