from dataclasses import replace

import numpy as np
import pytest

from rnn import Autoregressive, RidgeAutoregression, Series, load
from rnn.ensemble.known_effect import REHEARSALS, KnownEffect, _origins, without_effect
from rnn.ensemble.model import TrainedEnsemble
from rnn.known_inputs import KnownInputs, NotKnownAhead
from rnn.seasonality import Seasons
from rnn.series import group

POINTS, AHEAD = 150, 14


def sales(seed=0, effect=30.0, useless=False, noise=3.0):
    """A series with a promotion known ahead, or with an input that is noise; and what follows."""
    rng = np.random.default_rng(seed)
    t = np.arange(POINTS + AHEAD)
    promotion = (rng.random(len(t)) < 0.15).astype(float)
    y = 100 + 12 * np.sin(2 * np.pi * t / 7) + effect * promotion + rng.normal(0, noise, len(t))
    inputs = rng.normal(size=len(t)) if useless else promotion
    known = KnownInputs(("promotion",), inputs[:, np.newaxis])
    return Series(x=t[:POINTS] + 0.0, y=y[:POINTS], step=1.0, seasons=Seasons((7,)), known=known), y[POINTS:]


def rmse(method, series, truth):
    return float(np.sqrt(np.mean((method.fit(series, AHEAD).predict(AHEAD).mean - truth) ** 2)))


@pytest.mark.parametrize("method", [Autoregressive, RidgeAutoregression])
def test_what_is_known_ahead_is_forecast(method):
    series, truth = sales()
    assert rmse(method(), series, truth) < 0.5 * rmse(method(), replace(series, known=None), truth)


@pytest.mark.parametrize("seed", range(6))
def test_an_input_that_is_noise_hurts_by_no_more_than_a_twentieth(seed):
    series, truth = sales(seed, useless=True)
    plain = replace(series, known=None)
    assert rmse(RidgeAutoregression(), series, truth) <= 1.05 * rmse(RidgeAutoregression(), plain, truth)


def test_rehearsals_say_how_much_the_effect_counts():
    effect = KnownEffect.of(sales()[0], AHEAD)
    assert effect.weight > 0.9
    assert effect.rehearsed[1] < 0.5 * effect.rehearsed[0]
    series, _ = sales()
    broken = series.y.copy()
    broken[100:] -= 60 * series.known.values[100:POINTS, 0]  # from here on a promotion takes away what it added
    assert KnownEffect.of(replace(series, y=broken), AHEAD).weight < 0.6


def test_later_points_do_not_change_what_is_known_at_an_origin():
    series, _ = sales()
    then = KnownEffect.of(series.first(100), AHEAD)
    other = replace(series, y=np.concatenate([series.y[:100], -series.y[100:]]))
    assert np.array_equal(KnownEffect.of(other.first(100), AHEAD).effects.coefficient, then.effects.coefficient)


def test_a_series_without_inputs_is_as_it_was():
    series = replace(sales()[0], known=None)
    groups = group(series, 7)
    same, effect = without_effect(groups, 2)
    assert same is groups
    assert effect is None
    trained = Autoregressive().fit(series, AHEAD).ensemble
    assert not [name for name in trained.arrays() if name.startswith("known")]


def test_what_lies_beyond_is_refused_and_what_does_not_fill_a_group_is_not():
    series, _ = sales()
    for method in (Autoregressive(group_size=4), RidgeAutoregression()):
        fitted = method.fit(series, AHEAD)
        assert len(fitted.predict(AHEAD).mean) == AHEAD
        for points in (AHEAD + 1, 40):
            with pytest.raises(NotKnownAhead, match=f"known 14 points beyond the last value, and {points} are"):
                fitted.predict(points)


def test_intervals_go_with_the_effect_and_keep_bounds():
    series, truth = sales()
    forecast = Autoregressive().fit(series, AHEAD).predict(AHEAD)
    lower, upper = forecast.interval(90)
    assert (lower <= forecast.mean).all()
    assert (forecast.mean <= upper).all()
    assert np.mean((lower <= truth) & (truth <= upper)) > 0.7
    low = Autoregressive().fit(replace(series, bounds=(0.0, 110.0)), AHEAD).predict(AHEAD)
    assert max(low.mean.max(), low.interval(90)[1].max()) <= 110


@pytest.mark.parametrize("method", [Autoregressive, RidgeAutoregression])
def test_a_saved_forecaster_says_the_same(tmp_path, method):
    fitted = method().fit(sales()[0], AHEAD)
    fitted.save(tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    assert np.array_equal(again.predict(AHEAD).mean, fitted.predict(AHEAD).mean)
    assert again.series.known.names == ("promotion",)
    with pytest.raises(NotKnownAhead):
        again.predict(AHEAD + 1)


def test_what_was_trained_goes_on_where_another_series_ends():
    series, _ = sales()
    early = replace(series.first(POINTS - 14))
    fitted = Autoregressive().fit(early, AHEAD)
    moved = fitted.moved_to(series)
    assert moved.ensemble.effect.effects is fitted.ensemble.effect.effects
    assert len(moved.ensemble.effect.ahead) == AHEAD
    assert rmse_of(moved, series) < 10
    arrays = moved.ensemble.arrays()
    assert np.array_equal(TrainedEnsemble.from_arrays(arrays).forecast(2), moved.ensemble.forecast(2))
    with pytest.raises(NotKnownAhead, match="trained with the inputs promotion, and the data have none"):
        fitted.moved_to(replace(series, known=None))


def rmse_of(fitted, series):
    return float(np.sqrt(np.mean((fitted.predict(AHEAD).mean - sales()[1]) ** 2)))


def holidays(points, seed=0):
    """A series whose holidays, the same eleven days a year, have effects that differ: some have none."""
    rng = np.random.default_rng(seed)
    t = np.arange(points + AHEAD)
    days, effects = rng.choice(365, 11, replace=False), -20 * (1 + rng.uniform(-1, 1, 11))
    sizes = np.zeros(365)
    sizes[days] = effects
    y = 100 + 12 * np.sin(2 * np.pi * t / 7) + np.cumsum(rng.normal(0, 0.3, len(t))) + rng.normal(0, 4, len(t))
    known = KnownInputs(("holidays",), (sizes[t % 365] != 0).astype(float)[:, np.newaxis])
    y = y + sizes[t % 365]
    return Series(x=t[:points] + 0.0, y=y[:points], step=1.0, seasons=Seasons((7,)), known=known)


def test_the_weight_of_rare_and_unlike_events_is_steady():
    weights = [KnownEffect.of(holidays(1300).first(points), AHEAD).weight for points in (880, 964, 1076, 1188, 1286)]
    assert np.std(weights) < 0.15
    assert min(weights) > 0.6


def test_rehearsals_are_where_an_input_changes():
    inputs = np.zeros((200, 1))
    inputs[[20, 130, 181]] = 1.0
    origins = _origins(inputs, 200, 10)
    assert [origin for origin in origins if 1.0 in inputs[origin : origin + 10]] == origins
    assert len(origins) == 2
    assert _origins(np.ones((200, 1)), 200, 10) == []
    assert len(_origins(np.arange(900.0)[:, np.newaxis], 900, 10)) == REHEARSALS


def test_networks_see_inputs_in_units_of_their_spread_and_as_usual_beyond_what_is_known():
    effect = KnownEffect.of(sales()[0], AHEAD)
    seen = effect.seen(np.array([[0.0], [1.0]]), 3)
    assert seen[:, 0].tolist() == [0.0, 1 / sales()[0].known.values[:POINTS].std(), 0.0]
    still = replace(effect, spread=np.zeros(1))
    assert not still.seen(np.array([[5.0]]), 1).any()


def test_an_older_file_has_no_spread():
    arrays = KnownEffect.of(sales()[0], AHEAD).arrays()
    del arrays["known_spread"]
    assert KnownEffect.from_arrays(arrays).spread.tolist() == [0.0]
