import numpy as np
import pytest

from rnn.robustness.outliers import without_outliers, without_spikes

T = np.arange(300) / 300


def noisy(curve, seed=0, noise=0.01):
    return curve + noise * np.random.default_rng(seed).normal(size=len(curve))


@pytest.mark.parametrize("at", [0, 1, 2, 150, 297, 298, 299])
@pytest.mark.parametrize("size", [0.8, -1e6])
def test_a_single_spike_is_put_where_its_neighbours_would_have_it(at, size):
    y = noisy(np.sin(9 * T))
    spiky = y.copy()
    spiky[at] += size
    mended = without_spikes(spiky)
    assert abs(mended[at] - y[at]) < 0.15
    np.testing.assert_array_equal(np.delete(mended, at), np.delete(y, at))


def test_one_point_in_a_hundred_may_be_one():
    y, at = noisy(np.sin(9 * T)), [50, 120, 210]
    spiky = y.copy()
    spiky[at] += 0.5
    assert np.flatnonzero(without_spikes(spiky) != spiky).tolist() == at


@pytest.mark.parametrize("apart", [1, 2, 3, 4])
@pytest.mark.parametrize("second", [0.5, -0.5])
def test_two_spikes_side_by_side_are_both_put_right(apart, second):
    y, at = noisy(np.sin(9 * T)), [100, 100 + apart]
    spiky = y.copy()
    spiky[at] += [0.5, second]
    mended = without_spikes(spiky)
    assert np.abs(mended[at] - y[at]).max() < 0.1
    np.testing.assert_array_equal(np.delete(mended, at), np.delete(y, at))


@pytest.mark.parametrize(
    "y",
    [
        noisy(np.sin(9 * T)),
        noisy(np.where(T < 0.5, 0.0, 1.0)),
        noisy(np.abs(np.sin(9 * T)), noise=1e-4),
        np.cumsum(np.random.default_rng(1).normal(size=300)),
        np.random.default_rng(2).standard_t(2, size=300),
        np.sign(np.sin(60 * T)),
        np.zeros(300),
        np.arange(300.0),
        np.where(np.arange(30) == 15, 9.0, noisy(np.zeros(30))),
    ],
    ids=["a wave", "a step", "cusps", "a walk", "heavy tails", "a square", "nothing", "a line", "too short"],
)
def test_what_belongs_there_stays(y):
    assert without_spikes(y) is y


def test_what_comes_back_every_season_is_no_outlier():
    y = noisy(np.zeros(300))
    y[[100, 200]] += 1
    assert without_spikes(y, 100) is y
    assert (without_spikes(y)[[100, 200]] != y[[100, 200]]).all()


def walk(points=80, seed=0):
    return np.cumsum(np.random.default_rng(seed).normal(size=points))


def test_a_single_huge_value_is_brought_back_and_all_others_stay():
    y = walk()
    spoiled = y.copy()
    spoiled[30] += 500
    mended = without_outliers(spoiled)
    assert abs(mended[30] - y[30]) < 5
    np.testing.assert_array_equal(np.delete(mended, 30), np.delete(y, 30))


def test_a_level_shift_the_newest_points_and_usual_noise_are_no_outliers():
    for y in (walk(), np.where(np.arange(80) < 50, 0.0, 100.0) + walk(), np.append(walk(79), 500.0)):
        np.testing.assert_array_equal(without_outliers(y), y)


def test_what_comes_every_season_is_none():
    y = np.tile([0.0] * 11 + [50.0], 6) + 0.1 * walk(72)
    np.testing.assert_array_equal(without_outliers(y, 12), y)


def test_a_constant_series_with_one_spike_is_constant():
    assert (without_outliers(np.where(np.arange(40) == 20, 1e6, 1.0)) == 1).all()
