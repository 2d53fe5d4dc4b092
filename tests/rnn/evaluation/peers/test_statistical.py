import sys
from dataclasses import replace

import numpy as np
import pytest

from rnn.evaluation.baselines import MissingPeer
from rnn.evaluation.methods import load
from rnn.evaluation.peers.statistical import MSTL, AutoARIMA, AutoCES, AutoETS, DynamicTheta
from rnn.seasonality import Seasons
from rnn.series import Series

T = np.arange(72.0)
MONTHLY = Series(T, 100 + T + 20 * np.sin(2 * np.pi * T / 12), 1.0, seasons=Seasons((12,), certain=True))
AHEAD = np.arange(72.0, 84)
TRUTH = 100 + AHEAD + 20 * np.sin(2 * np.pi * AHEAD / 12)


@pytest.mark.parametrize("peer", [AutoETS, DynamicTheta, MSTL])
def test_a_clean_season_on_a_trend_goes_on(peer):
    assert np.abs(peer().fit(MONTHLY).mean(12) - TRUTH).max() < 10


@pytest.mark.parametrize("peer", [AutoARIMA, AutoCES, AutoETS, DynamicTheta, MSTL])
def test_a_series_that_is_read_only_is_forecast_the_same(peer):
    y = MONTHLY.y.copy()
    y.flags.writeable = False
    np.testing.assert_array_equal(peer().fit(replace(MONTHLY, y=y)).mean(3), peer().fit(MONTHLY).mean(3))


def test_intervals_of_any_level_come_from_the_model():
    noisy = replace(MONTHLY, y=MONTHLY.y + np.random.default_rng(0).normal(0, 3, 72))
    forecast = AutoETS().fit(noisy).predict(12)
    (lower50, upper50), (lower80, upper80), (lower90, upper90) = (forecast.interval(level) for level in (50, 80, 90))
    assert (lower90 < lower80).all()
    assert (lower80 < lower50).all()
    assert (upper50 < upper80).all()
    assert (upper80 < upper90).all()
    np.testing.assert_allclose(forecast.mean, AutoETS().fit(noisy).mean(12))
    assert forecast.in_groups(4).interval(80)[0].shape == (12,)


def test_a_long_series_is_forecast_without_the_season_by_what_would_take_minutes():
    y = np.tile(MONTHLY.y, 8)
    long = Series(np.arange(float(len(y))), y, 1.0, seasons=Seasons((12,), certain=True))
    assert AutoARIMA().fit(long)._seasons() == AutoETS().fit(long)._seasons() == []
    assert AutoARIMA().fit(MONTHLY)._seasons() == [12]
    assert DynamicTheta().fit(long)._seasons() == AutoCES().fit(long)._seasons() == [12]


def test_mstl_takes_out_several_seasons_and_without_any_forecasts_the_trend():
    t = np.arange(600.0)
    daily, weekly = 10 * np.sin(2 * np.pi * t / 7), 30 * np.sin(2 * np.pi * t / 56)
    both = Series(t, 100 + daily + weekly, 1.0, seasons=Seasons((7, 56), certain=True))
    first = MSTL().fit(both.first(560))
    assert np.abs(first.mean(40) - both.y[560:]).max() < 3
    none = Series(T, 5 + 2 * T, 1.0, seasons=Seasons((), certain=True))
    np.testing.assert_allclose(MSTL().fit(none).mean(3), [149, 151, 153], atol=0.5)


def test_a_peer_is_kept_in_a_file_and_forecasts_the_same(tmp_path):
    fitted = DynamicTheta(12).fit(MONTHLY)
    fitted.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(load(tmp_path / "model.npz").mean(6), fitted.mean(6))


def test_without_the_library_one_line_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "statsforecast", None)
    with pytest.raises(MissingPeer, match=r"\.\[peers\]"):
        MSTL().fit(MONTHLY).mean(3)
