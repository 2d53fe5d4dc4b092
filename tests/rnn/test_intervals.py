import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.intervals import ErrorDistribution, MixedSpread, NoRehearsal, conformal, growth, rank_quantile


@given(st.integers(1, 200), st.floats(0.01, 0.99))
@settings(deadline=None)
def test_the_quantile_is_the_score_of_the_finite_sample_rank(count, level):
    ordered = np.arange(1.0, count + 1)
    assert rank_quantile(ordered, level) == min(np.ceil((count + 1) * level), count)


@pytest.mark.parametrize("count", [9, 19, 40])
def test_a_fresh_score_is_within_the_quantile_at_least_as_often_as_promised(count):
    rng, inside, tries = np.random.default_rng(count), 0, 4000
    for _ in range(tries):
        scores = rng.standard_cauchy(count + 1)
        inside += scores[0] <= rank_quantile(np.sort(scores[1:]), 0.9)
    assert 0.9 - 0.015 <= inside / tries <= 0.9 + 1 / (count + 1) + 0.015


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_growth_of_errors_is_found(power):
    errors = np.random.default_rng(0).normal(size=(20, 20, 6)) * np.arange(1, 21)[:, np.newaxis] ** power
    found = np.log(growth(errors)[-1]) / np.log(20)
    assert found == pytest.approx(min(power, 2), abs=0.25)


def test_intervals_cover_what_they_say_when_errors_are_of_one_kind():
    rng, inside50, inside90 = np.random.default_rng(1), [], []
    steps = np.arange(1, 11)[:, np.newaxis]
    for _ in range(300):
        errors = rng.normal(size=(31, 10, 2)) * steps
        bounds = conformal(np.zeros((10, 2)), errors[1:])
        inside50.append(((bounds.lower50 <= errors[0]) & (errors[0] <= bounds.upper50)).mean(axis=1))
        inside90.append(((bounds.lower90 <= errors[0]) & (errors[0] <= bounds.upper90)).mean(axis=1))
    assert np.mean(inside90) > 0.88
    assert np.mean(inside90, axis=0).min() > 0.8
    assert np.mean(inside50) > 0.47
    assert np.mean(inside90) < 0.93


def test_a_forecast_whose_members_are_further_apart_gets_wider_intervals():
    errors = np.random.default_rng(0).normal(size=(6, 5, 1))
    then, y = np.ones((6, 5)), np.zeros((5, 1))
    near, far = conformal(y, errors, (then, np.ones(5))), conformal(y, errors, (then, np.full(5, 4.0)))
    assert (far.upper90 > near.upper90).all()


def test_no_known_error_is_a_refusal_in_one_line():
    with pytest.raises(NoRehearsal) as refused:
        conformal(np.zeros((3, 1)), np.full((2, 3, 1), np.nan))
    assert "\n" not in str(refused.value)


def test_a_method_that_was_never_wrong_promises_no_error():
    bounds = conformal(np.ones((3, 1)), np.zeros((2, 3, 1)))
    assert (bounds.lower90 == 1).all()
    assert (bounds.upper90 == 1).all()


@given(
    st.integers(1, 8),
    st.integers(1, 20),
    st.integers(1, 6),
    st.integers(0, 2**32),
    st.sampled_from([1e-300, 1.0, 1e300]),
)
@settings(deadline=None)
def test_intervals_are_finite_and_one_within_the_other_for_any_folds(folds, horizon, size, seed, unit):
    rng = np.random.default_rng(seed)
    errors = rng.normal(size=(folds, horizon, size)) * unit
    errors[-1, max(1, horizon // 2) :] = np.nan
    apart = np.abs(rng.normal(size=(folds, horizon))) * unit, np.abs(rng.normal(size=horizon)) * unit
    for known in (None, apart):
        bounds = conformal(np.zeros((horizon, size)), errors, known)
        assert np.isfinite(bounds.upper90).all()
        assert (bounds.lower90 <= bounds.lower50).all()
        assert (bounds.upper50 <= bounds.upper90).all()


def test_mixed_intervals_of_counts_end_at_whole_numbers_within_the_bounds():
    one = ErrorDistribution(np.array([1.3]), np.ones(2), np.array([1.0, 3.0]))
    mixed = MixedSpread(one, one, 0.5, (0.0, 4.0), counts=True)
    low, high = mixed.interval(0.9)
    assert low.tolist() == [0, 1]
    assert high.tolist() == [3, 4]
    assert mixed.reshaped(lambda points: points[:1]).interval(0.9)[1].tolist() == [3]
