"""`python flows/pipeline.py` as a process of its own, with no server up and a PREFECT_HOME that is empty at first."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from flows.pipeline import LATER

ROOT = Path(__file__).parents[2]


PATIENT = """
import runpy, sys
import flows
from tasks.support import interruption, record_flush

interruption.GRACE = record_flush.PATIENCE = 300.0
del sys.argv[0]
if sys.argv[0].endswith(".py"):
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Python's own way with a file or a module, but that a slow machine's server has longer to record how a run ended."""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(home: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.run(
        [sys.executable, "-c", PATIENT, "flows/pipeline.py", "--store", str(home / "runs"), *flags],
        cwd=ROOT, env=environment | {"PREFECT_HOME": str(home / "prefect")},
        capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ended(home) -> subprocess.CompletedProcess[str]:
    return run(home, "--recipes", "article", "--article.epochs", "2")


def test_it_ends_well_and_its_last_line_is_the_run_folder(ended, home):
    assert ended.returncode == 0, ended.stderr
    place = Path(ended.stdout.splitlines()[-1])
    assert place.parent == home / "runs"
    assert (place / "manifest.json").exists()


def test_one_sees_each_step_and_the_progress_of_training(ended):
    told = ended.stdout + ended.stderr
    for step in (
        "generate 600 points",
        "group by 6",
        "rehearse",
        "forecast with every method",
        "draw the pictures",
        "publish",
    ):
        assert step in told
    assert "training article" in told
    assert "epoch 2" in told


def test_every_task_run_is_on_record_although_the_server_has_gone(ended, home):
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        states = dict(database.execute("SELECT name, state_type FROM task_run"))
        (flow_state,) = database.execute("SELECT state_type FROM flow_run").fetchone()
    assert len(states) == 7
    assert set(states.values()) == {"COMPLETED"}
    assert flow_state == "COMPLETED"


def test_a_training_that_diverges_ends_with_code_2_and_one_line(ended, home):
    diverged = run(home, "--recipes", "article", "--article.lr", "1")
    assert diverged.returncode == 2
    assert [line for line in diverged.stderr.splitlines() if line.startswith("wavecast: ")] == [
        diverged.stderr.splitlines()[-1]
    ]
    assert "learning rate 1" in diverged.stderr.splitlines()[-1]
    assert "Traceback" not in diverged.stdout + diverged.stderr
    assert len(list((home / "runs").glob("*/manifest.json"))) == 1


def test_what_is_slow_to_import_waits_until_the_server_starts():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, flows.pipeline; print(*sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"matplotlib", "pandas", "sklearn", "jinja2", "prefect.server.api.server"} & {*loaded}


def test_what_is_imported_meanwhile_is_there():
    for module in LATER:
        assert find_spec(module)


def test_a_signal_ends_it_in_one_line_and_the_server_with_it(home):
    """How soon is tested in tests/tasks/support/test_interruption.py: here it would be the machine's speed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-c", PATIENT, "flows.cli", "run", "--store", str(home / "runs")]
    command += ["--recipes", "article", "--article.epochs", "1000000"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment | {"PREFECT_HOME": str(home / "prefect")},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as running:  # fmt: skip
        for line in running.stderr:
            if "training article" in line or "Beginning flow run" in line:
                break
        time.sleep(1)
        os.killpg(running.pid, signal.SIGTERM)
        rest = running.stderr.read()
    assert running.returncode == 143
    at_work = "training article", "| INFO"  # what may still be told before the signal arrives
    told = [line for line in rest.splitlines() if line.strip() and not any(word in line for word in at_work)]
    assert [line[: len("wavecast: interrupted")] for line in told] == ["wavecast: interrupted"]
    assert rest.splitlines()[-1] == told[0]
    with closing(sqlite3.connect(home / "prefect" / "prefect.db")) as database:
        states = database.execute("SELECT state_type FROM flow_run").fetchall()
    assert ("CRASHED",) in states
    assert not {*states} & {("RUNNING",)}
