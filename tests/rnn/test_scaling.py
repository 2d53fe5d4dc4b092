import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn.scaling import REACH, OutOfReach, Scaling, growth_is_relative

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
    width = s.max() - s.min()
    assert (scaling.low, scaling.high) == pytest.approx((s.min() - REACH * width, s.max() + REACH * width))


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
