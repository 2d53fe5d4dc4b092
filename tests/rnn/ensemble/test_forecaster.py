from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from rnn.ensemble.forecaster import Autoregressive
from rnn.ensemble.training import train
from rnn.errors import SeriesTooShort
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe, BadSetting
from rnn.seasonality import UNKNOWN, Seasons
from rnn.series import Series, group

SMALL = AutoregressiveRecipe(iterations=5, memories=(6, 24), penalties=(1e-5,), recurrent_memories=(12,), members=6)
DAYS = pd.date_range("2026-01-01", periods=210, freq="D")
WEEKLY = np.sin(2 * np.pi * np.arange(210) / 7) + np.random.default_rng(0).normal(0, 0.05, 210)
SERIES = Series.of(pd.Series(WEEKLY, index=DAYS))


def test_it_is_the_ensemble_that_training_gives():
    model = Autoregressive(SMALL, group_size=6, seed=3).fit(SERIES, horizon=12)
    ensemble = train(group(SERIES, 6), SMALL, stream(3, "autoregressive"), horizon=2)
    assert np.array_equal(model.mean(12), ensemble.forecast(2).ravel())
    y, intervals = ensemble.forecast_and_intervals(2)
    forecast = model.predict(12)
    assert np.array_equal(forecast.mean, y.ravel())
    assert np.array_equal(forecast.interval(90)[0], intervals.lower90.ravel())


def test_groups_suit_the_series_and_nobody_has_to_know():
    model = Autoregressive(SMALL).fit(SERIES)
    assert model.group_size <= 7
    forecast = model.predict(10)
    assert len(forecast) == 10
    assert str(forecast.times[0])[:10] == "2026-07-30"
    assert (forecast.interval(50)[0] <= forecast.mean).all()


def test_any_horizon_can_be_predicted_whatever_it_was_fitted_for():
    model = Autoregressive(SMALL, group_size=7).fit(SERIES, horizon=7)
    short, long = model.predict(3), model.predict(30)
    assert np.array_equal(short.mean, long.mean[:3])
    lower, upper = long.interval(90)
    widths = (upper - lower).reshape(-1, 6).mean(axis=1)
    assert widths[-1] >= widths[0]


def test_it_is_kept_and_goes_on_where_a_longer_series_ends(tmp_path):
    model = Autoregressive(SMALL, group_size=7).fit(SERIES.first(200))
    model.save(tmp_path / "model.npz")
    back = Autoregressive.load(tmp_path / "model.npz")
    assert np.array_equal(back.predict(9).mean, model.predict(9).mean)
    assert back.series.calendar == SERIES.calendar
    moved = back.moved_to(SERIES)
    assert moved.predict(1).times[0] == SERIES.calendar.times(SERIES.ahead(1))[0]
    assert not np.array_equal(moved.mean(7), back.mean(7))


def test_too_short_a_series_is_refused():
    with pytest.raises(SeriesTooShort):
        Autoregressive(SMALL).fit(np.arange(5.0))


@pytest.mark.parametrize(
    "make",
    [lambda: Autoregressive(group_size=2.5), lambda: Autoregressive(group_size=0), lambda: Autoregressive(7),
     lambda: Autoregressive(SMALL, members=9), lambda: Autoregressive(SMALL).fit(SERIES).predict(2.5),
     lambda: Autoregressive(SMALL).fit(SERIES).predict(0)],
)  # fmt: skip
def test_what_makes_no_sense_is_one_line(make):
    with pytest.raises(BadSetting) as problem:
        make()
    assert "\n" not in str(problem.value)


def short_series():
    """A dozen of 7 to 40 points, each with what it should be forecast as, and how far off it may be on average."""
    rng = np.random.default_rng(44)
    t, later = np.arange(40.0), np.arange(40.0, 48)
    quarters, months = np.tile([5.0, -3, 1, -3], 12), 10 * np.sin(2 * np.pi * np.arange(48) / 12)
    e = rng.normal(size=48)
    return {
        "seven points": (20 + e[:7], 20 + 0 * later, 2),
        "seven on a line": (10 + 2.0 * t[:7], 24 + 2.0 * np.arange(8), 8),
        "noise": (50 + e[:25], 50 + 0 * later, 1.5),
        "a line in noise": (50 + 2 * t + e[:40], 50 + 2 * later, 5),
        "a walk": (100 + np.cumsum(e[:40]), 100 + e[:40].sum() + 0 * later, 4),
        "growth": (100 * 1.05 ** t[:20], 100 * 1.05 ** np.arange(20.0, 28), 15),
        "quarters": (30 + quarters[:20] + 0.5 * e[:20], 30 + quarters[20:28], 1.5),
        "months": (60 + months[:40] + e[:40], 60 + months[40:], 3),
        "counts": (rng.poisson(2, 40).astype(float), 2 + 0 * later, 1),
        "a spike": (50 + e[:40] + 60 * (t == 20), 50 + 0 * later, 1.5),
        "a shift": (50 + e[:40] + 30 * (t >= 28), 80 + 0 * later, 2),
        "one value": (np.full(15, 4.0), 4 + 0 * later, 1e-6),
    }


@pytest.mark.parametrize("name", short_series())
def test_the_defaults_forecast_short_series_well(name):
    y, truth, most = short_series()[name]
    season = {"quarters": 4, "months": 12}.get(name)
    series = replace(Series.of(y), seasons=Seasons((season,), certain=True) if season else UNKNOWN)
    forecast = Autoregressive().fit(series, horizon=8).predict(8)
    assert np.abs(forecast.mean - truth).mean() <= most
    low, high = forecast.interval(90)
    assert ((low <= truth) & (truth <= high)).mean() > 0.8
    assert (high - low).mean() <= 12 * most
    if name == "counts":
        assert low.min() >= 0
        assert (high == np.rint(high)).all()


def test_what_was_filled_is_missing_to_the_fit_and_comes_back_with_the_model(tmp_path):
    y = np.tile([1.0, 5.0, 2.0, 4.0], 15) + 20 + np.random.default_rng(0).normal(0, 0.3, 60)
    filled = np.isin(np.arange(60), [10, 11, 12, 40])
    wrong = replace(Series.of(np.where(filled, 40.0, y)), filled=filled, seasons=Seasons((4,), certain=True))
    model = Autoregressive(group_size=1).fit(wrong, horizon=8)
    np.testing.assert_allclose(model.mean(8), np.tile([21.0, 25, 22, 24], 2), atol=1)
    model.save(tmp_path / "model.npz")
    again = Autoregressive.load(tmp_path / "model.npz")
    assert np.array_equal(again.mean(8), model.mean(8))
    assert np.array_equal(again.series.filled, filled)
    assert np.array_equal(again.moved_to(wrong).mean(8), model.mean(8))
