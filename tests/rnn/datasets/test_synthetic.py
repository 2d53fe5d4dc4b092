import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.datasets.synthetic import KINDS, SHARES, example


@given(st.integers(0, 10_000), st.integers(0, 100))
@settings(deadline=None, max_examples=30)
def test_a_member_is_finite_and_of_its_shape(number, seed):
    one = example(number, seed)
    assert np.isfinite(one.groups.y).all()
    assert np.isfinite(one.truth).all()
    assert one.truth.shape == (len(one.truth), one.groups.group_size)
    assert 8 <= len(one.truth) <= 24
    assert len(one.groups) >= 60
    assert np.std(one.groups.y) > 0


def test_a_member_is_the_same_whatever_else_was_drawn():
    first = example(7, 2)
    example(3, 2)
    assert np.array_equal(example(7, 2).groups.y, first.groups.y)
    assert not np.array_equal(example(17, 2).groups.y[0], first.groups.y[0])


def test_all_kinds_have_their_share():
    assert set(SHARES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_in_many_forms(kind):
    t = np.arange(1, 121) / 100
    drawn = [KINDS[kind](np.random.default_rng(seed), t) for seed in range(5)]
    assert all(np.isfinite(y).all() for y in drawn)
    assert len({y.tobytes() for y in drawn}) == 5
