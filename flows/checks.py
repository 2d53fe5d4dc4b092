"""What can be known to fail before Prefect is imported, which takes seconds, and started, which takes longer still."""

from typing import Protocol, runtime_checkable

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from pydantic import BaseModel

from rnn.experiment import AskedTask
from rnn.readers.files import files_in, opened
from rnn.readers.options import Source

SMALL = 2**22
"""A file of at most so many bytes is read as a whole: that takes less time than Prefect's import."""


@runtime_checkable
class WithFile(Protocol):
    """Settings of a flow that may take a series from a file."""

    @property
    def data(self) -> str | None:
        """The file's path or URL, or None."""
        ...

    @property
    def source(self) -> Source:
        """The file, and how it is read."""
        ...

    @property
    def points_needed(self) -> int:
        """The fewest points that the flow can work with."""
        ...


def check(settings: BaseModel) -> None:
    """Open the file that the settings name, and read a small one on this machine.

    Raises BadSource, and SeriesTooShort or HorizonTooLong when no task suits the file or the given one does not.
    """
    if not isinstance(settings, WithFile) or settings.data is None:
        return
    if files_in(settings.data) is not None:  # a folder, whose files are opened when they are read
        return
    with opened(settings.data) as file:
        files, _ = url_to_fs(settings.data)
        small = isinstance(files, LocalFileSystem) and file.seek(0, 2) <= SMALL
    if small:
        from rnn.readers.read import read_series_file
        from rnn.task_choice import choose

        _, calendar, found = read_series_file(settings.source, settings.points_needed)
        # One number alone is left to the flow: the other may be the champion's, which the store knows.
        if isinstance(settings, AskedTask) and (
            settings.said or settings.is_settled or settings.group_size is None is settings.horizon
        ):
            choose(found, settings, calendar=calendar)
