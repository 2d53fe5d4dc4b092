"""Prune a store: remove old runs that nothing needs, and leftovers.

What goes is decided again under the locks of champions and ledger, so that no run becomes needed meanwhile.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from artifacts.lifecycle.ledger import LEDGER, UNREADABLE
from artifacts.lifecycle.needed import CHAMPION as THE_CHAMPION
from artifacts.lifecycle.needed import needed
from artifacts.lifecycle.registry import CHAMPION
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.cache import KEPT_DAYS
from artifacts.store.leftovers import Leftover, leftovers
from artifacts.store.removal import clear, note, withdraw, withdrawn
from artifacts.store.removed import Removed, read_removed
from artifacts.store.runs import Run, UnreadableRun
from artifacts.store.store import Store
from artifacts.web.phrases import parse
from rnn.errors import WavecastError


class CannotPrune(WavecastError):
    """A run to be removed is needed, or it cannot be told which runs are."""


@dataclass(frozen=True)
class RetentionPolicy:
    """Everything younger than `keep` stays, and with `champions` every run that was the champion.

    `runs`: only these go, whatever their age, and no leftovers.
    """

    keep: timedelta
    champions: bool = False
    runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The plan of a prune: what goes, and what stays though it is old, needed runs with the reason and unreadable ones.

    `unfinished`: runs that an earlier prune, which was killed, has withdrawn and not deleted.
    """

    of: int
    runs: tuple[Removed, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    unfinished: int = 0

    @property
    def files(self) -> int:
        """The files of all that goes."""
        return sum(run.files for run in self.runs) + sum(each.files for each in self.leftovers)

    @property
    def bytes(self) -> int:
        """The bytes of all that goes."""
        return sum(run.bytes for run in self.runs) + sum(each.bytes for each in self.leftovers)


def plan(store: Store, policy: RetentionPolicy, now: datetime) -> Plan:
    """Plan a prune, and change nothing. Raises CannotPrune."""
    try:
        read_removed(store.files, store.root)
        reasons = needed(store, now, policy.champions)
    except WavecastError as error:
        raise CannotPrune(f"nothing is removed while it is not known what is needed: {error}") from None
    names = store.runs()
    if policy.runs:
        meant = _meant(store, policy.runs, reasons)
        return Plan(of=len(names), runs=tuple(_record(run, now) for run in meant), unfinished=len(withdrawn(store)))
    going, unreadable, kept = [], [], {}
    for name in names:
        try:
            run = store.run(name)
        except UnreadableRun:
            unreadable.append(name)
            continue
        made = made_at(run)
        if made is None or made > now - policy.keep:
            continue
        if name in reasons:
            kept[name] = reasons[name]
        else:
            going.append(_record(run, now))
    limit = min(policy.keep, timedelta(days=KEPT_DAYS)).total_seconds()
    unused = (each for each in leftovers(store, now.timestamp()) if now.timestamp() - each.touched > limit)
    return Plan(
        of=len(names),
        runs=tuple(going),
        kept=kept,
        unreadable=tuple(unreadable),
        leftovers=tuple(unused),
        unfinished=len(withdrawn(store)),
    )


def prune(store: Store, policy: RetentionPolicy, now: datetime) -> Plan:
    """Remove what `plan` finds, and what a prune that was killed has left; returns what went.

    Raises CannotPrune and CannotWrite.
    """
    with store.changing(CHAMPION), store.changing(LEDGER):
        found = plan(store, policy, now)
        if found.runs:
            note(store, found.runs)
        for run in found.runs:
            withdraw(store, run.run)
    clear(store)
    for leftover in found.leftovers:
        leftover.remove()
    return found


def made_at(run: Run) -> datetime | None:
    """When a run was made: by its name when it began, or when it was published, whichever is later; None if unknown."""
    published = parse(str(run.execution.get("published", "")))
    begun = None
    with suppress(ValueError):
        begun = datetime.strptime(run.name[: len("20260101T000000Z")], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return max((each for each in (published, begun) if each is not None), default=None)


def _meant(store: Store, given: Sequence[str], reasons: Mapping[str, str]) -> list[Run]:
    """The runs that are meant by their names or what they begin with. Raises CannotPrune for one that is needed."""
    found: dict[str, Run] = {}
    names = store.runs()
    for one in given:
        matching = [one] if one in names else [name for name in names if name.startswith(one)]
        if len(matching) != 1:
            which = "no run" if not matching else f"{len(matching)} runs"
            raise CannotPrune(f"--runs: {store.url} has {which} of the name {one!r}: give a whole name")
        (name,) = matching
        if name in reasons:
            raise CannotPrune(f"--runs: {name} stays, and nothing is removed: {_why(store, reasons[name])}")
        found[name] = store.run(name)
    return list(found.values())


def _why(store: Store, reason: str) -> str:
    if reason != THE_CHAMPION:
        return f"it is needed ({reason})"
    return f"it is the champion; choose another with {store.command('promote RUN')} first"


def _record(run: Run, now: datetime) -> Removed:
    """What is to be remembered of a run."""
    sizes = [int(facts["size"] or 0) for facts in run.files.find(run.root, detail=True).values()]
    sentence = ""
    if VERDICT in run.digests:
        with suppress(*UNREADABLE):
            sentence = str(json.loads(run.read(VERDICT))["sentence"])
    data = run.config.get("data")
    return Removed(
        run=run.name,
        when=now.isoformat(timespec="seconds"),
        flow=run.flow,
        published=str(run.execution.get("published", "")),
        data=PurePath(str(data)).name if data else "",
        sentence=sentence,
        files=len(sizes),
        bytes=sum(sizes),
    )
