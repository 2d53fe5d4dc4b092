import numpy as np
import pytest

from rnn.ensemble.state_space import LEVEL_PENALTY, deviation, fit, forecast, grid, kinds, run


def by_hand(y, alpha, beta, phi, gamma, season, level, slope):
    """One lane as Hyndman's equations have it: its errors and the states after them."""
    s, errors = np.zeros(season), []
    for t, value in enumerate(y):
        e = value - (level + phi * slope + (s[t % season] if season > 1 else 0))
        level, slope = level + phi * slope + alpha * e, phi * slope + beta * e
        s[t % season] += gamma * e
        errors.append(e)
    return np.array(errors), level, slope, s


@pytest.fixture(params=[1, 4])
def season(request):
    return request.param


def noise(points=50, seed=0):
    return np.random.default_rng(seed).normal(size=points)


def test_the_lockstep_run_is_each_lane_by_hand(season):
    lanes, y = grid(season), noise()
    one = run([y], lanes)[0]
    for k in range(0, len(lanes), 13):
        numbers = lanes.alpha[k], lanes.beta[k], lanes.phi[k], lanes.gamma[k], season
        errors, level, slope, s = by_hand(y, *numbers, 0.0, 0.0)
        by_level, *_ = by_hand(np.zeros(50), *numbers, 1.0, 0.0)
        by_slope, *_ = by_hand(np.zeros(50), *numbers, 0.0, 1.0)
        assert one.level[0, k] == pytest.approx(level)
        assert one.slope[0, k] == pytest.approx(slope)
        if season > 1:
            np.testing.assert_allclose(one.season[0, k], s, atol=1e-12)
        products = [errors @ errors, errors @ by_level, errors @ by_slope,
                    by_level @ by_level, by_level @ by_slope, by_slope @ by_slope]  # fmt: skip
        np.testing.assert_allclose(one.moments[:, k], products, atol=1e-9)


def test_series_of_different_lengths_are_the_same_together_as_alone():
    rows, lanes = [noise(50), noise(33, 1), noise(50, 2)], grid(4)
    for one, row in zip(run(rows, lanes), rows, strict=True):
        alone = run([row], lanes)[0]
        np.testing.assert_allclose(one.moments, alone.moments)
        np.testing.assert_allclose(one.level, alone.level)
        np.testing.assert_allclose(one.season, alone.season)


def test_first_level_and_slope_are_the_penalised_least_squares_ones():
    y, lanes, kind = noise(30), grid(1), kinds(1)["damped"]
    fitted = fit(run([y], lanes)[0], kind)
    k = int(np.flatnonzero(kind.lanes)[20])
    numbers = lanes.alpha[k], lanes.beta[k], lanes.phi[k], 0.0, 1
    base, *_ = by_hand(y, *numbers, 0.0, 0.0)
    design = np.stack([by_hand(np.zeros(30), *numbers, *first)[0] for first in ((1.0, 0.0), (0.0, 1.0))], axis=1)
    penalty = np.diag([LEVEL_PENALTY, kind.penalty])
    first = -np.linalg.solve(design.T @ design + penalty, design.T @ base)
    _, level, slope, _ = by_hand(y, *numbers, *first)
    assert fitted.level[20] == pytest.approx(level)
    assert fitted.slope[20] == pytest.approx(slope)


def test_what_goes_straight_on_is_forecast_so_and_a_damped_slope_fades():
    y, lanes = np.arange(40.0), grid(1)
    one = run([y], lanes)[0]
    ahead = {name: forecast(fit(one, kind), kind, lanes, 40, 20) for name, kind in kinds(1).items()}
    np.testing.assert_allclose(ahead["trend"], np.arange(40.0, 60), rtol=0.02)
    np.testing.assert_allclose(ahead["drift"], np.arange(40.0, 60), rtol=0.1)
    assert np.abs(np.diff(ahead["level"])).max() < 1e-6
    steps = np.diff(ahead["damped"])
    assert (np.diff(steps) < 0).all()
    assert (steps > 0).all()


def test_a_season_that_changes_is_followed():
    shape = np.array([2.0, -1.0, -3.0, 2.0])
    y = np.concatenate([np.zeros(40), np.tile(shape, 15)]) + 0.1 * noise(100)
    lanes, kind = grid(4), kinds(4)["level"]
    ahead = forecast(fit(run([y], lanes)[0], kind), kind, lanes, 100, 4)
    np.testing.assert_allclose(ahead, shape, atol=0.5)


def test_expected_errors_grow_as_the_lanes_say():
    """Of a walk like the root of the step, of noise hardly."""
    lanes = grid(1)
    for y, low, high in ((np.cumsum(noise(200)), 2.5, 3.6), (noise(200), 1.0, 1.4)):
        kind = kinds(1)["level"]
        spread = deviation(fit(run([y], lanes)[0], kind), kind, lanes, 9)
        assert spread[0] == pytest.approx(1, abs=0.2)
        assert low < spread[8] / spread[0] < high


def test_where_a_point_is_missing_time_goes_on_and_nothing_is_learned(season):
    lanes, y = grid(season), noise()
    y[[0, 7, 8, 31]] = np.nan
    one = run([y, y[:40]], lanes)[0]
    k = len(lanes) // 2
    alpha, beta, phi, gamma = lanes.alpha[k], lanes.beta[k], lanes.phi[k], lanes.gamma[k]
    level = slope = squares = 0.0
    s = np.zeros(season)
    for t, value in enumerate(y):
        known = np.isfinite(value)
        e = value - (level + phi * slope + s[t % season]) if known else 0.0
        level, slope, squares = level + phi * slope + alpha * e, phi * slope + beta * e, squares + e * e
        s[t % season] += gamma * e if season > 1 else 0.0
    assert one.points == 46
    assert one.level[0, k] == pytest.approx(level)
    assert one.moments[0, k] == pytest.approx(squares)
