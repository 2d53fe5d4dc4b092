"""Whether new data continue a series: what grows, rolls on or is restated does; what differs is named."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.calendar import DAY, Calendar
from rnn.errors import WavecastError
from rnn.lifecycle.identity import UNKNOWN, Seen, compare, length

Y = 100 + np.tile([1.0, 2, 4, 3, 9, 7, 0], 60) + np.random.default_rng(0).normal(0, 1, 420)


def seen(y=Y, first: int = 0, **changes) -> Seen:
    at = np.arange(first, first + len(y), dtype=float)
    return replace(Seen("t", "sales", at, np.asarray(y, dtype=float), 1.0), **changes)


def daily(y=Y, start: str = "2024-01-01", step: int = 1, **changes) -> Seen:
    zero = np.datetime64(start, "us").astype(np.int64)
    at = (zero + np.arange(len(y)) * step * DAY).astype(float)
    calendar = Calendar("D" if step == 1 else f"{step}D", start)
    return replace(Seen("day", "sales", at, np.asarray(y, dtype=float), float(step * DAY), calendar), **changes)


@given(st.integers(100, 300), st.integers(0, 100), st.integers(0, 40))
def test_what_grows_and_loses_its_first_rows_continues(known, lost, added):
    for make in (lambda a, b: seen(Y[a:b], a), lambda a, b: daily(Y[a:b], str(np.datetime64("2024-01-01") + a))):
        lost = min(lost, known // 2 - 1)
        found = compare(make(0, known), make(lost, known + added))
        assert found.differences == {}
        assert (found.first, found.added, found.restated, found.revised) == (lost, added, None, 0)


@given(st.sets(st.integers(0, 199), min_size=1, max_size=150), st.floats(0.5, 30))
def test_a_restated_past_continues_and_is_counted(places, by):
    new = Y[:210].copy()
    new[sorted(places)] -= by
    found = compare(seen(Y[:200]), seen(new))
    assert found.differences == {}
    assert found.restated.at.tolist() == sorted(places)
    assert (found.added, found.restated.of) == (10, 200)


def test_all_values_times_one_and_a_tenth_are_restated():
    found = compare(daily(Y[:200]), daily(1.1 * Y[:210]))
    assert found.differences == {}
    assert found.restated.factor == pytest.approx(1.1)


@given(st.sampled_from([1000.0, 0.001, 100.0, 60.0, -1000.0]))
def test_all_values_in_another_unit_are_another_scale(factor):
    found = compare(seen(Y[:200]), seen(factor * Y[:210]))
    assert list(found.differences) == ["scale"]
    assert f"{factor:.4g} times" in found.differences["scale"] or "1/1000 of" in found.differences["scale"]


def test_new_rows_alone_in_another_unit_are_another_scale():
    for factor in (1000, 1 / 1000):
        found = compare(seen(Y[:200]), seen([*Y[:200], *(factor * Y[200:203])]))
        assert list(found.differences) == ["scale"]
        assert "the 3 new rows are" in found.differences["scale"]
    assert "the new row is" in compare(seen(Y[:9]), seen([*Y[:9], 1e6])).differences["scale"]


@pytest.mark.parametrize("rows", [[0, 0, 0], [-5, 3, 900], [300], [9000.0], [1.2]])
def test_strange_rows_that_may_be_true_continue(rows):
    assert compare(seen(Y[:200]), seen([*Y[:200], *rows])).differences == {}


def test_one_corrected_mistake_is_no_other_scale():
    wrong = Y[:200].copy()
    wrong[50] *= 1000
    found = compare(seen(wrong), seen(Y[:200]))
    assert found.differences == {}
    assert len(found.restated) == 1


def test_other_columns_are_told():
    found = compare(seen(), seen(value="revenue"))
    assert found.differences == {"columns": "the values are column 'revenue', and were 'sales'"}
    assert "the times are column 'x', and were 't'" in compare(seen(), seen(time="x")).differences["columns"]


def test_columns_that_nobody_has_noted_are_no_difference():
    assert compare(seen(value=UNKNOWN, time=UNKNOWN), seen()).differences == {}
    assert list(compare(seen(value=UNKNOWN), seen(value="", time="")).differences) == ["another"]


def test_generated_data_do_not_continue_a_file():
    assert "generated data, and it has a file" in compare(seen(), seen(value="", time="")).differences["another"]


def test_another_calendar_is_told():
    weekly = daily(Y[:60], "2024-01-01", 7)
    zoned = daily(calendar=Calendar("D", "2024-01-01", "Europe/Berlin"))
    zoned = replace(zoned, at=zoned.at - 3600e6)
    for new, words in [(weekly, "one each 7D, and were one each day"), (seen(), "numbers, 1 apart, and were one each"),
                       (zoned, "one each day in Europe/Berlin")]:  # fmt: skip
        found = compare(daily(), new)
        assert list(found.differences)[-1] == "calendar"
        assert words in found.differences["calendar"]
    assert list(compare(seen(), daily()).differences)[-1] == "calendar"
    assert list(compare(seen(), seen(Y[:210], at=np.arange(0, 420, 2.0), step=2.0)).differences) == ["calendar"]


def test_the_same_moments_under_another_name_are_the_same_calendar():
    hours = daily(calendar=Calendar("24h", "2024-01-01"))
    assert compare(daily(Y[:200]), hours).differences == {}


def test_a_shrunken_file_is_told_unless_the_rows_are_held_back_or_may_be_revised():
    found = compare(daily(Y[:218]), daily(Y[:170]))
    assert list(found.differences) == ["shrunk"]
    assert "the data end at 2024-06-18, and 48 later points are known, up to 2024-08-05" in found.differences["shrunk"]
    assert compare(seen(Y[:200]), seen(Y[:198]), may_lack=2).differences == {}
    assert compare(seen(Y[:200]), seen(Y[:198]), may_lack=1).differences != {}
    assert compare(seen(Y[:200]), seen(Y[:198]), revise_within=3).differences == {}
    assert "50 points, and 200 are known" in compare(seen(Y[:200]), seen(Y[150:200], 150)).differences["shrunk"]


def test_another_series_is_told():
    other = 100 + np.tile([1.0, 2, 4, 3, 9, 7, 0], 60) + np.random.default_rng(1).normal(0, 1, 420)
    found = compare(seen(Y[:200]), seen(other[:210] - 90))
    assert "200 of 200 known values differ" in found.differences["another"]
    past = compare(daily(Y[:218]), daily(7000 + Y[:220], "2019-01-01"))
    assert list(past.differences) == ["another"]
    assert "no time in common with what is known, 2024-01-01 to 2024-08-05" in past.differences["another"]


def test_a_file_of_what_is_new_alone_continues_where_the_other_ended():
    assert compare(daily(Y[:200]), daily(Y[200:300], "2024-07-19")).added == 100
    assert list(compare(daily(Y[:200]), daily(Y[200:300], "2024-07-21")).differences) == ["another"]
    assert list(compare(seen(Y[:200]), seen(1000 * Y[200:210], 200)).differences) == ["scale"]
    working = Calendar("B", "2024-01-01")
    at = working.times(np.arange(20.0)).astype(np.int64).astype(float)
    weeks = [Seen("day", "sales", at[s], Y[s], 1.4 * DAY, replace(working, start=day)) for s, day in
             [(slice(0, 10), "2024-01-01"), (slice(10, 20), "2024-01-15")]]  # fmt: skip
    assert compare(*weeks).differences == {}, "Monday follows Friday"


def test_values_within_the_time_of_revision_are_revised_and_others_restated():
    new = Y[:205].copy()
    new[[10, 198, 199]] += 5
    found = compare(seen(Y[:200]), seen(new), revise_within=6)
    assert (found.revised, found.restated.at.tolist()) == (1, [10, 198])
    assert compare(seen(Y[:200]), seen(new), revise_within=10).revised == 2
    assert compare(seen(Y[:200]), seen([*new[:199].tolist(), 999.0]), revise_within=5).differences == {}


def test_lengths_of_time_and_of_points():
    assert length("7d", 1.0, True) == 7 * DAY
    assert length("2 w", 1.0, True) == 14 * DAY
    assert length("36h", 1.0, True) == 1.5 * DAY
    assert length("90min", 1.0, True) == DAY / 16
    assert length("3", 0.5, False) == 1.5
    with pytest.raises(WavecastError, match="give a number of points"):
        length("7d", 1.0, False)
