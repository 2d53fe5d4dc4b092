import sys

import numpy as np
import pytest

from rnn.errors import SeriesTooShort
from rnn.evaluation.baselines import MissingPeer
from rnn.evaluation.peers.trees import LightGBM
from rnn.seasonality import Seasons
from rnn.series import Series

T = np.arange(400.0)
SERIES = Series(T, 50 + 0.2 * T + 10 * (T % 7 == 3), 1.0, seasons=Seasons((7,), certain=True))


def test_a_season_on_a_trend_goes_on():
    fitted = LightGBM().fit(SERIES.first(386))
    assert np.abs(fitted.mean(14) - SERIES.y[386:]).max() < 2


def test_the_same_series_gives_the_same_forecast():
    np.testing.assert_array_equal(LightGBM().fit(SERIES).mean(9), LightGBM().fit(SERIES).mean(9))


def test_too_few_points_are_refused_in_one_line():
    with pytest.raises(SeriesTooShort, match="give 100"):
        LightGBM().fit(SERIES.first(99))


def test_without_the_library_one_line_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(MissingPeer, match=r"\.\[peers\]"):
        LightGBM().fit(SERIES)
