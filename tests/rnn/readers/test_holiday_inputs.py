import sys

import numpy as np
import pytest

from rnn.calendar import Calendar
from rnn.readers.holiday_inputs import holiday_inputs
from rnn.readers.problems import BadSource

pytest.importorskip("holidays")


def places(where, calendar, points):
    found = holiday_inputs(where, calendar, points)
    assert found.names == (f"holidays {where}",)
    return {int(at): found.values[at, 0] for at in np.flatnonzero(found.values[:, 0]) if at < points}


def test_days_are_marked_by_the_clock_of_the_series():
    assert places("DE", Calendar("D", "2025-12-24"), 10) == {1: 1, 2: 1, 8: 1}
    assert places("DE-BY", Calendar("D", "2026-01-05"), 3) == {1: 1}
    assert places("DE", Calendar("D", "2026-01-05"), 3) == {}
    new_year = places("DE", Calendar("6h", "2025-12-31", "Europe/Berlin"), 10)
    assert sorted(new_year) == [4, 5, 6, 7]
    assert places("DE", Calendar("B", "2025-12-24"), 7) == {1: 1, 2: 1, 6: 1}


def test_longer_steps_count_their_holidays():
    assert places("DE", Calendar("MS", "2025-10-01"), 4) == {0: 1, 2: 2, 3: 1}
    assert places("DE", Calendar("ME", "2025-10-31"), 4) == {0: 1, 2: 2, 3: 1}
    assert places("DE", Calendar("7D", "2025-12-22"), 3) == {0: 2, 1: 1}


def test_they_are_known_as_far_ahead_as_anybody_forecasts():
    assert len(holiday_inputs("DE", Calendar("D", "2020-01-01"), 400).values) == 800
    assert len(holiday_inputs("DE", Calendar("D", "2020-01-01"), 30).values) == 150


@pytest.mark.parametrize("where", ["QQ", "DE-QQ"])
def test_what_is_not_known_is_refused_in_one_line(where):
    with pytest.raises(BadSource, match=f"--holidays {where} is not known .* such as DE") as refused:
        holiday_inputs(where, Calendar("D", "2020-01-01"), 30)
    assert "\n" not in str(refused.value)


def test_plain_numbers_have_no_holidays():
    with pytest.raises(BadSource, match="plain numbers"):
        holiday_inputs("DE", None, 30)


def test_without_the_package_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(BadSource, match=r"pip install 'wavecast\[holidays\]'"):
        holiday_inputs("DE", Calendar("D", "2020-01-01"), 30)
