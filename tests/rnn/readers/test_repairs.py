import numpy as np
import pytest

from rnn.readers.observations import Observations
from rnn.readers.options import Source
from rnn.readers.problems import Problem, Problems
from rnn.readers.repairs import (
    Bench,
    filled_points,
    in_order,
    on_even_times,
    once_each,
    without_empty_ends,
    without_gaps,
    without_newest,
)
from rnn.readers.spacing import Spacing


def bench(**said) -> Bench:
    return Bench(Source(data="file", **said), "t", Problems(), {})


def observations(t, y) -> Observations:
    return Observations(np.array(t, dtype=float), np.array(y, dtype=float))


def kinds(it: Bench) -> list[tuple[str, int, int]]:
    return [(problem.kind, problem.count, problem.record) for problem in it.problems.found]


def test_what_is_in_order_is_left_as_it_is():
    found = observations([1, 2, 3], [1, 2, 3])
    it = bench()
    assert once_each(in_order(found, it), it) is found
    assert kinds(it) == []


@pytest.mark.parametrize("asked", [False, True])
def test_rows_out_of_order_are_a_problem_or_sorted_and_counted(asked):
    it = bench(repair=("sort",) if asked else ())
    found = in_order(observations([1, 3, 2, 4], [1, 3, 2, 4]), it)
    assert found.y.tolist() == [1, 2, 3, 4]
    assert found.record(1) == 2
    assert kinds(it) == ([] if asked else [("order", 1, 2)])
    assert it.repairs == ({"rows sorted:": 2} if asked else {})


def test_exact_duplicates_may_be_dropped_and_others_never():
    it = bench(repair=("duplicates",))
    found = once_each(observations([1, 2, 2, 3, 3], [1, 2, 2, 3, 4]), it)
    assert found.t.tolist() == [1, 2, 3]
    assert kinds(it) == [("conflict", 1, 4)]
    assert it.repairs == {"exact duplicates dropped:": 1}


def test_gaps_and_missing_values_are_filled_by_a_straight_line_up_to_the_limit():
    found, spacing = observations([0, 1, 2, 5], [0, np.nan, 4, 10]), Spacing(1.0, None, np.array([0, 1, 2, 5]))
    it = bench(fill_gaps=2)
    y, gaps = without_gaps(found, spacing, "y", it)
    assert y.tolist() == [0, 2, 4, 6, 8, 10]
    assert gaps == 1
    assert it.repairs == {"points filled:": 3}
    it = bench(fill_gaps=1)
    without_gaps(found, spacing, "y", it)
    assert kinds(it) == [("gap", 1, 3)]
    assert it.problems.found[0].widest == 2


def test_the_ends_have_nothing_to_be_filled_from():
    it = bench(fill_gaps=5)
    without_gaps(observations([0, 1, 2], [np.nan, 1, np.nan]), Spacing(1.0, None, None), "y", it)
    assert [kind for kind, *_ in kinds(it)] == ["first missing", "last missing"]


def ends(y, **said):
    it = bench(**said)
    it.problems.add(Problem("missing", "no value", int(np.isnan(y).sum()), 0, "y", "fill it", "fill"))
    return without_empty_ends(observations(np.arange(len(y)), y), "y", it), it


def test_rows_without_a_value_at_the_ends_are_told_apart_from_those_between():
    y = [np.nan, 1, 2, np.nan, *range(30), np.nan, np.nan]
    left, it = ends(y)
    assert len(left) == len(y)
    assert kinds(it) == [("missing", 1, 3), ("first missing", 1, 0), ("last missing", 1, 34)]
    assert [problem.repair for problem in it.problems.found] == ["fill", "trim-ends", "trim-ends"]


def test_they_are_left_out_and_counted_when_asked():
    left, it = ends([np.nan, 1, 2, 3, np.nan, np.nan], repair=("trim-ends",))
    assert (left.y.tolist(), left.record(0)) == ([1, 2, 3], 1)
    assert it.repairs == {"rows without a value at the ends left out:": 3}
    assert not it.problems


def test_filling_is_not_advised_where_it_would_invent_a_lot():
    _, it = ends([1, np.nan, 2, np.nan, 3])
    assert it.problems.found[0].repair == ""
    it = bench()
    spacing = Spacing(1.0, None, np.array([0, 1, 2, 9]))
    without_gaps(observations([0, 1, 2, 9], [1, 2, 3, 4]), spacing, "y", it)
    (problem,) = it.problems.found
    assert problem.repair == ""
    assert "filling would invent 6 of 10 points" in problem.what


def test_times_are_rounded_when_asked_and_how_far_is_told():
    times = np.arange(20) * 60_000_000 + np.arange(20) % 2 * 2_000_000
    observed = Observations(times, np.arange(20.0))
    assert on_even_times(observed, bench()) is observed
    it = bench(repair=("round-times",))
    assert set(np.diff(on_even_times(observed, it).t)) == {60_000_000}
    assert it.repairs == {"times rounded, by up to 2s:": 10}


def test_the_newest_rows_are_held_back_and_counted():
    it = bench(hold_back=2)
    assert without_newest(observations([1, 2, 3, 4], [1, 2, 3, 4]), it).t.tolist() == [1, 2]
    assert it.repairs == {"newest rows held back:": 2}
    few = bench(hold_back=9)
    assert without_newest(observations([1, 2], [1, 2]), few).t.tolist() == [1]
    assert few.repairs == {"newest rows held back:": 1}
    none = bench()
    assert len(without_newest(observations([1, 2], [1, 2]), none)) == 2
    assert none.repairs == {}


def test_which_points_were_filled_is_known():
    found, spacing = observations([0, 1, 2, 5], [0, np.nan, 4, 10]), Spacing(1.0, None, np.array([0, 1, 2, 5]))
    assert np.flatnonzero(filled_points(found, spacing, 6)).tolist() == [1, 3, 4]
    assert filled_points(observations([0, 1], [1, 2]), Spacing(1.0, None, None), 2) is None


def test_rows_beyond_the_last_value_belong_to_what_is_known_ahead():
    it = bench(known_ahead=("price",))
    it.problems.add(Problem("missing", "no value", 2, 3, "y"))
    kept = without_empty_ends(observations([1, 2, 3, 4, 5], [1, 2, 3, np.nan, np.nan]), "y", it)
    assert kept.y.tolist() == [1, 2, 3]
    assert not it.problems
    assert not it.repairs
