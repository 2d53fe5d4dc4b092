import numpy as np
import pytest

from rnn.ensemble.seasonal_adjustment import Adjustment, seasonal_indices

SHAPE = np.array([3.0, -1.0, 0.5, -2.5])


def quarters(seasons=10, noise=0.0, trend=0.1, seed=0):
    t = np.arange(4 * seasons)
    return trend * t + SHAPE[t % 4] + noise * np.random.default_rng(seed).normal(size=len(t))


def test_the_season_under_a_line_is_found_exactly():
    np.testing.assert_allclose(seasonal_indices(quarters(), 4), SHAPE, atol=1e-9)


def test_what_is_only_noise_is_shrunk_to_nearly_nothing():
    """Month by month the mean of ten noises is off by a third; shrunk it is off by much less."""
    rng = np.random.default_rng(1)
    left = [seasonal_indices(rng.normal(size=120), 12) for _ in range(20)]
    assert np.sqrt(np.mean(np.square(left))) < 0.15


def test_one_value_that_is_far_off_does_not_move_the_indices_much():
    y = quarters(noise=0.1)
    y[17] += 10
    assert np.abs(seasonal_indices(y, 4) - SHAPE).max() < 1


def test_too_few_points_give_no_season():
    assert (seasonal_indices(np.arange(9.0), 4) == 0).all()


def test_several_seasons_are_taken_out_and_go_on():
    t = np.arange(24 * 7 * 5)
    day, week = np.sin(2 * np.pi * t / 24), 0.8 * (t // 24 % 7 < 5)
    adjustment = Adjustment.of(day + week, [168, 24])
    assert [len(index) for index in adjustment.indices] == [24, 168]
    np.testing.assert_allclose(adjustment.at(0, len(t)), day + week - week.mean(), atol=0.05)
    np.testing.assert_allclose(adjustment.at(len(t), len(t) + 168), adjustment.at(0, 168), atol=1e-9)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_does_not_matter(unit):
    np.testing.assert_allclose(seasonal_indices(quarters() * unit, 4) / unit, SHAPE, atol=1e-9)
