"""The record of the runs that were removed from a store, and what they were. `<store>/removed.json`."""

import json
from collections.abc import Iterable
from typing import Literal, TypeAlias

from fsspec import AbstractFileSystem
from pydantic import BaseModel, ConfigDict, ValidationError

from artifacts.store.listing import run_names
from rnn.errors import WavecastError

REMOVED = "removed.json"
FORMAT = 1

How: TypeAlias = Literal["prune", "lost"]
"""By `wavecast prune`, or in a way that is not known."""


class CorruptRecord(WavecastError):
    """The record of what was removed cannot be read."""


class Removed(BaseModel):
    """A run that was removed at `when` (UTC, ISO): what it was, and how much it took, in `files` and `bytes`.

    `data`: the name of its file, empty for generated data. `sentence`: what its verdict said. Of a run that was lost
    only the name is known, and since when.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    run: str
    when: str
    how: How = "prune"
    flow: str = ""
    published: str = ""
    data: str = ""
    sentence: str = ""
    files: int = 0
    bytes: int = 0

    @property
    def briefly(self) -> str:
        """What became of it, in a few words."""
        return f"{'pruned on' if self.how == 'prune' else 'found gone on'} {self.when[:10]}"

    @property
    def told(self) -> str:
        """What became of it, in words that follow its name."""
        if self.how == "lost":
            return f"is gone, as `wavecast check` noticed on {self.when[:10]}; a backup may have it"
        about = f"a run of '{self.flow}'" + (f" on {self.data}" if self.data else "")
        said = f", which said: {self.sentence}" if self.sentence else ""
        return f"was removed by `wavecast prune` on {self.when[:10]}; it was {about}{said}"


def read_removed(files: AbstractFileSystem, store: str) -> dict[str, Removed]:
    """The runs that were removed from a store and are not there, by name. Raises CorruptRecord and OSError."""
    path = f"{store}/{REMOVED}"
    if not files.isfile(path):
        return {}
    try:
        content = json.loads(files.cat_file(path))
        if content["format"] > FORMAT:
            raise CorruptRecord(f"{REMOVED} was written by a newer Wavecast: update this one")
        found = [Removed.model_validate(each) for each in content["runs"]]
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        raise CorruptRecord(
            f"{REMOVED} is damaged: `wavecast check --mend` moves it away; nothing but what is known of removed runs "
            "is lost with it"
        ) from None
    there = set(run_names(files, store))
    return {each.run: each for each in found if each.run not in there}


def removed_run(files: AbstractFileSystem, store: str, given: str) -> Removed | None:
    """The removed run of this name, or of the only one that begins so; None where that is not known."""
    try:
        found = read_removed(files, store)
    except (CorruptRecord, OSError):
        return None
    matching = [each for name, each in found.items() if name.startswith(given)] if given else []
    return found.get(given) or (matching[0] if len(matching) == 1 else None)


def as_json(removed: Iterable[Removed]) -> bytes:
    """The file's content, a line for each run, in the order of their names."""
    lines = ",\n".join(each.model_dump_json(exclude_defaults=True) for each in sorted(removed, key=lambda one: one.run))
    return f'{{"format": {FORMAT}, "runs": [\n{lines}\n]}}\n'.encode()
