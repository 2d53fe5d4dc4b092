import numpy as np
import pyarrow as pa

from rnn.source.choosing import Chosen
from rnn.source.observations import Observations, observe
from rnn.source.problems import Problems
from rnn.source.times import Writing

CHOSEN = Chosen("t", "y", "", "")


class Blocks:
    """A table of two blocks of text."""

    decimal = "."

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
