"""A file of the store with what was read from it, kept until the file changes."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from artifacts.store.store import Store
from rnn.errors import WavecastError

REST = 1.0
"""Seconds. So often at most a distant store is asked whether a file has changed, and a failure is tried again."""

Content = TypeVar("Content")
Stamp = tuple[int, ...] | str


class OutOfOrder(WavecastError):
    """A file of the store cannot be read now."""


@dataclass(frozen=True)
class _Held(Generic[Content]):
    """What was read when the file had this stamp, or the error that came instead."""

    stamp: Stamp
    content: Content | None
    error: WavecastError | None = None


class Watched(Generic[Content]):
    """What `read` makes of the store's `file`, read anew when the file is another one.

    On a local disk each question costs one look at the folder, so that a change is seen at once. A distant store is
    asked for the file at most once in REST seconds, and `read` is called when its digest is a new one. Any number of
    threads may ask: one of them reads, the others wait for it.
    """

    def __init__(self, store: Store, file: str, read: Callable[[Store], Content]) -> None:
        self._store, self._file, self._read = store, file, read
        self._held: _Held[Content] | None = None
        self._looked = 0.0
        self._lock = threading.Lock()

    @property
    def is_current(self) -> bool:
        """Whether `get` returns at once, without reading."""
        held = self._held
        if held is None:
            return False
        rested = time.monotonic() - self._looked >= REST
        if held.error is not None or not self._store.local:
            return not rested
        return self._local_stamp() == held.stamp

    def get(self) -> Content:
        """The content of the file as it is now. Raises what `read` raises, and OutOfOrder."""
        if not self.is_current:
            with self._lock:
                if not self.is_current:
                    self._look()
        held = self._held
        assert held is not None  # noqa: S101  `_look` has set it
        if held.error is not None:
            raise held.error
        return held.content  # type: ignore[return-value]  # which may be None where Content is

    def _look(self) -> None:
        try:
            stamp = self._local_stamp() if self._store.local else self._digest()
            held = self._held
            if held is None or held.error is not None or held.stamp != stamp:
                # The stamp is older than the content, never newer: what changes in between is read the next time.
                self._held = _Held(stamp, self._read(self._store))
        except WavecastError as error:
            self._held = _Held("", None, error)
        except Exception as error:  # each of fsspec's file systems has errors of its own, whose texts may hold secrets
            place = self._store.place(self._file)
            self._held = _Held("", None, OutOfOrder(f"{place} cannot be read now ({type(error).__name__})"))
        self._looked = time.monotonic()

    def _local_stamp(self) -> Stamp:
        try:
            facts = (Path(self._store.root) / self._file).stat()
        except OSError:
            return "absent"
        return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns

    def _digest(self) -> Stamp:
        content = self._store.read(self._file)
        return "absent" if content is None else hashlib.sha256(content).hexdigest()
