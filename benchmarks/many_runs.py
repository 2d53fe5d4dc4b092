"""Measure history, monitor and browse in a store with many runs, without Prefect's own time.

    python benchmarks/many_runs.py [runs, 1000]

One small retraining is made for real, without Prefect (tasks/support/without_prefect.py), and copied: each copy has a
name and a time of its own. `history`, `browse`, `prune` and `check` are whole commands, imports included. Of the
monitor it is the flow alone, since Prefect's import is Prefect's. All seconds are the processor's.
"""

import json
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from flow_in_child import seconds_of

from artifacts.lifecycle.ledger import read_ledger
from artifacts.store.store import Store
from flows.monitor import monitor
from flows.retrain import retrain
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings

KNOWN, HORIZON = 400, 14
"""Days that the first run knew, and days that it forecasts."""


def put_days(file: Path, days: int, begun: datetime) -> None:
    """A file of so many daily values, with a week and noise."""
    noise = np.random.default_rng(0).normal(0, 2, days)
    rows = (f"{begun + timedelta(days=k):%Y-%m-%d},{100 + 10 * np.sin(k / 7 * 2 * np.pi) + noise[k]:.3f}\n"
            for k in range(days))  # fmt: skip
    file.write_text("day,sales\n" + "".join(rows))


def command(*words: str) -> float:
    """The processor's seconds of a command of Wavecast's, from its start to its end."""
    program = [sys.executable, "-m", "flows.cli", *words]
    child = os.posix_spawn(
        sys.executable, program, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, code, used = os.wait4(child, 0)
    if code:
        raise SystemExit(f"{words[0]} ended with {os.waitstatus_to_exitcode(code)}")
    return used.ru_utime + used.ru_stime


def put_copy(run: Path, number: int, begun: datetime) -> None:
    """The copy number `number` of a run, so many days younger."""
    when = begun + timedelta(days=number)
    folder = run.with_name(f"{when:%Y%m%dT%H%M%SZ}-{number:06x}")
    shutil.copytree(run, folder)
    made = json.loads((folder / "manifest.json").read_text())
    made["execution"] |= {"run": folder.name, "published": when.isoformat(timespec="seconds")}
    (folder / "manifest.json").write_text(json.dumps(made, indent=2) + "\n")


def row(what: str, seconds: float) -> None:
    """A line of the table."""
    print(f"| {what} | {seconds:.2f} s |", flush=True)


def main(count: int) -> None:
    """The table."""
    now = datetime.now(UTC).replace(microsecond=0)
    begun = now - timedelta(days=count + 1)
    with tempfile.TemporaryDirectory() as scratch:
        store, data = Path(scratch) / "store", Path(scratch) / "sales.csv"
        put_days(data, KNOWN, begun - timedelta(days=KNOWN))
        learning = RetrainSettings(store=str(store), data=str(data), group_size=1, horizon=HORIZON, folds=4)
        seconds_of(lambda: retrain.fn(learning), begun)
        (name,) = Store(str(store)).runs()
        for number in range(1, count):
            put_copy(store / name, number, begun)
        put_days(data, KNOWN + HORIZON, begun - timedelta(days=KNOWN))
        watching, here = MonitorSettings(store=str(store), data=str(data)), ("--store", str(store))
        print(f"| {count} runs | |\n|---|---|")
        row("history", command("history", *here))
        row("monitor, every run's outcomes new", seconds_of(lambda: monitor.fn(watching), now))
        row("monitor, nothing new", seconds_of(lambda: monitor.fn(watching), now))
        put_copy(store / name, count, begun)
        row("monitor, one more run", seconds_of(lambda: monitor.fn(watching), now))
        row("check, every byte", command("check", *here))
        put_copy(store / name, count + 1, begun)
        row("browse, one more run", command("browse", "--no-open", *here))
        row("prune, what would go", command("prune", "--keep", "90d", *here))
        print(f"\nLines of the ledger: {len(read_ledger(Store(str(store))).scored)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
