"""The removal of whole runs: noted first, then out of sight in one step each, and only then deleted.

Whoever is killed on the way leaves whole runs and hidden folders, and the next removal goes on.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from artifacts.store.atomic import take_away, writing_to
from artifacts.store.listing import MANIFEST
from artifacts.store.removed import REMOVED, Removed, as_json, read_removed
from artifacts.store.store import Store


def note(store: Store, removed: Sequence[Removed]) -> None:
    """Put runs into the record of what was removed. Raises CorruptRecord and CannotWrite."""
    known = read_removed(store.files, store.root)
    store.replace(REMOVED, as_json((known | {each.run: each for each in removed}).values()))


def withdraw(store: Store, run: str) -> None:
    """Let a run be none any more, in one step; its files are deleted by `clear`. Raises CannotWrite.

    On a local disk its folder gets a hidden name. Elsewhere its manifest goes, without which a folder is no run.
    """
    with writing_to(store.url):
        if store.local:
            take_away(Path(store.root) / run)
        else:
            store.confirm()
            store.files.rm_file(f"{store.root}/{run}/{MANIFEST}")
            store.files.invalidate_cache()


def clear(store: Store) -> int:
    """Delete the files of runs that were withdrawn, now or by one who was killed; returns of how many runs.

    Raises CorruptRecord and CannotWrite.
    """
    with writing_to(store.url):
        found = withdrawn(store)
        for folder in found:
            if store.local:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                store.files.rm(folder, recursive=True)
        store.files.invalidate_cache()
    return len(found)


def withdrawn(store: Store) -> list[str]:
    """The folders of runs that were withdrawn and are not deleted yet. Raises CorruptRecord."""
    if store.local:
        return sorted(str(path) for path in Path(store.root).glob(".*.removed") if path.is_dir())
    known = read_removed(store.files, store.root)
    return [f"{store.root}/{name}" for name, stamp in store.folders().items() if stamp is None and name in known]
