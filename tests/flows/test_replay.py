"""A small replay on a Prefect test server: what it leaves behind, what it does not repeat, and a file of one's own."""

import json
from pathlib import Path

import numpy as np
import pytest

from artifacts.files.nights import read_nights
from artifacts.files.replay import read_days
from flows.replay import replay
from flows.settings.replay import ReplaySettings
from rnn.lifecycle.replay import PERSISTENCE, POLICIES
from rnn.recipes import AutoregressiveRecipe
from tests.run_records import artifact, manifest

pytestmark = pytest.mark.usefixtures("prefect_server")

TINY = AutoregressiveRecipe(
    iterations=2, gains=(0.3,), hidden=4, memories=(24,), recurrent_memories=(12,), ranks=(), members=6, folds=2
)
FILES = {
    "dataset.parquet", "replay.parquet", "comparison.md", "report.html", "manifest.json", "plots/policies.png",
    "plots/error-by-day.png",
}  # fmt: skip


def small(store: Path, **changes) -> ReplaySettings:
    given = {"days": 12, "change_day": 6, "known": 200, "group_size": 4, "horizon": 3, "folds": 4, "workers": 1}
    return ReplaySettings(**{"store": str(store), "autoregressive": TINY, **given, **changes})


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def run(prefect_server, store) -> Path:
    return Path(replay(small(store)))


def test_a_replay_leaves_a_whole_folder(run, store):
    assert {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()} == FILES
    assert manifest(run)["flow"] == "replay"
    assert ReplaySettings.model_validate(manifest(run)["config"]) == small(store)


def test_every_policy_lived_every_day(run):
    days = read_days(run / "replay.parquet")
    assert [day.day for day in days if day.policy == "nightly"] == list(range(12))
    assert list(dict.fromkeys(day.policy for day in days)) == [*POLICIES, PERSISTENCE]


def test_the_report_and_the_table_are_artifacts(run):
    assert artifact(run, "replay").data.count("](data:image/png;base64,") == 2
    rows = json.loads(artifact(run, "policies").data)
    assert [row["policy"] for row in rows] == [*POLICIES, PERSISTENCE]
    assert artifact(run, "replay-progress").data == 100.0
    assert f"| {' | '.join(rows[0].values())} |" in (run / "comparison.md").read_text()


def test_the_same_replay_is_not_repeated_and_has_the_same_bytes(run, store):
    again = Path(replay(small(store)))
    assert all(step["cached"] for step in manifest(again)["execution"]["steps"].values())
    assert manifest(again)["files"] == manifest(run)["files"]


def test_a_file_of_ones_own_is_replayed(store, tmp_path):
    y = np.sin(np.arange(250) / 3) + np.random.default_rng(0).normal(0, 0.05, 250)
    file = tmp_path / "own.csv"
    file.write_text("t,y\n" + "".join(f"{t},{value}\n" for t, value in enumerate(y)))
    own = Path(replay(small(store, data=str(file), policies=("never", "weekly"), days=8)))
    assert "No change is known" in (own / "comparison.md").read_text()
    assert "delay" not in (own / "comparison.md").read_text().split("\n")[0]


def test_a_file_is_replayed_with_the_task_that_suits_it(store, tmp_path):
    y = np.sin(np.arange(250) * 2 * np.pi / 4) + np.random.default_rng(0).normal(0, 0.05, 250)
    file = tmp_path / "fours.csv"
    file.write_text("t,y\n" + "".join(f"{t},{value}\n" for t, value in enumerate(y)))
    own = replay(small(store, data=str(file), policies=("never",), days=3, group_size=None, horizon=None))
    config = manifest(Path(own))["config"]
    assert (config["group_size"], config["horizon"]) == (4, 1)


def test_a_year_with_faults_has_a_run_of_its_own(store):
    lived = Path(replay(ReplaySettings(store=str(store), faults=True, days=3, seed=5)))
    names = {"nights.jsonl", "summary.json", "comparison.md", "report.html", "manifest.json", "plots/nights.png"}
    assert {path.relative_to(lived).as_posix() for path in lived.rglob("*") if path.is_file()} == names
    assert [night.there and night.labelled for night in read_nights(lived / "nights.jsonl")] == [True] * 3
    assert json.loads((lived / "summary.json").read_text())["counts"]["nights"] == 3
    assert "On 3 of 3 nights" in (lived / "report.html").read_text()
    assert not list((store / ".cache" / "checkpoints").glob("*"))


def test_a_file_that_is_too_short_is_told_in_one_line(store, tmp_path):
    file = tmp_path / "short.csv"
    file.write_text("t,y\n" + "".join(f"{t},{t % 7}\n" for t in range(210)))
    state = replay(small(store, data=str(file)), return_state=True)
    assert state.is_failed()
    assert "at least 244 are needed" in state.message
