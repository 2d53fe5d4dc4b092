"""Find faults of the files beside a store's runs: champion, ledger, latest/, series, and losses."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from artifacts.files.parquet import NotAFile
from artifacts.lifecycle.continuation import values_of_runs
from artifacts.lifecycle.feed import FEED
from artifacts.lifecycle.identity import (
    SERIES,
    VALUES,
    CorruptIdentity,
    Identity,
    read_identity,
    read_values,
    write_values,
)
from artifacts.lifecycle.latest import LATEST, NoForecast, renew_latest, wrong_latest
from artifacts.lifecycle.ledger import CorruptLedger, doubles_in, drop_doubles, read_ledger
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.registry import CorruptRegistry, Promotion, Registry
from artifacts.lifecycle.unfinished import finish_promotion, unfinished_promotion
from artifacts.store.fault import Fault
from artifacts.store.removal import note
from artifacts.store.removed import REMOVED, CorruptRecord, Removed, read_removed
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store

SHOWN = 3
"""Runs that are named at most."""

BROKEN_OFF = {
    "gate": "passed its gate and is not the champion: the run was killed just before",
    "promote": "was promoted by hand and is not the champion: `wavecast promote` was killed just before",
    "rollback": "was gone back to and is not the champion: `wavecast rollback` was killed just before",
}
"""What is said of a promotion that was broken off, after its name."""


def wrong_champion(store: Store) -> Iterator[Fault]:
    """A registry that cannot be read, and a champion whose run is gone."""
    registry = Registry(store)
    try:
        champion = registry.champion()
        if champion is None:
            return
        store.run(champion.run)
    except CorruptRegistry as error:
        yield Fault(str(error))
    except UnreadableRun as error:
        earlier = registry.earlier()
        back = f", or {store.command('rollback')} goes back to {earlier.name}" if earlier else ""
        yield Fault(f"the champion cannot be used: {error}", f"put the folder back from a backup{back}")


def broken_promotion(store: Store) -> Iterator[Fault]:
    """A promotion, by the gate or by hand, that was killed before it was made."""
    with suppress(CorruptRegistry):  # told by its own check
        if promotion := unfinished_promotion(store):
            name = promotion.run if promotion.how == "gate" else promotion.name
            what = f"{name} {BROKEN_OFF[promotion.how]}"
            yield Fault(what, "", lambda: f"{name} is the champion" if finish_promotion(store) else "it is by now")


def wrong_ledger(store: Store) -> Iterator[Fault]:
    """A ledger that cannot be read, and lines that are there twice."""
    try:
        doubles = doubles_in(read_ledger(store))
    except CorruptLedger as error:
        yield Fault(str(error))
        return
    if doubles:
        yield Fault(
            f"{doubles} lines of the ledger say again what others say",
            "",
            lambda: f"{drop_doubles(store)} lines were dropped",
        )


def lost_runs(store: Store) -> Iterator[Fault]:
    """Runs that the ledger or the history of champions names, that are gone, and of which nothing is known."""
    try:
        removed = read_removed(store.files, store.root)
    except CorruptRecord as error:
        moved = partial(_moved_away, store, REMOVED)
        yield Fault(str(error).partition(":")[0], "", moved)
        removed = {}
    named = {run for run in _named(store) if run}
    if lost := sorted(named - set(store.runs()) - set(removed)):
        more = f" and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
        yield Fault(
            f"{', '.join(lost[:SHOWN])}{more}: named by the ledger or as a champion, and gone",
            "put the folder back from a backup",
            partial(_note_lost, store, lost),
        )


def wrong_latest_folder(store: Store) -> Iterator[Fault]:
    """A `latest/` that is not what is served."""
    try:
        wrong = wrong_latest(store)
    except NoForecast as error:
        yield Fault(str(error), "put the folder back from a backup, or retrain")
        return
    if wrong:
        yield Fault(wrong, "", lambda: f"it is {renew_latest(store) and LATEST}/ of what is served again")


def wrong_series(store: Store) -> Iterator[Fault]:
    """A series.json that cannot be read, and values that are not those it was written with.

    Values that are not there are no fault while a retraining has them, which then stands in.
    """
    try:
        identity = read_identity(store)
    except CorruptIdentity:
        yield Fault(
            f"{SERIES} is damaged", "", lambda: f"{_moved_away(store, SERIES)}; the next retraining makes it again"
        )
        return
    if identity is None or read_values(store, identity) is not None:
        return
    if store.files.exists(f"{store.root}/{VALUES}") or values_of_runs(store, identity) is None:
        again = partial(_values_again, store, identity)
        yield Fault(f"{VALUES} is not the series that {SERIES} tells of", "", again)


def wrong_status(store: Store) -> Iterator[Fault]:
    """What the monitor and the look at the feed have left, where it cannot be read: the next look makes it again."""
    for file in (MONITOR, FEED):
        try:
            content = store.read(file)
            if content is not None and not isinstance(json.loads(content), dict):
                raise ValueError
        except (NotAFile, ValueError, RecursionError):
            yield Fault(f"{file} is damaged", "", partial(_moved_away, store, file))


def _named(store: Store) -> set[str]:
    runs: set[str] = set()
    promotions: Sequence[Promotion] = ()
    try:
        promotions = Registry(store).promotions()[:-1]
        runs |= set(read_ledger(store).scored.run.astype(str).tolist())
    except (CorruptRegistry, CorruptLedger):
        pass  # told by their own checks
    return runs | {promotion.run for promotion in promotions}


def _note_lost(store: Store, lost: Sequence[str]) -> str:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    note(store, [Removed(run=run, when=now, how="lost") for run in lost])
    return f"noted in {REMOVED} as lost, so that they are told of; what was scored stays"


def _moved_away(store: Store, file: str) -> str:
    """Give a damaged file another name, so that it can be looked at; returns that in words."""
    away = f"{file}.damaged"
    with store.changing(file):
        store.files.mv(f"{store.root}/{file}", f"{store.root}/{away}", recursive=True)
        store.files.invalidate_cache()
    return f"moved to {away}"


def _values_again(store: Store, identity: Identity) -> str:
    """Write the values anew from the retraining that had them."""
    with store.changing(SERIES):
        seen = values_of_runs(store, identity)
        if seen is None:
            raise CorruptIdentity("no retraining has these values; the next one writes them anew")
        write_values(store, seen)
    return "written anew from the retraining that had these values"
