"""The step that holds new data to the series that the store is about."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from artifacts.files.series import DATASET
from artifacts.lifecycle.continuation import continue_series
from artifacts.store.cache import Entry
from artifacts.store.store import Store
from rnn.lifecycle.identity import NotTheSameSeries
from rnn.lifecycle.series_of_store import SeriesOfStore
from tasks.support.gallery import renew_gallery


@task(name="continued", task_run_name="is it the store's series?", cache_policy=NO_CACHE)
def continued(store: str, data: Entry, asked: SeriesOfStore, moves: bool = False) -> Entry:
    """The data, when they continue the series that the store is about, and what is known of it noted.

    `moves`: whether another file than the store's is its file from now on.

    Raises NotTheSameSeries, which the front page shows too.
    """
    logger, runs = get_run_logger(), Store(store)
    try:
        now = f"{flow_run.scheduled_start_time:%Y%m%dT%H%M%SZ}"
        found = continue_series(runs, data / DATASET, asked, now, moves)
    except NotTheSameSeries:
        renew_gallery(runs)
        raise
    for sentence in found.told:
        logger.info("%s", sentence)
    for sentence in found.warnings:
        logger.warning("%s", sentence)
    return data
