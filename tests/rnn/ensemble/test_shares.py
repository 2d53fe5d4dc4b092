import numpy as np
import pytest

from rnn.ensemble.shares import FORESEEABLE, foreseeable, networks_may_help, networks_share
from rnn.recipes import AutoregressiveRecipe

RECIPE = AutoregressiveRecipe()


def noise(points, seed=0):
    return np.random.default_rng(seed).normal(size=points)


def test_a_smooth_wave_can_be_foreseen_and_noise_and_walks_cannot():
    t = np.arange(100)
    assert foreseeable(np.sin(t / 5) + 0.01 * noise(100), 1) < 0.3
    assert foreseeable(noise(100), 1) > FORESEEABLE
    assert foreseeable(np.cumsum(noise(100)), 1) > FORESEEABLE


def test_the_better_naive_forecast_is_what_it_is_measured_by():
    t = np.arange(96)
    y = np.random.default_rng(1).normal(size=12)[t % 12] + 0.3 * noise(96)
    assert foreseeable(y, 12) > foreseeable(y, 1)


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_the_unit_does_not_matter(unit):
    y = np.cumsum(noise(90))
    assert foreseeable(unit * y, 1) == pytest.approx(foreseeable(y, 1), rel=1e-6)


def test_networks_need_twenty_groups_and_a_long_or_foreseeable_series():
    smooth = np.sin(np.arange(100) / 5)
    assert networks_may_help(smooth, 1, 25)
    assert not networks_may_help(smooth, 1, 19)
    assert not networks_may_help(noise(149), 1, 149)
    assert networks_may_help(noise(160), 1, 160)
    assert not networks_may_help(np.cumsum(noise(300)), 1, 300)


def test_where_a_season_is_proposed_networks_wait_for_a_long_or_foreseeable_series():
    t = np.arange(400)
    y = noise(12, 1)[t % 12] + 0.5 * noise(400)
    assert not networks_may_help(y[:300], 12, 300, proposed=True)
    assert networks_may_help(y[:300], 12, 300)
    assert networks_may_help(y, 12, 400, proposed=True)
    assert networks_may_help(noise(12, 1)[t[:300] % 12] + np.sin(t[:300] / 5), 12, 300, proposed=True)


def test_the_share_grows_with_length_with_what_can_be_foreseen_and_with_what_was_rehearsed():
    assert networks_share(400, 0.5, 0.0, RECIPE) == pytest.approx(0.5)
    assert networks_share(100, 0.5, 0.0, RECIPE) < 0.2
    assert networks_share(100, 0.1, 0.0, RECIPE) > 0.7
    assert networks_share(800, 0.5, 0.0, RECIPE) > 0.7
    assert networks_share(800, 0.9, 0.0, RECIPE) < 0.6
    assert networks_share(400, 0.5, 0.5, RECIPE) > 0.7
    assert networks_share(600, 0.3, 3.0, RECIPE) == 1.0
    assert networks_share(600, 0.5, -3.0, RECIPE) == 0.0
