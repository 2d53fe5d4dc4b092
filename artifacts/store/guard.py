"""Guard files of an object store while one process changes them: a lease on them, and writes on what was seen alone.

The lease keeps others waiting. What makes it safe is the second part: each guarded file is written by compare and swap
on the version that it had when the lease was taken. A process that stood still, was taken over, and goes on later has a
version that is no longer there, and is refused by the store itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from fsspec import AbstractFileSystem

from artifacts.store.conditional import Changed, version_of, versions_below, write_if
from artifacts.store.lease import LATE, FencedOff, Lease, LeaseObject, held


class Guard:
    """The files at or below `name` of the store `root`, held by this process alone."""

    def __init__(self, files: AbstractFileSystem, root: str, name: str, lease: Lease) -> None:
        self.name, self.lease = name, lease
        self._files, self._root = files, root
        self._seen = versions_below(files, f"{root}/{name}")
        lease.confirm(surely=True)  # or what was seen may be what somebody wrote who has taken over already

    def has(self, file: str) -> bool:
        """Whether the file was there when the guard began, or has been written since."""
        return f"{self._root}/{file}" in self._seen

    def covers(self, file: str) -> bool:
        """Whether the file is one of those that are guarded."""
        return file == self.name or file.startswith(f"{self.name}/")

    def write(self, file: str, data: bytes) -> None:
        """Write a guarded file if nobody else has since the guard began. Raises FencedOff and OSError."""
        path = f"{self._root}/{file}"
        self.lease.confirm()
        try:
            self._seen[path] = write_if(self._files, path, data, self._seen.get(path))
        except Changed:
            raise FencedOff(LATE) from None

    def close(self) -> None:
        """Remove the lease, where what was guarded is never written again: a run that is whole."""
        LeaseObject(self._files, self._root, self.name).remove()

    def overwrite(self, file: str, data: bytes) -> None:
        """Write a guarded file though a process that was taken over may have just written it, too.

        Whoever holds the lease wins: a write that is refused is tried on what is there now. Raises FencedOff when the
        lease is another's, and OSError.
        """
        path = f"{self._root}/{file}"
        while True:
            try:
                return self.write(file, data)
            except FencedOff:
                version = version_of(self._files, path)
                self.lease.confirm(surely=True)  # after the look: so what was seen is nobody's who has taken over
                if version is None:
                    self._seen.pop(path, None)
                else:
                    self._seen[path] = version


@contextmanager
def guarding(files: AbstractFileSystem, root: str, name: str, patience: float) -> Iterator[Guard]:
    """Guard what is at or below `name` while the block runs. Raises Taken and OSError."""
    with held(LeaseObject(files, root, name), patience) as lease:
        yield Guard(files, root, name, lease)
