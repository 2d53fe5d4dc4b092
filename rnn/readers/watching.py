"""Tell a program that asked for it how far a file has been read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO, Any, Protocol, cast


class Watcher(Protocol):
    """Whoever is told how far reading has come."""

    def read(self, name: str, done: int, total: int) -> None:
        """So many bytes, or rows, of what is called `name` have been read, of a `total` that is 0 where unknown."""
        ...

    def waits(self, name: str, what: str) -> None:
        """Nothing has come yet of what is called `name`; `what` is waited for."""
        ...

    def ended(self, name: str) -> None:
        """It is read no further, for now: a file may be read more than once."""
        ...


_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Within the block the `watcher` is told."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


@contextmanager
def counted(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """The file; where somebody watches, one that tells what is read of it."""
    watcher = _WATCHER.get()
    if watcher is None:
        yield file
        return
    try:
        yield cast(IO[bytes], Counted(file, name, watcher))
    finally:
        watcher.ended(name)


@contextmanager
def waiting(name: str, what: str) -> Iterator[None]:
    """Tell whoever watches that `what` is waited for, until something is read, or the block ends."""
    watcher = _WATCHER.get()
    if watcher is None:
        yield
        return
    watcher.waits(name, what)
    try:
        yield
    finally:
        watcher.ended(name)


def rows_read(name: str, rows: int) -> None:
    """Tell whoever watches that so many rows have come."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher.read(name, rows, 0)


def all_read(name: str) -> None:
    """Tell whoever watches that no more rows will come."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher.ended(name)


class Counted:
    """A file like another, which tells where it is whenever it has been read."""

    def __init__(self, file: IO[bytes], name: str, watcher: Watcher) -> None:
        self._file, self._name, self._watcher = file, name, watcher
        self._total = int(getattr(file, "size", None) or 0)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._file, attribute)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file)

    def __enter__(self) -> "Counted":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _told(self, read: Any) -> Any:
        self._watcher.read(self._name, self._file.tell(), self._total)
        return read

    def read(self, *size: int) -> bytes:
        """Read, and tell."""
        return cast(bytes, self._told(self._file.read(*size)))

    def readinto(self, into: Any) -> int:
        """Read into memory, and tell."""
        return cast(int, self._told(cast(Any, self._file).readinto(into)))

    def readline(self, *size: int) -> bytes:
        """Read a line, and tell."""
        return cast(bytes, self._told(self._file.readline(*size)))
