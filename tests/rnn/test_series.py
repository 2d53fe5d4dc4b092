from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn.datasets.xsinx import generate
from rnn.errors import SeriesTooShort, WavecastError
from rnn.series import NotASeries, Series, count_groups, group, newest, ungroup

numbers = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def series(draw) -> Series:
    points = draw(st.integers(1, 60))
    step = draw(st.floats(1e-3, 1e3))
    return Series(np.arange(1, points + 1) * step, draw(arrays(np.float64, points, elements=numbers)), step)


def article(seed=0) -> Series:
    return generate(600, 0.01, 0.01, np.random.default_rng(seed))


# Groups.


@given(series(), st.integers(1, 12))
def test_groups_laid_end_to_end_are_the_series_less_its_oldest_points(data, group_size):
    groups = group(data, group_size, at_least=0)
    again = ungroup(groups)
    assert 0 <= groups.dropped < group_size
    assert len(groups) * group_size + groups.dropped == len(data)
    assert groups.x.shape == groups.y.shape == (len(groups), group_size, 1)
    assert np.array_equal(again.x, data.x[groups.dropped :])
    assert np.array_equal(again.y, data.y[groups.dropped :])
    assert again.step == groups.step == data.step


@given(series(), st.integers(1, 12))
def test_grouping_what_was_ungrouped_changes_nothing(data, group_size):
    groups = group(data, group_size, at_least=0)
    again = group(ungroup(groups), group_size, at_least=0)
    assert again.dropped == 0
    assert np.array_equal(again.x, groups.x)
    assert np.array_equal(again.y, groups.y)


def test_a_group_is_a_column_of_neighbours():
    data = Series(np.arange(1.0, 8.0), np.arange(11.0, 18.0), 1.0)
    groups = group(data, 3)
    assert groups.group_size == 3
    assert groups.dropped == 1
    assert groups.x[:, :, 0].tolist() == [[2, 3, 4], [5, 6, 7]]
    assert groups.y[:, :, 0].tolist() == [[12, 13, 14], [15, 16, 17]]


def test_the_articles_data_make_100_groups_of_6():
    groups = group(article(), 6)
    assert groups.x.shape == (100, 6, 1)
    assert groups.dropped == 0
    assert groups.x[-1, :, 0].tolist() == [5.95, 5.96, 5.97, 5.98, 5.99, 6.0]


@given(st.integers(0, 200), st.integers(1, 20), st.integers(1, 20))
def test_a_series_too_short_is_told_with_the_points_it_would_need(points, group_size, at_least):
    enough = at_least * group_size
    if points >= enough:
        assert count_groups(points, group_size, at_least) == points // group_size >= at_least
        return
    with pytest.raises(SeriesTooShort) as told:
        count_groups(points, group_size, at_least)
    message = str(told.value)
    assert f"{points} points make {points // group_size} groups of {group_size}" in message
    assert f"give {enough} points" in message
    assert "\n" not in message
    assert isinstance(told.value, WavecastError)
    assert count_groups(enough, group_size, at_least) == at_least


def test_a_series_is_not_cut_into_fewer_groups_than_asked_for():
    with pytest.raises(SeriesTooShort, match="give 606 points"):
        group(article(), 6, at_least=101)
    assert len(group(article(), 6, at_least=100)) == 100


# What is no series.


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "no values"),
        ([True, False], "not booleans"),
        (np.array([1 + 2j, 3]), "not complex"),
        (np.array(["2024", "2025"], dtype="M8[D]"), "not dates"),
        (np.array([1, 2], dtype="m8[D]"), "not durations"),
        ([10**400, 1], "too large"),
        ([1e306, 1.0], "change the unit"),
        (np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), "1 of 3 values are missing.*position 1"),
        ((float(i) for i in range(3)), "not generator"),
        (Series(np.arange(3.0), np.ones(5), 1.0), "one length"),
        (Series(np.arange(3.0), np.array([1, np.nan, 3]), 1.0), "missing"),
        (Series(np.arange(3.0), np.ones(3), 0.0), "step above 0"),
    ],
)
def test_nothing_is_made_a_number_without_a_word(data, said):
    with pytest.raises(NotASeries, match=said) as problem:
        Series.of(data)
    assert "\n" not in str(problem.value)


def test_a_series_keeps_its_numbers_when_those_given_change():
    given = np.array([1.0, 2.0, 3.0])
    series = Series.of(given)
    given[0] = 99
    assert series.y[0] == 1


def test_an_array_of_arrow_is_numbers_too():
    assert Series.of(pa.array([1.0, 2.0])).y.tolist() == [1, 2]


def test_which_points_were_filled_goes_with_them():
    filled = np.isin(np.arange(20), [3, 12])
    one = replace(Series.of(np.arange(20.0)), filled=filled)
    assert np.flatnonzero(np.isnan(one.observed)).tolist() == [3, 12]
    assert np.flatnonzero(one.first(10).filled).tolist() == [3]
    assert one.first(3).filled is None
    assert np.flatnonzero(newest(one, 10).filled).tolist() == [2]
    groups = group(one, 6)
    assert groups.dropped == 2
    assert np.flatnonzero(np.isnan(ungroup(groups).observed)).tolist() == [1, 10]
    assert (Series.of(np.ones(3)).observed == 1).all()
