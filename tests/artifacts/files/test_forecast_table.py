"""The table of a forecast: its columns and types, and what a spreadsheet, pandas and JSON make of it."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.files.forecast_table import (
    COLUMNS,
    FORMULA,
    Origin,
    forecast_table,
    from_parquet,
    safe_cell,
    to_csv,
    to_frame,
    to_json,
    to_parquet,
    to_rows,
)
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals

BERLIN = Calendar("D", "2026-01-05", "Europe/Berlin")
X = np.arange(100.0, 114.0).reshape(2, 7)
Y = np.linspace(-3.0, 3.5, 14).reshape(2, 7)
BOUNDS = Intervals(lower50=Y - 1, upper50=Y + 1, lower90=Y - 2, upper90=Y + 2)
SERVED = Forecast("served", X, Y, BOUNDS, BERLIN)
MADE = datetime(2026, 4, 15, 3, 0, 7, tzinfo=UTC)
FROM = Origin("sales", 99.0, "20260415T030000Z-aaaaaa/autoregressive", "champion", MADE)
TABLE = forecast_table(SERVED, FROM)


def test_the_columns_are_fixed_and_follow_nixtla():
    assert (
        tuple(TABLE.column_names)
        == COLUMNS
        == (
            "unique_id", "ds", "ds_utc", "wavecast", "wavecast-lo-50", "wavecast-hi-50", "wavecast-lo-90",
            "wavecast-hi-90", "cutoff", "made", "model", "label",
        )
    )  # fmt: skip
    assert TABLE.num_rows == 14


def test_a_spreadsheet_opens_it_with_times_in_the_series_zone_and_in_utc():
    read = pd.read_csv(io.StringIO(to_csv(TABLE)), parse_dates=["ds", "ds_utc", "cutoff", "made"])
    assert tuple(read.columns) == COLUMNS
    assert [str(read[name][0]) for name in ("ds", "ds_utc", "cutoff", "made")] == [
        "2026-04-15 00:00:00", "2026-04-14 22:00:00", "2026-04-14 00:00:00", "2026-04-15 03:00:07",
    ]  # fmt: skip
    for name, values in (
        ("wavecast", Y), ("wavecast-lo-50", Y - 1), ("wavecast-hi-50", Y + 1), ("wavecast-lo-90", Y - 2),
        ("wavecast-hi-90", Y + 2),
    ):  # fmt: skip
        np.testing.assert_array_equal(read[name], values.ravel())
    assert set(read.unique_id) == {"sales"}


def test_every_format_has_the_same_content_and_excel_takes_it(tmp_path):
    frame = to_frame(TABLE)
    pd.testing.assert_frame_equal(pq.read_table(io.BytesIO(to_parquet(TABLE))).to_pandas(), frame)
    assert to_parquet(forecast_table(SERVED, FROM)) == to_parquet(TABLE)
    assert from_parquet(to_parquet(TABLE)).equals(TABLE)
    rows = json.loads(to_json(TABLE))
    assert rows == to_rows(TABLE)
    assert [row["ds"] for row in rows] == [time.isoformat() for time in frame.ds]
    assert rows[0]["ds_utc"] == "2026-04-14T22:00:00Z"
    assert rows[0]["made"] == "2026-04-15T03:00:07Z"
    assert all(frame[name].dt.tz is None for name in ("ds", "ds_utc", "cutoff", "made")), "Excel knows no time zones"


def test_without_a_calendar_times_are_numbers_and_without_intervals_bounds_are_empty():
    first = to_csv(forecast_table(replace(SERVED, calendar=None, intervals=None), FROM)).splitlines()[1]
    assert first.startswith("sales,100,,-3.0,,,,,99,2026-04-15 03:00:07,")
    sums = replace(SERVED, x=X * 0.1, calendar=None)
    assert to_csv(forecast_table(sums, FROM)).splitlines()[4].split(",")[1] == "10.3", "not 10.300000000000001"
    assert to_rows(forecast_table(sums, replace(FROM, made=None)))[0]["made"] is None


def test_milliseconds_and_the_hour_that_comes_twice_are_told_apart():
    hours = replace(
        SERVED, x=np.arange(14.0).reshape(2, 7), calendar=Calendar("h", "2026-10-25 00:00", "Europe/Berlin")
    )
    rows = to_rows(forecast_table(hours, FROM))
    assert rows[2]["ds"] == rows[3]["ds"] == "2026-10-25T02:00:00"
    assert (rows[2]["ds_utc"], rows[3]["ds_utc"]) == ("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")
    fine = replace(hours, calendar=Calendar("250ms", "2026-10-25"))
    assert to_csv(forecast_table(fine, FROM)).splitlines()[2].split(",")[1] == "2026-10-25 00:00:00.250000"


def test_no_cell_is_a_formula_even_of_a_forecast_that_diverged():
    y = Y.copy()
    y[0, :3] = -np.inf, np.inf, np.nan
    hostile = Origin('=HYPERLINK("http://x","y")', 99.0, "@a", "-1+1|cmd", MADE)
    for forecast in (replace(SERVED, y=y), replace(SERVED, y=y, intervals=None, calendar=None)):
        for row in list(csv.reader(io.StringIO(to_csv(forecast_table(forecast, hostile)))))[1:]:
            for cell in row:
                assert not cell.startswith(FORMULA) or np.isfinite(float(cell))
                assert "inf" not in cell


@given(st.text())
def test_any_text_is_one_harmless_cell(text):
    (row,) = csv.reader(io.StringIO(f"{safe_cell(text)},2\n", newline=""))
    assert row[1] == "2"
    assert row[0] == (f"'{text}" if text.startswith(FORMULA) else text)
    assert not row[0].startswith(FORMULA)


@pytest.mark.parametrize("text", ["a;=1+1", "a\t=1+1"])
def test_another_separator_begins_no_cell(text):
    for separator in ";\t":
        (row,) = csv.reader(io.StringIO(f"{safe_cell(text)},2\n", newline=""), delimiter=separator)
        assert not any(cell.startswith(FORMULA) for cell in row)


@pytest.mark.parametrize("text", ["＝1+1", "＋1", "－1", "＠SUM(1)", "\n=1"])
def test_what_east_asian_spreadsheets_take_for_a_formula_is_text(text):
    assert safe_cell(text).strip('"').startswith("'")


@pytest.mark.parametrize("text", ["sales", "Umsatz in €", "a b"])
def test_plain_names_stay_as_they_are(text):
    assert safe_cell(text) == text


@pytest.mark.skipif(sys.platform != "linux", reason="the threads of a process are told by /proc")
def test_reading_it_leaves_no_thread_that_could_outlive_python(tmp_path):
    """A thread of Arrow's that holds an object of Python's when Python ends aborts the process, now and then."""
    (tmp_path / "forecast.parquet").write_bytes(to_parquet(TABLE))
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom artifacts.files.forecast_table import from_parquet\n"
        "content = Path(sys.argv[1]).read_bytes()\n"
        "before = set(os.listdir('/proc/self/task'))\n"
        "rows = from_parquet(content).num_rows\n"
        "print(rows, len(set(os.listdir('/proc/self/task')) - before))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "forecast.parquet")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert ended.stdout.split() == [str(TABLE.num_rows), "0"]
