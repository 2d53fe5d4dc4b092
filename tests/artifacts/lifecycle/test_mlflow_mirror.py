import json

import pytest

from artifacts.lifecycle.mlflow_mirror import ALIAS, MODEL, NotMirrored, mirror
from artifacts.lifecycle.registry import Registry
from artifacts.lifecycle.verdict import figures
from artifacts.store.store import Store

VERDICT = {
    "decision": "promote",
    "folds": [{"challenger": 1.0, "champion": 2.0}, {"challenger": 3.0, "champion": None}],
    "to_naive": {"mean": -0.5, "lower": -1.0, "upper": 0.0, "level": 0.9},
    "difference": None,
}


@pytest.fixture
def store(tmp_path):
    """A store with two runs, of which the first is the champion."""
    for name in ("first", "second"):
        folder = tmp_path / "runs" / name
        (folder / "models" / "autoregressive").mkdir(parents=True)
        (folder / "models" / "autoregressive" / "final.npz").write_bytes(b"weights")
        config = {"seed": 0, "autoregressive": {"hidden": 20, "gains": [0.3, 1.0]}}
        parts = {name: {} for name in ("seeds", "code", "versions", "files")}
        manifest = {"format": 1, "flow": "retrain", "config": config, "data": "d1ge57", **parts}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        (folder / "verdict.json").write_text(json.dumps(VERDICT))
    found = Store(str(tmp_path / "runs"))
    Registry(found).promote("first", "autoregressive", "gate", "better", None)
    return found


@pytest.fixture
def client(tmp_path, monkeypatch):
    """An MLflow on this disk."""
    mlflow = pytest.importorskip("mlflow", reason="the extra 'mlflow' is not installed")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "mlflow").as_uri())
    mlflow.set_tracking_uri(None)
    return mlflow.MlflowClient()


def champion(client) -> str:
    return client.get_model_version_by_alias(MODEL, ALIAS).tags["wavecast.run"]


def test_without_mlflow_nothing_happens(store, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr("artifacts.lifecycle.mlflow_mirror._version", lambda *_: pytest.fail("nothing is configured"))
    mirror(store, "first")


def test_a_run_its_figures_and_the_champion_are_there(store, client):
    mirror(store, "second")
    assert champion(client) == "first"
    by_run = {version.tags["wavecast.run"]: version for version in client.search_model_versions(f"name = '{MODEL}'")}
    assert set(by_run) == {"first", "second"}
    run = client.get_run(by_run["second"].run_id)
    assert run.data.params["autoregressive.hidden"] == "20"
    assert run.data.metrics["rmse_challenger"] == 2.0
    assert run.data.metrics["log_to_naive_mean"] == -0.5
    assert run.data.tags["data"] == "d1ge57"
    assert {file.path for file in client.list_artifacts(run.info.run_id)} == {"manifest.json", "verdict.json", "models"}


def test_the_alias_follows_the_champion_and_nothing_is_there_twice(store, client):
    mirror(store, "first")
    registry = Registry(store)
    registry.promote("second", "autoregressive", "promote", "by hand", registry.champion())
    mirror(store)
    assert champion(client) == "second"
    registry.rollback("no")
    mirror(store)
    assert champion(client) == "first"
    assert len(client.search_model_versions(f"name = '{MODEL}'")) == 2


def test_an_mlflow_that_cannot_be_used_is_told_in_one_line(store, client, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "file" / "below").as_uri())
    with pytest.raises(NotMirrored, match="the store has all of it") as told:
        mirror(store, "first")
    assert "\n" not in str(told.value)


def test_without_the_library_it_is_said_what_to_install(store, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://localhost:1")
    monkeypatch.setattr("artifacts.lifecycle.mlflow_mirror.find_spec", lambda name: None)
    with pytest.raises(NotMirrored, match=r"\[mlflow\]"):
        mirror(store, "first")


def test_an_empty_verdict_has_no_figures():
    assert figures({}) == {}
