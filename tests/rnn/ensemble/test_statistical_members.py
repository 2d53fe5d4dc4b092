import numpy as np
import pytest

from rnn.ensemble.statistical_members import FARTHEST, MEMBERS, Form, forecast_members, keep_positive, positive


def said(y, seasons=(), horizon=8):
    return dict(zip(MEMBERS, forecast_members([y], seasons, [horizon])[0].members, strict=True))


def noise(points, seed=0):
    return np.random.default_rng(seed).normal(size=points)


def test_every_member_of_a_line_goes_up_and_the_naive_one_stays():
    members = said(100 + np.arange(40.0) + 0.1 * noise(40))
    assert all((forecast[-1] > 140) for name, forecast in members.items() if "level" not in name and name != "naive"
               and np.isfinite(forecast).all() and "values" not in name)  # fmt: skip
    assert (members["naive"] == members["naive"][0]).all()


def test_a_season_goes_on_in_every_member_that_knows_it():
    t = np.arange(72)
    y = 100 * np.exp(0.3 * np.sin(2 * np.pi * t / 12))
    truth = 100 * np.exp(0.3 * np.sin(2 * np.pi * (72 + np.arange(12)) / 12))
    for name, forecast in said(y, [12], 12).items():
        assert np.isfinite(forecast).all(), name
        np.testing.assert_allclose(forecast, truth, rtol=0.05, err_msg=name)


def test_several_starts_are_the_same_together_as_alone():
    y = 50 + np.cumsum(noise(60))
    together = forecast_members([y, y[:40]], [4], [8, 5])
    for one, (known, horizon) in zip(together, [(y, 8), (y[:40], 5)], strict=True):
        alone = forecast_members([known], [4], [horizon])[0]
        np.testing.assert_allclose(one.members, alone.members)
        np.testing.assert_allclose(one.deviation, alone.deviation)


def test_without_positive_values_the_logarithmic_members_say_nothing():
    members = said(noise(40))
    assert all(np.isnan(forecast).all() for name, forecast in members.items() if name.startswith("log"))
    assert np.isfinite(members["plain damped"]).all()
    assert positive(np.array([1.0, 9e3]))
    assert not positive(np.array([1.0, 2e4]))


def test_a_positive_series_is_never_forecast_below_zero():
    y = np.linspace(100, 5, 30) + 0.5 * noise(30)
    assert all((forecast > 0).all() for forecast in said(y, horizon=30).values() if np.isfinite(forecast).all())
    np.testing.assert_allclose(keep_positive(np.array([2.0, 1.0, 0.5, -3.0]), 1.0)[:2], [2.0, 1.0])
    assert (np.diff(keep_positive(np.linspace(1, -50, 9), 1.0)) < 0).all()


def test_no_member_goes_farther_than_the_series_ever_went_in_as_many_steps():
    form = Form.of(np.cumsum(noise(50)), False, [])
    reach = form.reach(10)
    assert reach[0] == pytest.approx(FARTHEST * np.abs(np.diff(form.s)).max())
    ahead = form.back(np.full(10, 1e9), reach)
    np.testing.assert_allclose((ahead - form.back(form.s[-1] + np.zeros(10), reach)) / form.unit, reach)


@pytest.mark.parametrize("points", [7, 8, 11])
def test_seven_points_are_enough(points):
    forecasts = said(10 + noise(points), [4])
    assert sum(np.isfinite(forecast).all() for forecast in forecasts.values()) >= 16


@pytest.mark.parametrize(
    "y", [np.zeros(20), np.full(20, 3.0), np.r_[np.ones(30), 1e6, np.ones(30)], np.arange(20) % 2.0]
)
def test_strange_series_have_finite_forecasts(y):
    members = np.array(list(said(y).values()))
    assert np.isfinite(members[np.isfinite(members[:, 0])]).all()
    assert np.isfinite(members[:, 0]).sum() >= 8
