"""The forecast that is to be used: which it is, its table for spreadsheets, and that in the terminal."""

import json
from dataclasses import replace

import numpy as np
import pytest

from artifacts.files.forecast_table import COLUMNS
from artifacts.files.forecasts import FORECAST, METRICS, write_forecasts
from artifacts.files.series import DATASET, write_series
from artifacts.lifecycle.verdict import VERDICT
from artifacts.reports.forecast_to_use import FORECAST_CSV, as_table, forecast_to_use, of_folder, table_to_use
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.series import Series

BERLIN = Calendar("D", "2026-01-05", "Europe/Berlin")
X = np.arange(100.0, 114.0).reshape(2, 7)
Y = np.linspace(-3.0, 3.5, 14).reshape(2, 7)
BOUNDS = Intervals(lower50=Y - 1, upper50=Y + 1, lower90=Y - 2, upper90=Y + 2)
SERVED = Forecast("served", X, Y, BOUNDS, BERLIN)


def folder(path, methods, errors=None, calendar=BERLIN):
    write_forecasts(
        path / FORECAST, [Forecast(name, X, Y + k, BOUNDS) for k, name in enumerate(methods)], None, calendar
    )
    write_series(path / DATASET, Series(np.arange(100.0), np.zeros(100), 1.0), {}, calendar)
    if errors is not None:
        methods = {name: {"rmse": error} for name, error in errors.items()}
        (path / METRICS).write_text(json.dumps({"forecast": {}, "fit": {}, "hindsight": {"methods": methods}}))
    return of_folder(path)


@pytest.mark.parametrize(
    ("methods", "errors", "used"),
    [
        (("served", "persistence"), None, "served"),
        (("autoregressive", "persistence"), {"autoregressive": 2.0, "persistence": 1.0}, "persistence"),
        (("autoregressive", "persistence"), {"autoregressive": 0.5, "persistence": 1.0}, "autoregressive"),
        (("persistence", "autoregressive"), None, "autoregressive"),
        (("persistence", "autoregressive"), {"autoregressive": float("nan"), "persistence": 1.0}, "persistence"),
        (("persistence", "autoregressive"), {}, "autoregressive"),
    ],
)
def test_it_is_the_served_one_or_the_best_by_backtest(tmp_path, methods, errors, used):
    found = forecast_to_use(folder(tmp_path, methods, errors))
    assert found.method == used
    np.testing.assert_array_equal(found.y, Y + methods.index(used))
    assert found.calendar == BERLIN


def test_its_table_says_whose_it_is_but_not_when_so_that_the_same_run_gives_the_same_bytes(tmp_path):
    table = table_to_use(folder(tmp_path, ("served", "persistence")))
    assert tuple(table.column_names) == COLUMNS
    first = table.to_pylist()[0]
    assert (first["unique_id"], first["model"], first["made"]) == ("y", "served", None)
    assert first["label"] == "served, by a run without a champion"
    assert str(first["cutoff"]) == "2026-04-14 00:00:00"
    for serves, model, label in (
        ({"run": None, "method": "autoregressive"}, "autoregressive", "champion"),
        ({"run": "0a-1", "method": "autoregressive"}, "0a-1/autoregressive", "champion"),
        ({"run": "0a-1", "method": "persistence"}, "0a-1/persistence", "naive (persistence)"),
    ):
        (tmp_path / VERDICT).write_text(json.dumps({"serves": serves}))
        first = table_to_use(of_folder(tmp_path)).to_pylist()[0]
        assert (first["model"], first["label"]) == (model, label)


def test_the_table_shows_ten_rows_and_says_where_the_rest_is():
    lines = as_table(SERVED, "runs/one/").splitlines()
    assert lines[0] == "The forecast:"
    assert lines[1].split() == ["time", "forecast", "90", "%", "from", "to"]
    assert lines[2].split() == ["2026-04-15", "-3.00", "-5.00", "-1.00"]
    assert len(lines) == 13
    assert lines[-1] == f"4 more rows and all intervals: runs/one/{FORECAST_CSV}"
    assert len({len(line) for line in lines[1:12]}) == 1


def test_the_table_of_a_short_forecast_without_intervals():
    lines = as_table(replace(SERVED, intervals=None).first(3), "s3://bucket/one").splitlines()
    assert lines[1].split() == ["time", "forecast"]
    assert lines[-1] == f"The same as a file: s3://bucket/one/{FORECAST_CSV}"


@pytest.mark.parametrize(("width", "shown"), [(4000.0, "12,346"), (40.0, "12,345.7"), (4.0, "12,345.68")])
def test_digits_are_those_that_the_intervals_leave_sense(width, shown):
    mean = np.full((5, 1), 12_345.678)
    around = Intervals(*(mean + width * share for share in (-0.2, 0.2, -0.5, 0.5)))
    lines = as_table(Forecast("served", X.ravel()[:5, np.newaxis], mean, around), "runs/one").splitlines()
    assert lines[2].split()[1] == shown


def test_very_large_numbers_are_written_with_their_powers_of_ten():
    mean = np.full((5, 1), 1.23456e303)
    around = Intervals(*(mean * (1 + share) for share in (-0.2, 0.2, -0.5, 0.5)))
    lines = as_table(Forecast("served", X.ravel()[:5, np.newaxis], mean, around), "runs/one").splitlines()
    assert lines[2].split()[1:] == ["1.23456e+303", "6.1728e+302", "1.85184e+303"]


def test_so_are_very_small_ones_and_not_a_zero_between_wide_bounds():
    for mean, wide, shown in (
        (5.4e-11, 3e-12, ["5.4e-11", "5.1e-11", "5.7e-11"]),
        (1e-9, 2.0, ["0.00", "-2.00", "2.00"]),
    ):
        middle = np.full((5, 1), mean)
        around = Intervals(middle - wide / 2, middle + wide / 2, middle - wide, middle + wide)
        lines = as_table(Forecast("served", X.ravel()[:5, np.newaxis], middle, around), "runs/one").splitlines()
        assert lines[2].split()[1:] == shown
