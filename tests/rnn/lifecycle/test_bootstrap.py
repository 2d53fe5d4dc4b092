import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.lifecycle.bootstrap import block_interval


def held(folds, together, trials=400):
    """How often the interval holds the true mean, 0, of differences that go together with their neighbours."""
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(trials):
        drawn = rng.normal(size=folds + 1)
        found = block_interval(drawn[1:] + together * drawn[:-1], 2, rng)
        inside += found.lower <= 0 <= found.upper
    return inside / trials


@pytest.mark.parametrize("folds", [5, 10, 20])
@pytest.mark.parametrize("together", [0, 1])
def test_it_holds_about_what_it_says(folds, together):
    assert 0.8 < held(folds, together) < 0.99


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=20), st.integers(1, 30))
def test_the_mean_lies_within(values, block):
    found = block_interval(np.array(values), block, np.random.default_rng(0))
    assert found.lower <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.upper


def test_equal_differences_leave_no_doubt():
    found = block_interval(np.full(7, 0.25), 2, np.random.default_rng(0))
    assert (found.mean, found.lower, found.upper) == (0.25, 0.25, 0.25)


def test_the_same_stream_gives_the_same_interval():
    values = np.arange(9.0)
    first, second = (block_interval(values, 3, np.random.default_rng(5)) for _ in range(2))
    assert first == second
