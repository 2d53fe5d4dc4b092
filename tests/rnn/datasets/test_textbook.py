import sys

import numpy as np
import pytest

from rnn.datasets.textbook import TEXTBOOK, MissingData, _lorenz_slope, damped_sine, lorenz, mackey_glass, two_sines
from rnn.series import group

FORMULAS = ["damped-sine", "two-sines", "mackey-glass", "lorenz", "logistic"]
PUBLIC = {"airline": "statsforecast.utils", "sunspots": "statsmodels.datasets", "co2": "statsmodels.datasets"}


def rng():
    return np.random.default_rng(0)


def made(name):
    if name in PUBLIC:
        pytest.importorskip(PUBLIC[name])
    return TEXTBOOK[name].make(rng())


@pytest.mark.parametrize(
    ("name", "groups", "horizon"),
    [("damped-sine", 100, 20), ("two-sines", 100, 20), ("mackey-glass", 100, 10), ("lorenz", 100, 8),
     ("logistic", 180, 12), ("airline", 144, 12), ("sunspots", 200, 11), ("co2", 180, 12)],
)  # fmt: skip
def test_lengths_and_horizons_are_those_of_the_measurements_to_compare_with(name, groups, horizon):
    book = TEXTBOOK[name]
    cut = group(made(name), book.group_size)
    assert (len(cut), book.horizon, cut.dropped) == (groups, horizon, 0)


def test_eight_series_are_known():
    assert len(TEXTBOOK) == 8


@pytest.mark.parametrize("name", TEXTBOOK)
def test_a_series_is_finite_evenly_spaced_and_the_same_again(name):
    series = made(name)
    assert np.isfinite(series.y).all()
    np.testing.assert_allclose(series.x, series.step * np.arange(1, len(series) + 1))
    assert np.array_equal(series.y, made(name).y)


def test_a_damped_sine_loses_its_amplitude():
    t, y = np.arange(1.0, 601), damped_sine(rng()).y
    noise = y - 3 * np.exp(-t / 300) * np.sin(2 * np.pi * t / 60)
    assert noise.std() == pytest.approx(0.05, rel=0.15)
    assert np.abs(y[-60:]).max() < 0.25 * np.abs(y[:60]).max()


def test_two_sines_cancel_in_the_middle_of_a_beat():
    y = two_sines(rng()).y
    assert np.abs(y[200:208]).max() < 0.5 < np.abs(y[375:440]).max()


def test_mackey_glass_does_not_depend_on_how_finely_it_is_computed():
    coarse, fine = mackey_glass(rng()).y, mackey_glass(rng(), substeps=40).y
    assert np.abs(coarse - fine)[:200].max() < 1e-3
    assert 0.2 < coarse.min() < 0.5
    assert 1.2 < coarse.max() < 1.4


def test_mackey_glass_follows_its_equation():
    y = mackey_glass(rng()).y
    late = y[:-17]
    drive = 0.2 * late / (1 + late**10) - 0.1 * y[17:]
    slope = (y[18:] - y[16:-2]) / 2
    assert np.abs(slope - drive[:-1]).max() < 0.01


def test_lorenz_rests_at_its_fixed_points_and_visits_both_wings():
    root = np.sqrt(72)
    assert np.abs(_lorenz_slope(np.array([root, root, 27.0]))).max() < 1e-12
    y = lorenz(rng()).y
    assert y.min() < -10
    assert 10 < y.max() < 22


@pytest.mark.parametrize(("name", "first", "last"), [("airline", 112, 432), ("sunspots", 2.5, 2.9)])
def test_public_series_are_what_everybody_has(name, first, last):
    y = made(name).y
    assert (y[0], y[-1]) == (first, last)


def test_co2_rises_through_its_seasons_without_a_gap():
    y = made("co2").y
    assert 345 < y[:12].mean() < 352
    assert 368 < y[-12:].mean() < 373


@pytest.mark.parametrize(("name", "module"), PUBLIC.items())
def test_a_missing_library_is_told_in_one_line_with_the_extra(name, module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingData, match=rf"'{name}'.*\.\[peers\].*--series") as told:
        TEXTBOOK[name].make(rng())
    assert "\n" not in str(told.value)
