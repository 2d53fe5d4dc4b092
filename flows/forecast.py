"""Forecast the newest data with the champion, without training, in seconds. Try `wavecast forecast --help`.

It runs without Prefect. The forecast is published as a run and is in `latest/` from then on, unless it is served
already.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import fsspec
from cyclopts import Parameter
from fsspec.implementations.local import LocalFileSystem
from pydantic import Field, field_validator

from artifacts.files.forecast_table import from_parquet, to_csv, to_json, to_parquet
from artifacts.files.series import DATASET, write_read
from artifacts.lifecycle.continuation import continue_series
from artifacts.lifecycle.feed import is_served, look_at_feed
from artifacts.lifecycle.latest import LATEST, read_latest, renew_latest
from artifacts.lifecycle.registry import Promotion, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.lifecycle.sink import write_forecast, write_verdicts
from artifacts.lifecycle.unfinished import finish_promotion, finished_in_words
from artifacts.store.existing import existing_store
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.command_line.known_series import with_known_series
from flows.command_line.places import refuse_over_own, require_folder
from flows.promote import gallery_warning
from flows.settings.base import FeedSettings, StoreSettings
from flows.settings.panels import SHORT
from flows.settings.sink import ForecastSink
from rnn.errors import WavecastError
from rnn.lifecycle.identity import NotTheSameSeries
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.urls import filled_in, redacted, without_secrets
from tasks.support.blocks import without_blocks

STANDARD_OUTPUT = "-"
WRITERS: dict[str, Callable[..., str | bytes]] = {".csv": to_csv, ".parquet": to_parquet, ".json": to_json}
"""How the table is written, by the ending of a file's name."""

logger = logging.getLogger(__name__)


class NoChampion(WavecastError):
    """A store has no champion, so that nothing can be forecast without training."""


class NotWritten(WavecastError):
    """A forecast cannot be written where it should be."""


class ForecastSettings(FeedSettings, StoreSettings, ForecastSink, Source):
    """Which store's champion, on which data, and where the table goes. Without a file: that of the store."""

    to: Annotated[tuple[str, ...], Parameter(allow_leading_hyphen=True)] = Field(
        (),
        description="Write the table there too: a .csv, .parquet or .json file or URL; - writes CSV, and it alone, to "
        "standard output.",
    )

    @field_validator("to")
    @classmethod
    def _known_endings(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        for place in to:
            if place != STANDARD_OUTPUT and not place.lower().endswith(tuple(WRITERS)):
                raise ValueError(f"must end in {', '.join(WRITERS)}, or be - for standard output")
        return to

    @property
    def source(self) -> Source:
        """What is said of the file alone."""
        return Source(**{name: getattr(self, name) for name in Source.model_fields})

    @property
    def points_needed(self) -> int:
        """The fewest points that have a step between them."""
        return 2


def forecast(settings: ForecastSettings) -> str:
    """Forecast the newest data with the champion, without training, and print the forecast.

    Data that look wrong are not forecast from: then the champion forecasts from the last good ones, and a warning says
    why. Nothing is published when the forecast that is served is just this.
    """
    store = existing_store(settings.store)
    if finished := finish_promotion(store):
        logger.warning("%s", finished_in_words(finished))
    champion = Registry(store).champion()
    if champion is None:
        raise NoChampion(f"{store.url} has no champion yet: {store.command('retrain')} trains the first challenger")
    settings = without_blocks(settings)
    for place in settings.to:
        require_folder(filled_in(place))
        if place != STANDARD_OUTPUT:
            refuse_over_own(place, settings.store, settings.data)
    _serve(store, champion, settings)
    renew_latest(store)
    warning = gallery_warning(store)
    told, content = read_latest(store)
    table = from_parquet(content)
    if settings.sink is not None:
        write_forecast(settings.sink, settings.sink_table, table)
        if settings.sink_verdicts is not None:
            write_verdicts(store, settings.sink, settings.sink_verdicts)
    for place in settings.to:
        if place != STANDARD_OUTPUT:
            written = WRITERS[Path(place).suffix.lower()](table)
            _write(place, written.encode() if isinstance(written, str) else written)
    if STANDARD_OUTPUT in settings.to:
        return to_csv(table).rstrip("\n")
    from artifacts.reports.forecast_to_use import as_table, forecast_to_use

    rows = as_table(forecast_to_use(store.run(told["run"]).read), store.place(LATEST)).splitlines()[1:]
    label = told["label"][:1].upper() + told["label"][1:]
    places = [redacted(place) for place in settings.to]
    rows += [f"Written to {', '.join(places)}"] if places else []
    return "\n".join([f"{label}; made by {told['run']}:", *rows]) + warning


def _serve(store: Store, champion: Promotion, settings: ForecastSettings) -> None:
    """Let the champion's forecast of the newest data be what is served."""
    from artifacts.reports.serve import Reason, champion_on, new_run, publish_forecast, put_served_data
    from artifacts.reports.serve_anyway import serve_anyway

    with new_run(store) as folder:
        dataset = folder / DATASET
        try:
            newest = _read_newest(store, settings, dataset)
        except NotTheSameSeries as error:
            logger.warning("%s", error)
            if serve_anyway(store, str(error)):
                return
            raise
        if newest is None:
            put_served_data(store, dataset)
        else:
            feed = look_at_feed(store, dataset, datetime.now(UTC), settings.allowed_age)
            for finding in feed.findings:
                logger.warning("the feed is %s: %s", finding.kind, finding.sentence)
            if feed.not_to_learn and serve_anyway(store, feed.not_to_learn):
                return
            _continue(store, newest, dataset)
        served = newest_served(store)
        if served and served.model == champion.model and is_served(store, dataset):
            return
        reason = Reason("forecast without training", f"What {champion.name} learned, on the newest data.")
        facts = {"how": "forecast", "why": "wavecast forecast"}
        publish_forecast(store, folder, champion_on(store, champion, dataset), reason, champion, facts)


def _flag(name: str) -> str:
    """The flag of a setting, as messages have it."""
    return f"--{SHORT.get(name, name).replace('_', '-')}"


def _read_newest(store: Store, settings: ForecastSettings, dataset: Path) -> SeriesOfStore | None:
    """Read the file that is given, or that the store knows, and check it; None where there is none that can be read.

    Raises BadSource for a file that is given or a flag that does not suit it, and NotTheSameSeries.
    """
    said = {name: getattr(settings, name) for name in Source.model_fields if name in settings.model_fields_set}
    asked = with_known_series(SeriesOfStore(**said), settings.store)
    if asked.data is None:
        return None
    try:
        _read(without_blocks(asked).source, settings.points_needed, dataset, asked.unique_id)
    except BadSource as error:
        if settings.data is not None or any(_flag(name) in str(error) for name in said):
            raise  # the user's mistake; a file that cannot be read is not the reason
        logger.warning("%s: the forecast is of the data that were known before", error)
        return None
    _continue(store, asked, dataset, keeps=False)
    return asked


def _continue(store: Store, asked: SeriesOfStore, dataset: Path, keeps: bool = True) -> None:
    """Hold the data to the store's series, and note what is known now once they are found healthy."""
    found = continue_series(store, dataset, asked, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}", keeps=keeps)
    for sentence in (*found.told, *found.warnings):
        logger.warning("%s", sentence)


def _read(source: Source, at_least: int, dataset: Path, unique_id: str | None) -> None:
    from rnn.readers.read import read_series_file  # which needs pandas
    from rnn.readers.tables import digest_of

    digest = digest_of(source)
    series, calendar, found = read_series_file(source, at_least)
    write_read(dataset, series, calendar, found, digest, unique_id)


def _write(place: str, content: bytes) -> None:
    """Write a file or an object: a reader finds what was there before or all of it. Raises NotWritten."""
    try:
        files, path = fsspec.core.url_to_fs(filled_in(place))
        if not isinstance(files, LocalFileSystem):
            files.pipe_file(path, content)
            return
        beside = Path(path).with_name(f".{uuid4().hex}.partial")
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except Exception as error:  # each of fsspec's file systems has errors of its own
        reason = without_secrets(" ".join(str(getattr(error, "strerror", None) or error).split()), filled_in(place))
        raise NotWritten(f"{redacted(place)} cannot be written ({reason}): choose another place with --to") from None


if __name__ == "__main__":
    run_from_command_line(forecast, ForecastSettings)
