import numpy as np
import pandas as pd
import pytest

from rnn.ensemble.forecaster import Autoregressive
from rnn.ensemble.training import train
from rnn.errors import SeriesTooShort
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe, BadSetting
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
