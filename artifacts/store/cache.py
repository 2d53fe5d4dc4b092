"""What steps have made, kept by content: a step that is asked for the same again finds it here.

`<workspace>/.cache/<digest>/` holds a step's files and is never changed. Which inputs lead to which entry is Prefect's
to remember (tasks/support/step.py).
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from artifacts.store.atomic import put_in_place, whole_folder
from artifacts.store.digests import digest_folder

KEPT_DAYS = 60
"""An entry not made anew for so many days is removed; what leads to it is forgotten sooner (tasks/support/step.py)."""


class Entry(BaseModel):
    """What a step made: a folder of files, and the digest of all that is in it.

    `made_by` is the run that made it, `seconds` how long that took, `when` it was done (UTC, ISO 8601). `key` is what
    it was made from, each part as a short digest: calls of a step that agree in all of them give the same. An Entry
    cannot be made of files that are gone or altered: then it is invalid, and the step is repeated.
    """

    model_config = ConfigDict(frozen=True)

    folder: Path
    digest: str
    seconds: float = 0.0
    made_by: str = ""
    when: str = ""
    key: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.folder.is_dir() or digest_folder(self.folder) != self.digest:
            raise ValueError(f"{self.folder} is not what the step left there")
        return self

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


class Cache:
    """The entries below a folder on a local disk."""

    def __init__(self, workspace: Path) -> None:
        self.root = workspace / ".cache"

    @contextmanager
    def filling(self, made_by: str) -> Iterator["Filling"]:
        """A folder to fill; `entry` of what is yielded is there once the block has ended."""
        with whole_folder(self.root) as folder:
            filling = Filling(folder)
            yield filling
            filling.entry = self._keep(folder, made_by)

    def checkpoint(self, key: str) -> Path:
        """Where the step that `key` stands for keeps how far it has come."""
        return self.root / "checkpoints" / f"{key[:32]}.npz"

    def _keep(self, folder: Path, made_by: str) -> Entry:
        digest = digest_folder(folder)
        place = self.root / digest[:32]
        if place.is_dir() and digest_folder(place) != digest:
            shutil.rmtree(place)
        try:
            put_in_place(folder, place)
        except OSError:  # another run has just made the same: its files are as good
            if not place.is_dir():
                raise
            place.touch()
        return Entry(folder=place, digest=digest, made_by=made_by)

    def prune(self) -> None:
        """Remove entries, and what killed runs left half-written, that nobody has made anew for KEPT_DAYS."""
        if not self.root.is_dir():
            return
        oldest = time.time() - KEPT_DAYS * 24 * 3600
        for folder in self.root.iterdir():
            with suppress(FileNotFoundError):  # another run has removed it meanwhile
                if folder.stat().st_mtime < oldest:
                    shutil.rmtree(folder, ignore_errors=True)


class Filling:
    """A cache entry in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entry: Entry

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
