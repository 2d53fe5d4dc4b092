import numpy as np

from artifacts.files.forecasts import write_forecasts
from artifacts.files.series import write_series
from artifacts.gallery.latest_forecast import chart, newest
from artifacts.gallery.summary import Summary
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.series import Series

PIPELINE = Summary("20260302T000000Z-b", "1", flow="pipeline", forecasts=True)
RETRAIN = Summary("20260301T000000Z-a", "1", flow="retrain", forecasts=True)
SWEEP = Summary("20260303T000000Z-c", "1", flow="sweep")
FIRST = "20260301T000000Z-aaaaaa"


def test_with_a_champion_its_forecast_is_shown_else_the_newest():
    runs = [SWEEP, PIPELINE, RETRAIN]
    assert newest(runs, retrained=True) == RETRAIN
    assert newest(runs, retrained=False) == PIPELINE
    assert newest([SWEEP], retrained=True) is None


def test_the_forecast_is_read_from_the_runs_own_files(store, run):
    shown = chart(store, Summary(FIRST, "1", forecasts=True))
    lines = {line.name: line for line in shown.lines}
    assert set(lines) == {"data", "truth", "autoregressive", "article", "persistence"}
    expected = next(f for f in run.forecasts if f.method == "autoregressive")
    assert np.array_equal(lines["autoregressive"].y, expected.y.ravel())
    assert np.array_equal(lines["autoregressive"].intervals.upper90, expected.intervals.upper90.ravel())


def test_a_forecast_with_dates_is_shown_with_dates(run, fabricate, tmp_path):
    folder = tmp_path / "runs" / FIRST
    fabricate(folder)
    calendar = Calendar("D", "2026-01-01")
    found = {"time_column": "day", "value_column": "<b>sales"}
    series = Series(np.arange(30.0), np.sin(np.arange(30.0)), 1.0)
    forecasts = [type(f)(f.method, 30 + np.arange(f.x.size).reshape(f.x.shape), f.y) for f in run.forecasts]
    write_series(folder / "dataset.parquet", series, {"found": found}, calendar)
    write_forecasts(folder / "forecast.parquet", forecasts, None, calendar)
    shown = chart(Store(str(tmp_path / "runs")), Summary(FIRST, "1", forecasts=True))
    assert shown.names[0.0] == "2026-01-01"
    assert shown.names[31.0] == "2026-02-01"
    assert (shown.x_label, shown.y_label) == ("day", "<b>sales")
    assert "truth" not in {line.name for line in shown.lines}
