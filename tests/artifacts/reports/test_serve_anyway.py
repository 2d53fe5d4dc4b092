"""A forecast all the same: by the champion on the last good data, else by a naive method, labelled with its age."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.lifecycle.latest import JSON, LATEST
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.lifecycle.verdict import VERDICT
from artifacts.reports.serve_anyway import serve_anyway
from artifacts.store.digests import digest_files
from artifacts.store.store import Store
from flows.cli import main
from rnn.calendar import Calendar

FIRST, SECOND = "20260101T000000Z-aaaaaa", "20260103T000000Z-bbbbbb"
WHY = "the file is not there."
NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """The champion is of the second run."""
    put_retraining(tmp_path, FIRST, 0, 100)
    put_retraining(tmp_path, SECOND, 1, 104)
    store = Store(str(tmp_path))
    Registry(store).promote(SECOND, "autoregressive", "gate", "It is better.", None)
    return store


def told(store):
    return json.loads((store.workspace / LATEST / JSON).read_text())


def test_the_champion_forecasts_from_the_last_good_data_and_says_how_old_they_are(store, tmp_path):
    stand_in = serve_anyway(store, WHY, NOW)
    assert stand_in.label == "champion on data up to 103, read 2 days ago"
    assert newest_served(store).run.name == stand_in.run
    assert (told(store)["run"], told(store)["label"]) == (stand_in.run, stand_in.label)
    assert told(store)["model"] == {"run": SECOND, "method": "autoregressive"}
    (served, *_), _ = read_forecasts(tmp_path / stand_in.run / FORECAST)
    (own, *_), _ = read_forecasts(tmp_path / SECOND / FORECAST)
    np.testing.assert_array_equal(served.y, own.y)
    sentence = json.loads((tmp_path / stand_in.run / VERDICT).read_text())["sentence"]
    assert sentence == f"Champion on data up to 103, read 2 days ago, since no new forecast can be made: {WHY}"
    assert Registry(store).champion().run == SECOND, "nobody is promoted"


def test_a_forecast_that_says_the_same_is_made_once(store):
    runs = {serve_anyway(store, WHY, NOW + timedelta(minutes=k)).run for k in range(3)}
    assert len(runs) == 1
    tomorrow = serve_anyway(store, WHY, NOW + timedelta(days=1))
    assert tomorrow.run not in runs
    assert tomorrow.label == "champion on data up to 103, read 3 days ago"


def test_dates_are_said_as_dates(store, tmp_path, put_retraining):
    from artifacts.files.series import DATASET, read_series, write_series

    path = tmp_path / SECOND / DATASET
    write_series(path, read_series(path), {"source": "wave.csv"}, Calendar("D", "2025-09-22", "Europe/Berlin"))
    manifest = json.loads((tmp_path / SECOND / "manifest.json").read_text())
    manifest["data"] = manifest["files"][DATASET] = digest_files(path.parent)[DATASET]
    (tmp_path / SECOND / "manifest.json").write_text(json.dumps(manifest))
    assert serve_anyway(store, WHY, NOW).label == "champion on data of 3 January 2026, 2 days old"


@pytest.mark.parametrize("fault", ["gone", "weights", "registry", "nobody"])
def test_without_a_champion_that_can_forecast_it_is_the_naive_one(store, tmp_path, fault):
    if fault == "gone":
        Registry(store).promote(FIRST, "autoregressive", "promote", "", Registry(store).champion())
        shutil.rmtree(tmp_path / FIRST)
    elif fault == "weights":
        (tmp_path / SECOND / "models" / "autoregressive" / "final.npz").write_text("no weights")
    elif fault == "registry":
        (tmp_path / CHAMPION).write_text("{")
    else:
        (tmp_path / CHAMPION).unlink()
    stand_in = serve_anyway(store, WHY, NOW)
    assert stand_in.label == "naive (seasonal naive) on data up to 103, read 2 days ago"
    assert told(store)["model"] == {"run": stand_in.run, "method": "seasonal naive"}
    assert len(told(store)["forecast"]) == 8
    assert serve_anyway(store, WHY, NOW) == stand_in


def test_without_data_there_is_none(tmp_path):
    assert serve_anyway(Store(str(tmp_path / "empty")), WHY, NOW) is None


def test_a_naive_champion_is_named(tmp_path, put_retraining):
    put_retraining(tmp_path, FIRST, 0, 100, "persistence")
    store = Store(str(tmp_path))
    Registry(store).promote(FIRST, "persistence", "gate", "No network is better.", None)
    assert serve_anyway(store, WHY, NOW).label == "naive (persistence) on data up to 99, read 4 days ago"


def test_the_front_page_and_history_say_what_is_served(store, tmp_path, capsys):
    stand_in = serve_anyway(store, WHY)
    main(["browse", "--no-open", "--store", str(tmp_path)])
    front = (tmp_path / "index.html").read_text()
    assert "Champion on data up to 103, read " in front
    main(["verify", stand_in.run, "--store", str(tmp_path)])
    assert "are what the manifest says" in capsys.readouterr().out
    assert "wavecast forecast" in (tmp_path / stand_in.run / "report.html").read_text()


def test_a_retraining_whose_file_is_refused_leaves_a_forecast_and_exit_code_2(store, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["retrain", "--data", str(tmp_path / "gone.csv"), "--store", str(tmp_path)])
    assert ended.value.code == 2
    assert "there is no such file" in capsys.readouterr().err
    assert told(store)["label"].startswith("champion on data up to 103")


def test_a_mistake_about_the_store_makes_none(tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["retrain", "--data", str(tmp_path / "gone.csv"), "--store", str(tmp_path / "typo")])
    assert ended.value.code == 2
    assert not (tmp_path / "typo").exists()
