import numpy as np
import pytest

from rnn.ensemble.statistical_members import (
    FARTHEST,
    MEMBERS,
    Form,
    fill,
    forecast_members,
    keep_positive,
    last_season,
    positive,
)


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


def test_what_stands_in_a_missing_point_does_not_matter_and_every_member_still_speaks():
    t = np.arange(84)
    y = 100 + 10 * np.sin(2 * np.pi * t / 12) + noise(84)
    gone = np.isin(t, [5, 20, 21, 22, 50, 71])
    whole, holed = said(y, [12], 12), said(np.where(gone, np.nan, y), [12], 12)
    for name, forecast in holed.items():
        assert np.isfinite(forecast).all(), name
        np.testing.assert_allclose(forecast, whole[name], atol=4, err_msg=name)


def test_a_missing_point_is_no_quiet_step_for_smoothing():
    """A straight line through the gaps would make every other step foreseeable, and the errors too small."""
    y, rng = 100 + noise(120), np.random.default_rng(1)
    gone = rng.random(120) < 0.4
    gone[[0, 1, 2, -1]] = False
    t = np.arange(120)
    holed = forecast_members([np.where(gone, np.nan, y)], [], [1])[0].deviation[0, 0]
    filled = forecast_members([np.interp(t, t[~gone], y[~gone])], [], [1])[0].deviation[0, 0]
    whole = forecast_members([y], [], [1])[0].deviation[0, 0]
    assert filled < 0.9 * whole
    assert abs(holed / whole - 1) < abs(filled / whole - 1)


def test_the_last_season_again_leaves_out_what_is_missing():
    y = np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan, 7.0, np.nan])
    assert last_season(y, 4, 6).tolist() == [5, 2, 7, 4, 5, 2]
    assert last_season(y, 1, 2).tolist() == [7, 7]
    assert last_season(y, 20, 2).tolist() == [7, 7]
    assert fill(y, []).tolist() == [1, 2, 3, 4, 5, 6, 7, 7]


def test_what_lies_before_a_level_shift_is_moved_by_it():
    y = 100 + noise(60)
    shifted = y + 30 * (np.arange(60) >= 40)
    plain, moved = said(y), said(shifted)
    for name in ("plain damped", "log drift", "plain steps", "plain theta"):
        np.testing.assert_allclose(moved[name], plain[name] + 30, atol=1.5, err_msg=name)


def test_an_autoregression_of_the_series_as_it_is_follows_a_season_that_turns_around():
    t = np.arange(96)
    y = 100 + 20 * np.sin(2 * np.pi * t / 12) * np.cos(2 * np.pi * t / 60) + 0.1 * noise(96)
    ahead = 96 + np.arange(12)
    truth = 100 + 20 * np.sin(2 * np.pi * ahead / 12) * np.cos(2 * np.pi * ahead / 60)
    members = said(y, [12], 12)
    off = {name: np.abs(forecast - truth).mean() for name, forecast in members.items()}
    assert off["plain seasonal"] < 0.6 * off["plain damped"]
