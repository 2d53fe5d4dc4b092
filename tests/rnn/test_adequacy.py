import numpy as np
import pytest

from rnn.adequacy import explain, whiteness
from rnn.modes import fit_sections, follow

T = np.arange(240) / 240


def explained(y, most=4, pairs=50):
    fits = [one[0] for one in fit_sections([y.reshape(-1, 4).mean(axis=1)], most)]
    return explain(fits, y, 4, pairs, np.random.default_rng(1))


def noise(seed=0, size=240):
    return np.random.default_rng(seed).normal(size=size)


def test_of_white_noises_one_share_is_as_likely_as_another():
    shares = np.sort([whiteness(noise(seed, 400)) for seed in range(1000)])
    assert 0.92 < np.mean(shares > 0.05) < 0.97
    assert 0.4 < shares[500] < 0.6


@pytest.mark.parametrize(
    "other", [np.sin(T * 20), np.cumsum(noise()), noise() + 0.8 * np.roll(noise(), 1), np.zeros(240), np.full(240, 3.0)]
)
def test_what_is_not_noise_does_not_pass(other):
    assert whiteness(other) < 1e-4


def test_a_series_that_its_modes_explain_is_explained_and_its_noise_known():
    y = (1.3 - 0.8 * T) * np.sin(9 * T + 0.3) + 0.01 * noise()
    found = explained(y)
    assert found.sections.shape == (100, 2, 2)
    assert found.noise == pytest.approx(0.01, rel=0.1)
    assert found.belief == 1


def test_what_is_left_over_is_believed_the_less_the_less_it_looks_like_noise():
    curve, white = np.sin(9 * T), noise()
    beliefs = [explained(curve + 0.01 * (white + share * np.roll(white, 1)), 1).belief for share in (0, 0.2, 0.27)]
    assert beliefs[0] == 1
    assert 1 > beliefs[1] > beliefs[2] > 0


@pytest.mark.parametrize(
    "y", [np.cumsum(noise()), np.abs(np.sin(9 * T)) + 1e-3 * noise(), np.where(T < 0.5, 0.0, 1.0), np.zeros(240)]
)
def test_what_they_do_not_explain_is_not_explained(y):
    assert explained(y) is None


def test_the_two_of_a_pair_lie_on_opposite_sides():
    found = explained(np.sin(9 * T) * np.exp(T) + 0.01 * noise(), pairs=3).sections
    middle = (found[:3] + found[3:]) / 2
    np.testing.assert_allclose(middle, np.broadcast_to(middle[0], middle.shape))


def test_what_is_drawn_lies_apart_as_far_as_forecasts_from_other_noise_do():
    curve = np.exp(0.4 * T) * np.sin(7 * T)
    forecasts = []
    for seed in range(60):
        y = curve + 0.02 * noise(seed)
        sections = fit_sections([y.reshape(-1, 4).mean(axis=1)], 1)[0]
        forecasts.append((follow(sections, 60, 240) @ y)[0, -1])
    y = curve + 0.02 * noise(99)
    drawn = (follow(explained(y, 1, 200).sections, 60, 240) @ y)[:, -1]
    assert np.std(drawn) == pytest.approx(np.std(forecasts), rel=0.35)


def test_a_law_without_anything_to_choose_is_drawn_as_it_is():
    found = explained(1 + 2 * T + 0.3 * noise(), 1, 2)
    assert np.isfinite(found.sections).all()
