import numpy as np
import pytest

from rnn.ensemble.explanation import believed, explain, grid_of, whiteness
from rnn.ensemble.modes import fit_sections, follow

T = np.arange(240) / 240


def explained(y, most=4, pairs=50, size=4, grid=0.0):
    fits = [one[0] for one in fit_sections([y.reshape(-1, size).mean(axis=1)], most)]
    return explain(fits, y, size, pairs, np.random.default_rng(1), grid)


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
    assert sum(len(drawn) for drawn in found.sections) == 100
    assert found.noise == pytest.approx(0.01, rel=0.1)
    assert found.belief == 1


def test_what_is_left_over_is_believed_the_less_the_less_it_looks_like_noise():
    curve, white = np.sin(9 * T), noise()
    shares = (0, 0.27, 0.45, 0.5)
    beliefs = [explained(curve + 0.01 * (white + share * np.roll(white, 3)), 1).belief for share in shares]
    assert beliefs[0] == beliefs[1] == 1  # a tenth of the variance makes no difference
    assert 1 > beliefs[2] > beliefs[3] > 0


def test_of_two_hundred_noises_none_is_doubted_and_what_carries_much_on_is():
    assert min(believed(noise(seed, 600)) for seed in range(200)) == 1
    assert believed(noise(1, 600) + 0.8 * np.roll(noise(1, 600), 2)) < 0.1


@pytest.mark.parametrize(
    "y", [np.cumsum(noise()), np.abs(np.sin(9 * T)) + 1e-3 * noise(), np.where(T < 0.5, 0.0, 1.0), np.zeros(240)]
)
def test_what_they_do_not_explain_is_not_explained(y):
    assert explained(y) is None


def test_the_two_of_a_pair_lie_on_opposite_sides():
    for found in explained(np.sin(9 * T) * np.exp(T) + 0.01 * noise(), pairs=3).sections:
        half = len(found) // 2
        middle = (found[:half] + found[half:]) / 2
        np.testing.assert_allclose(middle, np.broadcast_to(middle[0], middle.shape))


def test_what_is_drawn_lies_apart_as_far_as_forecasts_from_other_noise_do():
    curve = np.exp(0.4 * T) * np.sin(7 * T)
    forecasts = []
    for seed in range(60):
        y = curve + 0.02 * noise(seed)
        sections = fit_sections([y.reshape(-1, 4).mean(axis=1)], 1)[0]
        forecasts.append((follow(sections, 60, 240) @ y)[0, -1])
    y = curve + 0.02 * noise(99)
    drawn = np.concatenate([follow(one, 60, 240) @ y for one in explained(y, 1, 200).sections])[:, -1]
    assert np.std(drawn) == pytest.approx(np.std(forecasts), rel=0.35)


def test_a_law_without_anything_to_choose_is_drawn_as_it_is():
    found = explained(1 + 2 * T + 0.3 * noise(), 1, 2)
    assert all(np.isfinite(drawn).all() for drawn in found.sections)


def carried(phi, seed=0, size=240):
    """Noise that carries a part `phi` of itself on from point to point, of deviation 1."""
    shocks, y = noise(seed, size + 100) * np.sqrt(1 - phi**2), np.zeros(size + 100)
    for i in range(1, len(y)):
        y[i] = phi * y[i - 1] + shocks[i]
    return y[100:]


def test_noise_that_remembers_is_noise():
    found = explained(np.sin(9 * T) + 0.01 * carried(0.7), 2)
    assert found.belief > 0.9
    assert found.noise == pytest.approx(0.01, rel=0.3)


def test_of_noise_that_remembers_less_is_learned():
    curve = np.exp(0.4 * T) * np.sin(7 * T)
    apart = [
        np.std(np.concatenate([follow(one, 60, 240) @ y for one in explained(y, 1, 200).sections])[:, -1])
        for y in (curve + 0.01 * noise(), curve + 0.01 * carried(0.7))
    ]
    assert apart[1] > 1.5 * apart[0]


def test_values_rounded_to_a_grid_are_explained_where_only_rounding_is_left():
    y = np.round(np.sin(9 * T) + 0.001 * noise(), 1)
    assert explained(y, 2) is None or explained(y, 2).belief < 0.5
    assert explained(y, 2, grid=0.1).belief > 0.9


@pytest.mark.parametrize("points", [25, 40, 60, 120])
def test_walks_of_chance_are_hardly_ever_explained(points):
    walks = [np.cumsum(noise(1000 * points + seed, points)) for seed in range(40)]
    beliefs = [one.belief if (one := explained(y / np.std(y), size=1)) else 0.0 for y in walks]
    assert np.mean(np.array(beliefs) > 0.5) <= 0.05


def test_an_explanation_needs_twelve_points_an_unknown():
    y = np.sin(9 * T[:59]) + 0.001 * noise(0, 59)
    assert explained(y, 1, size=1) is None
    assert explained(np.sin(9 * T[:60]) + 0.001 * noise(0, 60), 1, size=1).belief > 0.99


@pytest.mark.parametrize(
    ("y", "grid"),
    [
        (np.round(10 * np.sin(9 * T), 1), 0.1),
        (np.round(30 * np.sin(9 * T)) * 5.0, 5.0),
        (np.round(1000 * np.sin(9 * T)), 0.0),
        (np.sin(9 * T), 0.0),
        (np.zeros(240), 0.0),
        (np.arange(240) % 2, 0.0),
    ],
    ids=["tenths", "fives", "hardly two alike", "not rounded", "nothing", "two values"],
)
def test_the_grid_of_rounded_values_is_found(y, grid):
    assert grid_of(y) == pytest.approx(grid)
