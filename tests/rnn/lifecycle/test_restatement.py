"""Restated values are counted exactly, told from another series, and found by their blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.lifecycle.restatement import (
    BLOCK,
    block_digests,
    changed,
    changed_blocks,
    constant_factor,
    is_same_series,
    restatement,
)

AT = np.arange(300.0)
WEEK = np.tile([1.0, 2, 4, 3, 9, 7, 0], 43)[:300]
SALES = 100 + WEEK + np.random.default_rng(0).normal(0, 1, 300)
OTHER = 100 + WEEK + np.random.default_rng(1).normal(0, 1, 300)


def test_nothing_changed_is_no_restatement():
    assert restatement(AT, SALES, SALES.copy()) is None
    assert restatement(AT, SALES, SALES * (1 + 1e-13)) is None, "a sum in another order"


@given(st.sets(st.integers(0, 299), min_size=1, max_size=300), st.floats(0.5, 50))
def test_what_changed_is_counted_and_measured(places, by):
    new = SALES.copy()
    new[sorted(places)] += by
    found = restatement(AT, SALES, new)
    assert found.at.tolist() == sorted(places)
    assert (len(found), found.of) == (len(places), 300)
    assert found.typical == pytest.approx(by)
    assert found.largest == pytest.approx(by)
    assert found.share == len(places) / 300


def test_a_constant_factor_is_told():
    found = restatement(AT, SALES, 1.1 * SALES)
    assert found.factor == pytest.approx(1.1)
    assert "300 of 300 known values have changed, all by a factor of 1.1" in found.sentence
    assert constant_factor(SALES, OTHER) is None
    assert constant_factor(np.zeros(5), np.ones(5)) is None


@pytest.mark.parametrize(
    ("new", "same"),
    [
        (np.where(AT < 200, 1.3 * SALES, SALES), True),  # two thirds restated
        (1.19 * SALES, True),  # a tax
        (SALES + 3, True),
        (SALES + np.random.default_rng(2).normal(0, 0.05, 300), True),  # another adjustment
        (OTHER - 90, False),  # another shop with the same week
        (OTHER, False),
        (np.random.default_rng(3).normal(0, 1, 300), False),
        (np.full(300, 5.0), False),
    ],
)
def test_a_restated_series_is_told_from_another(new, same):
    assert is_same_series(SALES, new) is same


def test_few_points_explain_nothing():
    assert not is_same_series(np.array([1.0, 2, 3]), np.array([1.1, 2.2, 3.3]))


@given(st.integers(1, 1200), st.integers(-600, 600), st.integers(0, 1199))
def test_a_changed_value_changes_its_block_alone(points, first, place):
    at, y = np.arange(float(points)), np.arange(float(points)) ** 2
    place %= points
    other = y.copy()
    other[place] += 1
    before, after = block_digests(at, y, first), block_digests(at, other, first)
    assert changed_blocks(before, after) == [(first + place) // BLOCK]
    assert len(before) == (first + points - 1) // BLOCK - first // BLOCK + 1


def test_blocks_of_a_file_that_lost_its_first_rows_keep_their_numbers():
    at, y = np.arange(1000.0), np.sin(np.arange(1000))
    assert changed_blocks(block_digests(at, y), block_digests(at[300:], y[300:], 300)) == [1], "the one that was cut"


def test_zero_and_not_zero_differ():
    assert changed(np.array([0.0, 0.0]), np.array([0.0, 1e-300])).tolist() == [False, True]
