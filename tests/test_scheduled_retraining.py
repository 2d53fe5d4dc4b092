"""An operator's days: a real server, `make deploy`, a schedule that fires, a process worker, drift that retrains.

Slow, and worth it: with a wrong version of a library below Prefect, deploying looks fine and no run ever comes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    DeploymentFilter,
    DeploymentFilterId,
)
from prefect.client.schemas.schedules import IntervalSchedule

from artifacts.lifecycle.registry import Registry
from artifacts.store.digests import digest_files
from artifacts.store.store import Store

ROOT = Path(__file__).parents[1]
PREFECT = str(Path(sys.executable).with_name("prefect"))
PATIENCE = 300.0
"""Seconds until a thing that should have happened on a slow machine is called missing."""


def eventually(happened, what: str):
    """What `happened()` returns as soon as it is true; fails with `what` when it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if result := happened():
            return result
        time.sleep(0.5)
    pytest.fail(f"waited {PATIENCE:.0f} s in vain for {what}")


@contextmanager
def process(log: Path, environment: dict[str, str], *command: str):
    """`command` at work in the background, its output in `log`; asked to end as by Ctrl-C, with all it has started."""
    with log.open("w") as output:
        running = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(running.pid, signal.SIGINT)
            try:
                running.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("operator")


@pytest.fixture(scope="module")
def environment(place) -> dict[str, str]:
    """An operator's: an empty PREFECT_HOME, and the server's address."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MAKE"))}
    return inherited | {
        "PREFECT_HOME": str(place / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_PORT": str(port),
    }


@pytest.fixture(scope="module")
def client(place, environment):
    """A client of a server that is up, with the project's deployments, and with a worker that runs them."""
    url = environment["PREFECT_API_URL"]

    def healthy() -> bool:
        try:
            return httpx.get(f"{url}/health").is_success
        except httpx.TransportError:
            return False

    with ExitStack() as stack:
        stack.enter_context(process(place / "server.log", environment, PREFECT, "server", "start"))
        eventually(healthy, "the server")
        # The environment is this test's own: make is told to take it as it is.
        make = ["make", f"VENV={sys.prefix}", f"--assume-old={sys.prefix}/.ready"]
        subprocess.run([*make, "deploy"], cwd=ROOT, env=environment, check=True, stdin=subprocess.DEVNULL)
        stack.enter_context(process(place / "worker.log", environment, *make, "worker"))
        with SyncPrefectClient(url) as client:
            yield client


@pytest.fixture(scope="module")
def runs(client, place):
    """What came of a schedule with a short interval: the first Completed run, and a Cancelled one."""
    deployment = client.read_deployment_by_name("pipeline/scheduled-retraining")
    (nightly,) = deployment.schedules
    assert nightly.active
    assert nightly.schedule.cron == "15 3 * * *"
    article = {"lr": 0.0005, "epochs": 300}
    settings = {"store": str(place / "runs"), "fresh_seed": True, "recipes": ["article"], "article": article}
    often = DeploymentScheduleCreate(
        schedule=IntervalSchedule(interval=timedelta(seconds=4)), slug="often", parameters={"settings": settings}
    )
    schedules = f"{client.api_url}deployments/{deployment.id}/schedules"
    httpx.post(schedules, json=[often.model_dump(mode="json")]).raise_for_status()
    of_deployment = DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id]))

    def ended(state: str):
        return [run for run in client.read_flow_runs(deployment_filter=of_deployment) if run.state_name == state]

    cancelled = eventually(lambda: ended("Cancelled"), "a second run at the same time to be cancelled")
    completed = eventually(lambda: ended("Completed"), "a scheduled run to complete")
    client.pause_deployment(deployment.id)
    return {"Completed": completed[0], "Cancelled": cancelled[0]}


def test_a_schedule_fires_and_a_worker_completes_the_run(runs):
    assert runs["Completed"].auto_scheduled
    assert set(runs["Completed"].tags) >= {"wavecast", "scheduled"}


def test_its_run_folder_is_whole(runs, place):
    names = Store(str(place / "runs")).runs()
    manifests = [json.loads((place / "runs" / name / "manifest.json").read_text()) for name in names]
    (manifest,) = [m for m in manifests if m["execution"]["flow_run"] == str(runs["Completed"].id)]
    found = digest_files(place / "runs" / manifest["execution"]["run"])
    del found["manifest.json"]
    assert found == manifest["files"]


def test_its_artifacts_are_read_back(runs, client):
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[runs["Completed"].id]))
    artifacts = {artifact.key: artifact for artifact in client.read_artifacts(artifact_filter=of_run)}
    assert set(artifacts) == {"report", "forecast-error", "training-article"}
    assert "data:image/png;base64," in artifacts["report"].data
    assert artifacts["training-article"].data == 100.0


def test_a_second_run_at_the_same_time_is_cancelled(runs):
    assert runs["Cancelled"].auto_scheduled
    assert runs["Cancelled"].state.is_cancelled()


# Data arrive, the monitor finds drift, its event starts a retraining, and the champion changes.

BEFORE, AFTER = 240, 150
SPEED = np.repeat([1.0, 1.5], [BEFORE, AFTER]).cumsum()
NOISE = np.random.default_rng(0).normal(0, 0.05, BEFORE + AFTER)
SERIES = np.sin(2 * np.pi * SPEED / 14.3) + 0.6 * np.sin(2 * np.pi * SPEED / 37.1 + 1) + NOISE
"""Two waves that after BEFORE points are half as fast again."""


@pytest.fixture(scope="module")
def year(client, place):
    """What came of it: the champions, the retraining that drift has started, and the monitor's run."""
    data, store = place / "own.csv", place / "own-runs"
    where = {"store": str(store), "data": str(data)}
    quick = {"iterations": 50, "hidden": 8, "folds": 4}
    settings = {**where, "group_size": 6, "horizon": 4, "folds": 6, "autoregressive": quick}
    retraining = client.read_deployment_by_name("retrain/keep-fresh")
    monitoring = client.read_deployment_by_name("monitor/hourly")
    # As an operator who has edited prefect.yaml.
    client.update_deployment(retraining.id, DeploymentUpdate(parameters={"settings": settings}))

    def arrives(points: int) -> None:
        data.write_text("t,y\n" + "".join(f"{t},{y:.6f}\n" for t, y in enumerate(SERIES[:points])))

    def run(deployment, **parameters):
        asked = client.create_flow_run_from_deployment(deployment.id, parameters=parameters)
        return eventually(lambda: _ended(client, asked.id), f"{deployment.name} to end")

    arrives(BEFORE)
    first = run(retraining)
    assert first.state.is_completed(), first.state.message
    arrives(BEFORE + AFTER)
    watched = run(monitoring, settings=where)
    assert watched.state.is_completed(), watched.state.message
    of_deployment = DeploymentFilter(id=DeploymentFilterId(any_=[retraining.id]))

    def triggered():
        others = client.read_flow_runs(deployment_filter=of_deployment)
        return [run for run in others if run.id != first.id and run.state.is_final() and not run.auto_scheduled]

    (second,) = eventually(triggered, "drift to start a retraining")
    return Registry(Store(str(store))).promotions(), first, second


def _ended(client, flow_run):
    run = client.read_flow_run(flow_run)
    return run if run.state.is_final() else None


def test_drift_starts_a_retraining_and_the_champion_changes(year):
    promotions, first, second = year
    assert second.state.is_completed(), second.state.message
    assert second.created_by.type == "AUTOMATION"
    assert [promotion.run[-6:] for promotion in promotions] == [str(run.id)[:6] for run in (first, second)]
    assert promotions[1].parent == promotions[0].run
