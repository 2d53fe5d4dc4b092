"""What the compiled kernel lays out for its loops."""

import numpy as np
import pytest

from rnn.elman.kernels import start

pytest.importorskip("numba", reason="the compiled kernel needs the optional extra 'fast': Numba", exc_type=ImportError)


@pytest.mark.parametrize("models", [1, 2, 4, 5])
@pytest.mark.parametrize("sizes", [(6, 20, 6), (1, 1, 1), (3, 5, 4), (4, 8, 9)])
def test_laying_out_and_taking_out_changes_no_bit(models, sizes, case):
    from rnn.elman.kernels.compiled import Compiled

    made = case(sizes, models=models)
    state = start(made.models)
    state["h"] += 0.25
    state["before"] -= 0.5
    again = Compiled(state, made.lr, 5, "bptt").state()
    assert again.keys() == state.keys()
    for name, array in state.items():
        np.testing.assert_array_equal(again[name], array)


def test_what_is_laid_out_starts_at_a_whole_cache_line():
    from rnn.elman.kernels.compiled import _aligned

    for size in range(1, 40):
        assert _aligned(np.ones(size)).ctypes.data % 64 == 0
