"""The files of a run compared with its manifest."""

from collections.abc import Iterator

from artifacts.files.parquet import NotAFile
from artifacts.store.runs import Run


def wrong_files(run: Run) -> Iterator[str]:
    """A few words on each file that is missing or has other bytes than the manifest says."""
    for file, digest in run.digests.items():
        try:
            if run.digest(file) != digest:
                yield f"{file} has other bytes than the manifest says"
        except NotAFile:
            yield f"{file} is in the manifest, and what is in its place is no file"
        except OSError:
            yield f"{file} is in the manifest and not in the folder"
