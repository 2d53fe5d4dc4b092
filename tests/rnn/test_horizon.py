"""A horizon in observations, groups or time, and the points that reach so far on each kind of calendar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.calendar import Calendar
from rnn.experiment import AskedTask
from rnn.horizon import BadHorizon, Horizon
from rnn.readers.options import Source

DAILY = Calendar("D", "2024-01-01")


class Asked(AskedTask, Source):
    """As a flow has it."""


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("14", 14, "points"), ("14 points", 14, "points"), ("1 observation", 1, "points"), ("2 groups", 2, "groups"),
        ("14d", 14, "days"), ("14D", 14, "days"), ("2w", 2, "weeks"), ("6 months", 6, "months"), ("36h", 36, "hours"),
        ("90min", 90, "minutes"), (" 1 year ", 1, "years"), ("4q", 4, "quarters"), ("10 s", 10, "seconds"),
    ],
)  # fmt: skip
def test_it_is_read_as_people_write_it(text, count, unit):
    assert Horizon.parse(text) == Horizon(count, unit)


@pytest.mark.parametrize("text", ["5000000000000", "1" * 5000 + " days"])
def test_a_number_without_measure_is_told_as_such(text):
    with pytest.raises(BadHorizon, match="a number of 12 digits at most"):
        Horizon.parse(text)


@pytest.mark.parametrize("text", ["", "d", "14x", "3m", "-3", "1.5h", "14 d 2 h", "0", "0 days", "9" * 13, "١٤ eras"])
def test_what_says_nothing_is_refused(text):
    with pytest.raises(BadHorizon):
        Horizon.parse(text)


@given(st.integers(1, 10**6), st.sampled_from(["points", "groups", "hours", "days", "months"]))
def test_what_it_writes_it_reads(count, unit):
    horizon = Horizon(count, unit)
    assert Horizon.parse(str(horizon)) == horizon


def points(text: str, calendar: Calendar | None, known: int, size: int = 1) -> int:
    return Horizon.parse(text).points(size, known, calendar)


@pytest.mark.parametrize(
    ("text", "calendar", "known", "ahead"),
    [
        ("14", None, 100, 14), ("14", DAILY, 100, 14),
        ("14d", DAILY, 100, 14), ("2w", DAILY, 100, 14), ("36h", DAILY, 100, 2),
        ("6 months", DAILY, 730, 182),  # from 30 December 2025 to 30 June 2026
        ("1 month", DAILY, 31, 29),  # from 31 January to 29 February 2024
        ("1 year", DAILY, 366, 365),
        ("36h", Calendar("h", "2024-01-01"), 100, 36), ("90min", Calendar("15min", "2024-01-01"), 100, 6),
        ("100min", Calendar("15min", "2024-01-01"), 100, 7),
        ("14d", Calendar("B", "2024-01-01"), 100, 10),  # two weeks of working days
        ("6 months", Calendar("MS", "2020-01-01"), 60, 6), ("2 quarters", Calendar("ME", "2020-01-31"), 60, 6),
        ("6 months", Calendar("BMS", "2020-01-01"), 60, 6), ("7 months", Calendar("QE-DEC", "2020-03-31"), 60, 3),
        ("3 years", Calendar("YS-JAN", "1990-01-01"), 30, 3), ("14d", Calendar("MS", "2020-01-01"), 60, 1),
        ("2 months", Calendar("168h", "2024-01-01"), 100, 9),
    ],
    ids=str,
)  # fmt: skip
def test_it_reaches_as_far_as_was_said_and_no_point_further(text, calendar, known, ahead):
    assert points(text, calendar, known) == ahead


def test_days_are_days_by_the_clock_when_clocks_change():
    hourly = Calendar("h", "2026-03-01", "Europe/Berlin")  # ends on 20 March; clocks change on the 29th
    assert points("14d", hourly, 24 * 20) == 14 * 24 - 1
    assert points("336h", hourly, 24 * 20) == 336


def test_opening_hours_count_too():
    week = tuple(pd.Timedelta(days=day, hours=hour).value // 1000 for day in range(5) for hour in range(9, 17))
    shop = Calendar("week", "2024-01-01T09:00", week=week)
    assert points("1w", shop, 80) == 40


@given(st.integers(2, 400), st.integers(1, 300))
def test_days_on_days_are_points_and_more_than_is_known_is_more(known, days):
    found = points(f"{days}d", DAILY, known)
    assert found == days if days <= known else found > known


def test_groups_are_so_many_of_their_size():
    assert points("3 groups", DAILY, 100, size=7) == 21


def test_a_time_needs_a_calendar():
    with pytest.raises(BadHorizon, match="the times of this series are plain numbers: give a number of points"):
        points("14d", None, 100)


def test_on_a_file_text_counts_observations_and_an_integer_groups_as_in_old_configurations():
    assert Asked(data="a.csv", horizon="14").horizon == "14"
    assert Asked(data="a.csv", horizon="6 months").said == Horizon(6, "months")
    old = Asked(data="a.csv", horizon=2, group_size=7)
    assert (old.horizon, old.said, old.is_settled) == (2, None, True)
    assert Asked(data="a.csv", horizon="2 groups").horizon == 2
    assert Asked.model_validate(Asked(data="a.csv", horizon="14").model_dump(mode="json")).horizon == "14"


def test_without_a_file_a_number_counts_groups_and_a_time_is_refused():
    assert Asked(horizon="20").horizon == Asked(horizon=20).horizon == 20
    with pytest.raises(ValueError, match="--horizon 14 days is for a file"):
        Asked(horizon="14d")


@pytest.mark.parametrize("wrong", ["0", "x", 0, -1, 10_001, "1.5"])
def test_a_horizon_that_cannot_be_is_refused_by_name(wrong):
    for given_too in ({}, {"data": "a.csv"}):
        with pytest.raises(ValueError, match="horizon"):
            Asked(horizon=wrong, **given_too)


def test_numpy_counts_are_plain_integers():
    assert isinstance(points("36h", Calendar("h", "2024-01-01"), 100), int)
    assert not isinstance(points("36h", Calendar("h", "2024-01-01"), 100), np.integer)


def test_text_is_never_taken_for_groups_by_mistake():
    with pytest.raises(ValueError, match="horizon"):
        _ = Asked(data="a.csv", horizon="14", group_size=7).task
