"""The yardstick: the best naive forecast, and no other method however good."""

import numpy as np

from artifacts.reports.yardstick import Yardstick, yardstick


def test_it_is_the_best_naive_forecast_however_good_others_are():
    errors = {"autoregressive": 0.1, "ridge autoregression": 0.2, "persistence": 5.0, "seasonal naive": 1.3}
    assert yardstick(errors) == Yardstick("seasonal naive", 1.3)
    assert yardstick({**errors, "seasonal naive": 9.0}) == Yardstick("persistence", 5.0)


def test_without_a_naive_forecast_of_finite_error_there_is_none():
    assert yardstick({"autoregressive": 1.0, "persistence": None, "seasonal naive": np.nan}) is None
    assert yardstick({}) is None


def test_the_ratio_never_flatters():
    assert Yardstick("persistence", 2.0).ratio(1.0) == 0.5
    assert Yardstick("persistence", 0.0).ratio(0.0) == 1.0
    assert Yardstick("persistence", 0.0).ratio(1e-9) == np.inf
    assert Yardstick("persistence", 2.0).ratio(np.nan) == Yardstick("persistence", 2.0).ratio(None) == np.inf
