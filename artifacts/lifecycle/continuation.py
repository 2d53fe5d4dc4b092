"""Check whether new data continue the store's series, and record how they differ."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.series import DATASET, FOUND, read_calendar, read_made, read_series, read_times, unique_id
from artifacts.lifecycle.identity import (
    KEPT,
    Identity,
    Noted,
    Restated,
    absolute,
    read_identity,
    read_values,
    source_to_keep,
    write_identity,
    write_values,
)
from artifacts.lifecycle.identity import SERIES as FILE
from artifacts.lifecycle.ledger import LEDGER, Scoring, mark_restated, moments
from artifacts.lifecycle.registry import CHAMPION
from artifacts.store.runs import Run
from artifacts.store.store import Store
from rnn.lifecycle.identity import ANEW, UNKNOWN, Continuation, NotTheSameSeries, Seen, Word, compare, length
from rnn.lifecycle.restatement import BLOCK, Restatement, block_digests, changed_blocks
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.readers.options import Source
from rnn.readers.repairs import HELD_BACK, TRIMMED

RETRAIN = "retrain"


@dataclass(frozen=True)
class Continued:
    """The result of the check: the store's identity now, and the lines to tell, with `warnings` apart."""

    identity: Identity
    told: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def continue_series(
    store: Store, data: Path, asked: SeriesOfStore, now: str, moves: bool = False, keeps: bool = True
) -> Continued:
    """Check that the data set `data` continues the store's series, and note what is known now; `now` as runs are named.

    `moves`: whether another file than the store's becomes its file, as in a retraining; after a look it does not.
    `keeps`: whether what is known now is noted. Until it is known that the data are healthy it should not be: values
    that are corrected the next day would be a restated past. A difference that is accepted is noted in any case.

    The first data that a store is kept fresh with say what it is about. A store from before this was written down is
    about its newest retraining's data. Raises NotTheSameSeries with the store as it was but for a note of that.
    """
    new = seen_in(data)
    with store.changing(FILE):
        kept = (read_identity(store) or _of_runs(store)) if _is_bound(store) else None
        if kept is None:
            identity = _identity(new, data, asked, None)
            if not keeps:
                return Continued(identity)
            _write(store, identity, new)
            return Continued(identity, [f"The store is about '{identity.unique_id}' from now on."])
        old = read_values(store, kept) or _values_of_runs(store)
        return _continued(store, kept, old, new, data, asked, now, moves, keeps=keeps)


def scoring(store: Store, data: Path) -> Scoring:
    """The rules by which arrivals are scored, from what the store knows of its series."""
    identity, new = read_identity(store), seen_in(data / DATASET)
    if identity is None:
        return Scoring()
    whole = [each.run for each in identity.restatements if each.points > 0.5 * each.known]
    return Scoring(
        unique_id=identity.unique_id,
        begun=identity.begun,
        restated=whole[-1] if whole else "",
        revise=length(identity.revise_within or "0", new.step, new.calendar is not None),
    )


def seen_in(data: Path) -> Seen:
    """The series in a data set, with its columns' names where it was read from a file and they were noted."""
    series, at, made = read_series(data), moments(read_times(data)), read_made(data)
    found, unnoted = made.get(FOUND) or {}, UNKNOWN if "digest" in made else ""
    step = float(at[-1] - at[0]) / max(1, len(at) - 1)
    return Seen(
        time=str(found.get("time_column", unnoted)),
        value=str(found.get("value_column", unnoted)),
        at=at,
        y=series.y,
        step=step,
        calendar=read_calendar(data),
    )


def _retrainings(store: Store) -> Iterator[Run]:
    """The retrainings that can be read, newest first."""
    return (run for run in store.readable_runs() if run.flow == RETRAIN)


def _is_bound(store: Store) -> bool:
    """Whether something in the store is about its series: until then the first attempt may be corrected."""
    there = any(store.files.exists(f"{store.root}/{file}") for file in (CHAMPION, LEDGER))
    return there or next(_retrainings(store), None) is not None


def _of_runs(store: Store) -> Identity | None:
    """The identity of a store from before it was written down: that of its newest retraining which can be read."""
    return next(filter(None, (_of_run(store, run) for run in _retrainings(store))), None)


def _of_run(store: Store, run: Run) -> Identity | None:
    """The identity that a run's data and settings give; None where they cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        config, data = run.config, store.folder(run.name) / DATASET
        known = {name: config[name] for name in SeriesOfStore.model_fields if name in config and name != "accept"}
        seen, asked = seen_in(data), SeriesOfStore.model_validate(known)
        return _identity(seen, data, asked, None, {name: int(config[name]) for name in ("group_size", "horizon")})
    return None


def values_of_runs(store: Store, identity: Identity) -> Seen | None:
    """The series as the newest retraining knew it whose values are those that the store was last seen with."""
    for run in _retrainings(store):
        with suppress(OSError, ValueError, KeyError, TypeError):
            seen = seen_in(store.folder(run.name) / DATASET)
            if block_digests(seen.at, seen.y, identity.offset) == identity.digests:
                return seen
    return None


def _values_of_runs(store: Store) -> Seen | None:
    """The series as the newest retraining knew it."""
    run = next(_retrainings(store), None)
    with suppress(OSError, ValueError, KeyError, TypeError):
        return seen_in(store.folder(run.name) / DATASET) if run else None
    return None


def _identity(
    new: Seen, data: Path, asked: SeriesOfStore, before: Identity | None, task: dict[str, int | str] | None = None
) -> Identity:
    """The identity of a series that was just seen; what was known `before` of its name and past is kept."""
    named = asked.unique_id or (before.unique_id if before and before.named else None)
    source = Source(**{name: getattr(asked, name) for name in Source.model_fields})
    facts: dict[str, Any] = {
        "unique_id": named or unique_id(read_made(data)),
        "named": named is not None,
        "source": source_to_keep(source),
        "given": None if source.data is None or "://" in source.data else source.data,
        "time_column": new.time,
        "value_column": new.value,
        "calendar": None if new.calendar is None else new.calendar.plain(),
        "step": new.step,
        "lowest": float(new.y.min()),
        "highest": float(new.y.max()),
        "median": float(np.median(new.y)),
        "spread": float(np.std(new.y)),
        "first": new.shown(0),
        "last": new.shown(len(new) - 1),
        "points": len(new),
        "block": BLOCK,
        "digests": block_digests(new.at, new.y, before.offset if before else 0),
        "revise_within": asked.revise_within or (before.revise_within if before else None),
        "refused": None,
    }
    said = {name: value for name, value in _asked_task(asked).items() if value is not None}
    task = {**(task or (before.task if before else {})), **said}
    if before is not None:
        return before.model_copy(update={**facts, "task": task})
    return Identity(since=_now(), task=task, **facts)


def _asked_task(asked: SeriesOfStore) -> dict[str, Any]:
    return {name: getattr(asked, name, None) for name in ("group_size", "horizon")}


def _continued(
    store: Store,
    kept: Identity,
    old: Seen | None,
    new: Seen,
    data: Path,
    asked: SeriesOfStore,
    now: str,
    moves: bool,
    *,
    keeps: bool,
) -> Continued:
    within = length(asked.revise_within or kept.revise_within or "0", new.step, new.calendar is not None)
    repairs = _repairs(data)
    lacks = repairs.get(HELD_BACK, 0) + repairs.get(TRIMMED, 0)
    found = compare(old, new, lacks, within) if old else Continuation({})
    meant: list[Word] = list(asked.accept)
    refused = [] if "another" in meant else [word for word in found.differences if word not in meant]
    if refused:
        sentence = _refusal(kept, asked, [found.differences[word] for word in refused], refused)
        write_identity(store, kept.model_copy(update={"refused": Noted(when=_now(), words=refused, sentence=sentence)}))
        raise NotTheSameSeries(sentence)
    told, warnings = _told(kept, asked, found, now)
    if not keeps and not found.differences:
        return Continued(kept, told if asked.accept else [])
    if moved := _other_file(kept, asked):
        then = ", and is the store's from now on" if moves else ""
        told.insert(0, f"{moved} it continues that one{then}.")
    identity = _brought_forward(new, data, asked, kept, found, now, moves)
    if found.restated and not ANEW & set(found.differences):
        record = _record(store, kept, identity, new, found.restated, now)
        identity = identity.model_copy(update={"restatements": (*kept.restatements, record)[-KEPT:]})
        warnings.append(f"The past was restated: {record.sentence}")
    if identity != kept:
        _write(store, identity, new if identity.digests != kept.digests else None)
    return Continued(identity, told, warnings)


def _brought_forward(
    new: Seen, data: Path, asked: SeriesOfStore, kept: Identity, found: Continuation, now: str, moves: bool
) -> Identity:
    """The identity that was `kept`, with what was found of the new data, which may begin the series anew."""
    anew = ANEW & set(found.differences)
    offset = 0 if anew else kept.offset + found.first
    update: dict[str, Any] = {"offset": offset, "begun": now if anew else kept.begun}
    if found.differences:
        sentence = "; ".join(found.differences.values())
        noted = Noted(when=_now(), words=tuple(found.differences), sentence=sentence)
        update["accepted"] = (*kept.accepted, noted)[-KEPT:]
    identity = _identity(new, data, asked, kept.model_copy(update=update))
    if not (moves or asked.accept) and _other_file(kept, asked):
        identity = identity.model_copy(update={"source": kept.source, "given": kept.given})
    return identity


def _repairs(data: Path) -> dict[str, int]:
    return dict((read_made(data).get(FOUND) or {}).get("repairs", {}))


def _refusal(kept: Identity, asked: SeriesOfStore, differences: Sequence[str], words: Sequence[Word]) -> str:
    remedy = "correct the file"
    if asked.data is None and kept.source is not None:
        remedy = f"name the store's file, {kept.file}, with --data"
    return (
        f"{_file(asked)} does not continue the store's series '{kept.unique_id}' ({kept.first} to {kept.last}): "
        f"{'; '.join(differences)}: {remedy}, give another --store, or, if it is meant, retrain with --accept "
        f"{' '.join(words)}"
    )


def _told(kept: Identity, asked: SeriesOfStore, found: Continuation, now: str) -> tuple[list[str], list[str]]:
    """What is to be said of data that are taken: infos, and warnings."""
    told, warnings = [], []
    if found.revised:
        values = "1 value was" if found.revised == 1 else f"{found.revised} values were"
        told.append(f"{values} revised within {asked.revise_within or kept.revise_within}.")
    if found.differences:
        anew = ANEW & set(found.differences)
        begun = f" Forecasts from before {now} are no longer scored or counted." if anew else ""
        warnings.append(f"Accepted, as asked: {'; '.join(found.differences.values())}.{begun}")
    elif asked.accept:
        told.append(f"--accept {' '.join(asked.accept)} is not needed: the data continue the store's series.")
    return told, warnings


def _other_file(kept: Identity, asked: SeriesOfStore) -> str:
    """The beginning of a sentence on a file that is not the store's; empty where it is."""
    if asked.data is None or kept.source is None or absolute(asked.data) == kept.file:
        return ""
    return f"The file is {_file(asked)}, and the store's is {kept.file}:"


def _record(store: Store, kept: Identity, identity: Identity, new: Seen, found: Restatement, now: str) -> Restated:
    """The record of a restatement, the ledger's lines that it touches marked."""
    blocks = changed_blocks(kept.digests, identity.digests)
    first, last = (new.shown(int(np.searchsorted(new.at, at - 0.5 * new.step))) for at in (found.at[0], found.at[-1]))
    marked = mark_restated(store, found.at, new.step)
    lines = "" if not marked else f"; {marked} lines of the ledger were scored by what they were before, and are marked"
    return Restated(
        when=_now(),
        run=now,
        points=len(found),
        known=found.of,
        first=first,
        last=last,
        blocks=tuple(blocks),
        before={number: kept.digests[number] for number in blocks},
        typical=found.typical,
        largest=found.largest,
        factor=found.factor,
        marked=marked,
        sentence=f"{found.sentence}, from {first} to {last}{lines}.",
    )


def _write(store: Store, identity: Identity, values: Seen | None) -> None:
    """Write the identity, its values first: by its digests it is told whether they are whole."""
    if values is not None:
        write_values(store, values)
    write_identity(store, identity)


def _file(asked: SeriesOfStore) -> str:
    return "the generated series" if asked.data is None else absolute(asked.data)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
