"""The steps that hold new data to the series that the store is about, and note what is known of it."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from artifacts.files.series import DATASET
from artifacts.lifecycle.continuation import continue_series
from artifacts.lifecycle.feed import mark_announced, read_feed
from artifacts.lifecycle.identity import read_identity
from artifacts.store.cache import Entry
from artifacts.store.store import Store
from rnn.lifecycle.feed_health import Finding
from rnn.lifecycle.identity import NotTheSameSeries
from rnn.lifecycle.series_of_store import SeriesOfStore
from tasks.support.events import FEED, announce, is_awaited
from tasks.support.gallery import renew_gallery


@task(name="continued", task_run_name="is it the store's series?", cache_policy=NO_CACHE)
def continued(store: str, data: Entry, asked: SeriesOfStore, moves: bool = False) -> Entry:
    """The data, when they continue the series that the store is about; only what is accepted is noted yet.

    `moves`: whether another file than the store's is its file from now on.

    Raises NotTheSameSeries, which is announced, and which the front page shows too.
    """
    try:
        _continue(store, data, asked, moves, keeps=False)
    except NotTheSameSeries as error:
        announce_refusal(store, str(error))
        renew_gallery(Store(store))
        raise
    return data


@task(name="noted", task_run_name="note what is known", cache_policy=NO_CACHE)
def noted(store: str, data: Entry, asked: SeriesOfStore, moves: bool = False) -> None:
    """Note what is known of the series now, data that continue it and look healthy, or are to be learned from."""
    _continue(store, data, asked.model_copy(update={"accept": ()}), moves, keeps=True)  # what is accepted was noted


def _continue(store: str, data: Entry, asked: SeriesOfStore, moves: bool, keeps: bool) -> None:
    now = f"{flow_run.scheduled_start_time:%Y%m%dT%H%M%SZ}"
    found = continue_series(Store(store), data / DATASET, asked, now, moves, keeps)
    for sentence in found.told:
        get_run_logger().info("%s", sentence)
    for sentence in found.warnings:
        get_run_logger().warning("%s", sentence)


def announce_refusal(store: str, why: str) -> None:
    """Announce that data were refused, in the line `why`; once while the last good point stays the same."""
    runs = Store(store)
    known, feed = read_identity(runs), read_feed(runs)
    refusal = Finding("refused", why, known.last if known else "the beginning")
    if (feed is None or refusal.name not in feed.announced) and is_awaited(FEED, store):
        announce(FEED, store, {"kind": refusal.kind, "why": refusal.sentence, "since": refusal.since})
        mark_announced(runs, [refusal])
