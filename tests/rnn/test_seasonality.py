import numpy as np
import pytest

from rnn.seasonality import season_length


@pytest.mark.parametrize("length", [4, 7, 12, 24])
@pytest.mark.parametrize("unit", [1e-300, 1.0, 1e300])
def test_a_season_is_found_through_trend_and_noise(length, unit):
    t = np.arange(144)
    shape = np.random.default_rng(length).normal(size=length)
    y = 0.05 * t + shape[t % length] + 0.1 * np.random.default_rng(1).normal(size=144)
    assert season_length(y * unit) == length


@pytest.mark.parametrize("y", [np.zeros(50), np.full(50, 1e300), np.arange(50.0), np.arange(3.0), np.array([1.0])])
def test_what_has_no_season_has_period_1(y):
    assert season_length(y) == 1


def test_noise_has_no_season():
    assert sum(season_length(np.random.default_rng(seed).normal(size=200)) > 1 for seed in range(20)) <= 2
