import numpy as np
import pytest

from rnn.seasonality import Seasons, calendar_seasons, season_lengths


@pytest.mark.parametrize("length", [4, 7, 12, 24])
@pytest.mark.parametrize("unit", [1e-300, 1.0, 1e300])
def test_a_season_is_found_through_trend_and_noise(length, unit):
    t = np.arange(144)
    shape = np.random.default_rng(length).normal(size=length)
    y = 0.05 * t + shape[t % length] + 0.1 * np.random.default_rng(1).normal(size=144)
    assert season_lengths(y * unit) == (length,)


@pytest.mark.parametrize("y", [np.zeros(50), np.full(50, 1e300), np.arange(50.0), np.arange(3.0), np.array([1.0])])
def test_what_has_no_season_has_no_length(y):
    assert season_lengths(y) == ()


def test_noise_has_no_season():
    assert sum(season_lengths(np.random.default_rng(seed).normal(size=200)) != () for seed in range(20)) <= 2


def season(points, length, noise, seed=0):
    t, rng = np.arange(points), np.random.default_rng(seed)
    phase = 2 * np.pi * t / length + rng.uniform(0, 6)
    return np.sin(phase) + 0.4 * np.sin(2 * phase) + noise * rng.normal(size=points)


@pytest.mark.parametrize(("length", "points"), [(52, 260), (168, 700), (12, 60)])
def test_a_long_smooth_season_is_found_under_noise_trend_and_a_huge_outlier(length, points):
    for seed in range(3):
        y = season(points, length, 0.05, seed) + 1e-5 * np.arange(points) ** 2
        assert season_lengths(y) == (length,)
        y[points // 3] += 50
        assert season_lengths(y, [length]) == (length,)


def test_walks_and_slow_waves_have_no_season():
    walks = [np.cumsum(np.random.default_rng(seed).normal(size=300)) for seed in range(40)]
    assert sum(season_lengths(y) != () for y in walks) <= 2
    x = np.arange(1, 601) / 100
    assert season_lengths(x * np.sin(x) + np.random.default_rng(0).uniform(-0.01, 0.01, 600)) == ()


def test_what_the_calendar_proposes_is_kept_where_each_adds_something():
    hours, rng = np.arange(24 * 7 * 6), np.random.default_rng(0)
    day, week = np.sin(2 * np.pi * hours / 24), 0.6 * (hours // 24 % 7 < 5)
    noise = 0.1 * rng.normal(size=len(hours))
    assert season_lengths(day + week + noise, (24, 168)) == (24, 168)
    assert season_lengths(day + noise, (24, 168)) == (24,)
    assert season_lengths(noise, (24, 168)) == ()


@pytest.mark.parametrize("points", [36, 60, 120])
def test_a_proposed_length_is_refused_by_noise_nineteen_times_in_twenty(points):
    found = [season_lengths(np.random.default_rng(seed).normal(size=points), (12,)) for seed in range(200)]
    assert np.mean([lengths != () for lengths in found]) <= 0.06


def test_too_short_a_series_has_no_season():
    assert season_lengths(np.tile(np.arange(12.0), 2), (12,)) == ()
    assert Seasons((12,)).possible(np.arange(20.0)) == ()


def test_a_user_is_believed_and_the_calendar_is_tested():
    noise = np.random.default_rng(0).normal(size=60)
    assert Seasons((12,), certain=True).of(noise) == (12,)
    assert Seasons((12,)).of(noise) == ()
    assert Seasons((12,)).possible(noise) == (12,)
    assert Seasons((), certain=True).possible(season(60, 12, 0.0)) == ()
    assert Seasons().main(season(60, 12, 0.0)) == 12


@pytest.mark.parametrize(
    ("step", "lengths"),
    [("MS", (12,)), ("QE-DEC", (4,)), ("3MS", (4,)), ("D", (7, 365)), ("W-SUN", (52,)), ("7D", (52,)), ("h", (24, 168)),
     ("30min", (48, 336)), ("2h", (12, 84)), ("YE-DEC", ()), ("7min", (1440,)), ("something", ())],
)  # fmt: skip
def test_the_calendar_proposes_lengths(step, lengths):
    assert calendar_seasons(step) == lengths
