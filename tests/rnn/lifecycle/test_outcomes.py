"""Past forecasts beside what has arrived: matched in any order, scored, and cut into cycles."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.lifecycle.outcomes import Scored, by_cycle, join, live, match, pending, scaled, score_pending, spread_before


def said(origin: float, y: float = 0.0, half: float = 2.0, horizon: int = 3, size: int = 2, method="served") -> Scored:
    """A forecast of `y` everywhere, for the points origin + 1, origin + 2, …"""
    x = origin + np.arange(1.0, horizon * size + 1).reshape(horizon, size)
    flat = np.full(x.shape, y)
    bounds = Intervals(flat - half / 2, flat + half / 2, flat - half, flat + half)
    return pending(f"run {origin:g}", "a champion", Forecast(method, x, flat, bounds), origin)


def test_a_promise_has_a_row_for_each_point():
    rows = said(10.0)
    assert rows.step.tolist() == [1, 1, 2, 2, 3, 3]
    assert rows.at.tolist() == [11, 12, 13, 14, 15, 16]
    assert np.isnan(rows.truth).all()
    assert rows.upper90.tolist() == [2.0] * 6


def test_a_forecast_without_intervals_promises_none():
    rows = pending("run", "persistence", Forecast("persistence", np.ones((1, 2)), np.ones((1, 2))), 0.0)
    assert np.isnan(rows.lower90).all()


@given(
    st.lists(st.integers(0, 40), max_size=60),
    st.floats(0.001, 1e3),
    st.floats(-1e4, 1e4),
    st.floats(-4e-4, 4e-4),
)
def test_the_same_moment_is_found_whatever_the_order_repeats_and_gaps(arrived, step, start, off):
    at = start + step * np.arange(41)
    seen = start + step * (np.array(arrived, dtype=float) + off)
    place = match(at, seen, step)
    for k in range(41):
        assert (place[k] == arrived.index(k)) if k in arrived else (place[k] == -1)


def test_a_moment_between_two_points_is_neither():
    assert match(np.array([1.5, 1.01]), np.array([1.0, 2.0]), 1.0).tolist() == [-1, -1]


@given(st.permutations(range(20)), st.integers(0, 20))
def test_outcomes_do_not_depend_on_the_order_of_arrival(order, known):
    y = np.arange(20.0) ** 2
    at = np.array(order[:known], dtype=float)
    rows = score_pending(said(7.0), at, y[np.array(order[:known], dtype=int)], 1.0)
    assert sorted(rows.at.tolist()) == sorted(x for x in at.tolist() if 8 <= x <= 13)
    assert rows.truth.tolist() == [x**2 for x in rows.at.tolist()]


def test_live_figures_by_hand():
    rows = join([replace(said(10.0), truth=np.array([0.0, 1.5, 3.0, 0.5, -1.0, 9.0])), said(10.0, method="naive")])
    served = live(rows.of(np.isfinite(rows.truth)), "served")
    assert served.step.tolist() == [1, 2, 3]
    assert served.points.tolist() == [2, 2, 2]
    np.testing.assert_allclose(served.rmse, np.sqrt([2.25 / 2, 9.25 / 2, 82 / 2]))
    assert served.inside90.tolist() == [1.0, 0.5, 0.5]
    assert served.inside50.tolist() == [0.5, 0.5, 0.5]
    assert served.coverage90 == pytest.approx(4 / 6)
    assert live(Scored.none(), "served") is None
    assert live(rows.of(np.isfinite(rows.truth)), "naive") is None


def test_scaled_errors_know_neither_level_nor_unit():
    error, half = np.array([1.0, -2.0]), np.array([2.0, 1.0])
    assert scaled(error, 5 - half, 5 + half, 1.0).tolist() == [0.5, -2.0]
    np.testing.assert_allclose(scaled(1e6 * error, -1e6 * half, 1e6 * half, 1e6), [0.5, -2.0])
    assert scaled(np.array([1.0]), np.zeros(1), np.zeros(1), 10.0).tolist() == [100.0], "no width: a floor"


def test_cycles_begin_with_the_promotion_and_end_when_whole():
    first, second = replace(said(10.0), truth=np.full(6, 2.0)), replace(said(12.0), truth=np.full(6, 4.0))
    every = join([second, first])
    found = by_cycle(every, 10.0, 2.0, 16.0, 1.0)
    assert [cycle.tolist() for cycle in found] == [[1.0, 1.0], [2.0, 2.0], [2.0, 2.0]], "the newest forecast counts"
    assert len(by_cycle(every, 10.0, 2.0, 15.0, 1.0)) == 2, "a cycle that is not over"
    assert [len(cycle) for cycle in by_cycle(every, 10.0, 4.0, 18.0, 1.0)] == [4, 4]
    assert [cycle.tolist() for cycle in by_cycle(first, 10.0, 3.0, 22.0, 1.0)][2:] == [[], []], "nothing came"
    assert by_cycle(Scored.none(), 10.0, 2.0, 9.0, 1.0) == []


@given(st.permutations(range(12)))
def test_cycles_do_not_depend_on_the_order_of_rows(order):
    rows = join([replace(said(origin), truth=np.arange(6.0)) for origin in (10.0, 12.0)])
    one, other = (by_cycle(each, 10.0, 2.0, 18.0, 1.0) for each in (rows, rows.of(np.array(order))))
    assert [cycle.tolist() for cycle in one] == [cycle.tolist() for cycle in other]


def test_forecasts_from_before_the_promotion_do_not_count():
    rows = replace(said(8.0), truth=np.full(6, 9.0))
    assert [len(cycle) for cycle in by_cycle(rows, 10.0, 2.0, 14.0, 1.0)] == [0, 0]


def test_the_spread_is_of_what_was_known():
    assert spread_before(2.0, np.array([3.0, 1.0, 2.0]), np.array([50.0, 1.0, 3.0])) == 1.0
    assert spread_before(0.0, np.array([3.0]), np.array([50.0])) == 0.0


def test_no_rows_are_rows_too():
    assert len(join([])) == 0
    assert {field.name for field in fields(Scored)} == set(vars(join([Scored.none(), said(1.0)])))
