"""Measure the disk space of a year of nightly retrainings and hourly monitoring, before and after `wavecast prune`.

    python benchmarks/retention.py [days lived, 7] [keep, 90d]

An hourly series arrives hour by hour. Each day is lived: 24 monitors, each with a value that is new, and a retraining
at night, with its pictures and its report; Prefect is left out (tasks/support/without_prefect.py), so its database is
not in it. The nights are then repeated up to a year by copying their runs under other names and times, and the store is
pruned. The cache is measured after those days, and extrapolated: it has a rule of its own (60 days, 1 GB).
"""

import json
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from flow_in_child import seconds_of

from artifacts.lifecycle.ledger import LEDGER, Ledger, _write, read_ledger
from artifacts.lifecycle.prune import RetentionPolicy, prune
from artifacts.store.cache import KEPT_DAYS
from artifacts.store.store import Store
from flows.monitor import monitor
from flows.retrain import retrain
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings

KNOWN, YEAR = 60 * 24, 365
"""Hours that are known at the beginning, and days of a year."""


def put_hours(file: Path, hours: int, begun: datetime) -> None:
    """A file of so many hourly values, with a day and noise."""
    noise = np.random.default_rng(0).normal(0, 2, hours)
    rows = (f"{begun + timedelta(hours=k):%Y-%m-%d %H:%M},{100 + 20 * np.sin(k / 24 * 2 * np.pi) + noise[k]:.3f}\n"
            for k in range(hours))  # fmt: skip
    file.write_text("hour,load\n" + "".join(rows))


def weight(folder: Path) -> tuple[int, int]:
    """Files and bytes below a folder."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes)


def row(what: str, files: float, size: float) -> None:
    """A line of the table."""
    print(f"| {what} | {files:,.0f} | {size / 1e6:,.1f} MB |", flush=True)


def repeated(store: Path, last: datetime) -> None:
    """The runs of the store again and again, each under the name of an earlier night, until there are a year's."""
    runs = sorted(path.parent for path in store.glob("*/manifest.json"))
    names = []
    for number in range(len(runs), YEAR):
        source = runs[number % len(runs)]
        when = last - timedelta(days=number)
        folder = store / f"{when:%Y%m%dT%H%M%SZ}-{number:06x}"
        shutil.copytree(source, folder)
        made = json.loads((folder / "manifest.json").read_text())
        made["execution"] |= {"run": folder.name, "published": when.isoformat(timespec="seconds")}
        (folder / "manifest.json").write_text(json.dumps(made, indent=2) + "\n")
        names.append(folder.name)
    there = Store(str(store))
    ledger = read_ledger(there)
    _write(there, Ledger(ledger.scored, ledger.closed | set(names)))


def main(days: int, keep: str) -> None:
    """The table."""
    now = datetime.now(UTC).replace(hour=3, minute=15, second=0, microsecond=0)
    begun = now - timedelta(days=days, hours=KNOWN)
    with tempfile.TemporaryDirectory() as scratch:
        data, store = Path(scratch) / "load.csv", Path(scratch) / "store"
        watching = MonitorSettings(store=str(store), data=str(data))
        learning = RetrainSettings(store=str(store), data=str(data), group_size=1, horizon=24, folds=4)
        for day in range(days):
            put_hours(data, KNOWN + 24 * day, begun)
            seconds_of(lambda: retrain.fn(learning), now - timedelta(days=days - day))
            for hour in range(1, 25):
                put_hours(data, KNOWN + 24 * day + hour, begun)
                seconds_of(lambda: monitor.fn(watching), now - timedelta(days=days - day, hours=-hour, minutes=-30))
            print(f"day {day + 1} of {days}", file=sys.stderr, flush=True)
        runs = [weight(path.parent) for path in store.glob("*/manifest.json")]
        cache, ledger = weight(store / ".cache"), (store / LEDGER).stat().st_size
        gallery = weight(store / "gallery")
        print("| | files | |\n|---|---|---|")
        row("a night's run", np.mean([files for files, _ in runs]), float(np.mean([size for _, size in runs])))
        row("its page data in gallery/", gallery[0] / len(runs), gallery[1] / len(runs))
        row("a day's cached results (24 monitors, a retraining)", cache[0] / days, cache[1] / days)
        row(f"the cache after {KEPT_DAYS} days", cache[0] / days * KEPT_DAYS, cache[1] / days * KEPT_DAYS)
        row("the ledger after a year", 1, ledger / days * YEAR)
        repeated(store, now)
        row(
            "a year's runs",
            *map(sum, zip(*(weight(path.parent) for path in store.glob("*/manifest.json")), strict=True)),
        )
        shutil.rmtree(store / ".cache")
        unit = {"d": 1, "w": 7}[keep[-1]]
        gone = prune(Store(str(store)), RetentionPolicy(timedelta(days=int(keep[:-1]) * unit)), now)
        row(f"of these `wavecast prune --keep {keep}` removes", gone.files, gone.bytes)
        left = [weight(path.parent) for path in store.glob("*/manifest.json")]
        row(f"and keeps {len(left)} runs", sum(files for files, _ in left), sum(size for _, size in left))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7, sys.argv[2] if len(sys.argv) > 2 else "90d")
