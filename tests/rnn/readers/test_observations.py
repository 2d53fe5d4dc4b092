import numpy as np
import pyarrow as pa
import pytest

from rnn.readers.columns import Chosen
from rnn.readers.observations import Checks, GrowableArray, Observations, observe
from rnn.readers.problems import Problems
from rnn.readers.times import NOT_A_TIME, Writing


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


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_blocks_come_out_as_one_column(dtype):
    column = GrowableArray(dtype)
    for block in (np.arange(5), np.arange(0), np.arange(10)[::2]):
        column.extend(block.astype(dtype))
    assert column.array().dtype == dtype
    assert column.array().tolist() == [0, 1, 2, 3, 4, 0, 2, 4, 6, 8]
    assert GrowableArray(dtype).array().tolist() == []


CHOSEN = Chosen("t", "y", "", "")


class Blocks:
    """A table of two blocks of text."""

    url, decimal, text_is_data = "file", ".", True
    sample = {"t": pa.array(["1", "2"]), "y": pa.array(["1", ""])}  # noqa: RUF012

    def blocks(self, names):
        yield [pa.array(["1", "2", "x"]), pa.array(["1", "", "3"])]
        yield [pa.array(["4", ""]), pa.array(["inf", "five"])]

    def problems(self):
        return []


def test_what_is_wrong_is_noted_with_the_record_of_the_file():
    problems = Problems()
    found, rows = observe(Blocks(), CHOSEN, Writing("number"), fills=False, problems=problems)
    assert rows == 5
    assert [(p.kind, p.column, p.record) for p in problems.found] == [
        ("missing", "y", 1), ("text", "t", 2), ("finite", "y", 3), ("missing", "t", 4), ("text", "y", 4),
    ]  # fmt: skip
    assert found.t.tolist() == [1, 2, 4]
    assert [found.record(k) for k in range(3)] == [0, 1, 3]


def test_a_missing_value_is_no_problem_where_gaps_are_filled():
    problems = Problems()
    observe(Blocks(), CHOSEN, Writing("number"), fills=True, problems=problems)
    assert ("missing", "y") not in {(p.kind, p.column) for p in problems.found}


def test_some_of_some_are_still_the_records_they_were():
    found = Observations(np.arange(5.0), np.arange(5.0)).some(np.array([4, 2, 0])).some(np.array([1, 2]))
    assert found.record(0) == 2
    assert found.t.tolist() == [2, 0]
