"""The store: a folder of runs, each whole or absent, on a local disk or behind any fsspec URL."""

import logging
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

import fsspec
from filelock import FileLock, Timeout
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from artifacts.store.atomic import CannotWrite, put_in_place, replace_file, whole_folder, writing_to
from artifacts.store.conditional import keeps_conditions
from artifacts.store.digests import digest_json
from artifacts.store.guard import Guard, guarding
from artifacts.store.lease import FencedOff, Taken
from artifacts.store.listing import MANIFEST, list_folders, run_names
from artifacts.store.naming import store_id
from artifacts.store.runs import Run, check_reachable, read_run, readable_runs, refuse_what_is_no_file
from rnn.readers.urls import filled_in, redacted, without_secrets

PATIENCE = 60
"""Seconds to wait for another process that is changing the same file of a store."""


class AlreadyThere(CannotWrite):
    """A run of that name has been published before."""


class Store:
    """A folder of runs, and a few files beside them.

    `workspace`: a folder on a local disk for unfinished runs and the cache. It is the store itself if that is local,
    else a folder in the user's cache.
    """

    def __init__(self, url: str) -> None:
        """Open the store at a path or an fsspec URL; make its workspace. Raises CannotWrite and OutOfReach.

        `self.url` is for people and records: it has no passwords. `self.id` tells it from all other stores.
        """
        self.url, self.id = redacted(url), store_id(url)
        full = filled_in(url)
        try:
            self.files, self.root = fsspec.core.url_to_fs(full)
        except (ValueError, ImportError) as error:
            reason = without_secrets(str(error), full)
            raise CannotWrite(f"cannot use the store {self.url}: {reason}") from None
        except Exception:  # some file systems, such as FTP, call their server at once
            check_reachable(url)
            raise
        check_reachable(url)
        self.local = isinstance(self.files, LocalFileSystem)
        self._guards: list[Guard] = []
        with writing_to(self.url):
            if self.local:
                self.workspace = Path(self.root)
            else:
                self.workspace = Path.home() / ".cache" / "wavecast" / digest_json(full)[:16]
            self.workspace.mkdir(parents=True, exist_ok=True)

    def command(self, verb: str) -> str:
        """A command on this store, ready to be copied: `wavecast retrain --store sales-runs`."""
        return f"`wavecast {shlex.join([*verb.split(), '--store', self.url])}`"

    def publish(self, folder: Path, name: str) -> str:
        """Publish the finished `folder` as the run `name`; returns its path or URL.

        On a local disk by one rename, elsewhere file by file with the manifest last: without one, a folder is no run.
        Raises AlreadyThere where another process was first, and CannotWrite.
        """
        there = AlreadyThere(f"cannot write to {self.place(name)}: a run of that name is there already")
        if self.local:
            place = Path(self.root) / name
            with writing_to(self.url):
                try:
                    put_in_place(folder, place)
                except OSError:
                    if (place / MANIFEST).is_file():
                        raise there from None
                    raise
            return str(place)
        with self._guarding(name) as guard:
            manifest = f"{name}/{MANIFEST}"
            was_there = guard.has(manifest) if guard else self.files.exists(f"{self.root}/{manifest}")
            if not was_there:
                self._upload(folder, name, guard)
            if guard:
                guard.close()
        if was_there:
            raise there
        return self.place(name)

    def _upload(self, folder: Path, name: str, guard: Guard | None) -> None:
        names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
        for file in sorted(names, key=lambda file: file == MANIFEST):
            if file == MANIFEST:
                self._confirm(surely=True)
            with writing_to(self.url), self._told(name):
                if guard:
                    guard.overwrite(f"{name}/{file}", (folder / file).read_bytes())
                    continue
                self.files.makedirs(f"{self.root}/{name}/{file}".rsplit("/", 1)[0], exist_ok=True)
                self.files.put_file(str(folder / file), f"{self.root}/{name}/{file}")

    def place(self, name: str) -> str:
        """The path of the run `name` on a local disk, else its URL."""
        place = f"{self.root}/{name}"
        return place if self.local else redacted(str(self.files.unstrip_protocol(place)))

    def folder(self, name: str) -> Path:
        """The run `name` as a folder on a local disk; for a distant store, a copy that is made once."""
        if self.local:
            return Path(self.root) / name
        copies = self.workspace / "copies"
        if not (copies / name).is_dir():
            with whole_folder(copies) as copy:
                self.files.get(f"{self.root}/{name}/", f"{copy}/", recursive=True)
                put_in_place(copy, copies / name)
        return copies / name

    def read(self, file: str) -> bytes | None:
        """Read a file beside the runs; None if there is none. Raises NotAFile."""
        refuse_what_is_no_file(self.files, f"{self.root}/{file}")
        try:
            data: bytes = self.files.cat_file(f"{self.root}/{file}")
        except FileNotFoundError:
            return None
        return data

    def replace(self, file: str, data: bytes) -> None:
        """Write a file beside the runs: a reader finds the old bytes or the new ones, whole. Raises CannotWrite.

        Within `changing` on an object store it raises FencedOff when another process has taken over since: then nothing
        is written.
        """
        if self.local:
            replace_file(Path(self.root) / file, partial(_write, data))
            return
        self._confirm()
        guard = next((guard for guard in self._guards if guard.covers(file)), None)
        with writing_to(self.url), self._told(file):
            if guard:
                guard.write(file, data)
                return
            self.files.makedirs(self.root, exist_ok=True)
            self.files.pipe_file(f"{self.root}/{file}", data)

    @contextmanager
    def changing(self, file: str) -> Iterator[None]:
        """Hold the lock of `file` while the block runs. Raises CannotWrite after PATIENCE seconds of waiting.

        On a local disk, and a shared folder, it is a lock of the file system; a killed process leaves none behind. On
        an object store it is a lease as well (lease.py): a killed process's runs out. Where the store knows no
        conditional writes, processes of other machines are not kept out, and a warning says so.
        """
        lock = FileLock(self.workspace / f".{file}.lock", timeout=PATIENCE)
        with writing_to(self.url):
            try:
                lock.acquire()
            except Timeout:
                raise self._locked(file) from None
        try:
            with self._guarding(file):
                yield
        finally:
            lock.release()

    @contextmanager
    def _guarding(self, file: str) -> Iterator[Guard | None]:
        """Guard a file, or a run, against other machines; None where there is no need, or no way."""
        if not self._keeps_conditions():
            yield None
            return
        with ExitStack() as stack:
            with writing_to(self.url), self._told(file):
                try:
                    guard = stack.enter_context(guarding(self.files, self.root, file, PATIENCE))
                except Taken:
                    raise self._locked(file) from None
            self._guards.append(guard)
            stack.callback(self._guards.remove, guard)
            yield guard

    def _keeps_conditions(self) -> bool:
        if self.local or isinstance(self.files, MemoryFileSystem):
            return False
        with writing_to(self.url):
            keeps = keeps_conditions(self.files, self.root)
        if not keeps:
            _warn_of_other_machines(self.url)
        return keeps

    def confirm(self) -> None:
        """Raise FencedOff where another process has taken over what this one is `changing`, before a deletion."""
        self._confirm(surely=True)

    def _confirm(self, surely: bool = False) -> None:
        """Raise FencedOff unless all that this store's object guards now is still its own."""
        for guard in self._guards:
            with writing_to(self.url), self._told(guard.name):
                guard.lease.confirm(surely)

    @contextmanager
    def _told(self, file: str) -> Iterator[None]:
        """Say in FencedOff what happened, for people."""
        try:
            yield
        except FencedOff as error:
            raise FencedOff(f"{self.url}: another process has taken over {file} from this one, which {error}") from None

    def _locked(self, file: str) -> CannotWrite:
        return CannotWrite(
            f"{self.url}: another process has kept {file} locked for {PATIENCE} s: look for it, and try again"
        )

    def run(self, name: str) -> Run:
        """The run `name`, its manifest read and checked. Raises UnreadableRun."""
        return read_run(self.files, f"{self.root}/{name}")

    def runs(self) -> list[str]:
        """The names of all whole runs, oldest first."""
        return run_names(self.files, self.root)

    def readable_runs(self) -> Iterator[Run]:
        """The runs that can be read, newest first; the others are left out."""
        return readable_runs(self.files, self.root, self.runs())

    def folders(self) -> dict[str, str | None]:
        """Every folder that is not hidden, run or not, by name, with a stamp of its manifest (see `list_folders`)."""
        return list_folders(self.files, self.root)


def _write(data: bytes, file: BinaryIO) -> None:
    file.write(data)


@cache
def _warn_of_other_machines(url: str) -> None:
    logging.getLogger(__name__).warning(
        "%s has no conditional writes that Wavecast knows of: let one machine alone write to it", url
    )
