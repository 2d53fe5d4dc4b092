"""A schedule on a real server, with Prefect's own database: `make deploy`, a schedule that fires, a process worker.

Slow, and worth it: with a wrong version of a library below Prefect, deploying looks fine and no run ever comes.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    DeploymentFilter,
    DeploymentFilterId,
)
from prefect.client.schemas.schedules import IntervalSchedule

from artifacts.store.digests import digest_files
from artifacts.store.naming import store_id
from artifacts.store.store import Store
from tests.processes import ROOT, eventually, operators_environment, process, server_answers

PREFECT = str(Path(sys.executable).with_name("prefect"))


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("operator")


@pytest.fixture(scope="module")
def environment(place) -> dict[str, str]:
    """An operator's: an empty PREFECT_HOME, and the server's address."""
    return operators_environment(place / "prefect")


@pytest.fixture(scope="module")
def client(place, environment):
    """A client of a server that is up, with the project's deployments, and with a worker that runs them."""
    url = environment["PREFECT_API_URL"]

    with ExitStack() as stack:
        stack.enter_context(process(place / "server.log", environment, PREFECT, "server", "start"))
        eventually(lambda: server_answers(url), "the server")
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
    assert not nightly.active, "nobody has asked for it"
    assert nightly.schedule.cron == "15 3 * * *"
    article = {"lr": 0.0005, "epochs": 300}
    settings = {"store": str(place / "runs"), "fresh_seed": True, "recipes": ["article"], "article": article}
    often = DeploymentScheduleCreate(
        schedule=IntervalSchedule(interval=timedelta(seconds=4)), slug="often", parameters={"settings": settings}
    )
    schedules = f"{client.api_url}deployments/{deployment.id}/schedules"
    httpx.post(schedules, json=[often.model_dump(mode="json")], timeout=120).raise_for_status()
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


def test_its_artifacts_are_read_back(runs, client, place):
    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[runs["Completed"].id]))
    artifacts = {artifact.key: artifact for artifact in client.read_artifacts(artifact_filter=of_run)}
    store = store_id(str(place / "runs"))
    assert set(artifacts) == {f"{key}-{store}" for key in ("report", "forecast-error", "training-article", "rehearsal")}
    assert "data:image/png;base64," in artifacts[f"report-{store}"].data
    assert artifacts[f"training-article-{store}"].data == 100.0


def test_a_second_run_at_the_same_time_is_cancelled(runs):
    assert runs["Cancelled"].auto_scheduled
    assert runs["Cancelled"].state.is_cancelled()
