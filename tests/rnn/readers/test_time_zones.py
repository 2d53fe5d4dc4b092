import numpy as np
import pandas as pd
import pytest

from rnn.readers.observations import Observations
from rnn.readers.problems import Problems
from rnn.readers.time_zones import located

BERLIN = "Europe/Berlin"


def placed(times, zone=BERLIN) -> tuple[list[str], list]:
    t = pd.DatetimeIndex(times).as_unit("us").asi8
    problems = Problems()
    found = located(Observations(np.array(t), np.zeros(len(t))), zone, "t", problems)
    return [str(time) for time in found.t.astype("datetime64[us]").astype("datetime64[m]")], problems.found


def test_clocks_are_an_hour_or_two_ahead_of_utc():
    assert placed(["2024-01-01 12:00", "2024-07-01 12:00"]) == (["2024-01-01T11:00", "2024-07-01T10:00"], [])


def test_the_hour_that_comes_twice_is_told_apart_by_its_order():
    hours = pd.date_range("2024-10-26", periods=48, freq="h", tz=BERLIN)
    found, problems = placed(hours.tz_localize(None))
    assert found == [str(time)[:16].replace(" ", "T") for time in hours.tz_convert("UTC").tz_localize(None)]
    assert problems == []


def test_an_hour_that_clocks_never_show_is_a_problem_and_left_out():
    found, (problem,) = placed(["2024-03-31 01:00", "2024-03-31 02:00", "2024-03-31 03:00"])
    assert found == ["2024-03-31T00:00", "2024-03-31T01:00"]
    assert (problem.kind, problem.record) == ("never", 1)


def test_an_hour_that_may_be_either_is_a_problem():
    _, (problem,) = placed(["2024-10-27 02:00", "2024-10-28 02:00"])
    assert (problem.kind, problem.record) == ("twice", 0)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Santiago", "2024-09-08"), ("Africa/Cairo", "2024-04-26"), ("America/Havana", "2024-03-10")],
)
def test_a_day_whose_midnight_is_left_out_begins_when_its_clocks_do(zone, day):
    days = pd.date_range(pd.Timestamp(day) - pd.Timedelta(days=5), periods=11)
    found, problems = placed(days, zone)
    assert problems == []
    begun = pd.DatetimeIndex(found).tz_localize("UTC").tz_convert(zone)
    assert list(begun.strftime("%Y-%m-%d")) == list(days.strftime("%Y-%m-%d"))
    assert [str(time) for time in begun.time if time.hour] == ["01:00:00"]


def test_a_day_that_was_left_out_as_a_whole_is_a_problem():
    _, (problem,) = placed(pd.date_range("2011-12-28", "2012-01-02"), "Pacific/Apia")  # the date line moved over Samoa
    assert (problem.kind, problem.record) == ("never", 2)


def test_a_moment_at_a_midnight_that_is_left_out_is_a_problem():
    _, (problem,) = placed(["2024-09-07 23:00", "2024-09-08 00:00", "2024-09-08 01:00"], "America/Santiago")
    assert problem.kind == "never"
