import numpy as np
import pandas as pd
import pytest

from rnn.readers.jitter import without_jitter


def moments(freq: str, first: str = "2024-01-01", n: int = 100):
    return np.asarray(pd.date_range(first, periods=n, freq=freq).as_unit("us").asi8)


@pytest.mark.parametrize("freq", ["10s", "min", "15min", "h", "D"])
def test_times_are_moved_back_onto_even_steps(freq):
    even = moments(freq)
    off = np.random.default_rng(0).integers(-100, 100, len(even)) * (even[1] - even[0]) // 1000
    rounded = without_jitter(even + off)
    assert (rounded.times == even).all()
    assert rounded.farthest == np.abs(off).max()


def test_steps_that_begin_elsewhere_stay_there():
    even = moments("h", "2024-01-01 00:20")
    assert (without_jitter(even + np.arange(100) % 3 * 1_000_000 - 1_000_000).times == even).all()


def test_gaps_stay_gaps():
    even = np.delete(moments("h"), [5, 6, 50])
    assert (without_jitter(even + np.arange(97) % 2 * 1_000_000).times == even).all()


@pytest.mark.parametrize("times", [[], [1, 2], np.cumsum([10**9, 10**9, 10**5, 10**9, 10**7] * 9)])
def test_times_at_random_are_left_alone(times):
    assert without_jitter(np.array(times, dtype=np.int64)) is None


def test_one_time_far_off_is_no_jitter():
    even = moments("D")
    even[7] += 40_000_000_000
    assert without_jitter(even) is None
