import numpy as np
import pytest

from rnn.robustness.level_shifts import without_level_shifts


def noise(points, seed=0):
    return np.random.default_rng(seed).normal(size=points)


@pytest.mark.parametrize("size", [25.0, -25.0])
@pytest.mark.parametrize("at", [6, 30, 50])
def test_what_lies_before_a_jump_that_stays_is_moved_by_it(size, at):
    z = 0.05 * np.arange(60) + noise(60)
    mended = without_level_shifts(z + size * (np.arange(60) >= at))
    np.testing.assert_allclose(mended - size, z, atol=2)
    assert (mended[at:] == (z + size)[at:]).all()


def test_two_are_moved_and_more_are_how_the_series_is():
    t = np.arange(90)
    two = noise(90) + 30.0 * (t >= 30) + 40.0 * (t >= 60)
    assert np.ptp(without_level_shifts(two)) < 8
    many = noise(90) + 30.0 * (t // 18 % 2)
    assert without_level_shifts(many) is many


def test_spikes_bends_noise_and_walks_are_none():
    t = np.arange(60)
    spike = noise(60) + 40.0 * (t == 30)
    newest = noise(60) + 40.0 * (t >= 58)
    bend = 0.1 * noise(60) + 3.0 * np.maximum(t - 30, 0)
    for z in (spike, newest, bend, np.sin(t / 4), np.ones(60), np.arange(5.0)):
        assert without_level_shifts(z) is z
    for seed in range(100):
        assert without_level_shifts(walk := np.cumsum(noise(40, seed))) is walk
        assert without_level_shifts(plain := noise(20, seed)) is plain


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_the_unit_does_not_matter(unit):
    z = noise(60) + 30.0 * (np.arange(60) >= 40)
    np.testing.assert_allclose(without_level_shifts(unit * z) / unit, without_level_shifts(z), rtol=1e-6, atol=1e-6)
