"""Training that is killed by SIGKILL, again and again, and started again with the same command: not a byte is lost."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from artifacts.files.sweep import read_outcomes
from rnn.recipes import ArticleRecipe
from tests.processes import ROOT, eventually

PROGRAM = """
import os
import sys
from pathlib import Path

from artifacts.files.models import write_trained
from artifacts.files.sweep import write_outcomes
from artifacts.store import checkpoint
from rnn.elman import kernels
from rnn.elman.network import ElmanNetwork
from rnn.elman.training import train
from rnn.evaluation.sweep import run_trials, trials
from rnn.experiment import Experiment
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe
from rnn.series import ungroup


def one(epochs, keeper, place):
    groups = Experiment(points=150, step=0.04).groups(3)
    network = ElmanNetwork.random(stream(3, "article"), 6, 20, 6)
    trained = train(network, groups, ArticleRecipe(lr=0.01, epochs=int(epochs)), keeper=keeper)
    write_trained(place, trained, ungroup(groups).x)


def block(kernel, epochs, keeper, place):
    # One learning rate diverges sooner, one later, and the others go on.
    every = trials(ArticleRecipe(epochs=int(epochs), hidden=8), {"lr": [0.002, 10.0, 0.01, 3.0]}, range(2))
    experiment = Experiment(points=90, step=0.05, horizon=4)
    outcomes = run_trials(every, "article", experiment, kernels.named(kernel), keeper=keeper)
    write_outcomes(place / "outcomes.parquet", outcomes, {})


def run(place, how_often, what, *how):
    if how_often == "often":  # so that many a kill lands in the middle of writing one
        checkpoint.FIRST, checkpoint.SHARE = 0.0, 1.0
    print("training", os.getpid(), flush=True)
    path = Path(place) / "checkpoints" / "a training.npz"
    keeper = checkpoint.Checkpoint(path, "the key", lambda line: print(line, flush=True))
    result = Path(place) / "result"
    result.mkdir(parents=True, exist_ok=True)
    globals()[what](*how, keeper, result)


# Each line on standard input is a command, run in a process of its own that has loaded the libraries already.
for line in sys.stdin:
    child = os.fork()
    if not child:
        code = 1
        try:
            run(*line.rstrip("\\n").split("\\t"))
            code = 0
        finally:
            os._exit(code)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Story:
    """What happened to a training on its way: kills, those in the middle of writing, and what it told."""

    kills: int = 0
    torn: int = 0
    told: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def program():
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.stdin.close()


def start(program, *command: object) -> int:
    """Start a training and wait until it has begun; its process's id."""
    program.stdin.write("\t".join(map(str, command)) + "\n")
    program.stdin.flush()
    return int(program.stdout.readline().removeprefix("training "))


def end(program) -> tuple[list[str], int]:
    """Wait for its end; what it told, and its exit code."""
    told = []
    while not (line := program.stdout.readline()).startswith("ended "):
        assert line, "the program is gone"
        told.append(line.rstrip("\n"))
    return told, int(line.removeprefix("ended "))


def unbroken(program, place: Path, *task: object) -> tuple[dict[str, bytes], float]:
    """The files that a training without a kill leaves, and the seconds that it took."""
    began = time.monotonic()
    start(program, place, "seldom", *task)
    assert end(program) == ([], 0)
    return files(place / "result"), time.monotonic() - began


def written(place: Path) -> int | None:
    """When the newest checkpoint was written; None before the first."""
    path = place / "checkpoints" / "a training.npz"
    return path.stat().st_mtime_ns if path.exists() else None


def killed_again_and_again(program, place: Path, *task: object, kills: int, longest: float) -> Story:
    """Start it, kill it at a random time, and so on; at last let it come to its end.

    A kill comes at most `longest` seconds after the training has begun, or, every other time, after it has come further
    than the one before: a slow machine gets there too.
    """
    story, rng = Story(), random.Random(2026)  # noqa: S311
    while True:
        before = written(place)
        process = start(program, place, "often" if story.kills < kills else "seldom", *task)
        if story.kills < kills:
            if story.kills % 2 == 0:
                eventually(lambda before=before: written(place) != before, "another checkpoint", pause=0.001)
            time.sleep(rng.uniform(0, longest))
            os.kill(process, signal.SIGKILL)
        told, code = end(program)
        story.told += told
        if story.kills == kills:
            assert code == 0
            return story
        assert code == -signal.SIGKILL, "it came to its end before it was killed often enough"
        story.kills += 1
        partial = list(place.rglob("*.partial"))
        story.torn += len(partial)
        for path in partial:  # the next one is counted anew
            path.unlink()


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_killed_at_twenty_random_moments_it_ends_with_the_same_bytes(program, tmp_path):
    expected, seconds = unbroken(program, tmp_path / "unbroken", "one", 2500)
    assert set(expected) == {"initial.npz", "final.npz", "history.parquet", "fits.parquet"}
    story = killed_again_and_again(program, tmp_path / "killed", "one", 2500, kills=20, longest=min(0.15, seconds / 30))
    assert files(tmp_path / "killed" / "result") == expected
    assert story.kills == 20
    assert len(story.told) >= 8
    assert all("going on from the checkpoint" in line for line in story.told)
    assert story.torn >= 1, "no kill was in the middle of writing a checkpoint"


@pytest.mark.parametrize("kernel", ["exact", "stacked"])
def test_so_does_a_block_of_many_of_which_some_diverge(program, tmp_path, kernel):
    task = ("block", kernel, 800)
    expected, seconds = unbroken(program, tmp_path / "unbroken", *task)
    assert set(expected) == {"outcomes.parquet"}
    diverged = {o.diverged for o in read_outcomes(tmp_path / "unbroken/result/outcomes.parquet", ArticleRecipe)[0]}
    assert len(diverged) >= 3
    story = killed_again_and_again(program, tmp_path / "killed", *task, kills=5, longest=min(0.2, seconds / 10))
    assert files(tmp_path / "killed" / "result") == expected
    assert story.kills == 5
    assert len(story.told) >= 2
    assert all("going on from the checkpoint" in line for line in story.told)


# The whole command.

FLAGS = ["--recipes", "article", "--article.lr", "0.002", "--article.epochs", "1200", "--store", "runs"]


def command(home: Path) -> subprocess.Popen:
    """The main job in a working directory, and with a Prefect, of its own; in a group of processes of its own."""
    home.mkdir(exist_ok=True)
    shutil.copy(ROOT / "prefect.toml", home)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "flows" / "pipeline.py"), *FLAGS],
        cwd=home, env=environment | {"PREFECT_HOME": str(home / "prefect")}, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_the_same_command_after_a_kill_goes_on_and_leaves_the_same_run(tmp_path):
    broken = command(tmp_path / "killed")
    checkpoints = tmp_path / "killed" / "runs" / ".cache" / "checkpoints"

    def kept() -> bool:
        assert broken.poll() is None, broken.stdout.read()
        return bool(list(checkpoints.glob("*.npz")))

    eventually(kept, "a checkpoint", pause=0.02)
    os.killpg(broken.pid, signal.SIGKILL)
    broken.communicate()
    (checkpoint,) = checkpoints.glob("*.npz")
    assert not list((tmp_path / "killed" / "runs").glob("*/manifest.json"))

    again = command(tmp_path / "killed")
    told, _ = again.communicate()
    assert again.returncode == 0, told
    assert "going on from the checkpoint" in told
    assert checkpoint.name in told.replace("\n", "")
    assert not checkpoint.exists()
    whole = command(tmp_path / "unbroken")
    assert "going on from" not in whole.communicate()[0]
    assert whole.returncode == 0
    runs = []
    for name in ("unbroken", "killed"):
        (manifest,) = (tmp_path / name / "runs").glob("*/manifest.json")
        runs.append({path: content for path, content in files(manifest.parent).items() if path != manifest.name})
        assert Path(told.splitlines()[-1]).name == manifest.parent.name or name == "unbroken"
    assert {"report.html", "models/article/final.npz", "models/article/history.parquet"} <= set(runs[0])
    assert runs[0] == runs[1]
