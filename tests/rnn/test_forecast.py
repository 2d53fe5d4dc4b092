from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.calendar import Calendar
from rnn.elman.network import ElmanNetwork, forecast
from rnn.forecast import Forecast, grid

GOLDEN = Path(__file__).parent / "golden" / "lr0.023-epochs50.npz"

lasts, steps = st.floats(-100, 100), st.floats(1e-3, 10)
sizes, horizons = st.integers(1, 8), st.integers(1, 30)


@pytest.mark.parametrize("name", ["text", "code"])
def test_the_articles_grids_are_the_golden_ones(name):
    with np.load(GOLDEN, allow_pickle=False) as golden:
        np.testing.assert_allclose(grid(name, 6.0, 0.01, 6, 20), golden[f"forecast_x_{name}"], rtol=1e-14)


def test_the_texts_grid_is_6_01_to_7_20_in_steps_of_a_hundredth():
    np.testing.assert_allclose(grid("text", 6.0, 0.01, 6, 20).ravel(), np.arange(601, 721) / 100, rtol=1e-14)


def test_the_programs_grid_has_a_step_of_0_012_and_both_ends_of_each_group():
    x = grid("code", 6.0, 0.01, 6, 20)
    np.testing.assert_allclose(x[0], [6.01, 6.022, 6.034, 6.046, 6.058, 6.07], rtol=1e-14)
    np.testing.assert_allclose(x[-1, [0, -1]], [7.15, 7.21], rtol=1e-14)


@given(lasts, steps, sizes, horizons)
def test_the_texts_grid_goes_on_with_the_same_step(last, step, group_size, horizon):
    x = grid("text", last, step, group_size, horizon)
    assert x.shape == (horizon, group_size)
    np.testing.assert_allclose(np.diff(x.ravel(), prepend=last), step, atol=1e-10)


@given(lasts, steps, st.integers(2, 8), horizons)
def test_the_programs_groups_share_their_ends(last, step, group_size, horizon):
    x = grid("code", last, step, group_size, horizon)
    assert x.shape == (horizon, group_size)
    assert x[0, 0] == last + step
    np.testing.assert_allclose(x[1:, 0], x[:-1, -1], atol=1e-10)
    np.testing.assert_allclose(np.diff(x, axis=1), step * group_size / (group_size - 1), atol=1e-10)


@given(lasts, steps, sizes, horizons)
def test_both_grids_begin_each_group_at_the_same_place(last, step, group_size, horizon):
    text, code = (grid(name, last, step, group_size, horizon) for name in ("text", "code"))
    np.testing.assert_allclose(text[:, 0], code[:, 0], atol=1e-10)


@pytest.fixture
def network() -> ElmanNetwork:
    return ElmanNetwork.random(np.random.default_rng(0), 3, 4, 3)


X = np.random.default_rng(1).normal(size=(5, 3))
H = np.full((4, 1), 0.5)


def test_a_forecast_is_the_networks_outputs_step_by_step(network):
    h, y = H, forecast(network, X, H)
    assert y.shape == X.shape
    for x, expected in zip(X, y, strict=True):
        output, h = network.step(x[:, np.newaxis], h)
        assert np.array_equal(output[:, 0], expected)


def test_a_longer_forecast_begins_with_the_shorter_one(network):
    assert np.array_equal(forecast(network, X[:2], H), forecast(network, X, H)[:2])


def test_outputs_are_not_fed_back(network):
    before = forecast(network, X, H)
    network.output.c = network.output.c + 100
    np.testing.assert_allclose(forecast(network, X, H), before + 100, atol=1e-11)


def test_a_forecast_depends_on_the_state_it_starts_from_and_leaves_it_as_it_was(network):
    h = H.copy()
    assert not np.array_equal(forecast(network, X, h), forecast(network, X, network.rest()))
    assert np.array_equal(h, H)


def test_a_table_has_the_times_of_the_series_own_clocks():
    x = np.arange(3.0).reshape(1, 3)
    table = Forecast("a", x, x, calendar=Calendar("D", "2026-03-28", "Europe/Berlin")).to_pandas()
    assert list(table)[:3] == ["time", "time_utc", "mean"]
    assert table["time"].astype(str).tolist() == ["2026-03-28", "2026-03-29", "2026-03-30"]
    assert str(table["time_utc"][2]) == "2026-03-29 22:00:00"
    in_utc = Forecast("a", x, x, calendar=Calendar("D", "2026-03-28")).to_pandas()
    assert list(in_utc)[:2] == ["time", "mean"]
