"""A lease on a file of an object store: one process of all machines at a time, and who stood still too long is told.

The lease is a small object: its owner, how often it was taken (the fencing number), and how often it was renewed. Every
write of it is a compare and swap. The owner renews it from a thread; whoever waits takes it over when it has not
changed for `seconds` on their own clock, so that no two clocks are compared (as in Amazon's DynamoDB lock client). An
owner that was taken over cannot renew, which is how it learns of it; what it writes is refused besides (see guard.py).
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import Protocol
from uuid import uuid4

from fsspec import AbstractFileSystem

from artifacts.store.atomic import CannotWrite
from artifacts.store.conditional import LOCKS, Changed, read_version, write_if

SECONDS = 30.0
"""A lease that has not been renewed for so long may be taken over."""

RENEWALS = 5
"""A lease is renewed so often within SECONDS."""

PAUSE = 0.25
"""Seconds between two looks at a lease that another holds."""


LATE = "did not renew its lease in time: start again"


class FencedOff(CannotWrite):
    """Another process has taken over in the meantime: nothing more may be written."""


class Taken(CannotWrite):
    """Another process holds the lease, and renews it."""


class Cell(Protocol):
    """A small object that is written by compare and swap."""

    def read(self) -> tuple[bytes, str] | None:
        """Its bytes and their version; None if there is none."""
        ...

    def write(self, data: bytes, seen: str | None) -> str:
        """Write it if its version is still `seen`; returns the new version. Raises Changed."""
        ...


@dataclass(frozen=True)
class LeaseObject:
    """The lease on the file or run `name` as an object of the store, in its hidden folder."""

    files: AbstractFileSystem
    root: str
    name: str

    @property
    def path(self) -> str:
        """Where the object is."""
        return f"{self.root}/{LOCKS}/{self.name}.json"

    def read(self) -> tuple[bytes, str] | None:
        """Its bytes and their version; None before it was ever taken."""
        return read_version(self.files, self.path)

    def write(self, data: bytes, seen: str | None) -> str:
        """Write it if its version is still `seen`; returns the new version. Raises Changed and OSError."""
        return write_if(self.files, self.path, data, seen)

    def remove(self) -> None:
        """Remove it, once nothing is left to be guarded."""
        with suppress(OSError):
            self.files.rm_file(self.path)


@dataclass(frozen=True)
class Note:
    """What the object says: its `owner` (None: free), the fencing number, and the renewals by this owner."""

    owner: str | None = None
    fence: int = 0
    renewals: int = 0


class Lease:
    """A lease that this process takes, renews and releases; safe to use from two threads."""

    def __init__(
        self,
        cell: Cell,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.cell, self.seconds = cell, SECONDS if seconds is None else seconds
        self._clock, self._pause, self._one_at_a_time = clock, pause, threading.Lock()
        self._note, self._version, self._renewed = Note(), "", 0.0

    @property
    def fence(self) -> int:
        """The fencing number: higher than that of everyone who has held the lease before."""
        return self._note.fence

    def take(self, patience: float) -> None:
        """Take the lease once it is free, or has not been renewed for its time. Raises Taken after `patience` seconds.

        Raises OSError when the store does not answer.
        """
        began, seen, since, owner = self._clock(), "", self._clock(), uuid4().hex
        while True:
            found = self.cell.read()
            version, note = (found[1], _read(found[0])) if found else (None, Note())
            if version != seen:
                seen, since = version or "", self._clock()
            if note.owner is None or self._clock() - since >= self.seconds:
                with suppress(Changed):
                    self._write(Note(owner, note.fence + 1), version)
                    return
            elif self._clock() - began >= patience:
                raise Taken(f"another process holds it for longer than {patience:g} s")
            self._pause(min(PAUSE, self.seconds / 4))

    def confirm(self, surely: bool = False) -> None:
        """Renew the lease if that is due, or `surely`. Raises FencedOff when another has taken it over, and OSError.

        A renewal that succeeds shows that nobody else has held it since it was taken.
        """
        with self._one_at_a_time:
            if surely or self._clock() - self._renewed >= self.seconds / RENEWALS:
                try:
                    self._write(replace(self._note, renewals=self._note.renewals + 1), self._version)
                except Changed:
                    raise FencedOff(LATE) from None

    def release(self) -> None:
        """Let others have it at once. What cannot be written runs out by itself."""
        with self._one_at_a_time, suppress(Changed, OSError):
            self._write(Note(None, self._note.fence), self._version)

    def _write(self, note: Note, seen: str | None) -> None:
        asked = self._clock()
        version = self.cell.write(json.dumps(asdict(note)).encode(), seen)
        self._note, self._version, self._renewed = note, version, asked


def _read(data: bytes) -> Note:
    """What a lease says; one that cannot be read belongs to somebody unknown, and runs out."""
    try:
        content = json.loads(data)
        return Note(content["owner"], int(content["fence"]), int(content["renewals"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Note("unknown")


@contextmanager
def held(cell: Cell, patience: float) -> Iterator[Lease]:
    """Hold the lease while the block runs, renewed by a thread. Raises Taken and OSError."""
    lease, over = Lease(cell), threading.Event()
    lease.take(patience)
    thread = threading.Thread(target=_renew, args=(lease, over), name="wavecast-lease", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        over.set()
        thread.join()
        lease.release()


def _renew(lease: Lease, over: threading.Event) -> None:
    while not over.wait(lease.seconds / RENEWALS):
        try:
            lease.confirm()
        except FencedOff:  # the block is told when it writes
            return
        except OSError:  # a server that is away for a moment is asked again
            continue
