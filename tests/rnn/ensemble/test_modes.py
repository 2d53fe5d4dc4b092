import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.ensemble.modes import Fit, descend, fit_sections, follow, responses, sizes

T = np.arange(100) / 100


def rng(seed=0):
    return np.random.default_rng(seed)


def residual_of_best(rows, y):
    return y - rows @ np.linalg.lstsq(rows, y, rcond=None)[0]


@pytest.mark.parametrize(
    ("sections", "curve"),
    [
        ([[0.0, 81.0]], np.sin(9 * T + 1) + 3),
        ([[-1.4, 0.49 + 81]], np.exp(0.7 * T) * np.cos(9 * T) - 1),
        ([[0.0, 81.0], [0.0, 81.0]], (1 - 2 * T) * np.sin(9 * T + 1)),
        ([[0.0, 0.0]], 2 - 5 * T),
        ([[3.0, 2.0]], np.exp(-T) + np.exp(-2 * T)),
        ([[1.0, 300.0], [0.0, 25.0]], np.exp(-T / 2) * np.sin(np.sqrt(299.75) * T) + np.cos(5 * T)),
    ],
    ids=["a steady wave", "a growing one", "one that changes linearly", "a line", "two exponentials", "two waves"],
)
def test_the_chain_can_do_what_its_sections_say(sections, curve):
    rows = responses(np.array([sections]), np.array([0.01]), 100)[0]
    assert rows.shape == (100, 2 * len(sections) + 1)
    assert np.abs(residual_of_best(rows, curve)).max() < 1e-9


def test_the_derivative_is_that_of_the_residual_where_the_fit_is_exact():
    """Kaufman leaves out a term that is proportional to the residual."""
    sections, lengths = np.array([[[0.5, 70.0], [-0.5, 300.0]]]), np.array([100])
    y = (responses(sections, 1 / lengths, 100)[0] @ rng().normal(size=5))[np.newaxis]
    told = Fit(sections, y, lengths).derivative(sections, lengths)[0]
    for k in range(4):
        nudge = 1e-6 * (sizes(sections) * np.eye(4)[k]).reshape(sections.shape)
        there, back = (Fit(sections + sign * nudge, y, lengths).residual[0] for sign in (1, -1))
        np.testing.assert_allclose(told[:, k], (there - back) / 2e-6, rtol=1e-3, atol=1e-5 * np.abs(told).max())


def test_what_a_noisy_series_is_made_of_is_found_also_where_a_wave_grows_linearly():
    curve = (1.3 - 0.8 * T) * np.sin(9 * T + 0.3) + 0.5 * np.exp(0.7 * T) * np.cos(23 * T)
    y = curve + 0.003 * rng().normal(size=100)
    found = fit_sections([y], 4)
    left = [np.std(residual_of_best(responses(m, np.array([0.01]), 100)[0], y)) for m in found]
    assert left[1] > 0.0045
    assert left[2] < 0.0035


def test_more_descent_leaves_no_more_and_series_do_not_disturb_each_other():
    y = np.stack([np.sin(9 * T) + 0.1 * rng().normal(size=100), np.cos(5 * T) * T])
    starts, lengths = np.array([[[1.0, 60.0]], [[0.0, 30.0]]]), np.array([100, 100])
    sections, left = descend(starts, y, lengths)
    assert (left <= Fit(starts, y, lengths).cost).all()
    for k in range(2):
        alone, mine = descend(starts[k : k + 1], y[k : k + 1], lengths[:1])
        np.testing.assert_allclose(sections[k], alone[0], rtol=1e-6)
        np.testing.assert_allclose(left[k], mine[0], rtol=1e-6)


def test_series_of_different_lengths_are_fitted_each_in_its_own_time():
    pace = np.sqrt(fit_sections([np.sin(8 * T), np.sin(8 * T[:60])], 1)[0][:, 0, 1])
    np.testing.assert_allclose(pace, [8, 8 * 0.6], rtol=1e-3)


def test_following_goes_on_with_the_wave():
    curve = np.exp(0.3 * np.arange(126) / 120) * np.sin(np.arange(126) / 13) + 5
    sections = np.array([[-0.6, 0.09 + (120 / 13) ** 2]])
    np.testing.assert_allclose(follow(sections[np.newaxis], 6, 120)[0] @ curve[:120], curve[120:], rtol=1e-9)


@given(
    st.integers(8, 90), st.integers(1, 5), st.sampled_from(["walk", "constant", "jump", "spike"]), st.integers(0, 99)
)
@settings(deadline=None, max_examples=30)
def test_any_series_is_given_sections_that_can_be_followed(points, most, shape, seed):
    y = {
        "walk": rng(seed).normal(size=points).cumsum(),
        "constant": np.zeros(points),
        "jump": np.where(np.arange(points) < points // 2, 0.0, 1.0),
        "spike": np.where(np.arange(points) == points // 2, 1.0, 0.0),
    }[shape]
    for m, sections in enumerate(fit_sections([y, y[: points // 2]], most), 1):
        assert sections.shape == (2, m, 2)
        assert np.isfinite(sections).all()
        assert np.isfinite(follow(sections, 3, points)).all()
