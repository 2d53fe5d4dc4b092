import numpy as np
import pytest

from rnn.calendar import Calendar
from rnn.readers.options import Source
from rnn.readers.prior_knowledge import known_bounds, known_seasons
from rnn.readers.problems import Problems
from rnn.seasonality import UNKNOWN, Seasons
from rnn.series import UNBOUNDED

MONTHS = Calendar("MS", "2020-01-01")


def seasons(source, calendar=None, points=100):
    problems = Problems()
    return known_seasons(source, calendar, points, problems), [problem.what for problem in problems.found]


def test_the_user_speaks_before_the_calendar():
    assert seasons(Source(), MONTHS) == (Seasons((12,)), [])
    assert seasons(Source()) == (UNKNOWN, [])
    assert seasons(Source(season=(6,)), MONTHS) == (Seasons((6,), certain=True), [])
    assert seasons(Source(season=("none",)), MONTHS) == (Seasons((), certain=True), [])


def test_seasons_that_the_data_cannot_bear_are_problems():
    assert "too long for 20 points" in seasons(Source(season=(12,)), points=20)[1][0]
    assert "more than 60 points" in seasons(Source(season=(12, 24)), points=60)[1][0]


@pytest.mark.parametrize("season", [(1,), (0,), (12, "none")])
def test_what_is_no_season_is_refused(season):
    with pytest.raises(ValueError, match="season"):
        Source(season=season)


def test_bounds_that_the_data_break_are_problems():
    y, problems = np.array([1.0, 5.0, -2.0]), Problems()
    assert known_bounds(Source(), y, "y", problems) == UNBOUNDED
    assert known_bounds(Source(lower=-2, upper=5), y, "y", problems) == (-2, 5)
    assert not problems.found
    known_bounds(Source(lower=0), y, "y", problems)
    assert problems.found[0].what == "-2 is below --lower 0"
    with pytest.raises(ValueError, match="not below"):
        Source(lower=1, upper=1)
