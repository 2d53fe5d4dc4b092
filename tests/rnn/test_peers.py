import numpy as np
import pytest

from rnn.methods import PEERS
from rnn.peers import MissingPeer, ridge_autoregression, seasonal_naive
from rnn.series import Series, group


def series(y, size=1):
    return group(Series(np.arange(1.0, len(y) + 1), np.asarray(y, dtype=float), 1.0), size)


def test_the_last_season_is_repeated():
    y = np.tile([1.0, 5.0, 2.0, 0.0], 12)
    ahead = seasonal_naive(series(y), np.arange(8.0)[:, np.newaxis], np.random.default_rng(0))
    assert ahead[:, 0].tolist() == [1, 5, 2, 0, 1, 5, 2, 0]


def test_ridge_autoregression_goes_on_with_a_wave():
    t = np.arange(200)
    ahead = ridge_autoregression(series(np.sin(t / 7)), np.arange(20.0)[:, np.newaxis], np.random.default_rng(0))
    np.testing.assert_allclose(ahead[:, 0], np.sin(np.arange(200, 220) / 7), atol=0.1)


@pytest.mark.parametrize("y", [np.zeros(30), np.full(30, 1e300), [1.0, 2.0], [1.0]])
@pytest.mark.parametrize("method", [seasonal_naive, ridge_autoregression])
def test_constant_and_tiny_series_are_taken(method, y):
    assert np.isfinite(method(series(y), np.arange(3.0)[:, np.newaxis], np.random.default_rng(0))).all()


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_forecasts_or_says_what_to_install(name):
    groups, x = series(np.sin(np.arange(60) / 3)), np.arange(61.0, 65)[:, np.newaxis]
    try:
        assert np.isfinite(PEERS[name](groups, x, np.random.default_rng(0))).all()
    except MissingPeer as missing:
        assert ".[peers]" in str(missing)
