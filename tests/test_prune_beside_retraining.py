"""`wavecast prune`, again and again, beside a retraining that is at work: as processes, on a store that is old."""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from prefect.settings import get_current_settings

from artifacts.lifecycle.check import faults
from artifacts.lifecycle.ledger import Ledger, _write
from artifacts.lifecycle.registry import CHAMPION, Registry
from artifacts.store.listing import MANIFEST
from artifacts.store.removed import REMOVED
from artifacts.store.store import Store
from rnn.lifecycle.outcomes import Scored
from tests.processes import ROOT

DAYS = 100
QUICK = ["--folds", "4", "--autoregressive.iterations", "3", "--autoregressive.hidden", "4"]
WAVE = np.sin(np.arange(240) / 5) + np.random.default_rng(0).normal(0, 0.02, 240)


class Operator:
    """Someone with a store, and commands on it that may run beside each other."""

    def __init__(self, folder: Path) -> None:
        self.data, self.store = folder / "data.csv", folder / "runs"

    def arrives(self, points: int) -> None:
        self.data.write_text("t,y\n" + "".join(f"{t},{value:.6f}\n" for t, value in enumerate(WAVE[:points])))

    def starts(self, verb: str, *flags: str) -> "subprocess.Popen[str]":
        environment = os.environ | {"PREFECT_API_URL": str(get_current_settings().api.url)}
        return subprocess.Popen(
            [sys.executable, "-m", "flows.cli", verb, "--store", str(self.store), *flags],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def retrains(self, margin: str) -> "subprocess.Popen[str]":
        task = ["--data", str(self.data), "--group-size", "4", "--horizon", "8", "--margin", margin]
        return self.starts("retrain", *task, *QUICK)


def grow_old(store: Path) -> list[str]:
    """Let all in a store be DAYS old, and put two older runs, scored, beside its own; returns the names of these."""
    (run,) = Store(str(store)).runs()
    then = datetime.now(UTC) - timedelta(days=DAYS)
    own, *others = (f"{then - timedelta(days=k):%Y%m%dT%H%M%SZ}-{k:06x}" for k in range(3))
    (store / run).rename(store / own)
    for name in others:
        shutil.copytree(store / own, store / name)
    for name in (own, *others):
        manifest = json.loads((store / name / MANIFEST).read_text())
        manifest["execution"] |= {
            "run": name,
            "published": datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").isoformat() + "+00:00",
        }
        (store / name / MANIFEST).write_text(json.dumps(manifest))
    (store / CHAMPION).write_text((store / CHAMPION).read_text().replace(run, own))
    _write(Store(str(store)), Ledger(Scored.none(), frozenset(others)))
    for path in store.rglob("*"):
        os.utime(path, (time.time() - DAYS * 86_400,) * 2, follow_symlinks=False)
    return others


@pytest.mark.usefixtures("prefect_server")
def test_nothing_that_a_running_retraining_needs_goes(tmp_path):
    operator = Operator(tmp_path)
    operator.arrives(200)
    first = operator.retrains("1")
    assert first.wait(300) == 0, first.stdout.read()
    old = grow_old(operator.store)
    results = {path.name for path in (operator.store / ".cache").iterdir()}

    # What the first one made is found in the cache, old as it is, unless it has just been removed: the same data with
    # other settings; then new data, with the old champion as the one to beat.
    ended, pruned = [], ""
    for points, margin in ((200, "0.9"), (216, "1")):
        operator.arrives(points)
        retraining = operator.retrains(margin)
        while retraining.poll() is None:
            prune = operator.starts("prune", "--keep", "30d", "--yes")
            told, _ = prune.communicate(timeout=300)
            assert prune.returncode == 0, told
            pruned += told
        ended.append((retraining.returncode, retraining.stdout.read()))
    assert [code for code, _ in ended] == [0, 0], ended
    assert not [line for _, told in ended for line in told.splitlines() if "ERROR" in line or "Traceback" in line]

    store = Store(str(operator.store))
    assert "were removed" in pruned
    assert not set(old) & set(store.runs())
    assert set(json.loads((operator.store / REMOVED).read_text())["runs"][0]) >= {"run", "when"}
    assert results - {path.name for path in (operator.store / ".cache").iterdir()}, "what nobody used is gone"
    assert len(store.runs()) == 3
    assert Registry(store).champion().run in store.runs()
    assert [fault.told() for fault in faults(store, time.time())] == []
