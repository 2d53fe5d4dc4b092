"""Several workers on one store, as processes: one champion, one ledger, no run twice, and the dead hold nobody up.

On an S3 server of this machine each worker has a home of its own, so that no lock but the store's own is shared.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from prefect.client.orchestration import SyncPrefectClient

from artifacts.lifecycle.latest import read_latest
from artifacts.lifecycle.ledger import read_ledger, score_arrivals
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.store.lease import RENEWALS, LeaseObject
from artifacts.store.store import Store
from tests.artifacts.lifecycle.test_ledger import X, Y, put_run
from tests.postgres import for_prefect
from tests.processes import ROOT, eventually, operators_environment, process, server_answers, wavecast
from tests.racer import PROMOTIONS, SAME, promote, publish

PREFECT = str(Path(sys.executable).with_name("prefect"))
LEASE, LONG = 4.0, 300.0
"""Seconds until a lease runs out: short where one is waited for, long where all live and the machine is busy."""


class Worker:
    """A racer that is ready: `go` lets it begin, `result` is what it says at the end."""

    def __init__(self, store: str, home: Path, me: str, what: str, lease: float) -> None:
        environment = os.environ | {"HOME": str(home), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "tests/racer.py", store, me, what, str(lease)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def hears(self, word: str) -> None:
        assert self.process.stdout.readline().strip() == word

    def go(self) -> None:
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def result(self) -> object:
        said, _ = self.process.communicate(timeout=600)
        assert self.process.returncode == 0
        return json.loads(said.splitlines()[-1])


@pytest.fixture
def workers(tmp_path):
    """`workers(store, what, "0", "1")`: so many racers, all ready; those that are left end with the test."""
    with ExitStack() as stack:

        def start(store: str, what: str, *names: str, lease: float = LEASE) -> list[Worker]:
            started = []
            for name in names:
                (home := tmp_path / f"machine-{name}").mkdir(exist_ok=True)
                started.append(Worker(store, home, name, what, lease))
                stack.enter_context(started[-1].process)
                stack.callback(started[-1].process.kill)
            for each in started:
                each.hears("ready")
            return started

        yield start


@pytest.fixture
def s3(bucket, tmp_path, monkeypatch):
    """The URL of a store in S3 that no other test has, and this process's home is the test's."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return f"{bucket}/{tmp_path.name}"


def put_ledger(store: Store, local: Store) -> None:
    """Put a ledger with the outcomes of three runs into the store."""
    for number, origin in enumerate((10, 20, 30)):
        put_run(local, f"20251201T00000{number}Z-scored", origin)
    score_arrivals(local, X, Y, 1.0)
    with store.changing("ledger.parquet"):
        store.replace("ledger.parquet", local.read("ledger.parquet"))


@pytest.mark.parametrize(("where", "count"), [("s3", 2), ("s3", 8), ("folder", 2)])
def test_workers_race_for_one_store(where, count, workers, tmp_path, request):
    url = request.getfixturevalue("s3") if where == "s3" else str(tmp_path / "shared")
    store, names = Store(url), [str(name) for name in range(count)]
    put_ledger(store, Store(str(tmp_path / "local")))
    before = read_ledger(store).scored
    started = workers(url, "race", *names, lease=LONG)
    for each in started:
        each.go()
    said = [each.result() for each in started]

    assert sorted(said) == ["published", *["there"] * (count - 1)], "no run twice"
    own = {f"2026010{number + 2}T000000Z-{name}" for number in range(PROMOTIONS) for name in names}
    assert store.runs() == sorted({SAME, *own})
    for run in map(store.run, store.runs()):
        assert {file: run.digest(file) for file in run.digests} == run.digests
    promotions = Registry(store).promotions()
    assert {each.run for each in promotions} == own, "no promotion is lost"
    assert len(promotions) == len(own)
    assert [each.parent for each in promotions] == [None, *(each.run for each in promotions[:-1])], "one line of them"
    after = read_ledger(store).scored
    np.testing.assert_array_equal(after.at, before.at)
    owners = after.at.astype(int) % 8
    expected = np.where(owners < count, [f"by {owner}" for owner in owners], "")
    np.testing.assert_array_equal(after.voided.astype(str), expected, "no line's mark is lost")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_who_dies_or_stands_still_inside_holds_nobody_up_and_is_fenced_off(end, s3, workers, monkeypatch):
    monkeypatch.setattr("artifacts.store.lease.SECONDS", LEASE)
    store = Store(s3)
    promote(store, "20260101T000000Z-first", "first")
    (doomed,) = workers(s3, "stand_still", "0")
    doomed.go()
    doomed.hears("inside")
    note = LeaseObject(store.files, store.root, CHAMPION)
    eventually(lambda: json.loads(note.read()[0])["renewals"] > RENEWALS, "more renewals than the lease is long")
    doomed.process.send_signal(end)
    promote(store, "20260102T000000Z-second", "second")
    if end == signal.SIGSTOP:
        doomed.process.send_signal(signal.SIGCONT)
        doomed.go()
        assert doomed.result() == (
            f"{s3}: another process has taken over {CHAMPION} from this one, which did not renew its lease in time: "
            "start again"
        )
    promote(store, "20260103T000000Z-third", "third")
    assert [each.run.partition("-")[2] for each in Registry(store).promotions()] == ["first", "second", "third"]


@pytest.mark.parametrize("seed", range(3))
def test_a_run_whose_publishing_was_killed_is_published_whole_by_another(seed, s3, workers, monkeypatch):
    monkeypatch.setattr("artifacts.store.lease.SECONDS", LEASE)
    store = Store(s3)
    (doomed,) = workers(s3, "publish_slowly", "0")
    doomed.go()
    doomed.hears("inside")

    def begun() -> list[str]:
        store.files.invalidate_cache()
        return store.files.find(f"{store.root}/{SAME}")

    eventually(begun, "the first file", pause=0.02)
    time.sleep(0.1 * seed)
    doomed.process.kill()
    assert publish(store, SAME, "other", files=40) in ("published", "there")
    run = store.run(SAME)
    assert {file: run.digest(file) for file in run.digests} == run.digests
    assert len(run.digests) == 40
    assert publish(store, SAME, "third") == "there"


def test_two_workers_of_one_pool_share_the_work_on_a_store_in_s3(s3, postgres, tmp_path):
    s3 = f"{s3}/shared"
    environment = operators_environment(tmp_path / "prefect", PYTHONPATH=str(ROOT), **for_prefect(postgres))
    data, store = tmp_path / "wave.csv", Store(s3)

    def arrives(points: int) -> None:
        data.write_text("t,y\n" + "".join(f"{t},{np.sin(t / 5):.6f}\n" for t in range(points)))

    with ExitStack() as stack:
        client = stack.enter_context(SyncPrefectClient(environment["PREFECT_API_URL"]))
        stack.enter_context(process(tmp_path / "server.log", environment, PREFECT, "server", "start"))
        eventually(lambda: server_answers(environment["PREFECT_API_URL"]), "the server")
        arrives(120)
        quick = "--autoregressive.iterations 5 --autoregressive.hidden 4 --folds 4 --group-size 4 --horizon 2"
        wavecast(tmp_path, environment, *f"deploy --data wave.csv --store {s3} {quick}".split())
        for name in "ab":
            (home := tmp_path / f"machine-{name}").mkdir()
            machine = environment | {"HOME": str(home)}
            worker = (PREFECT, "worker", "start", "--pool", "wavecast", "--name", name, "--limit", "1")
            stack.enter_context(process(tmp_path / f"worker-{name}.log", machine, *worker))

        def asked(flow: str):
            return client.create_flow_run_from_deployment(client.read_deployment_by_name(f"{flow}/shared").id).id

        def ended(*runs) -> list:
            def all_final():
                read = [client.read_flow_run(run) for run in runs]
                return read if all(run.state.is_final() for run in read) else None

            return eventually(all_final, "the runs to end")

        every = ended(asked("retrain"))
        arrives(144)
        every += ended(asked("retrain"), asked("monitor"))
    assert [(run.state_name, run.state.message) for run in every if not run.state.is_completed()] == []
    retrained = [run for run in every if store_has(store, run.id)]
    assert len(retrained) == len(store.runs()) == 2
    logs = [(tmp_path / f"worker-{name}.log").read_text() for name in "ab"]
    assert all("Finished in state Completed" in log for log in logs), "both had work"
    promotions = Registry(store).promotions()
    assert [each.parent for each in promotions] == [None, *(each.run for each in promotions[:-1])]
    scored = read_ledger(store).scored
    lines = list(zip(scored.run.tolist(), scored.method.tolist(), scored.at.tolist(), strict=True))
    assert len(lines) == len(set(lines)) > 0
    assert read_latest(store)[0]["run"] == store.runs()[-1]


def store_has(store: Store, flow_run) -> bool:
    """Whether the store has a run of that flow run."""
    return any(name.endswith(f"-{str(flow_run)[:6]}") for name in store.runs())
