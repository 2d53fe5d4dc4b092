import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn.ensemble.model import combine, member_spread

said = arrays(np.float64, (7, 3, 2), elements=st.floats(-1e3, 1e3))


def test_without_trimming_the_combination_is_the_weighted_mean():
    y, weight = np.array([[[1.0]], [[4.0]]]), np.array([2.0, 1.0])
    assert combine(y, weight, 0.0)[0, 0] == pytest.approx(2.0)


def test_one_wild_member_does_not_move_the_trimmed_combination():
    y = np.array([1.0, 2.0, 3.0, 4.0, 1e30]).reshape(5, 1, 1)
    assert combine(y, np.ones(5), 0.25)[0, 0] == pytest.approx(3, abs=0.5)


@given(said, st.sampled_from([0.0, 0.25, 0.49]))
def test_the_combination_lies_among_the_members_and_their_order_does_not_matter(y, trim):
    weight = np.arange(1.0, 8)
    together = combine(y, weight, trim)
    assert (together >= y.min(axis=0) - 1e-9).all()
    assert (together <= y.max(axis=0) + 1e-9).all()
    np.testing.assert_allclose(combine(y[::-1], weight[::-1], trim), together, atol=1e-9)


@given(st.floats(-1e300, 1e300))
def test_members_that_agree_are_repeated_exactly(value):
    y = np.full((5, 2, 2), value)
    assert (combine(y, np.arange(1.0, 6), 0.25) == value).all()
    assert (member_spread(y, np.arange(1.0, 6), 0.25) == 0).all()


def test_members_further_apart_have_a_larger_spread():
    y = np.arange(5.0).reshape(5, 1, 1) * np.array([1.0, 10.0]).reshape(1, 2, 1)
    near, far = member_spread(y, np.ones(5), 0.25)
    assert far == pytest.approx(10 * near)
