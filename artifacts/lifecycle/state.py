"""Compare two states of a store by its bytes: what is served, what is whole, and what was lost between them."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from artifacts.files.parquet import read_table
from artifacts.files.series import DATASET
from artifacts.lifecycle.latest import NoForecast, read_latest
from artifacts.lifecycle.ledger import CorruptLedger, read_ledger
from artifacts.lifecycle.registry import CorruptRegistry, Registry
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store


@dataclass(frozen=True)
class State:
    """The state of a store.

    `latest`: what forecast.json says, but for its rows, with their days as `covers`; None where it cannot be read.
    `runs`: each whole run's digest of all its files; `torn`: sentences on what is not whole. `ledger`: digests of its
    lines, without the marks that may change. `champions`: run and method of each promotion, oldest first.
    """

    latest: dict[str, Any] | None
    runs: dict[str, str]
    torn: list[str] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    champions: list[tuple[str, str]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The state as JSON holds it."""
        return asdict(self)


def state_of(store: Store, known: Mapping[str, str] | None = None) -> State:
    """The state of a store. Of the runs that are `known` only the place is looked at, of others every byte."""
    torn: list[str] = []
    known = known or {}
    runs = {name: known[name] if name in known else _run(store, name, torn) for name in store.runs()}
    for name, stamp in store.folders().items():
        if stamp is None and name not in ("latest", "gallery"):
            torn.append(f"{name} has no manifest")
    ledger: list[str] = []
    champions: list[tuple[str, str]] = []
    try:
        ledger = _lines(store)
    except CorruptLedger as error:
        torn.append(str(error))
    try:
        champions = [promotion.model for promotion in Registry(store).promotions()]
        gone = {run for run, _ in champions[-1:]} - set(runs)
        torn += [f"the champion's run {run} is gone" for run in gone]
    except CorruptRegistry as error:
        torn.append(str(error))
    return State(_latest(store), runs, torn, ledger, champions)


def lost(before: State, now: State) -> list[str]:
    """List losses: what was there `before` and is gone or changed now, and what is torn now."""
    gone = [f"run {name} is gone" for name in before.runs if name not in now.runs]
    changed = [f"run {name} has changed" for name, was in before.runs.items() if now.runs.get(name, was) != was]
    lines = len(set(before.ledger) - set(now.ledger))
    twice = len(now.ledger) - len(set(now.ledger))
    champions = now.champions[: len(before.champions)] != before.champions
    return [
        *gone,
        *changed,
        *([f"{lines} lines of the ledger are gone"] if lines else []),
        *([f"{twice} lines of the ledger are there twice"] if twice else []),
        *(["a promotion is gone"] if champions else []),
        *(["latest/ cannot be read"] if before.latest and not now.latest else []),
        *now.torn,
    ]


def known_values(store: Store, run: str) -> tuple[Any, Any]:
    """The times and values (points,) of the data that a run knew."""
    columns, _ = read_table(store.run(run).read(DATASET))
    return columns["time"] if "time" in columns else columns["x"], columns["y"]


def content_of(store: Store, run: str) -> dict[str, str]:
    """The digests of a run's files that hold data, model, verdict and forecast: not of its report, which has times."""
    return {name: digest for name, digest in store.run(run).digests.items() if not name.endswith((".html", ".csv"))}


def _run(store: Store, name: str, torn: list[str]) -> str:
    try:
        run = store.run(name)
        wrong = [file for file, digest in run.digests.items() if run.digest(file) != digest]
        torn += [f"{name}/{file} is not what the manifest says" for file in wrong]
        return hashlib.sha256(repr(sorted(run.digests.items())).encode()).hexdigest()
    except (UnreadableRun, OSError) as error:
        torn.append(f"{name}: {error}")
        return ""


def _lines(store: Store) -> list[str]:
    rows = read_ledger(store).scored
    lines = zip(rows.run.tolist(), rows.method.tolist(), rows.step.tolist(), rows.at.tolist(), strict=True)
    return ["|".join(map(str, line)) for line in lines]


def _latest(store: Store) -> dict[str, Any] | None:
    with suppress(NoForecast):
        told, _ = read_latest(store)
        covers = [str(row["ds"])[:10] for row in told.pop("forecast")]
        return {**told, "covers": covers}
    return None
