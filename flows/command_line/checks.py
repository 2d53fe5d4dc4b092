"""Check settings before Prefect is imported, which takes seconds, and started, which takes longer still."""

import logging
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from pydantic import BaseModel

from artifacts.lifecycle.identity import look_up
from artifacts.store.existing import NoSuchStore, existing_store, not_a_file, not_another_stores
from flows.command_line.known_series import with_known_series
from flows.settings.base import StoreSettings
from flows.settings.retrain import RetrainSettings
from flows.settings.sink import SinkSettings
from rnn.errors import WavecastError
from rnn.experiment import AskedTask, Generated
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.readers.files import files_in, opened
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.urls import BLOCK, filled_in, is_database, redacted

if TYPE_CHECKING:
    from rnn.readers.table import Table

logger = logging.getLogger(__name__)

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
    """As `check_sink` and `check_source`; a retraining whose data are refused forecasts from the last good ones.

    Raises NoSuchStore for a monitor's store that is not there, and NoFile when a file is needed that nobody knows.
    """
    check_sink(settings)
    if isinstance(settings, StoreSettings):
        check_store(settings)
    if isinstance(settings, SeriesOfStore):
        settings = with_known_series(settings)
    try:
        check_source(settings)
    except BadSource as error:
        if type(settings) is RetrainSettings:
            forecast_anyway(settings, str(error))
        raise


def check_store(settings: StoreSettings) -> None:
    """Raise NoSuchStore where the store is a file, or is not there and should be; NoPlace where another has its files.

    A retraining makes its store; but one that is named, no file given, is supposed to know the file: where it does not,
    the name was typed wrong, or the file forgotten. The generated series is still to be had there by any flag of its
    own, and in the store that needs no name.
    """
    not_a_file(settings.store)
    not_another_stores(settings.store)
    if not settings.makes_store:
        existing_store(settings.store)
    elif type(settings) is RetrainSettings:
        usual = settings.store == StoreSettings.model_fields["store"].default
        asks_generated = settings.model_fields_set & Generated.model_fields.keys()
        if not usual and settings.data is None and not asks_generated:
            try:
                known = keeps_a_series(settings.store)
                what = f"the store at {redacted(settings.store)} keeps no series fresh yet"
            except NoSuchStore as error:
                known, what = False, str(error).partition(":")[0]
            if not known:
                raise NoSuchStore(
                    f"{what}: give the file with --data to make one, or --points {settings.points} for the generated "
                    "series"
                )


def keeps_a_series(url: str) -> bool:
    """Whether the store at `url` has been retrained before, so that it knows of which series. Raises NoSuchStore."""
    store = existing_store(url)
    return look_up(url) is not None or any(run.flow == "retrain" for run in store.readable_runs())


def forecast_anyway(settings: RetrainSettings, why: str) -> None:
    """Let the champion forecast from the last good data of a store that serves a forecast; says so in a line.

    It is sent where forecasts go, if that is no block of Prefect, which runs without it cannot open.
    """
    from artifacts.reports.serve_anyway import serve_anyway

    try:
        store = existing_store(settings.store)
        stand_in = serve_anyway(store, why)
        if stand_in:
            logger.warning("the forecast that is served: %s (%s)", stand_in.label, stand_in.run)
        if stand_in and settings.sink is not None and not settings.sink.startswith(BLOCK):
            from artifacts.lifecycle.sink import write_latest

            write_latest(store, settings.sink, settings.sink_table)
    except (WavecastError, OSError) as error:
        logger.warning("no forecast could be made or sent instead: %s", " ".join(str(error).split()))


def check_source(settings: BaseModel) -> None:
    """Open the file or ask the database that the settings name; read a small file, or a short result, as a whole.

    Raises BadSource, and SeriesTooShort or HorizonTooLong when no task suits the series or the given one does not.
    """
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


def check_sink(settings: BaseModel) -> None:
    """Try the database that results go to, before anything is trained. Raises BadSource."""
    if isinstance(settings, SinkSettings) and settings.sink is not None and not settings.sink.startswith(BLOCK):
        from artifacts.lifecycle import sink

        sink.check_sink(settings.sink, getattr(settings, "sink_table", None), settings.sink_verdicts)


def _check_series(settings: WithFile, table: "Table | None" = None) -> None:
    from rnn.readers.read import read_series_file
    from rnn.task_choice import choose

    _, calendar, found = read_series_file(settings.source, settings.points_needed, table)
    # One number alone is left to the flow: the other may be the champion's, which the store knows.
    if isinstance(settings, AskedTask) and (
        settings.said or settings.is_settled or settings.group_size is None is settings.horizon
    ):
        choose(found, settings, calendar=calendar)
