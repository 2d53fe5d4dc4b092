import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn.scaling import ROOM, OutOfReach, Scaling, growth_is_relative, largest_move

series = arrays(
    np.float64, array_shapes(min_dims=1, max_dims=1, min_side=2, max_side=30), elements=st.floats(-1e3, 1e3)
)


@given(series, st.sampled_from([1e-300, 1e-9, 1.0, 1e12, 1e300]))
@settings(deadline=None)
def test_what_is_scaled_comes_back(y, unit):
    y = y * unit
    scaling = Scaling.of(y)
    np.testing.assert_allclose(scaling.unscale(scaling.scale(y)), y, rtol=1e-9, atol=1e-9 * np.abs(y).max())


def test_scaled_values_have_mean_zero_and_spread_one_and_lie_within_the_bounds():
    y = np.random.default_rng(0).normal(1e6, 3, 500)
    scaling = Scaling.of(y)
    s = scaling.scale(y)
    assert s.mean() == pytest.approx(0, abs=1e-6)
    assert s.std() == pytest.approx(1, rel=1e-6)
    room = ROOM * (s.max() - s.min())
    assert (scaling.low, scaling.high) == pytest.approx((s.min() - room, s.max() + room))


def test_a_forecast_may_leave_the_range_as_far_as_the_past_moved_in_such_a_time():
    slow = np.sin(np.arange(300) / 60) - 10
    near, far = Scaling.of(slow, ahead=5), Scaling.of(slow, ahead=100)
    assert near.high == pytest.approx(near.scale(slow).max() + ROOM * largest_move(near.scale(slow), 5))
    assert near.high - near.scale(slow).max() < 0.2 * (far.high - far.scale(slow).max())


def test_the_largest_move_is_that_of_the_steepest_stretch():
    assert largest_move(np.array([0.0, 1.0, 5.0, 4.0, 4.0]), 1) == 4
    assert largest_move(np.array([0.0, 1.0, 5.0, 4.0, 4.0]), 2) == 5
    assert largest_move(np.array([0.0, 1.0, 5.0, 4.0, 4.0]), 9) == largest_move(np.array([0.0, 5.0])) == 5


@pytest.mark.parametrize("seed", range(20))
def test_what_never_was_below_zero_is_not_forecast_below_zero(seed):
    y = np.abs(np.random.default_rng(seed).normal(size=50)) + 0.1
    lowest = Scaling.of(y).unscale(np.array(Scaling.of(y).low))
    assert lowest >= 0
    assert lowest == pytest.approx(0, abs=1e-12)


def test_what_was_below_zero_may_be_again():
    y = np.linspace(1, 0.1, 50)
    assert Scaling.of(y - 0.2).low < float(Scaling.of(y - 0.2).scale(np.array(-0.2)))


@pytest.mark.parametrize("value", [0.0, 0.1, -3.0, 1e300, 1e-300, 1e15])
def test_a_constant_is_zero_when_scaled_and_itself_again(value):
    y = np.full(20, value)
    scaling = Scaling.of(y)
    assert not scaling.scale(y).any()
    assert np.array_equal(scaling.unscale(np.zeros(3)), np.full(3, value))


def test_growth_by_a_factor_is_a_line_through_the_logarithm():
    y = np.exp(np.linspace(0, 3, 50))
    scaling = Scaling.of(y, log=True)
    assert np.diff(scaling.scale(y), 2) == pytest.approx(np.zeros(48), abs=1e-12)
    np.testing.assert_allclose(scaling.unscale(scaling.scale(y)), y)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e307])
def test_what_cannot_be_computed_with_is_refused_in_one_line(bad):
    with pytest.raises(OutOfReach) as refused:
        Scaling.of(np.array([1.0, bad, 2.0]))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("y", "expected"), [([1.0, 2.0], True), ([1.0, 1.2], False), ([0.0, 2.0], False), ([1e-9, 1.0], False)]
)
def test_the_logarithm_is_for_what_is_positive_and_varies_but_not_beyond_reason(y, expected):
    assert growth_is_relative(np.array(y)) is expected
