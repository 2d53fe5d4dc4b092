"""The main job on a Prefect test server: what it leaves behind, what it does not repeat, how it fails."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from artifacts.files.parquet import read_table
from artifacts.store.digests import digest_files
from artifacts.store.store import Store
from flows.pipeline import pipeline
from flows.settings.pipeline import PipelineSettings
from rnn.evaluation.methods import COMPARED
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe
from tests.run_records import artifact, manifest

pytestmark = pytest.mark.usefixtures("prefect_server")

WINDOWED = ("untuned", "article")
"""The quicker recipes: most tests need no more."""

FILES = {
    "dataset.parquet", "forecast.csv", "forecast.parquet", "metrics.json", "report.html", "anatomy.html",
    "manifest.json",
    *(f"models/{recipe}/{file}" for recipe in ("article", "untuned")
      for file in ("initial.npz", "final.npz", "history.parquet", "fits.parquet")),
    *(f"plots/{plot}.png" for plot in ("fit-article", "fit-untuned", "fit-by-epoch-article", "fit-by-epoch-untuned",
                                       "loss", "forecast", "forecast-zoom", "intervals", "error-by-step")),
    "plots/training-article.gif", "plots/training-untuned.gif",
}  # fmt: skip


def quick(store: Path, **changes) -> PipelineSettings:
    """The main job with so few epochs that it takes no time."""
    return PipelineSettings(
        **{
            "store": str(store),
            "recipes": WINDOWED,
            "untuned": UntunedRecipe(epochs=3),
            "article": ArticleRecipe(epochs=2),
            **changes,
        }
    )


def cached(place: str) -> dict[str, bool]:
    return {step: how["cached"] for step, how in manifest(place)["execution"]["steps"].items()}


def bytes_of(place: str) -> dict[str, bytes]:
    root = Path(place)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def failure(settings: PipelineSettings) -> str:
    state = pipeline(settings, return_state=True)
    assert state.is_failed()
    assert "\n" not in state.message
    return state.message


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def first_run(prefect_server, store) -> str:
    return pipeline(quick(store))


def test_a_run_leaves_a_whole_folder_and_nothing_else(first_run, store):
    assert {path.relative_to(first_run).as_posix() for path in Path(first_run).rglob("*") if path.is_file()} == FILES
    assert {path.name for path in store.iterdir() if not path.name.endswith(".lock")} == {
        ".cache", "gallery", "index.html", Path(first_run).name,
    }  # fmt: skip
    assert not list(store.rglob("*.partial"))


def test_the_manifest_knows_every_file_and_the_settings(first_run, store):
    told, found = manifest(first_run)["files"], digest_files(Path(first_run))
    del found["manifest.json"]
    assert told == found
    assert PipelineSettings.model_validate(manifest(first_run)["config"]) == quick(store)


def test_the_report_is_a_prefect_artifact_with_its_pictures(first_run):
    report = artifact(first_run, "report")
    assert report.type == "markdown"
    assert report.data.count("](data:image/") == sum(name.startswith("plots/") for name in FILES)
    assert first_run in report.data


def test_the_errors_are_a_prefect_table_best_first(first_run):
    rows = json.loads(artifact(first_run, "forecast-error").data)
    errors = [float(row["RMSE"]) for row in rows]
    assert errors == sorted(errors)
    assert {row["method"] for row in rows} == {"article", "untuned", *COMPARED}


@pytest.mark.parametrize("recipe", ["article", "untuned"])
def test_the_progress_of_training_ends_at_100(first_run, recipe):
    assert artifact(first_run, f"training-{recipe}").data == 100.0


def test_an_unchanged_step_is_not_repeated(first_run, store):
    again = pipeline(quick(store))
    assert not any(cached(first_run).values())
    assert all(cached(again).values())
    assert bytes_of(again) == bytes_of(first_run)


def test_the_manifest_knows_what_each_step_was_made_from_and_when(first_run, store):
    steps, again = (manifest(place)["execution"]["steps"] for place in (first_run, pipeline(quick(store))))
    assert {"recipe", "groups", "seed", "source code", "library versions"} < set(steps["train article"]["key"])
    assert {name: step["key"] for name, step in again.items()} == {name: step["key"] for name, step in steps.items()}
    assert all(step["when"] >= manifest(first_run)["execution"]["run"][:4] for step in again.values())


def test_a_run_made_anew_has_the_same_bytes(first_run, store):
    shutil.rmtree(store / ".cache")
    again = pipeline(quick(store))
    assert not any(cached(again).values())
    assert bytes_of(again) == bytes_of(first_run)
    told, before = manifest(again), manifest(first_run)
    assert told.pop("execution") != before.pop("execution")
    assert told == before


def test_only_what_a_setting_touches_is_made_anew(first_run, store):
    changed = pipeline(quick(store, article=ArticleRecipe(epochs=3)))
    assert cached(changed) == {
        "generate": True, "train untuned": True, "train article": False, "rehearse": False, "forecast": False,
        "draw": False,
    }  # fmt: skip


def test_an_edit_anywhere_in_the_library_makes_every_step_anew(first_run, store, monkeypatch):
    monkeypatch.setattr("tasks.support.step.digest_package", lambda name: f"{name} edited")
    edited = pipeline(quick(store))
    assert not any(cached(edited).values())


def test_a_damaged_cache_entry_is_made_anew(first_run, store):
    intact = pipeline(quick(store))
    damaged = next(store.glob(".cache/*/final.npz"))
    damaged.write_bytes(b"rubbish")
    again = pipeline(quick(store))
    assert bytes_of(again) == bytes_of(intact)


def test_a_fresh_seed_differs_from_run_to_run_and_is_on_record(store):
    one, other = (pipeline(quick(store, fresh_seed=True, recipes=("article",))) for _ in range(2))
    assert manifest(one)["seeds"]["seed"] != manifest(other)["seeds"]["seed"]
    assert manifest(one)["config"]["seed"] == manifest(one)["seeds"]["seed"]
    assert manifest(one)["data"] != manifest(other)["data"]


def test_what_does_not_fill_a_group_is_told(store, caplog):
    place = pipeline(quick(store, points=605, recipes=("article",)))
    assert "the 5 oldest points are dropped" in caplog.text
    assert (Path(place) / "plots" / "fit-article.png").exists()


@pytest.fixture(scope="module")
def repaired(prefect_server, store) -> str:
    """A run of the article's recipe and of the one that mends it, side by side."""
    small = AutoregressiveRecipe(iterations=20, memories=(6, 24, 0.25), penalties=(1e-5, 1e-3), members=12)
    return pipeline(quick(store, recipes=("article", "autoregressive"), autoregressive=small))


def test_the_repaired_recipe_is_trained_and_judged_beside_the_articles(repaired):
    scores = json.loads((Path(repaired) / "metrics.json").read_text())["forecast"]
    assert scores["autoregressive"]["rmse"] < 1 < scores["article"]["rmse"]
    with np.load(Path(repaired) / "models/autoregressive/final.npz", allow_pickle=False) as model:
        assert model["w"].shape[1:] == (20, 6)
    assert (Path(repaired) / "plots/loss-ensemble.png").exists()
    assert manifest(repaired)["kernels"] == {"article": "exact", "autoregressive": "lockstep"}
    assert artifact(repaired, "training-autoregressive").data == 100.0


def test_every_forecast_of_a_long_enough_series_has_ordered_intervals(repaired):
    table, _ = read_table(Path(repaired) / "forecast.parquet")
    low90, low50, high50, high90 = (table[name] for name in ("lower90", "lower50", "upper50", "upper90"))
    assert np.all((low90 <= low50) & (low50 <= high50) & (high50 <= high90))
    scores = json.loads((Path(repaired) / "metrics.json").read_text())["forecast"]
    assert all(0 <= score["intervals"]["coverage90"] <= 1 for score in scores.values())


def test_a_series_too_short_to_rehearse_on_has_no_intervals_and_says_so(store, caplog):
    place = Path(pipeline(quick(store, points=180, recipes=("article",))))
    assert "no intervals" in caplog.text
    table, _ = read_table(place / "forecast.parquet")
    assert np.isnan(table["lower90"]).all()
    assert not (place / "plots/intervals.png").exists()


@pytest.mark.parametrize("changes", [{"horizon": 1}, {"group_size": 1, "points": 40}, {"group_size": 120}])
def test_unusual_shapes_are_served_as_well(store, changes):
    place = Path(pipeline(quick(store, recipes=("article",), **changes)))
    with np.load(place / "models/article/final.npz") as model:
        assert model["w"].shape == (20, changes.get("group_size", 6))


def test_a_diverging_training_fails_in_one_line_and_earlier_runs_stay(first_run, store):
    before, runs = bytes_of(first_run), Store(str(store)).runs()
    message = failure(quick(store, article=ArticleRecipe(lr=1, epochs=50)))
    assert "diverged in epoch" in message
    assert "learning rate 1" in message
    assert Store(str(store)).runs() == runs
    assert bytes_of(first_run) == before
    assert not list(store.rglob("*.partial"))


def test_a_store_that_cannot_be_written_fails_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    message = failure(quick(tmp_path / "file"))
    assert str(tmp_path / "file") in message
    assert "--store" in message


def test_a_full_disk_fails_in_one_line_and_leaves_nothing_half_written(first_run, store, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    runs = Store(str(store)).runs()
    monkeypatch.setattr("artifacts.files.models.weights_file.save", full)
    assert "the disk is full" in failure(quick(store, seed=5))
    assert Store(str(store)).runs() == runs
    assert not list(store.rglob("*.partial"))


def test_publishing_is_tried_again_when_the_store_hiccups(store, monkeypatch):
    publish, attempts = Store.publish, []

    def hiccup(self, folder, name):
        attempts.append(name)
        if len(attempts) == 1:
            raise TimeoutError("the store did not answer")
        return publish(self, folder, name)

    monkeypatch.setattr(Store, "publish", hiccup)
    place = pipeline(quick(store, seed=6, recipes=("article",)))
    assert attempts == [Path(place).name] * 2
    assert (Path(place) / "manifest.json").exists()
