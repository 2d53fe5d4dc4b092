from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.datasets.synthetic import example
from rnn.ensemble.model import TrainedEnsemble, combine
from rnn.ensemble.training import train, train_together
from rnn.errors import SeriesTooShort, WavecastError
from rnn.known_inputs import KnownInputs
from rnn.metrics import rmse
from rnn.origins import training_origins
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series, group, ungroup

SMALL = AutoregressiveRecipe(iterations=5, memories=(3, 6, 12), recurrent_memories=(6,), members=20, folds=3)


def rng(seed=0):
    return np.random.default_rng(seed)


def series(y, size=1):
    return group(Series(np.arange(1.0, len(y) + 1), np.asarray(y, dtype=float), 1.0), size)


def wave(points=240, size=4, noise=0.01, seed=0):
    t = np.arange(points)
    return series(np.sin(t / 9) + 0.5 * np.sin(t / 23) + noise * rng(seed).normal(size=points), size)


def test_the_same_stream_gives_the_same_bits_and_another_others():
    one, same, other = (train(wave(), SMALL, rng(seed)) for seed in (1, 1, 2))
    assert all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(one.arrays().values(), same.arrays().values(), strict=True)
    )
    assert not np.array_equal(one.w, other.w)


def test_series_trained_together_are_the_same_as_each_alone():
    several = [wave(240), wave(200, seed=1)]
    together = train_together(several, SMALL, [rng(1), rng(2)], horizon=6)
    for groups, seed, mine in zip(several, (1, 2), together, strict=True):
        alone = train(groups, SMALL, rng(seed), horizon=6)
        np.testing.assert_allclose(mine.forecast(6), alone.forecast(6), rtol=1e-6)


def test_an_ensemble_is_its_arrays():
    trained = train(wave(), SMALL.model_copy(update={"pairs": 0}), rng())
    again = TrainedEnsemble.from_arrays(trained.arrays())
    assert all(array.dtype == np.float64 for array in trained.arrays().values())
    assert np.array_equal(again.forecast(20), trained.forecast(20))
    members, hidden, size = 20, 20, 4
    assert trained.w.shape == (members, hidden, size)
    assert trained.v.shape == (members, hidden, hidden)
    assert trained.b.shape == trained.h.shape == (members, hidden, 1)
    assert trained.z.shape == (members, size, hidden)
    assert trained.c.shape == (members, size, 1)
    assert trained.loss.shape == (5,)
    assert trained.weight.sum() == pytest.approx(1)


def test_a_forecast_is_the_articles_equations_with_a_linear_skip_and_numpy_alone():
    trained, said = train(wave(), SMALL, rng()), []
    for k in range(len(trained.w)):
        unit, centre, spread, low, high, _ = trained.scaling[k]
        past, h, steps = trained.past[k], trained.h[k], []
        for _ in range(3):
            u = np.clip(trained.a[k] @ past[:, np.newaxis] + trained.z[k] @ h + trained.c[k], low, high)
            h = np.tanh(trained.w[k] @ u + trained.v[k] @ h + trained.b[k])
            past = np.concatenate([past, u[:, 0]])[-len(past) :]
            steps.append(unit * (centre + spread * u[:, 0]))
        said.append(steps)
    np.testing.assert_allclose(trained.members(3), said, rtol=1e-9, atol=1e-12)


def test_after_the_same_series_an_ensemble_stands_where_it_was_trained():
    trained = train(wave(), SMALL, rng())
    np.testing.assert_allclose(trained.after(wave()).forecast(5), trained.forecast(5), atol=1e-9)


def test_progress_is_told_step_by_step():
    told = []
    unexplained = SMALL.model_copy(update={"pairs": 0})
    trained = train(wave(), unexplained, rng(), lambda iteration, loss: told.append((iteration, loss)))
    assert [iteration for iteration, _ in told] == [1, 2, 3, 4, 5]
    assert trained.loss[-1] < trained.loss[0]


@given(st.integers(20, 300), st.integers(1, 60))
@settings(deadline=None)
def test_origins_lie_within_the_series(groups, horizon):
    found = training_origins(groups, horizon, 0.55, 5)
    assert found == sorted(set(found))
    assert found[0] > 0
    assert found[-1] < groups


def typical_error(curve, **changes):
    """The geometric mean over four noises, of the 60 points beyond 240."""
    recipe, errors = SMALL.model_copy(update=changes), []
    for seed in range(4):
        groups = series(curve[:240] + 0.003 * rng(seed).normal(size=240), 4)
        errors.append(rmse(train(groups, recipe, rng(), horizon=15).forecast(15), curve[240:].reshape(-1, 4)))
    return np.exp(np.mean(np.log(errors)))


LONG = np.arange(300) / 240


def test_modes_are_left_out_when_they_are_not_asked_for_and_lead_where_they_are_the_truth():
    curve = (1.5 - 0.9 * LONG) * np.sin(7 * LONG + 1) + 0.4 * np.exp(0.5 * LONG) * np.cos(19 * LONG)
    assert typical_error(curve, sections=4) < 0.5 * typical_error(curve, sections=0)


def test_what_explains_a_series_leads_where_rehearsals_mislead():
    """Hardly a wave, under a line: earlier origins have seen too little of it."""
    curve = (0.4 + 1.5 * LONG) * np.sin(6 * LONG)
    assert typical_error(curve, sections=4) < 0.6 * typical_error(curve, sections=4, pairs=0)


BAD = {
    "constant": np.full(120, 3.0),
    "zero": np.zeros(120),
    "one jump": np.where(np.arange(120) < 70, 0.0, 1.0),
    "a jump at the very end": np.where(np.arange(120) < 119, 0.0, 1.0),
    "a spike": np.where(np.arange(120) == 60, 1.0, 0.0),
    "near 1e300": 1e300 * np.sin(np.arange(120) / 9),
    "near 1e-300": 1e-300 * np.sin(np.arange(120) / 9),
    "subnormal": 1e-315 * np.sin(np.arange(120) / 9),
    "a huge offset": 1e12 + np.sin(np.arange(120) / 9),
    "an offset that swallows all": 1e17 + np.sin(np.arange(120) / 9),
    "a line": np.arange(120.0),
    "an exponential": np.exp(np.arange(120) / 4),
    "two values in turn": np.arange(120) % 2.0,
    "positive and wild": np.exp(2 * np.random.default_rng(0).normal(size=120)),
}


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("y", BAD.values(), ids=BAD)
def test_strange_series_give_a_finite_forecast_with_ordered_intervals(y, size):
    trained = train(series(y, size), SMALL, rng(), horizon=8)
    ahead, bounds = trained.forecast_and_intervals(8)
    assert bounds is not None
    assert all(np.isfinite(a).all() for a in (ahead, bounds.lower90, bounds.upper90))
    assert (bounds.lower90 <= bounds.lower50).all()
    assert (bounds.lower50 <= ahead).all()
    assert (ahead <= bounds.upper50).all()
    assert (bounds.upper50 <= bounds.upper90).all()


@pytest.mark.parametrize("value", [0.0, 0.1, -5.0, 1e300, 1e-300])
def test_a_constant_goes_on_exactly(value):
    assert (train(series(np.full(80, value)), SMALL, rng()).forecast(5) == value).all()


@pytest.mark.parametrize("y", [[np.nan, *range(99)], [np.inf, *range(99)], [1e307, *range(99)]])
def test_what_cannot_be_computed_with_is_refused_in_one_line(y):
    with pytest.raises(WavecastError) as refused:
        train(series(y), SMALL, rng())
    assert "\n" not in str(refused.value)


def test_too_few_groups_are_refused_and_just_enough_are_taken():
    for size, groups in ((1, 7), (4, 2)):
        with pytest.raises(SeriesTooShort, match=f"at least {groups}"):
            train(wave(size * (groups - 1), size), SMALL, rng())
        trained = train(wave(size * groups, size), SMALL, rng(), horizon=20)
        assert np.isfinite(trained.forecast(20)).all()


def test_networks_are_trained_where_there_are_groups_enough_and_something_to_foresee():
    assert train(wave(4 * 20), SMALL, rng()).networks
    assert not train(wave(4 * 19), SMALL, rng()).networks
    noise = rng().normal(size=160)
    assert not train(series(noise[:80]), SMALL, rng()).networks
    linear, trained = train(series(noise[:120]), SMALL, rng()), train(series(noise), SMALL, rng())
    assert linear.networks and not linear.z.any() and not len(linear.loss)
    assert len(trained.loss) == SMALL.iterations


def test_an_ensemble_without_networks_is_its_arrays_and_goes_on_elsewhere():
    y = 10 + np.cumsum(rng().normal(size=60))
    short, longer = (train(series(y[:count]), SMALL, rng(), horizon=6) for count in (50, 60))
    again = TrainedEnsemble.from_arrays(short.arrays())
    assert all(array.dtype == np.float64 for array in short.arrays().values())
    np.testing.assert_array_equal(again.forecast(6), short.forecast(6))
    np.testing.assert_array_equal(
        again.forecast_and_intervals(6)[1].upper90, short.forecast_and_intervals(6)[1].upper90
    )
    moved = short.after(series(y)).forecast(6)
    assert not np.array_equal(moved, short.forecast(6))
    np.testing.assert_allclose(moved, longer.forecast(6), atol=2)


def test_a_file_of_an_older_ensemble_is_read_as_networks_alone():
    trained = train(wave(), SMALL, rng())
    old = {name: array for name, array in trained.arrays().items() if name not in {"share", *trained.pool.arrays()}}
    again = TrainedEnsemble.from_arrays(old)
    assert again.pool is None
    np.testing.assert_allclose(again.forecast(20), combine(again.members(20), again.weight, 0.25))
    assert again.forecast_and_intervals(20)[1] is not None


def test_forecasts_and_intervals_keep_to_the_bounds():
    y = 5 + np.cumsum(rng(1).normal(size=80))
    for groups in (series(y), wave()):
        last = float(groups.y[-1, -1, 0])
        bounded = replace(groups, bounds=(last - 0.1, last + 0.1))
        ahead, around = train(bounded, SMALL, rng(), horizon=10).forecast_and_intervals(10)
        for bound in (ahead, around.lower90, around.upper90):
            assert (bound >= last - 0.1).all()
            assert (bound <= last + 0.1).all()


@pytest.mark.parametrize("size", [1, 4])
def test_a_positive_series_stays_positive(size):
    y = np.exp(np.cumsum(rng(3).normal(-0.05, 0.3, size=80)))
    ahead, around = train(series(y, size), SMALL, rng(), horizon=20).forecast_and_intervals(20)
    assert (ahead > 0).all()
    assert (around.lower90 > 0).all()


@given(st.integers(7, 60), st.integers(1, 5), st.integers(1, 30), st.integers(0, 2**32))
@settings(deadline=None, max_examples=15)
def test_any_shape_of_series_and_horizon_is_served(groups, size, horizon, seed):
    y = rng(seed).normal(size=groups * size).cumsum()
    ahead = train(series(y, size), SMALL, rng(seed), horizon=horizon).forecast(horizon)
    assert ahead.shape == (horizon, size)
    assert np.isfinite(ahead).all()


@pytest.mark.parametrize("factor", [2.0**-40, 2.0**60])
def test_the_unit_does_not_matter(factor):
    groups = wave()
    there = series(ungroup(groups).y * factor, 4)
    np.testing.assert_allclose(
        train(there, SMALL, rng()).forecast(5), factor * train(groups, SMALL, rng()).forecast(5), rtol=1e-6
    )


def test_the_frozen_defaults_hold_a_loose_bound_on_generated_series():
    """Mean error relative to repeating the last value, over ten series; docs/defaults.md has the real table."""
    errors = []
    for number in range(100, 110):
        one = example(number, seed=3)
        trained = train(one.groups, AutoregressiveRecipe(), rng(), horizon=len(one.truth))
        naive = rmse(np.full(one.truth.shape, one.groups.y[-1, -1, 0]), one.truth)
        errors.append(np.log(rmse(trained.forecast(len(one.truth)), one.truth) / naive))
    assert np.exp(np.mean(errors)) < 0.5


def worst_error(curve, spoil):
    """Over four noises of deviation 0.003 that `spoil` changes, of the 60 points beyond 240."""
    errors = []
    for seed in range(3, 7):
        y = curve[:240] + spoil(0.003 * rng(seed).normal(size=240))
        errors.append(rmse(train(series(y, 4), SMALL, rng(), horizon=15).forecast(15), curve[240:].reshape(-1, 4)))
    return max(errors)


def test_a_wave_is_known_through_noise_that_remembers():
    def remember(shocks):
        for i in range(1, len(shocks)):
            shocks[i] += 0.7 * shocks[i - 1]
        return shocks

    assert worst_error((0.3 + 1.2 * LONG) * np.sin(12 * LONG + 0.5), remember) < 0.03


def test_a_wave_is_known_in_spite_of_spikes():
    def spike(shocks):
        shocks[[40, 120, 201]] += [0.3, -0.3, 0.3]
        return shocks

    assert worst_error(np.sin(9 * LONG), spike) < 0.003


def test_a_short_walk_is_not_forecast_to_run_away():
    """It stays within one and a half times what it moved at most in such a time."""
    for seed in range(5):
        y = 50 + rng(seed).normal(size=40).cumsum()
        ahead = train(series(y), SMALL, rng(), horizon=8).forecast(8)
        assert y.min() - 1.5 * np.ptp(y) <= ahead.min()
        assert ahead.max() <= y.max() + 1.5 * np.ptp(y)


def told_ahead(points=240, horizon=5, size=4, seed=0):
    """A wave that grows on some days that are known ahead, so that what these add depends on the wave."""
    t, ahead = np.arange(points), rng(seed).random(points + horizon * size) < 0.2
    y = (2 + np.sin(t / 9)) * (1 + 0.5 * ahead[:points]) + 0.01 * rng(seed).normal(size=points)
    known = KnownInputs(("promotion",), ahead[:, np.newaxis].astype(float))
    return group(Series(t + 1.0, y, 1.0, known=known), size)


def other_ahead(groups):
    """The same groups, with other inputs after their end."""
    values = groups.known.values.copy()
    values[groups.y.size :] = 1 - values[groups.y.size :]
    return replace(groups, known=replace(groups.known, values=values))


def test_networks_see_inputs_known_ahead():
    trained = train(told_ahead(), SMALL, rng(), horizon=5)
    seeing = np.any(trained.w[:, :, 4:] != 0, axis=(1, 2)) & np.any(trained.z != 0, axis=(1, 2))
    assert trained.w.shape[2] == 8
    assert 0 < seeing.sum() < len(seeing)
    moved = trained.after(other_ahead(told_ahead())).members(5) - trained.members(5)
    assert np.abs(moved[seeing]).max() > 1e-4
    assert np.abs(moved[~seeing]).max() < 1e-9
    assert np.array_equal(TrainedEnsemble.from_arrays(trained.arrays()).forecast(5), trained.forecast(5))


def test_after_the_same_series_and_inputs_an_ensemble_stands_where_it_was_trained():
    trained = train(told_ahead(), SMALL, rng(), horizon=5)
    np.testing.assert_allclose(trained.after(told_ahead()).members(5), trained.members(5), atol=1e-9)


def test_series_with_inputs_and_without_are_trained_together_as_each_alone():
    several = [wave(240), told_ahead()]
    together = train_together(several, SMALL, [rng(1), rng(2)], horizon=5)
    for groups, seed, mine in zip(several, (1, 2), together, strict=True):
        alone = train(groups, SMALL, rng(seed), horizon=5)
        np.testing.assert_allclose(mine.forecast(5), alone.forecast(5), rtol=1e-6)
