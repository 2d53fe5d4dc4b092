"""An operator's installation on PostgreSQL: `wavecast deploy`, drift that retrains, a server and a database that die.

A real server and a worker, each as `make` starts it, a real database. A lock that the test holds keeps a retraining at
its last step while the server is killed, and another one until the database has gone away for half a minute.
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import numpy as np
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.store.store import Store
from tests.postgres import for_prefect, running_postgres
from tests.processes import ROOT, eventually, kill, operators_environment, process, server_answers, wavecast

MAKE = ("make", f"VENV={sys.prefix}", f"--assume-old={sys.prefix}/.ready")
"""The environment is this test's own: make is told to take it as it is."""
AWAY = 30.0
"""Seconds without a database."""

BEFORE, AFTER = 240, 150
SPEED = np.repeat([1.0, 1.5], [BEFORE, AFTER]).cumsum()
NOISE = np.random.default_rng(0).normal(0, 0.05, BEFORE + AFTER)
SERIES = np.sin(2 * np.pi * SPEED / 14.3) + 0.6 * np.sin(2 * np.pi * SPEED / 37.1 + 1) + NOISE
"""Two waves that after BEFORE points are half as fast again."""
QUICK = "--autoregressive.iterations 50 --autoregressive.hidden 8 --autoregressive.folds 4 --folds 6"


class Installation:
    """A server that can be killed and started again, a worker, and a folder with the data and the store."""

    def __init__(self, place: Path, environment: dict[str, str], stack: ExitStack) -> None:
        self.place, self.environment, self.stack = place, environment, stack
        self.data, self.store = place / "own.csv", place / "own-runs"
        self.client = stack.enter_context(SyncPrefectClient(environment["PREFECT_API_URL"]))
        self.start()
        stack.enter_context(process(place / "worker.log", environment, *MAKE, "worker"))

    def start(self) -> None:
        command = process(self.place / "server.log", self.environment, *MAKE, "server")
        self.server = self.stack.enter_context(command)
        eventually(lambda: server_answers(self.environment["PREFECT_API_URL"]), "the server")

    def wavecast(self, words: str) -> str:
        """A verb, given in the folder of the data, which is not the clone."""
        return wavecast(self.place, self.environment, *words.split())

    def arrives(self, points: int) -> None:
        self.data.write_text("t,y\n" + "".join(f"{t},{y:.6f}\n" for t, y in enumerate(SERIES[:points])))

    def run(self, name: str):
        """A run of a deployment, asked for by hand."""
        deployment = self.client.read_deployment_by_name(name)
        return self.client.create_flow_run_from_deployment(deployment.id)

    def runs(self, name: str) -> list:
        of_it = DeploymentFilter(id=DeploymentFilterId(any_=[self.client.read_deployment_by_name(name).id]))
        return [run for run in self.client.read_flow_runs(deployment_filter=of_it) if not run.auto_scheduled]

    def at_work(self, asked) -> None:
        eventually(lambda: (run := self.read(asked)) and run.state.is_running(), f"{asked.name} to begin")

    def ended(self, asked):
        return eventually(lambda: (run := self.read(asked)) and run.state.is_final() and run, f"{asked.name} to end")

    def read(self, asked):
        """The run as the server knows it; None where the server, or its database, is not back yet."""
        try:
            return self.client.read_flow_run(asked.id)
        except httpx.HTTPError:
            return None

    def champions(self) -> list:
        return Registry(Store(str(self.store))).promotions()


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    place = tmp_path_factory.mktemp("operator")
    with running_postgres() as postgres, ExitStack() as stack:
        of_server = operators_environment(place / "prefect", PYTHONPATH=str(ROOT), **for_prefect(postgres))
        one = Installation(place, of_server, stack)
        one.postgres = postgres
        yield one


@pytest.fixture(scope="module")
def days(installation):
    """What came of them: the first retraining, the monitor's run, and the retraining that drift has started."""
    one, lock = installation, Store(str(installation.store))
    one.arrives(BEFORE)
    one.wavecast(f"deploy --data own.csv --store own-runs --group-size 6 --horizon 24 {QUICK}")
    with lock.changing(CHAMPION):
        first = one.run("retrain/own-runs")
        one.at_work(first)
        kill(one.server)
    one.start()
    first = one.ended(first)

    one.arrives(BEFORE + AFTER)
    with lock.changing(CHAMPION):
        watched = one.ended(one.run("monitor/own-runs"))
        others = eventually(
            lambda: [run for run in one.runs("retrain/own-runs") if run.id != first.id], "drift to start a retraining"
        )
        one.at_work(others[0])
        one.postgres.stop()
    time.sleep(AWAY)
    one.postgres.start()
    return first, watched, one.ended(others[0])


def test_a_retraining_completes_though_the_server_was_killed_in_the_middle_of_it(days, installation):
    first, _, _ = days
    assert first.state.is_completed(), first.state.message
    assert installation.champions()[0].run.endswith(str(first.id)[:6])


def test_drift_starts_a_retraining_that_completes_though_the_database_was_away_for_half_a_minute(days, installation):
    first, watched, second = days
    assert watched.state.is_completed(), watched.state.message
    assert second.state.is_completed(), second.state.message
    assert second.created_by.type == "AUTOMATION"
    champions = installation.champions()
    assert [champion.run[-6:] for champion in champions] == [str(run.id)[:6] for run in (first, second)]
    assert champions[1].parent == champions[0].run


def test_each_run_is_there_once_and_whole(days, installation):
    assert len(Store(str(installation.store)).runs()) == 2
    assert installation.wavecast("verify latest --store own-runs")


def test_the_schedules_are_listed_and_removed_from_the_same_folder(days, installation):
    assert "retrain/own-runs" in installation.wavecast("deploy --list")
    installation.wavecast("deploy --remove --store own-runs")
    assert "nothing is deployed" in installation.wavecast("deploy --list")
