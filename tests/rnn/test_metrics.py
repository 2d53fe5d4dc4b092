import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.metrics import coverage, fit_rmse, mae, mase, quantile_loss, rmse, rmse_by_step, score, score_intervals

TRUTH = np.array([[1.0, 2.0], [3.0, 4.0]])
NEAR = np.array([[1.0, 2.0], [3.0, 8.0]])
"""One error, of 4, among four points."""

shapes = array_shapes(min_dims=2, max_dims=2, max_side=8)
values = st.floats(-1e6, 1e6)


@st.composite
def pairs(draw):
    shape = draw(shapes)
    return draw(arrays(np.float64, shape, elements=values)), draw(arrays(np.float64, shape, elements=values))


def test_one_error_of_4_among_four_points_is_an_rmse_of_2():
    assert rmse(NEAR, TRUTH) == 2.0
    assert isinstance(rmse(NEAR, TRUTH), float)


def test_each_step_has_its_own_rmse():
    assert rmse_by_step(NEAR, TRUTH) == pytest.approx([0, np.sqrt(8)])


def test_groups_that_never_end_a_window_do_not_count_for_the_fit():
    fitted = np.array([[0.0, 0.0], [0.0, 0.0], [4.0, 6.0], [5.0, 6.0]])
    y = np.array([[99.0, 99.0], [99.0, 99.0], [1.0, 2.0], [5.0, 6.0]])
    assert fit_rmse(fitted, y, 3) == pytest.approx(2.5)
    assert fit_rmse(fitted, y, 4) == 0
    assert fit_rmse(fitted, y, 1) == rmse(fitted, y)


@given(pairs())
def test_an_rmse_is_never_negative_and_does_not_mind_the_sides(pair):
    y, truth = pair
    assert rmse(y, truth) == rmse(truth, y) >= 0
    assert rmse(y, y) == 0
    worst = np.abs(y - truth).max()
    assert worst / np.sqrt(y.size) * (1 - 1e-9) - 1e-100 <= rmse(y, truth) <= worst * (1 + 1e-9)


@given(pairs(), st.floats(-1e3, 1e3))
def test_an_rmse_is_in_the_unit_of_y(pair, factor):
    y, truth = pair
    assert rmse(factor * y, factor * truth) == pytest.approx(abs(factor) * rmse(y, truth), rel=1e-6, abs=1e-3)


@given(shapes, values, values)
def test_a_constant_error_is_its_own_rmse(shape, level, error):
    truth = np.full(shape, level)
    assert rmse(truth + error, truth) == pytest.approx(abs(error), rel=1e-9, abs=1e-9)
    assert rmse_by_step(truth + error, truth) == pytest.approx(np.full(shape[0], abs(error)), rel=1e-9, abs=1e-9)


@given(pairs())
def test_the_steps_together_make_the_whole(pair):
    y, truth = pair
    by_step = rmse_by_step(y, truth)
    assert by_step.shape == (len(y),)
    assert np.sqrt(np.mean(by_step**2)) == pytest.approx(rmse(y, truth), rel=1e-12)
    assert by_step == pytest.approx([rmse(y[t : t + 1], truth[t : t + 1]) for t in range(len(y))], rel=1e-12)


def test_a_score_by_hand():
    x = np.zeros((2, 2))
    forecasts = [Forecast("persistence", x, TRUTH + 4), Forecast("near", x, NEAR), Forecast("right", x, TRUTH)]
    scores = score(forecasts, TRUTH)
    assert list(scores) == ["persistence", "near", "right"]
    assert [one.rmse for one in scores.values()] == [4, 2, 0]
    assert [one.first_step for one in scores.values()] == [4, 0, 0]
    assert [one.to_persistence for one in scores.values()] == [1, 0.5, 0]
    assert scores["near"].by_step == pytest.approx([0, np.sqrt(8)])


def test_the_order_of_the_forecasts_changes_no_score():
    x = np.zeros((2, 2))
    forecasts = [Forecast("near", x, NEAR), Forecast("persistence", x, TRUTH + 4)]
    one, other = score(forecasts, TRUTH), score(forecasts[::-1], TRUTH)
    assert all(one[name].to_persistence == other[name].to_persistence for name in one)


def test_without_persistence_there_is_no_score():
    with pytest.raises(KeyError, match="persistence"):
        score([Forecast("near", TRUTH, NEAR)], TRUTH)


def test_others_are_scored_also_where_persistence_is_exactly_right():
    truth = np.full((2, 2), 3.0)
    scores = score([Forecast("persistence", truth, truth), Forecast("off", truth, truth + 1)], truth)
    assert scores["persistence"].rmse == 0
    assert scores["off"].rmse == 1


def test_mae_and_mase_by_hand():
    seen = np.array([0.0, 1.0, 3.0, 2.0])
    assert mae(NEAR, TRUTH) == 1.0
    assert mase(NEAR, TRUTH, seen) == pytest.approx(1 / (4 / 3))
    assert mase(NEAR, TRUTH, seen, period=2) == pytest.approx(1 / 2)


def test_mase_where_the_naive_forecast_was_never_wrong():
    assert mase(TRUTH, TRUTH, np.ones(5)) == 0
    assert mase(NEAR, TRUTH, np.ones(5)) == np.inf


def test_coverage_counts_the_points_inside_step_by_step():
    lower, upper = TRUTH - 1, TRUTH + 1
    assert coverage(lower, upper, NEAR).tolist() == [1.0, 0.5]
    assert coverage(np.stack([lower, lower]), np.stack([upper, upper]), np.stack([NEAR, TRUTH])).tolist() == [1.0, 0.75]


def test_the_quantile_loss_of_a_point_is_its_mean_absolute_error():
    point = Intervals(NEAR, NEAR, NEAR, NEAR)
    assert quantile_loss(NEAR, point, TRUTH) == pytest.approx(mae(NEAR, TRUTH))


def test_the_quantile_loss_is_least_for_the_true_quantiles():
    truth = np.random.default_rng(0).normal(size=(2000, 5))
    y = np.zeros(truth.shape)

    def loss(factor):
        q50, q90 = np.full(truth.shape, 0.6745 * factor), np.full(truth.shape, 1.645 * factor)
        return quantile_loss(y, Intervals(-q50, q50, -q90, q90), truth)

    assert loss(1.0) < min(loss(0.7), loss(1.4))


def test_intervals_are_scored_by_coverage_and_width():
    bounds = Intervals(TRUTH - 1, TRUTH + 1, TRUTH - 5, TRUTH + 5)
    scored = score_intervals(TRUTH, bounds, NEAR)
    assert (scored.coverage50, scored.coverage90, scored.width50, scored.width90) == (0.75, 1.0, 2.0, 10.0)
    assert scored.coverage50_by_step.tolist() == [1.0, 0.5]


def test_an_error_whose_square_no_float_holds_is_told_all_the_same():
    y, truth = np.full((2, 3), 3e304), np.full((2, 3), 1e304)
    assert rmse(y, truth) == pytest.approx(2e304)
    np.testing.assert_allclose(rmse_by_step(y, truth), 2e304)
