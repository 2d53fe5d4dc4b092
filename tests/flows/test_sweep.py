"""Sweeps on a Prefect test server: what they leave behind, wherever they run and whoever is killed on the way."""

import json
import logging
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from artifacts.files import sweep as sweep_files
from artifacts.store.digests import digest_files
from artifacts.store.store import Store
from flows.command_line.command import MISTAKE, run_from_command_line
from flows.settings.sweep import SweepSettings
from flows.sweep import sweep
from rnn.elman.kernels import Stacked
from rnn.evaluation import sweep as evaluation_sweep
from rnn.recipes import ArticleRecipe
from tasks import sweep as tasks_sweep
from tasks.support import runners
from tests.processes import free_port
from tests.run_records import artifacts, manifest

pytestmark = pytest.mark.usefixtures("prefect_server")

FILES = {
    "outcomes.parquet", "leaderboard.parquet", "plots/error.png", "plots/map.png", "report.html", "manifest.json",
}  # fmt: skip
RESULTS = ("outcomes.parquet", "leaderboard.parquet")


def quick(store: Path, **changes) -> SweepSettings:
    """Three learning rates, of which one diverges, with two seeds each, in blocks of two."""
    return SweepSettings(
        **{"store": str(store), "over": ("lr=0.001,0.02,10",), "seeds": 2, "block": 2,
           "article": ArticleRecipe(epochs=9, hidden=5), "points": 90, "step": 0.05, "horizon": 4, **changes}
    )  # fmt: skip


def cached(place: str) -> dict[str, bool]:
    return {step: how["cached"] for step, how in manifest(place)["execution"]["steps"].items()}


def results(place: str) -> list[bytes]:
    return [(Path(place) / name).read_bytes() for name in RESULTS]


def failure(settings: SweepSettings) -> str:
    state = sweep(settings, return_state=True)
    assert state.is_failed()
    assert "\n" not in state.message
    return state.message


def ended(flags: list[str], capsys) -> tuple[int, list[str]]:
    """The exit code of the command, and its lines for a user's mistake."""
    with pytest.raises(SystemExit) as told:
        run_from_command_line(sweep, SweepSettings, flags)
    error = capsys.readouterr().err
    assert "Traceback" not in error
    return told.value.code, [line for line in error.splitlines() if line.startswith("wavecast: ")]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def by_threads(prefect_server, store) -> str:
    return sweep(quick(store))


# By threads.


def test_a_sweep_leaves_a_whole_folder_and_nothing_else(by_threads, store):
    assert {path.relative_to(by_threads).as_posix() for path in Path(by_threads).rglob("*") if path.is_file()} == FILES
    assert {path.name for path in store.iterdir() if not path.name.endswith(".lock")} == {
        ".cache", "gallery", "index.html", Path(by_threads).name,
    }  # fmt: skip
    assert not list(store.rglob("*.partial"))
    assert not list(store.rglob("checkpoints/*"))


def test_the_manifest_knows_every_file_the_settings_and_the_kernel(by_threads, store):
    told, found = manifest(by_threads)["files"], digest_files(Path(by_threads))
    del found["manifest.json"]
    assert told == found
    assert SweepSettings.model_validate(manifest(by_threads)["config"]) == quick(store)
    assert manifest(by_threads)["flow"] == "sweep"
    assert manifest(by_threads)["kernels"] == {"article": "stacked"}
    assert cached(by_threads) == dict.fromkeys(["block 1", "block 2", "block 3", "rank", "draw"], False)


def test_the_outcomes_are_those_of_the_library_in_the_order_of_the_grid(by_threads, store, tmp_path):
    s = quick(store)
    every = evaluation_sweep.trials(s.base, s.varied(), [0, 1])
    expected = evaluation_sweep.run_trials(every, "article", s.experiment(), Stacked)
    assert {outcome.diverged > 0 for outcome in expected} == {True, False}
    made = {"recipe": "article", "kernel": "stacked"}
    sweep_files.write_outcomes(tmp_path / RESULTS[0], expected, made)
    sweep_files.write_leaderboard(tmp_path / RESULTS[1], evaluation_sweep.leaderboard(expected))
    assert results(by_threads) == results(str(tmp_path))


def test_report_and_leaderboard_are_prefect_artifacts(by_threads):
    (report,) = artifacts(by_threads, "sweep")
    assert report.type == "markdown"
    assert report.data.count("](data:image/png;base64,") == 2
    assert by_threads in report.data
    (leaderboard,) = artifacts(by_threads, "leaderboard")
    rows = json.loads(leaderboard.data)
    assert {row["lr"] for row in rows} == {"0.001", "0.02", "10.0"}
    assert (rows[-1]["lr"], rows[-1]["diverged"]) == ("10.0", "2 of 2")
    assert "2 of 6 trials diverged" in leaderboard.description


def test_the_progress_of_a_sweep_ends_at_100(by_threads):
    (progress,) = artifacts(by_threads, "training-sweep")
    assert progress.data == 100.0


def test_blocks_of_another_size_change_no_result(by_threads, tmp_path):
    assert results(sweep(quick(tmp_path, block=5, workers=1))) == results(by_threads)


def test_the_order_of_completion_changes_nothing(by_threads, tmp_path, monkeypatch):
    """The first block waits until all others have ended."""
    others, slow = threading.Semaphore(0), evaluation_sweep.run_trials

    def attempt_in_turn(block, *arguments, **more):
        first = block[0].recipe.lr == 0.001
        if first:
            assert others.acquire(timeout=300)
            assert others.acquire(timeout=300)
        outcomes = slow(block, *arguments, **more)
        if not first:
            others.release()
        return outcomes

    monkeypatch.setattr(tasks_sweep.sweep, "run_trials", attempt_in_turn)
    assert results(sweep(quick(tmp_path, workers=3))) == results(by_threads)


def test_a_sweep_that_was_stopped_resumes_with_what_it_had(by_threads, tmp_path, monkeypatch):
    done, whole = [], evaluation_sweep.run_trials

    def stops(block, *arguments, **more):
        if len(done) == 2:
            raise OSError(28, "No space left on device")
        done.append(block[0].recipe.lr)
        return whole(block, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(tasks_sweep.sweep, "run_trials", stops)
        assert "the disk is full" in failure(quick(tmp_path, workers=1))
    assert Store(str(tmp_path)).runs() == []
    resumed = sweep(quick(tmp_path, workers=1))
    order = [0.001, 0.02, 10.0]
    assert cached(resumed) == {
        **{f"block {i}": lr in done for i, lr in enumerate(order, 1)}, "rank": False, "draw": False
    }  # fmt: skip
    assert len(done) == 2
    assert results(resumed) == results(by_threads)


def test_more_seeds_train_only_what_is_new(by_threads, store):
    more = sweep(quick(store, over=("lr=0.001,0.02,10,0.5",)))
    blocks = {step: found for step, found in cached(more).items() if step.startswith("block")}
    assert blocks == {"block 1": True, "block 2": True, "block 3": True, "block 4": False}


# Bad input.


def test_when_every_model_diverges_it_says_so_and_fails_and_the_store_stays_as_it_was(tmp_path, capsys):
    message = failure(quick(tmp_path, over=("lr=5,10",)))
    assert message.startswith("every one of the 4 trials diverged")
    assert "below 5, such as 0.5" in message
    assert Store(str(tmp_path)).runs() == []
    flags = ["--store", str(tmp_path), "--over", "lr=5,10", "--seeds", "2", "--article.epochs", "20", "--points", "90",
             "--step", "0.05"]  # fmt: skip
    code, (line,) = ended(flags, capsys)
    assert code == MISTAKE
    assert "every one of the 4 trials diverged" in line
    assert Store(str(tmp_path)).runs() == []


@pytest.fixture
def silent():
    """Addresses where connections are taken and never a word is said, and where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {"mute": f"tcp://127.0.0.1:{server.getsockname()[1]}", "nobody": f"tcp://127.0.0.1:{free_port()}"}


@pytest.mark.parametrize("host", ["mute", "nobody"])
def test_a_dask_address_that_does_not_answer_is_told_in_time(silent, host, monkeypatch):
    pytest.importorskip("distributed")
    assert runners.PATIENCE < 30
    monkeypatch.setattr(runners, "PATIENCE", 2.0)
    with pytest.raises(runners.NoCluster) as told, runners.runner("dask", 2, silent[host]):
        pytest.fail("there is no cluster")
    assert silent[host] in str(told.value)
    assert "--dask-address" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "address", ["", "host", "tcp://", "tcp://no.such.host.invalid:8786", "ftp://host:1", "tcp://host:x"]
)
def test_an_address_that_cannot_be_one_is_told_as_well(address, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(runners, "PATIENCE", 2.0)
    with pytest.raises(runners.NoCluster) as told, runners.runner("dask", 2, address):
        pytest.fail("there is no cluster")
    assert "\n" not in str(told.value)


def test_what_answers_and_is_no_scheduler_is_told_as_well(cluster, monkeypatch):
    monkeypatch.setattr(runners, "PATIENCE", 2.0)
    worker = next(iter(cluster.workers.values())).worker_address
    with socket.create_server(("127.0.0.1", 0)) as server:
        web = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(
            target=lambda: server.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), daemon=True
        ).start()
        for address in (worker, web):
            with pytest.raises(runners.NoCluster) as told, runners.runner("dask", 2, address):
                pytest.fail("there is no cluster")
            assert f"no Dask scheduler answers at {address}" in str(told.value)
            assert "\n" not in str(told.value)


def test_the_flow_and_the_command_tell_it_in_one_line(silent, tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(runners, "PATIENCE", 2.0)
    message = failure(quick(tmp_path, runner="dask", dask_address=silent["nobody"]))
    assert f"no Dask scheduler answers at {silent['nobody']}" in message
    flags = ["--store", str(tmp_path), "--runner", "dask", "--dask-address", silent["nobody"]]
    code, (line,) = ended(flags, capsys)
    assert code == MISTAKE
    assert silent["nobody"] in line
    assert Store(str(tmp_path)).runs() == []


def test_without_dask_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(runners.NoCluster, match=r"\[dask\]"), runners.runner("dask", 2, None):
        pytest.fail("there is no Dask")


def test_a_grid_of_a_billion_is_refused_before_anything_starts(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("flows.sweep.runner", lambda *_: pytest.fail("nothing may start"))
    store = tmp_path / "runs"
    code, (line,) = ended(["--store", str(store), "--over", "lr=0.1", "--seeds", "1000000000"], capsys)
    assert code == MISTAKE
    assert "1 lr × 1000000000 seeds are 1000000000 trials" in line
    assert not store.exists()


# Elsewhere than in threads.


def test_by_processes_the_results_are_the_same(by_threads, tmp_path):
    place = sweep(quick(tmp_path, runner="processes"))
    assert results(place) == results(by_threads)
    assert not any(cached(place).values())


@pytest.fixture
def cluster():
    """A real Dask cluster on this machine: two worker processes."""
    distributed = pytest.importorskip("distributed")
    import dask

    patient = dask.config.set({"distributed.comm.timeouts.connect": "300s"})  # 30 s are few on a busy machine
    with (
        patient,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.ERROR
        ) as cluster,
    ):
        yield cluster


def test_on_a_dask_cluster_the_results_are_the_same(by_threads, tmp_path, cluster):
    place = sweep(quick(tmp_path, runner="dask", dask_address=cluster.scheduler_address))
    assert results(place) == results(by_threads)
    assert not any(cached(place).values())


def test_dask_starts_a_cluster_of_its_own_when_it_is_given_none(by_threads, tmp_path):
    pytest.importorskip("distributed")
    assert results(sweep(quick(tmp_path, runner="dask"))) == results(by_threads)


def test_with_a_dask_worker_killed_in_the_middle_every_result_is_there_once(tmp_path, cluster):
    slow = {
        "over": ("lr=0.001,0.002,0.005,0.01",),
        "article": ArticleRecipe(epochs=1000),
        "points": 300,
        "kernel": "exact",
    }
    checkpoints = tmp_path / "dask" / ".cache" / "checkpoints"
    killed = []

    def kill():
        """A worker that is training, once a block is well on its way: it has left a checkpoint."""
        while not ended.is_set() and not killed:
            if list(checkpoints.glob("*.npz")):
                at_work = {address for address, state in list(cluster.scheduler.workers.items()) if state.processing}
                victim = next((w for w in list(cluster.workers.values()) if w.worker_address in at_work), None)
                if victim is not None:  # the block of the checkpoint may have ended a moment ago
                    killed.append(victim.pid)
                    os.kill(victim.pid, signal.SIGKILL)
            time.sleep(0.05)

    ended, killer = threading.Event(), threading.Thread(target=kill)
    killer.start()
    try:
        place = sweep(quick(tmp_path / "dask", runner="dask", dask_address=cluster.scheduler_address, **slow))
    finally:
        ended.set()
        killer.join()
    assert len(killed) == 1
    assert killed[0] not in {worker.pid for worker in cluster.workers.values()}
    assert results(place) == results(sweep(quick(tmp_path / "threads", **slow)))
    outcomes, _ = sweep_files.read_outcomes(Path(place) / RESULTS[0], ArticleRecipe)
    assert [(o.trial.recipe.lr, o.trial.seed) for o in outcomes] == [
        (lr, seed) for lr in (0.001, 0.002, 0.005, 0.01) for seed in (0, 1)
    ]
    # What the kill left half-written stays under a hidden name for a day: no process can tell that nobody writes it.
    assert not list(checkpoints.glob("*.npz"))
