"""Small files at the top of a store that several processes read and replace: whole, and one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from artifacts.store import Store
from artifacts.writing import replace_file, whole_folder, writing_to
from rnn.errors import WavecastError

PATIENCE = 60.0
"""Seconds to wait for another process."""


class HeldByAnother(WavecastError):
    """Another process does not let go of a file of the store."""


@contextmanager
def alone(store: Store, name: str) -> Iterator[None]:
    """Nobody else on this machine is in this block for the same file of the store. Raises HeldByAnother.

    The lock lies in the store's workspace and is the operating system's: it goes with the process that held it.
    """
    lock = FileLock(store.workspace / f".{name}.lock", timeout=PATIENCE)
    try:
        with writing_to(store.url):
            lock.acquire()
    except Timeout:
        raise HeldByAnother(
            f"{store.place(name)} has been held by another process for {PATIENCE:g} s: see whether one hangs"
        ) from None
    try:
        yield
    finally:
        lock.release()


def read_shared(store: Store, name: str) -> bytes | None:
    """The bytes of a file at the top of the store, or None when there is none."""
    path = f"{store.root}/{name}"
    return bytes(store.files.cat_file(path)) if store.files.exists(path) else None


def replace_shared(store: Store, name: str, content: bytes) -> None:
    """Put a file in the place of what is there: a reader finds the old bytes or the new ones. Raises CannotWrite."""
    if store.local:
        replace_file(Path(store.root) / name, lambda file: file.write(content) and None)
        return
    with whole_folder(store.workspace) as folder, writing_to(store.url):
        (folder / name).write_bytes(content)
        store.files.put_file(str(folder / name), f"{store.root}/{name}")
