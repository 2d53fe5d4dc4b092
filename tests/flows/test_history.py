"""The champion by hand: history, promote and rollback on one store, as their users type them."""

import json
import shutil

import numpy as np
import pytest

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.lifecycle.ledger import read_ledger, score_arrivals
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.reports.forecast_to_use import FORECAST_CSV
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store


@pytest.fixture
def store(tmp_path, put_retraining):
    """A store with three retrainings, the newest with the most data, and a main job."""
    for name, points in (("0a-1", 100), ("0a-2", 104), ("0b-3", 108)):
        put_retraining(tmp_path, name, points, points)
    (tmp_path / "0c-4").mkdir()
    manifest = json.loads((tmp_path / "0a-1" / MANIFEST).read_text())
    (tmp_path / "0c-4" / MANIFEST).write_text(json.dumps({**manifest, "flow": "pipeline", "files": {}}))
    return tmp_path


def test_without_a_champion_it_is_said_how_to_get_one(wavecast, store):
    assert wavecast("history")[0] == 0
    assert f"`wavecast retrain --store {store}`" in wavecast("history")[1]
    assert wavecast("rollback") == (
        2,
        f"wavecast: there is no earlier champion to go back to: `wavecast history --store {store}` lists them",
    )


def test_a_promotion_and_a_rollback_with_their_reasons(wavecast, store):
    assert wavecast("promote", "0a-1")[1].startswith("0a-1 is the champion; ")
    assert wavecast("promote", "0b", "--why", "it knows the new prices")[1].startswith("0b-3 is the champion; ")
    assert wavecast("rollback", "--why", "it does not")[1].startswith("0a-1 is the champion again; ")
    code, told = wavecast("history")
    assert code == 0
    lines = told.splitlines()
    assert [line.split("UTC  ")[1] for line in lines[::2]] == [
        "0a-1  by hand",
        "0b-3  by hand",
        "0a-1  rolled back to",
    ]
    assert [line.strip() for line in lines[1::2]] == ["by hand", "it knows the new prices", "it does not"]
    assert Registry(Store(str(store))).champion().run == "0a-1"


def served(store):
    """The forecast that is served, the model that made it, and where it begins."""
    served = newest_served(Store(str(store)))
    forecasts, truth = read_forecasts(store / served.run.name / FORECAST)
    assert truth is None
    return served.run, served.model[0], forecasts[0]


def test_what_is_served_follows_the_champion_at_once(wavecast, store):
    assert served(store)[1] == "0b-3"
    for words, champion in ((("promote", "0a-1"), "0a-1"), (("promote", "0b-3"), "0b-3"), (("rollback",), "0a-1")):
        _, told = wavecast(*words)
        run, model, forecast = served(store)
        assert model == champion
        assert told.endswith(f"{run.name} is its forecast")
        assert forecast.x.ravel().tolist() == list(range(108, 116)), "from the newest data, not the champion's own"
        assert np.sqrt(np.mean((forecast.y.ravel() - np.sin(np.arange(108, 116) / 5)) ** 2)) < 0.5
        if champion == "0b-3":  # as its own retraining, on the same data
            (own, *_), _ = read_forecasts(store / champion / FORECAST)
            np.testing.assert_array_equal(forecast.y, own.y)
            np.testing.assert_array_equal(forecast.intervals.lower90, own.intervals.lower90)
        front = (store / "index.html").read_text()
        assert f'href="{run.name}/report.html">Open its run' in front
        assert f'by the model of <a href="{champion}/report.html">{champion}</a>.' in front
        assert "It is not the champion" not in front
        assert "is still by" not in wavecast("history")[1]
        assert (store / run.name / FORECAST_CSV).read_text().count("\n") == 1 + 8
    code, told = wavecast("verify", run.name)
    assert (code, "are what the manifest says" in told) == (0, True)
    assert wavecast("explain", run.name)[0] == 0


def test_the_ledger_knows_what_was_served_by_hand(wavecast, store):
    wavecast("promote", "0a-1")
    run, *_ = served(store)
    at = np.arange(116.0)
    score_arrivals(Store(str(store)), at, np.sin(at / 5), 1.0)
    scored = read_ledger(Store(str(store))).scored
    mine = scored.of((scored.run == run.name) & (scored.method == "served"))
    assert (set(mine.model), len(mine)) == ({"0a-1/autoregressive"}, 8)


def test_the_champion_promoted_again_is_served_once_only(wavecast, store):
    for _ in range(2):
        assert wavecast("promote", "0b-3") == (0, "0b-3 is the champion; 0b-3 is its forecast")
    assert Store(str(store)).runs() == ["0a-1", "0a-2", "0b-3", "0c-4"]


def test_another_model_than_the_champion_that_is_still_served_is_told(wavecast, store):
    Registry(Store(str(store))).promote("0a-1", "autoregressive", "promote", "as earlier versions did", None)
    assert wavecast("history")[1].splitlines()[-1] == (
        "The forecast that is served, 0b-3, is still by what 0b-3 learned: "
        f"`wavecast retrain --store {store}` replaces it"
    )
    wavecast("browse", "--no-open")
    assert "It is not the champion" in (store / "index.html").read_text()


def test_what_cannot_forecast_does_not_become_the_champion(wavecast, store):
    wavecast("promote", "0a-1")
    (store / "0a-2" / "models" / "autoregressive" / "final.npz").write_text("no weights")
    runs, promotions = Store(str(store)).runs(), Registry(Store(str(store))).promotions()
    code, line = wavecast("promote", "0a-2")
    assert code == 2
    assert "\n" not in line
    assert (Store(str(store)).runs(), Registry(Store(str(store))).promotions()) == (runs, promotions)


def test_a_rollback_passes_over_what_is_gone_and_says_so(wavecast, store):
    for run in ("0a-1", "0a-2", "0b-3"):
        wavecast("promote", run)
    shutil.rmtree(store / "0a-2")
    code, told = wavecast("rollback")
    assert code == 0
    assert told.startswith("0a-1 is the champion again (passed over, since their folders are gone: 0a-2); ")
    assert served(store)[1] == "0a-1"


def test_what_cannot_be_mirrored_is_promoted_all_the_same_and_told(wavecast, store, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://localhost:1")
    monkeypatch.setattr("artifacts.lifecycle.mlflow_mirror.find_spec", lambda name: None)
    for words in (("promote", "0a-1"), ("promote", "0a-2"), ("rollback",)):
        code, told = wavecast(*words)
        assert code == 0
        assert "is the champion" in told
        assert "MLflow is not installed" in told


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("0c-4", "is a run of 'pipeline'"),
        ("nobody", "nobody"),
        ("0a", "0a-1"),
    ],
)
def test_what_cannot_be_the_champion_is_refused_in_one_line(wavecast, store, run, told):
    code, line = wavecast("promote", run)
    assert code == 2
    assert told in line
    assert "\n" not in line
    assert not (store / CHAMPION).exists()


def test_latest_is_the_newest_retraining_also_behind_other_runs(wavecast, store):
    assert wavecast("promote", "latest")[1].startswith("0b-3 is the champion; "), "0c-4 is newer, but a main job"


def test_a_run_of_another_store_is_refused(wavecast, store, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "0a-9"
    elsewhere.mkdir()
    (elsewhere / "manifest.json").write_text((store / "0a-1" / "manifest.json").read_text())
    code, line = wavecast("promote", str(elsewhere))
    assert code == 2
    assert "is not a run of" in line


def test_a_damaged_registry_is_told_by_all_three(wavecast, store):
    (store / CHAMPION).write_text("{")
    for words in (("history",), ("rollback",), ("promote", "0a-1")):
        code, line = wavecast(*words)
        assert code == 2
        assert "is damaged" in line
        assert "\n" not in line


def test_the_gallery_shows_the_new_champion(wavecast, store):
    wavecast("promote", "0a-1", "--why", "because of reasons")
    assert "because of reasons" in (store / "index.html").read_text()
    wavecast("promote", "0a-2")
    wavecast("rollback", "--why", "it was a mistake")
    assert "it was a mistake" in (store / "index.html").read_text()


def test_a_gallery_that_cannot_be_renewed_is_told_and_the_promotion_stands(wavecast, store):
    (store / "gallery").write_text("a file in its place")
    code, said = wavecast("promote", "0a-1")
    assert code == 0
    assert "the gallery still shows the one before" in said
    assert "\n" not in said
    assert Registry(Store(str(store))).champion().run == "0a-1"
