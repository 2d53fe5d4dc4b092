import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.datasets.xsinx import curve, generate
from rnn.errors import SeriesTooShort
from rnn.evaluation.baselines import (
    FullyConnected,
    Linear,
    MissingPeer,
    Persistence,
    RidgeAutoregression,
    RidgeRecipe,
    SeasonalNaive,
)
from rnn.evaluation.methods import PEERS
from rnn.forecast import grid
from rnn.metrics import rmse
from rnn.recipes import BadSetting
from rnn.series import Series, group, ungroup

AHEAD = grid("text", 6.0, 0.01, 6, 20)


def persistence(groups, x):
    return Persistence().fit(ungroup(groups)).mean_at(x)


def linear(groups, x):
    return Linear(groups.group_size).fit(ungroup(groups)).mean_at(x)


def fully_connected(groups, x, seed=0):
    return FullyConnected(seed).fit(ungroup(groups)).mean_at(x)


ALL = [persistence, linear, fully_connected]


@pytest.fixture(autouse=True)
def no_warnings():
    """A baseline that warns is one that fails here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def on_curve(y, points=60, step=0.1, group_size=6):
    x = np.arange(1, points + 1) * step
    return group(Series(x, y(x), step), group_size)


@pytest.fixture(scope="module")
def article():
    return group(generate(600, 0.01, 0.01, np.random.default_rng(2)), 6)


def test_persistence_repeats_the_last_value(article):
    assert np.array_equal(persistence(article, AHEAD), np.full((20, 6), article.y[-1, -1, 0]))


@given(st.floats(-1e3, 1e3), st.floats(-1e6, 1e6), st.integers(1, 12))
@settings(deadline=None, max_examples=50)
def test_linear_goes_on_with_an_exact_line(slope, offset, group_size):
    groups = on_curve(lambda x: slope * x + offset, group_size=group_size)
    expected = slope * AHEAD + offset if group_size > 1 else np.full(AHEAD.shape, groups.y[-1, -1, 0])
    scale = max(1.0, abs(slope), abs(offset))
    np.testing.assert_allclose(linear(groups, AHEAD), expected, atol=1e-10 * scale)


def test_linear_looks_at_the_last_group_alone_and_takes_its_least_squares():
    groups = on_curve(lambda x: np.where(np.arange(60) < 57, 99.0, [0.0, 2.0, 1.0] * 20), group_size=3)
    x = groups.x[-1, :, 0] + 0.3
    np.testing.assert_allclose(linear(groups, x[np.newaxis]), [[2.0, 2.5, 3.0]], atol=1e-10)


def test_the_fully_connected_network_fits_where_it_learned_and_fails_beyond(article):
    x = article.x[:, :, 0]
    within, beyond = (rmse(fully_connected(article, where), curve(where)) for where in (x, AHEAD))
    assert within < 0.05
    assert beyond > 5 * within


def test_the_fully_connected_network_is_the_same_for_one_stream_and_another_for_another():
    groups = on_curve(curve)
    one, same, other = (fully_connected(groups, AHEAD, seed) for seed in (0, 0, 1))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_fully_connected_network_does_not_mind_the_units():
    here, unit = fully_connected(on_curve(curve), AHEAD), 2.0**20
    x = np.arange(1, 61) * 0.1
    there = fully_connected(group(Series(x * unit, curve(x) / unit, 0.1 * unit), 6), AHEAD * unit)
    np.testing.assert_allclose(there * unit, here, atol=1e-9)


@pytest.mark.parametrize("baseline", ALL, ids=["persistence", "linear", "fully connected"])
@pytest.mark.parametrize("value", [0.0, 0.1, -5.0, 1e-300, 1e9])
def test_a_constant_series_goes_on_as_it_was(baseline, value):
    groups = on_curve(lambda x: np.full(x.shape, value))
    np.testing.assert_allclose(baseline(groups, AHEAD), value, rtol=1e-12, atol=0.05)


@pytest.mark.parametrize("baseline", ALL, ids=["persistence", "linear", "fully connected"])
@pytest.mark.parametrize(("points", "group_size"), [(60, 1), (2, 1), (1, 1), (2, 2), (7, 6), (60, 60)])
def test_a_series_of_any_length_gives_a_finite_forecast_in_the_grids_shape(baseline, points, group_size):
    y = baseline(on_curve(curve, points, 0.1, group_size), AHEAD)
    assert y.shape == AHEAD.shape
    assert y.dtype == np.float64
    assert np.isfinite(y).all()


@pytest.mark.parametrize("baseline", [persistence, linear], ids=["persistence", "linear"])
def test_a_group_of_one_point_goes_on_with_that_point(baseline):
    groups = on_curve(curve, group_size=1)
    assert (baseline(groups, AHEAD) == groups.y[-1, 0, 0]).all()


def test_the_last_season_is_repeated():
    y = np.tile([1.0, 5.0, 2.0, 0.0], 12)
    assert SeasonalNaive().fit(y).mean(8).tolist() == [1, 5, 2, 0, 1, 5, 2, 0]
    assert SeasonalNaive(3).fit(y).mean(4).tolist() == [5, 2, 0, 5]


def test_ridge_autoregression_goes_on_with_a_wave():
    t = np.arange(200)
    ahead = RidgeAutoregression().fit(np.sin(t / 7)).mean(20)
    np.testing.assert_allclose(ahead, np.sin(np.arange(200, 220) / 7), atol=0.1)


@pytest.mark.parametrize("y", [np.zeros(30), np.full(30, 1e300), [1.0, 2.0], [1.0]])
@pytest.mark.parametrize("method", [SeasonalNaive(), RidgeAutoregression()], ids=lambda one: one.name)
def test_constant_and_tiny_series_are_taken(method, y):
    assert np.isfinite(method.fit(y).mean(3)).all()


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_forecasts_or_says_what_to_install(name):
    try:
        assert np.isfinite(PEERS[name](1, 0).fit(np.sin(np.arange(60) / 3)).mean(4)).all()
    except MissingPeer as missing:
        assert ".[peers]" in str(missing)


def test_a_season_longer_than_the_series_is_refused_rather_than_cut_short():
    with pytest.raises(SeriesTooShort, match="3 points are less than a season of 7"):
        SeasonalNaive(7).fit([1.0, 2.0, 3.0])
    assert SeasonalNaive(3).fit([1.0, 2.0, 3.0]).predict(4).mean.tolist() == [1, 2, 3, 1]
    y = np.arange(60.0)
    assert SeasonalNaive(52).fit(y).predict(2).intervals is None  # no earlier origin has a season before it


def test_a_penalty_without_end_is_refused():
    with pytest.raises(BadSetting, match="penalty"):
        RidgeAutoregression(penalty=np.inf)
    assert RidgeRecipe(penalty=1e12).penalty == 1e12


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_a_network_is_trained_alike_in_units_whose_squares_are_no_numbers(unit):
    y = np.sin(np.arange(40.0) / 5)
    plain, far = (FullyConnected().fit(values).mean(3) for values in (y, unit * y))
    assert far / unit == pytest.approx(plain, abs=0.2)
