"""Eight retrainings started at once on one store, three of them killed: one champion, no torn folder, none left out."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from prefect.settings import get_current_settings

from artifacts.lifecycle.registry import Registry
from artifacts.store.digests import digest_files
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store

ROOT = Path(__file__).parents[1]
KILLED = 3


@pytest.fixture(scope="module")
def survivors(prefect_server, tmp_path_factory):
    """The store, and what those that were not killed ended with: exit code, and the last line printed."""
    place = tmp_path_factory.mktemp("eight")
    rows = (f"{t},{y:.6f}\n" for t, y in enumerate(np.sin(np.arange(240) / 5)))
    (place / "data.csv").write_text("t,y\n" + "".join(rows))
    quick = ["--autoregressive.iterations", "5", "--autoregressive.hidden", "4", "--folds", "4"]
    task = ["--data", str(place / "data.csv"), "--group-size", "4", "--horizon", "2", *quick]
    environment = os.environ | {"PREFECT_API_URL": str(get_current_settings().api.url)}
    started = [
        subprocess.Popen(
            [sys.executable, "flows/retrain.py", "--store", str(place / "runs"), *task, "--seed", str(seed % 4)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for seed in range(8)
    ]  # fmt: skip
    moments = random.Random(0)  # noqa: S311
    for doomed in started[:KILLED]:
        # At any time from when they have begun to work to when the first is done.
        deadline = time.monotonic() + 240
        while not (place / "runs" / ".cache").is_dir() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(moments.uniform(0, 4))
        doomed.send_signal(signal.SIGKILL)
    ended = [(one.communicate(timeout=600)[0].splitlines(), one.returncode) for one in started]
    return place / "runs", [(code, lines[-1]) for lines, code in ended[KILLED:]]


def test_every_survivor_ends_well_with_a_whole_run(survivors):
    _, ended = survivors
    assert [code for code, _ in ended] == [0] * (8 - KILLED), ended
    assert len({line for _, line in ended}) >= 4, "four seeds, and one that has nothing new to do"


def test_no_folder_is_torn(survivors):
    store, _ = survivors
    for name in Store(str(store)).runs():
        found = digest_files(store / name)
        del found[MANIFEST]
        assert found == json.loads((store / name / MANIFEST).read_text())["files"]
    whole = {"gallery", "latest", *Store(str(store)).runs()}
    assert all(path.name.startswith(".") or path.is_file() or path.name in whole for path in store.iterdir())


def test_there_is_one_champion_and_each_was_judged_beside_the_one_before(survivors):
    store, _ = survivors
    registry = Registry(Store(str(store)))
    promotions = registry.promotions()
    assert promotions
    assert [p.parent for p in promotions] == [None, *(p.run for p in promotions[:-1])]
    for promotion in promotions:
        manifest = json.loads((store / promotion.run / MANIFEST).read_text())
        assert manifest["parent"] == promotion.parent
        verdict = json.loads((store / promotion.run / "verdict.json").read_text())
        assert verdict["serves"] == {"run": None, "method": promotion.method}
        assert verdict["sentence"] == promotion.why
