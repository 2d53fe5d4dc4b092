import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.ensemble.known_regression import regress

T = np.arange(300)
WEEK = 100 + 12 * np.sin(2 * np.pi * T / 7)


def switched(rng, share=0.1):
    return (rng.random(len(T)) < share).astype(float)


@given(st.integers(0, 2**32 - 1), st.floats(-50, 50), st.floats(0.01, 100))
@settings(max_examples=30, deadline=None)
def test_the_effect_is_recovered_exactly_where_nothing_else_is_unforeseen(seed, effect, unit):
    promotion = switched(np.random.default_rng(seed))
    found = regress(unit * (WEEK + 0.05 * T + effect * promotion), promotion[:, np.newaxis], (7,))
    assert found.coefficient[0] == pytest.approx(unit * effect, rel=1e-4, abs=1e-4 * unit)


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=30, deadline=None)
def test_the_effect_is_within_its_errors_beside_noise_and_a_walk(seed, walks):
    rng = np.random.default_rng(seed)
    promotion, noise = switched(rng), rng.normal(0, 3, len(T))
    y = WEEK + 30 * promotion + (np.cumsum(noise) if walks else noise)
    found = regress(y, np.stack([promotion, rng.normal(size=len(T))], axis=1), (7,))
    assert abs(found.coefficient[0] - 30) < 6 * found.error[0]
    assert found.error[0] < 2
    assert abs(found.coefficient[1]) < 6 * found.error[1]


def test_most_inputs_that_are_noise_have_no_effect_at_all():
    rng = np.random.default_rng(0)
    y = WEEK + rng.normal(0, 3, len(T))
    found = [regress(y, rng.normal(size=(len(T), 1)), (7,)).coefficient[0] for _ in range(100)]
    assert 75 <= sum(one == 0 for one in found) <= 95  # chi-squared: 84 %


def test_an_effect_is_beside_what_is_usual():
    temperature = 20 + np.random.default_rng(0).normal(size=len(T))
    found = regress(3 * temperature, temperature[:, np.newaxis], ())
    assert found.usual[0] == np.median(temperature)
    assert found.at(np.array([[found.usual[0]], [found.usual[0] + 2]])) == pytest.approx([0, 6])


@pytest.mark.parametrize("points", [2, 5, 9, 300])
def test_what_never_changes_or_is_too_short_has_no_effect(points):
    found = regress(WEEK[:points], np.ones((points, 1)), (7,))
    assert found.coefficient.tolist() == [0]
    assert found.error.tolist() == [np.inf]
    assert regress(np.ones(points), switched(np.random.default_rng(0))[:points, np.newaxis]).coefficient.tolist() == [0]


def test_inputs_that_repeat_each_other_share_the_effect():
    rng = np.random.default_rng(0)
    promotion = switched(rng)
    found = regress(WEEK + 30 * promotion + rng.normal(0, 3, len(T)), np.stack([promotion] * 2, axis=1), (7,))
    assert np.isfinite(found.coefficient).all()
    assert abs(found.coefficient).max() < 60
