"""The champion by hand: history, promote and rollback on one store, as their users type them."""

import json

import pytest

from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.store.store import Store
from flows.cli import main


@pytest.fixture
def store(tmp_path):
    """A store with three retrainings and a main job."""
    for name, flow in (("a-1", "retrain"), ("a-2", "retrain"), ("b-3", "retrain"), ("c-4", "pipeline")):
        (tmp_path / name).mkdir()
        parts = {key: {} for key in ("config", "seeds", "code", "versions", "files")}
        manifest = {"format": 1, "flow": flow, **parts}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


@pytest.fixture
def wavecast(store, capsys):
    """`wavecast(*words)`: the exit code and what was printed, on one stream or the other."""

    def run(*words: str) -> tuple[int, str]:
        try:
            main([*words, "--store", str(store)])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return code, (printed.err if code else printed.out).strip()

    return run


def test_without_a_champion_it_is_said_how_to_get_one(wavecast):
    assert wavecast("history")[0] == 0
    assert "`wavecast retrain`" in wavecast("history")[1]
    assert wavecast("rollback") == (
        2,
        "wavecast: there is no earlier champion to go back to: `wavecast history` lists them",
    )


def test_a_promotion_and_a_rollback_with_their_reasons(wavecast, store):
    assert wavecast("promote", "a-1") == (0, "a-1 is the champion")
    assert wavecast("promote", "b", "--why", "it knows the new prices") == (0, "b-3 is the champion")
    assert wavecast("rollback", "--why", "it does not") == (0, "a-1 is the champion again")
    code, told = wavecast("history")
    assert code == 0
    lines = told.splitlines()
    assert [line.split("UTC  ")[1] for line in lines[::2]] == [
        "a-1  by hand",
        "b-3  by hand",
        "a-1  rolled back to",
    ]
    assert [line.strip() for line in lines[1::2]] == ["by hand", "it knows the new prices", "it does not"]
    assert Registry(Store(str(store))).champion().run == "a-1"


def test_what_cannot_be_mirrored_is_promoted_all_the_same_and_told(wavecast, store, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://localhost:1")
    monkeypatch.setattr("artifacts.lifecycle.mlflow_mirror.find_spec", lambda name: None)
    for words in (("promote", "a-1"), ("promote", "a-2"), ("rollback",)):
        code, told = wavecast(*words)
        assert code == 0
        assert "is the champion" in told
        assert "MLflow is not installed" in told


@pytest.mark.parametrize(
    ("run", "told"),
    [
        ("c-4", "is a run of 'pipeline'"),
        ("nobody", "nobody"),
        ("a", "a-1"),
    ],
)
def test_what_cannot_be_the_champion_is_refused_in_one_line(wavecast, store, run, told):
    code, line = wavecast("promote", run)
    assert code == 2
    assert told in line
    assert "\n" not in line
    assert not (store / CHAMPION).exists()


def test_a_run_of_another_store_is_refused(wavecast, store, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "a-9"
    elsewhere.mkdir()
    (elsewhere / "manifest.json").write_text((store / "a-1" / "manifest.json").read_text())
    code, line = wavecast("promote", str(elsewhere))
    assert code == 2
    assert "is not a run of" in line


def test_a_damaged_registry_is_told_by_all_three(wavecast, store):
    (store / CHAMPION).write_text("{")
    for words in (("history",), ("rollback",), ("promote", "a-1")):
        code, line = wavecast(*words)
        assert code == 2
        assert "is damaged" in line
        assert "\n" not in line


def test_the_gallery_shows_the_new_champion(wavecast, store):
    wavecast("promote", "a-1", "--why", "because of reasons")
    assert "because of reasons" in (store / "index.html").read_text()
    wavecast("promote", "a-2")
    wavecast("rollback", "--why", "it was a mistake")
    assert "it was a mistake" in (store / "index.html").read_text()


def test_a_gallery_that_cannot_be_renewed_is_told_and_the_promotion_stands(wavecast, store):
    (store / "gallery").write_text("a file in its place")
    code, said = wavecast("promote", "a-1")
    assert code == 0
    assert "the gallery still shows the one before" in said
    assert "\n" not in said
    assert Registry(Store(str(store))).champion().run == "a-1"
