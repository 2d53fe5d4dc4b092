"""The cache of steps: the files that a step made, kept by the digest of their content.

`<workspace>/.cache/<digest>/` holds a step's files and never changes. Prefect remembers which inputs lead to which
entry (tasks/support/step.py).
"""

import os
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
"""Days after which an entry is removed unless made again or used; Prefect forgets it sooner (tasks/support/step.py)."""


ROOM = 1_000_000_000
"""Bytes that entries may take together; beyond, the oldest are removed, but none of the last day's."""

DAY = 24 * 3600

CHECKPOINTS = "checkpoints"
"""The folder of the checkpoints, which go when their training has ended."""


class Entry(BaseModel):
    """The files that a step made, in a folder, and the digest of their content.

    `made_by`: the flow run that made them, in `seconds`, ready at `when` (UTC, ISO 8601). `key`: short digests of the
    inputs by name; calls of a step whose keys are equal make the same files. Where files are gone or altered an Entry
    does not validate, so that Prefect repeats the step. To validate is to use it: it is young again.
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
        with suppress(OSError):  # a store that may only be read
            os.utime(self.folder)  # before the look: who removes what is old sees it, or is seen (leftovers.py)
        if not self.folder.is_dir() or digest_folder(self.folder) != self.digest:
            raise ValueError(f"{self.folder} is not what the step left there")
        return self

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


class Cache:
    """The cache below a folder on a local disk."""

    def __init__(self, workspace: Path) -> None:
        self.root = workspace / ".cache"

    @contextmanager
    def filling(self, made_by: str) -> Iterator["Filling"]:
        """Yield a folder to fill; its attribute `entry` is set when the block has ended."""
        with whole_folder(self.root) as folder:
            filling = Filling(folder)
            yield filling
            filling.entry = self._keep(folder, made_by)

    def checkpoint(self, key: str) -> Path:
        """The path of the checkpoint of the step with this key."""
        return self.root / CHECKPOINTS / f"{key[:32]}.npz"

    def parts(self, key: str) -> Path:
        """The folder for the finished parts of the step with this key, while it is at work."""
        return self.root / CHECKPOINTS / key[:32]

    def _keep(self, folder: Path, made_by: str) -> Entry:
        digest = digest_folder(folder)
        place = self.root / digest[:32]
        if place.is_dir() and digest_folder(place) != digest:
            shutil.rmtree(place)
        try:
            put_in_place(folder, place)
        except OSError:  # another run has just made the same entry, whose files are as good
            if not place.is_dir():
                raise
            try:
                os.utime(place)
            except FileNotFoundError:  # it was old, and somebody has removed it meanwhile
                put_in_place(folder, place)
        return Entry(folder=place, digest=digest, made_by=made_by)

    def prune(self) -> None:
        """Remove entries that no step has made or used for KEPT_DAYS, and folders that killed runs left half-written.

        If the others take more than ROOM, the oldest go too, but none of the last day's: a run may be at work on them.
        A step whose entry is gone is done again.
        """
        if not self.root.is_dir():
            return
        now = time.time()
        kept: list[tuple[float, int, Path]] = []
        for folder in self.root.iterdir():
            with suppress(FileNotFoundError):  # another run has removed it
                age = now - folder.stat().st_mtime
                if age > KEPT_DAYS * DAY:
                    shutil.rmtree(folder, ignore_errors=True)
                elif folder.name != CHECKPOINTS:
                    kept.append((age, _bytes(folder), folder))
        room = ROOM
        for age, size, folder in sorted(kept):
            room -= size
            if room < 0 and age > DAY:
                shutil.rmtree(folder, ignore_errors=True)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Filling:
    """A cache entry in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entry: Entry

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
