"""What a store serves, from Python: the DataFrame of `latest/`, and the champion as a Forecaster."""

import numpy as np
import pytest

import artifacts
from artifacts import latest_forecast, load_champion
from artifacts.files.forecast_table import COLUMNS
from artifacts.lifecycle.latest import NoForecast, renew_latest
from artifacts.lifecycle.registry import Registry
from artifacts.store.existing import NoSuchStore
from artifacts.store.store import Store
from rnn import Autoregressive
from rnn.evaluation.baselines import Persistence

RUN = "20260101T000000Z-aaaaaa"


@pytest.fixture(params=["autoregressive", "persistence"])
def store(request, tmp_path, put_retraining):
    put_retraining(tmp_path / "runs", RUN, 0, 102, request.param)
    store = Store(str(tmp_path / "runs"))
    Registry(store).promote(RUN, request.param, "gate", "It is better.", None)
    renew_latest(store)
    return store.url, request.param


def test_the_champion_predicts_what_is_served(store):
    url, method = store
    frame, champion = latest_forecast(url), load_champion(url)
    assert tuple(frame) == COLUMNS
    assert isinstance(champion, Autoregressive if method == "autoregressive" else Persistence)
    forecast = champion.predict(8)
    np.testing.assert_allclose(forecast.mean, frame["wavecast"], rtol=1e-12)
    np.testing.assert_array_equal(forecast.times, frame["ds"])
    assert len(champion.predict(20)) == 20


def test_a_place_without_a_store_and_a_store_without_a_champion_are_told(tmp_path):
    for function in (latest_forecast, load_champion):
        with pytest.raises(NoSuchStore):
            function(str(tmp_path / "typo"))
        assert not (tmp_path / "typo").exists()
        Store(str(tmp_path / "empty"))
        with pytest.raises(NoForecast, match="yet: `wavecast retrain --store "):
            function(str(tmp_path / "empty"))


def test_the_package_has_these_names_and_no_others():
    assert artifacts.__all__ == ["latest_forecast", "load_champion"]
    with pytest.raises(AttributeError, match="no attribute 'champion'"):
        _ = artifacts.champion
