import json

import numpy as np
import pytest

from artifacts.gallery.compare_data import POINTS, script
from artifacts.gallery.summary import UNREADABLE, summarise

SECOND = "20260302T120000Z-bbbbbb"


def read(content: bytes) -> tuple[str, dict]:
    text = content.decode().removeprefix("wavecast(").removesuffix(");\n")
    name, _, held = text.partition(",")
    return json.loads(name), json.loads(held)


def test_a_run_is_a_script_with_what_is_compared(store, run):
    summary = summarise(store, SECOND, "1")
    name, held = read(script(store, summary))
    assert name == summary.id
    assert held["series"] == "y of generated data"
    assert held["settings"]["seed"] == "7"
    assert held["settings"]["article.lr"] == "0.023"
    assert held["settings"]["recipes"] == "untuned, article, autoregressive"
    assert set(held["forecasts"]) == {f.method for f in run.forecasts}
    assert held["metrics"]["article"]["RMSE"] == pytest.approx(run.scores["article"].rmse, rel=1e-3)
    assert held["truth"][0] == pytest.approx(run.truth[0, 0], rel=1e-3)


def test_nothing_in_it_ends_a_script(store):
    assert b"<" not in script(store, summarise(store, SECOND, "1"))


def test_a_missing_file_is_one_of_what_reading_raises(store):
    summary = summarise(store, SECOND, "1")
    (store.workspace / SECOND / "dataset.parquet").unlink()
    with pytest.raises(UNREADABLE):
        script(store, summary)


def test_a_long_horizon_stays_small(store, run):
    from artifacts.files.forecasts import write_forecasts
    from rnn.forecast import Forecast

    x = 6 + np.arange(60_000.0).reshape(10_000, 6)
    write_forecasts(store.workspace / SECOND / "forecast.parquet", [Forecast("article", x, np.sin(x))], None)
    _, held = read(script(store, summarise(store, SECOND, "1")))
    assert len(held["forecasts"]["article"]) <= POINTS


def test_runs_of_times_share_an_axis_of_days(store):
    from artifacts.files.series import write_series
    from rnn.calendar import Calendar
    from rnn.series import Series

    file = store.workspace / SECOND / "dataset.parquet"
    calendar = Calendar("D", "2026-03-01T00:00:00.000000")
    write_series(file, Series(np.arange(6.0), np.ones(6), 1.0), {"source": "a.csv", "digest": "0"}, calendar)
    _, held = read(script(store, summarise(store, SECOND, "1")))
    assert held["data"]["x"][-1] == (np.datetime64("2026-03-06") - np.datetime64("1970-01-01")).astype(int)
    assert held["data"]["at"][-1] == "2026-03-06"
    assert len(held["at"]) == len(held["x"])
