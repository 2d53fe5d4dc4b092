"""Past forecasts beside what came: of each moment the last forecast, and only what is known."""

import numpy as np

from artifacts.gallery.past_forecasts import NEWEST, past_forecasts
from artifacts.plots.axis import Axis
from rnn.calendar import Calendar


def ledger(at, origin, y, truth, method=None) -> dict:
    at, y = np.asarray(at, dtype=float), np.asarray(y, dtype=float)
    bounds = {"lower50": y - 1, "upper50": y + 1, "lower90": y - 2, "upper90": y + 2}
    method = np.array(method or ["served"] * len(at), dtype=object)
    return {"method": method, "at": at, "origin": np.asarray(origin, dtype=float), "y_pred": y,
            "y_true": np.asarray(truth, dtype=float), **bounds}  # fmt: skip


def test_of_each_moment_the_last_forecast_is_shown_beside_what_came():
    chart = past_forecasts(ledger([3, 2, 3, 4], [0, 0, 2, 2], [9, 5, 6, 7], [6.5, 5, 6.5, np.nan]), Axis())
    came, served = chart.lines
    assert (came.x.tolist(), came.y.tolist()) == ([2, 3], [5, 6.5])
    assert served.y.tolist() == [5, 6]
    assert served.intervals.upper90.tolist() == [7, 8]
    assert "2 points" in chart.alt
    assert "100% of them within the 90 % interval" in chart.alt


def test_only_what_was_served_counts_and_one_moment_is_no_picture():
    rows = ledger([1, 2, 3], [0, 0, 0], [1, 2, 3], [1, 2, 3], ["served", "persistence", "persistence"])
    assert past_forecasts(rows, Axis()) is None
    assert past_forecasts(ledger([], [], [], []), Axis()) is None


def test_moments_are_named_as_clocks_show_them():
    days = np.arange(3) * 86_400_000_000.0
    chart = past_forecasts(ledger(days, np.zeros(3), days, days), Axis(Calendar("D", "1970-01-01"), "day", "sales"))
    assert list(chart.names.values()) == ["1970-01-01", "1970-01-02", "1970-01-03"]
    assert (chart.x_label, chart.y_label) == ("day", "sales")


def test_only_the_newest_are_drawn():
    every = np.arange(2.0 * NEWEST)
    chart = past_forecasts(ledger(every, np.zeros(len(every)), every, every), Axis())
    assert chart.lines[0].x.tolist() == every[NEWEST:].tolist()
