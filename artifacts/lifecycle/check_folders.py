"""Find faults of a store's folders: damaged runs, foreign folders, leftovers of kills, cached results."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from artifacts.store.cache import DAY
from artifacts.store.digests import digest_folder
from artifacts.store.fault import Fault
from artifacts.store.leftovers import Leftover, torn, weighed
from artifacts.store.listing import RUN_NAME, is_store
from artifacts.store.removal import clear, withdrawn
from artifacts.store.removed import CorruptRecord
from artifacts.store.runs import UnreadableRun
from artifacts.store.store import Store
from artifacts.store.wrong_files import wrong_files
from artifacts.web.phrases import count

NO_RUNS = ("latest", "gallery")
"""Folders beside the runs."""

ENTRY_NAME = re.compile(r"[0-9a-f]{32}")


def wrong_runs(store: Store) -> Iterator[Fault]:
    """Runs whose manifest cannot be read, or whose files are not what it says."""
    restored = "put the folder back from a backup"
    for name in store.runs():
        try:
            wrong = list(wrong_files(store.run(name)))
        except UnreadableRun as error:
            yield Fault(f"{name} {error.reason}", "" if "restore it" in error.reason else restored)
            continue
        if wrong:
            more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            yield Fault(f"{name} is not whole: {wrong[0]}{more}", restored)


def wrong_folders(store: Store, now: float) -> Iterator[Fault]:
    """Folders that are no runs and no stores of their own, and what kills have left; `now` in seconds since 1970."""
    with suppress(CorruptRecord):
        if hidden := withdrawn(store):
            yield Fault(
                f"{count(len(hidden), 'removed run')} not deleted yet",
                "",
                lambda: f"{count(clear(store), 'run')} deleted",
            )
    removed = {place.rsplit("/", 1)[-1] for place in _withdrawn(store)}
    for name, stamp in store.folders().items():
        known = stamp is not None or name in NO_RUNS or name in removed
        if not known and not is_store(store.files, f"{store.root}/{name}"):
            yield _no_run(store, name, now)
    if left := list(torn(store, now)):
        size = sum(each.bytes for each in left) / 1e6
        what = f"{len(left)} half-written files or folders, left by what was killed, {size:.1f} MB"
        yield Fault(what, "", partial(_remove, left))


def wrong_results(store: Store) -> Iterator[Fault]:
    """Cached results of steps whose files are not what the step left; a step whose result is gone is done again."""
    cache = store.workspace / ".cache"
    for folder in sorted(cache.iterdir()) if cache.is_dir() else ():
        with suppress(OSError):  # a run has just removed it
            if ENTRY_NAME.fullmatch(folder.name) and digest_folder(folder)[:32] != folder.name:
                left = [weighed(folder, "cached result")]
                yield Fault(f"the cached result {folder.name} is damaged", "", partial(_remove, left))


def _withdrawn(store: Store) -> list[str]:
    with suppress(CorruptRecord):
        return withdrawn(store)
    return []


def _no_run(store: Store, name: str, now: float) -> Fault:
    """A folder without a manifest: on an object store a run that was killed in its last step, else somebody's own."""
    if store.local or not RUN_NAME.fullmatch(name):
        return Fault(f"{name} is a folder without a manifest, and no run", "move it out of the store")
    what, age = f"{name} was never published whole: it has no manifest", _age(store, name, now)
    if age is None or age < DAY:
        return Fault(what, "a run may be at work on it; look again tomorrow, or delete it")
    return Fault(what, "", partial(_delete, store, name))


def _age(store: Store, name: str, now: float) -> float | None:
    """Seconds since the newest file of a distant folder was written; None where its file system does not say."""
    try:
        times: list[datetime] = [store.files.modified(path) for path in store.files.find(f"{store.root}/{name}")]
    except (NotImplementedError, OSError):
        return None
    return now - max(map(datetime.timestamp, times)) if times else None


def _delete(store: Store, name: str) -> str:
    store.files.rm(f"{store.root}/{name}", recursive=True)
    store.files.invalidate_cache()
    return "it was deleted"


def _remove(left: Sequence[Leftover]) -> str:
    for each in left:
        each.remove()
    return "deleted"
