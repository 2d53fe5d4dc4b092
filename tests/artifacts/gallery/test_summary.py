import json
import shutil
from pathlib import Path

import pytest

from artifacts.files.parquet import write_table
from artifacts.gallery.summary import Summary, summarise

FIRST = "20260301T000000Z-aaaaaa"


@pytest.fixture
def folder(store) -> Path:
    return store.workspace / FIRST


def alter(folder: Path, **changes) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


def test_a_run_is_told_in_figures(store, run):
    found = summarise(store, FIRST, "1")
    score = run.scores["autoregressive"]
    assert found.problem == ""
    assert (found.flow, found.seed, found.method) == ("pipeline", 0, "autoregressive")
    assert found.recipes == ["untuned", "article", "autoregressive"]
    assert (found.error, found.ratio) == (score.rmse, score.to_persistence)
    assert found.by_step == [pytest.approx(error, rel=1e-2) for error in score.by_step]
    assert found.report
    assert found.forecasts


def test_a_summary_is_the_same_after_json(store):
    found = summarise(store, FIRST, "1")
    assert Summary.of(json.loads(json.dumps(found.plain()))) == found


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "it is no run folder: there is no manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[" * 100_000), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[1]"), "is not Wavecast's"),
        (lambda folder: (folder / "manifest.json").write_text('{"format": "x", "config": 1}'), "is not Wavecast's"),
        (lambda folder: alter(folder, format=2), "it was written by a newer Wavecast, in format 2"),
        (lambda folder: alter(folder, config=[]), "no usable 'config'"),
        (lambda folder: alter(folder, files=None), "no usable 'files'"),
        (lambda folder: alter(folder, execution=7), "broken"),
        (lambda folder: (folder / "metrics.json").unlink(), "metrics.json is missing"),
        (lambda folder: (folder / "metrics.json").write_text("no"), "broken"),
        (lambda folder: (folder / "metrics.json").write_text('{"forecast": {"article": {}}}'), "'rmse'"),
        (lambda folder: (folder / "metrics.json").write_text('{"forecast": 7}'), "broken"),
    ],
)
def test_what_is_wrong_with_a_folder_is_told_in_a_line(store, folder, damage, told):
    damage(folder)
    found = summarise(store, FIRST, "1")
    assert told in found.problem
    assert "\n" not in found.problem
    assert found.stamp == "1"


def test_a_folder_that_vanishes_is_told_and_not_remembered(store, folder, monkeypatch):
    read = store.files.cat_file

    def vanish(path, *rest):
        content = read(path, *rest)
        shutil.rmtree(folder, ignore_errors=True)
        return content

    monkeypatch.setattr(store.files, "cat_file", vanish)
    found = summarise(store, FIRST, "1")
    assert "vanished" in found.problem
    assert found.stamp == ""


def test_a_sweep_is_told_by_its_best_setting(store, folder):
    columns = {"forecast_rmse": [2.0, 3.0], "persistence_rmse": [4.0, 4.0]}
    write_table(folder / "leaderboard.parquet", columns)
    alter(folder, flow="sweep", files={"leaderboard.parquet": "0"})
    found = summarise(store, FIRST, "1")
    assert (found.error, found.ratio, found.tag) == (2.0, 0.5, ("better than naive", "good"))


def verdict(**changes) -> str:
    return json.dumps(
        {
            "decision": "promote", "sentence": "Promoted.", "champion": None, "naive": "persistence",
            "serves": {"run": None, "method": "autoregressive"}, "to_naive": {"mean": -0.693147}, "difference": None,
            "folds": [{"challenger": 3.0, "champion": 8.0, "naive": {"persistence": 6.0}}] * 2, **changes,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "error", "ratio", "outcome"),
    [
        ({}, 3.0, 0.5, ("promoted", "good")),
        ({"decision": "keep", "champion_to_naive": {"mean": -0.693147}}, 8.0, 0.5, ("champion kept", "")),
        (
            {"decision": "serve naive", "serves": {"run": None, "method": "persistence"}},
            6.0,
            1.0,
            ("naive served", "bad"),
        ),
    ],
)
def test_a_retraining_is_told_by_its_verdict(store, folder, changes, error, ratio, outcome):
    (folder / "verdict.json").write_text(verdict(**changes))
    alter(folder, flow="retrain", files={"verdict.json": "0"})
    found = summarise(store, FIRST, "1")
    assert (found.error, found.tag, found.sentence) == (error, outcome, "Promoted.")
    assert found.ratio == pytest.approx(ratio, rel=1e-3)


def test_a_run_whose_outcome_is_not_known_has_none(store, folder):
    (folder / "metrics.json").write_text('{"forecast": {}, "fit": {}}')
    found = summarise(store, FIRST, "1")
    assert found.tag == ("not known yet", "")
    assert found.error is None


@pytest.mark.parametrize(
    ("config", "data"),
    [({"data": "/a/b.csv"}, "b.csv"), ({"data": "C:\\a\\b.csv"}, "b.csv"), ({"series": ["co2", "gas"]}, "2 series"),
     ({"series": ["co2"]}, "co2"), ({}, "x·sin(x)")],
)  # fmt: skip
def test_what_it_learned_from_is_told_in_a_word(store, folder, config, data):
    alter(folder, config=config)
    assert summarise(store, FIRST, "1").data == data


def test_ids_are_fit_for_files_whatever_the_name():
    assert Summary("<b>/../\x00", "1").id.isalnum()
    assert Summary("a", "1").id != Summary("b", "1").id


def test_a_run_on_ones_own_series_is_told_by_how_good_it_was_earlier(store, folder):
    metrics = json.loads((folder / "metrics.json").read_text())
    (folder / "metrics.json").write_text(
        json.dumps({**metrics, "forecast": {}, "hindsight": {"methods": metrics["forecast"]}})
    )
    assert summarise(store, FIRST, "1").ratio == pytest.approx(
        metrics["forecast"]["autoregressive"]["times_persistence"]
    )


def with_errors(folder: Path, **errors: float) -> None:
    score = {"rmse_by_step": [1.0], "intervals": None, "times_persistence": 0.2, "rmse_first_step": 1.0}
    methods = {name.replace("_", " "): {**score, "rmse": error} for name, error in errors.items()}
    (folder / "metrics.json").write_text(json.dumps({"forecast": {}, "fit": {}, "hindsight": {"methods": methods}}))


def test_the_yardstick_is_the_best_naive_forecast_and_is_named(store, folder):
    with_errors(folder, autoregressive=1.0, persistence=5.0, seasonal_naive=1.28)
    found = summarise(store, FIRST, "1")
    assert (found.ratio, found.naive) == (1 / 1.28, "seasonal naive")
    assert found.headline == "The autoregressive forecast is a little better than repeating the last season"


def test_a_network_that_is_worse_says_which_naive_forecast_to_use(store, folder):
    with_errors(folder, autoregressive=2.0, persistence=5.0, seasonal_naive=1.0)
    found = summarise(store, FIRST, "1")
    assert found.headline.endswith("no better than repeating the last season: use 'seasonal naive'")
    assert found.tag[1] == "bad"


def test_beside_a_naive_forecast_without_any_error_a_network_is_worse(store, folder):
    with_errors(folder, autoregressive=2.0, persistence=0.0)
    found = summarise(store, FIRST, "1")
    assert (found.ratio, found.tag[1]) == (None, "bad")
    assert found.headline.endswith("use 'persistence'")
