import numpy as np
import pyarrow as pa
import pytest

from rnn.readers.missing_marks import MissingMarks, doubtful_mark, problem_of

USUAL = [100.0 + k % 7 for k in range(20)]


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        ([*USUAL, -9999.0, -9999.0], (-9999.0, 2, 20)),
        ([99999.0, *USUAL], (99999.0, 1, 0)),
        ([*USUAL, -999.0], (-999.0, 1, 20)),
        ([20.0, -5.0, -99.9, 12.0, 30.0], (-99.9, 1, 2)),
        ([5000.0, 0.0, 1.0, -999.0, -999.0], (-999.0, 2, 3)),  # never negative otherwise
        ([*USUAL, np.nan, 9999.0], (9999.0, 1, 21)),
    ],
)
def test_nines_far_outside_of_the_rest_are_a_doubt(values, mark):
    assert doubtful_mark(np.array(values), ()) == mark


@pytest.mark.parametrize(
    "values",
    [
        [*USUAL, -500.0],  # no nines
        [*USUAL, 99.0],
        [900.0, 950.0, 999.0, 1010.0],  # among the rest
        [9000.0, 5000.0, 9999.0, 1.0],  # no farther than the rest reaches
        [5000.0, 0.0, 1.0, -999.0],  # once: a day of returns
        [-5000.0, 3000.0, -9999.0],
        [9999.0, 9999.0, 9999.0],
        [1.0, 9999.0],
        [],
    ],
)
def test_others_are_values(values):
    assert doubtful_mark(np.array(values), ()) is None


def test_the_user_settles_it():
    values = np.array([*USUAL, -9999.0, -999.0])
    assert doubtful_mark(values, ("none",)) is None
    assert doubtful_mark(np.where(values == -9999, np.nan, values), ("-9999",)) == (-999.0, 1, 21)


def test_the_problem_names_both_ways_out():
    problem = problem_of(-9999.0, 2, 7, "sales")
    assert problem.what == "2 values are -9999, which looks like a mark for a missing value"
    assert problem.remedy == "if -9999 stands for no value give --missing=-9999, if it is one --missing none"
    assert (problem.record, problem.cure) == (7, {"missing": ("-9999",)})


def test_marks_are_numbers_however_they_are_written_and_words_as_they_are():
    marks = MissingMarks(("-9999", "unavailable"))
    cells = pa.array(["5", "-9999.0", " unavailable ", "Unavailable", None])
    values = np.array([5.0, -9999.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(marks.without(cells, values), [5.0] + [np.nan] * 4)
    assert marks.count == 2
    assert [marks.holds(cell) for cell in cells.to_pylist()] == [False, True, True, False, False]
    assert marks.holds(-9999)
    assert not marks.holds(float("nan"))


def test_without_marks_nothing_changes():
    values = np.array([1.0, -9999.0])
    assert MissingMarks(("none",)).without(pa.array([1.0, -9999.0]), values) is values
