import numpy as np

from rnn.source.checks import Checks
from rnn.source.times import NOT_A_TIME


def failures(times, values):
    return list(Checks().failures(np.array(times), np.array(values, dtype=float)))


def test_a_good_block_passes():
    assert failures([1, 2, 3], [1, -1e300, 0]) == []
    assert failures([1.0, 2.0], [1, 2]) == []


def test_every_cell_that_fails_is_named_once_with_its_check():
    found = failures([1, NOT_A_TIME, 3, 4], [1, np.nan, np.inf, 1e306])
    assert [(row, column) for row, column, _ in found] == [(1, "time"), (1, "value"), (2, "value"), (3, "value")]
    assert [check for _, _, check in found] == ["missing", "not_nullable", "finite", "reach"]


def test_times_beyond_four_digits_of_a_year_fail():
    assert [check for *_, check in failures([0, 10**18], [1, 1])] == ["reach"]


def test_numbers_for_times_must_be_finite():
    assert {(row, column) for row, column, _ in failures([1.0, np.nan, np.inf], [1, 1, 1])} == {
        (1, "time"),
        (2, "time"),
    }
