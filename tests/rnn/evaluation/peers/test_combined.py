import numpy as np

from rnn.evaluation.baselines import Persistence, RidgeAutoregression, SeasonalNaive
from rnn.evaluation.methods import make
from rnn.evaluation.peers.combined import Mean, MeanOfFour, MeanOfLong, mean_of
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.seasonality import Seasons
from rnn.series import Series

SERIES = Series(np.arange(60.0), np.tile([1.0, 2.0, 6.0], 20), 1.0, seasons=Seasons((3,), certain=True))


class Two(Mean):
    name = "two"
    parts = (Persistence, SeasonalNaive)


def test_the_mean_is_of_the_forecasts():
    np.testing.assert_array_equal(Two().fit(SERIES).mean(3), [3.5, 4, 6])


def test_the_bounds_are_means_of_bounds_where_all_have_some():
    x, one = np.ones((1, 1)), np.full((1, 1), 1.0)
    drawn = Forecast("a", x, one, Intervals(0 * one, 2 * one, -1 * one, 3 * one))
    other = Forecast("b", x, 3 * one, Intervals(2 * one, 6 * one, 1 * one, 9 * one))
    y, intervals = mean_of([drawn, other])
    assert (y, intervals.lower50, intervals.upper50, intervals.lower90, intervals.upper90) == (2, 1, 4, 0, 6)
    assert mean_of([drawn, Forecast("b", x, one)])[1] is None
    assert Two().fit(SERIES).predict(3).intervals is not None


def test_the_registry_has_both_means():
    assert isinstance(make("mean of four"), MeanOfFour)
    assert isinstance(make("mean of MSTL, DOT, LightGBM, ridge"), MeanOfLong)
    assert RidgeAutoregression in MeanOfLong.parts
