"""What can be known to fail before Prefect is imported, which takes seconds, and started, which takes longer still."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from pydantic import BaseModel

from flows.settings.sink import SinkSettings
from rnn.experiment import AskedTask
from rnn.readers.files import files_in, opened
from rnn.readers.options import Source
from rnn.readers.urls import BLOCK, filled_in, is_database

if TYPE_CHECKING:
    from rnn.readers.table import Table

SMALL = 2**22
"""A file of at most so many bytes is read as a whole: that takes less time than Prefect's import."""

SMALL_RESULT = 50_000
"""So many rows of a database are fetched for the check; of more, the rest is left to the flow."""


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
    """Open the file or ask the database that the settings name; read a small file, or a short result, as a whole.

    Raises BadSource, and SeriesTooShort or HorizonTooLong when no task suits the series or the given one does not.
    """
    _check_sink(settings)
    if not isinstance(settings, WithFile) or settings.data is None or settings.data.startswith(BLOCK):
        return  # Prefect's blocks are opened when they are read
    if is_database(settings.data):
        from rnn.readers.database import Result

        if (result := Result(settings.source, SMALL_RESULT)).is_whole:
            _check_series(settings, result)
        return
    if files_in(settings.data) is not None:  # a folder, whose files are opened when they are read
        return
    with opened(settings.data) as file:
        files, _ = url_to_fs(filled_in(settings.data))
        small = isinstance(files, LocalFileSystem) and file.seek(0, 2) <= SMALL
    if small:
        _check_series(settings)


def _check_sink(settings: BaseModel) -> None:
    """Try the database that results go to, before anything is trained. Raises BadSource."""
    if isinstance(settings, SinkSettings) and settings.sink is not None and not settings.sink.startswith(BLOCK):
        from artifacts.lifecycle.sink import check_sink

        check_sink(settings.sink, getattr(settings, "sink_table", None), settings.sink_verdicts)


def _check_series(settings: WithFile, table: "Table | None" = None) -> None:
    from rnn.readers.read import read_series_file
    from rnn.task_choice import choose

    _, _, found = read_series_file(settings.source, settings.points_needed, table)
    # One field alone is left to the flow: the other may be the champion's, which the store knows.
    if isinstance(settings, AskedTask) and (settings.group_size is None) == (settings.horizon is None):
        choose(found, settings)
