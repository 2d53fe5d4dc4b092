import numpy as np
import pytest

from rnn.evaluation import suite_forecasts
from rnn.evaluation.baselines import Persistence
from rnn.evaluation.suite_forecasts import OURS, Attempt, attempt, combined, made, parts_of
from rnn.evaluation.suites import Window
from rnn.intervals import BOUNDS

T = np.arange(60.0)
WINDOW = Window("wave", "monthly", (12,), 48, (T + 20 * np.sin(np.pi * T / 6))[:48], T[48:])
SHORT = Window("short", "quarterly", (4,), 6, np.array([1.0, 2, 3, 4, 3, 2]), np.array([3.0, 4, 3, 2, 3]))


def test_a_method_forecasts_with_intervals_and_its_time():
    one = attempt("DOT", WINDOW)
    assert one.failure == ""
    assert (one.window, one.given) == ("wave@48", WINDOW.digest)
    assert one.y.shape == (12,)
    assert (one.bounds["lower90"] < one.bounds["lower50"]).all()
    assert (one.bounds["upper50"] < one.bounds["upper90"]).all()
    assert 0 < one.seconds < 5


def test_naive_methods_draw_no_intervals_on_short_series():
    one = attempt("seasonal naive", SHORT)
    np.testing.assert_array_equal(one.y, [3, 4, 3, 2, 3])
    assert all(np.isnan(one.bounds[bound]).all() for bound in BOUNDS)


def test_where_a_method_refuses_the_seasonal_naive_forecast_takes_its_place_and_says_so():
    one = attempt("LightGBM on lags", SHORT)
    np.testing.assert_array_equal(one.y, [3, 4, 3, 2, 3])
    assert one.failure.startswith("SeriesTooShort: 6 points")
    # The seasonal errors are 3 − 1 and 2 − 2: their root mean square is √2. The fifth step is a season later.
    half = one.bounds["upper90"] - one.y
    np.testing.assert_allclose(half, 1.64485 * np.sqrt([2, 2, 2, 2, 4]))
    np.testing.assert_allclose(one.y - one.bounds["lower50"], 0.67449 * np.sqrt([2, 2, 2, 2, 4]))


@pytest.mark.parametrize("ahead", [np.nan, np.inf])
def test_a_forecast_that_is_not_finite_has_failed(monkeypatch, ahead):
    monkeypatch.setattr(Persistence, "mean", lambda self, horizon: np.full(horizon, ahead))
    assert attempt("persistence", SHORT).failure == "its forecast is not finite"


def test_what_other_libraries_raise_is_a_failure_in_one_line(monkeypatch):
    def fails(self, horizon):
        raise ZeroDivisionError("\x1b[1mof\x1b[0m\nno\nuse")

    monkeypatch.setattr(Persistence, "mean", fails)
    assert attempt("persistence", SHORT).failure == "ZeroDivisionError: of no use"


def of(y, failure="", seconds=1.0):
    return Attempt("w", "d", np.array([y]), dict.fromkeys(BOUNDS, np.array([y])), seconds, failure)


def test_a_mean_is_of_the_parts_that_did_not_fail_and_takes_the_time_of_all():
    one = combined(SHORT, [of(1.0), of(3.0), of(90.0, "no")])
    assert (one.y, one.bounds["upper90"], one.seconds, one.failure) == (2, 2, 3, "")
    assert combined(SHORT, [of(1.0, "no"), of(3.0, "no")]).failure == "all of its parts failed"


def test_the_parts_of_means_are_methods():
    assert parts_of("mean of four") == ("AutoARIMA", "AutoETS", "DOT", "AutoCES")
    assert parts_of("DOT") == ()
    assert all(made(part, 0).name == part for part in parts_of("mean of MSTL, DOT, LightGBM, ridge"))


def test_our_recipe_chooses_its_groups_and_may_refuse_the_season(monkeypatch):
    given = []

    class Spy(Persistence):
        def fit(self, series, horizon=None):
            given.append(series.seasons)
            return super().fit(series, horizon)

    monkeypatch.setattr(suite_forecasts, "made", lambda method, seed: Spy())
    monkeypatch.setattr(suite_forecasts, "_warm", lambda method: None)
    for method, certain in ((OURS, False), ("AutoETS", True)):
        given.clear()
        attempt(method, WINDOW)
        assert given[0].lengths == (12,)
        assert given[0].certain is certain
    assert made(OURS, 3)._given_size is None
    assert made(OURS, 3).seed == 3
