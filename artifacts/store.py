"""The store: a folder of runs, each whole or absent, on a local disk or behind any fsspec URL."""

from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from artifacts.digests import digest_json
from artifacts.writing import CannotWrite, put_in_place, writing_to

MANIFEST = "manifest.json"


class Store:
    """Where runs are kept.

    `workspace` is a folder on a local disk, for what is in the making and for the cache: the store itself where it is
    local, else a folder of the user's cache.
    """

    def __init__(self, url: str) -> None:
        """From a folder's path or an fsspec URL. Raises CannotWrite when nothing can be written there."""
        self.url = url
        try:
            self.files, self.root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError) as error:
            raise CannotWrite(f"cannot use the store {url}: {error}") from None
        self.local = isinstance(self.files, LocalFileSystem)
        with writing_to(url):
            if self.local:
                self.workspace = Path(self.root)
            else:
                self.workspace = Path.home() / ".cache" / "wavecast" / digest_json(url)[:16]
            self.workspace.mkdir(parents=True, exist_ok=True)

    def publish(self, folder: Path, name: str) -> str:
        """Make the finished `folder` the run `name`, and return where it is.

        On a local disk by one rename. Elsewhere file by file with the manifest last: a run without one is not there.
        """
        place = f"{self.root}/{name}"
        with writing_to(self.url):
            if self.local:
                put_in_place(folder, Path(place))
                return place
            names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
            for file in sorted(names, key=lambda file: file == MANIFEST):
                self.files.makedirs(f"{place}/{file}".rsplit("/", 1)[0], exist_ok=True)
                self.files.put_file(str(folder / file), f"{place}/{file}")
        return self.place(name)

    def place(self, name: str) -> str:
        """Where the run `name` is: a path on a local disk, else a URL."""
        place = f"{self.root}/{name}"
        return place if self.local else str(self.files.unstrip_protocol(place))

    def runs(self) -> list[str]:
        """The names of all whole runs, oldest first."""
        # Not glob: the store's own path may hold what glob takes for a pattern.
        files = (Path(path) for path in self.files.find(self.root, maxdepth=2))
        names = (path.parent.name for path in files if path.name == MANIFEST)
        return sorted(name for name in names if not name.startswith("."))
