"""A store of many runs, made without Prefect: one is trained, the others are copies with other names and times."""

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from artifacts.files.forecasts import FORECAST
from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.ledger import Ledger, _write, read_ledger
from artifacts.lifecycle.registry import CHAMPION, Promotion
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.digests import digest_file
from artifacts.store.listing import MANIFEST
from artifacts.store.store import Store

NOW = datetime.now(UTC).replace(microsecond=0)

Put = Callable[..., Path]


def run_name(days: int) -> str:
    """The name of the run that was made so many days before NOW."""
    return f"{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}-{days:06x}"


def grow(
    root: Path, put_retraining: Put, ages: Sequence[int], champions: Sequence[int] = (), opened: Sequence[int] = ()
) -> Store:
    """A store with a retraining of each age in days; all are scored, but those that are `opened`.

    `champions`: which of them were promoted, a minute after they were made, in this order.
    """
    source = put_retraining(root, run_name(ages[0]), points=60)
    for days in ages[1:]:
        put_copy(source, days)
    store = Store(str(root))
    if champions:
        promotions = [
            Promotion(
                run=run_name(days), method="autoregressive", how="gate", why="It is better.",
                when=(NOW - timedelta(days=days) + timedelta(minutes=1)).isoformat(),
            ).model_dump()
            for days in champions
        ]  # fmt: skip
        store.replace(CHAMPION, json.dumps({"format": 1, "promotions": promotions}).encode())
    closed = frozenset(run_name(days) for days in ages if days not in opened)
    _write(store, Ledger(read_ledger(store).scored, closed))
    renew_latest(store)
    return store


def put_copy(run: Path, days: int, flow: str = "retrain", model: str | None = None) -> Path:
    """A copy of a run, made so many days before NOW; its forecast is by the run `model`, or its own."""
    folder = run.with_name(run_name(days))
    shutil.copytree(run, folder)
    verdict = json.loads((folder / VERDICT).read_text())
    verdict["serves"]["run"] = model
    (folder / VERDICT).write_text(json.dumps(verdict))
    made = json.loads((folder / MANIFEST).read_text())
    published = (NOW - timedelta(days=days)).isoformat()
    made |= {"flow": flow, "execution": {"run": folder.name, "published": published}}
    made["files"] |= {name: digest_file(folder / name) for name in (VERDICT, FORECAST)}
    (folder / MANIFEST).write_text(json.dumps(made))
    return folder
