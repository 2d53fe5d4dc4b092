"""The steps before any forecast: look at what has arrived, and what is served when nothing new can be."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed

from artifacts.files.series import DATASET
from artifacts.lifecycle.feed import Feed, look_at_feed, mark_announced
from artifacts.reports.serve_anyway import serve_anyway
from artifacts.store.cache import Entry
from artifacts.store.store import Store
from tasks.support.events import FEED, announce, is_awaited
from tasks.support.gallery import renew_gallery


@task(name="feed", task_run_name="look at the feed", cache_policy=NO_CACHE)
def look_at(store: str, data: Entry, file: str | None, allowed_age: timedelta | None) -> Feed:
    """Look at what has arrived; log and announce what is wrong. A generated series (`file` None) is not looked at.

    Each finding is announced by one event, on a server where something waits for it.
    """
    if file is None:
        return Feed(when="", newest="")
    runs = Store(store)
    feed = look_at_feed(runs, data / DATASET, datetime.now(UTC), allowed_age)
    for finding in feed.findings:
        get_run_logger().warning("the feed is %s: %s", finding.kind, finding.sentence)
    if feed.doubt and not feed.is_wrong:
        get_run_logger().info("the feed may be flat, which the next value tells: %s", feed.doubt)
    if feed.new and is_awaited(FEED, store):
        for finding in feed.new:
            announce(FEED, store, {"kind": finding.kind, "why": finding.sentence, "since": finding.since})
        mark_announced(runs, feed.new)
    return feed


@task(name="forecast-anyway", task_run_name="forecast from the last good data", cache_policy=NO_CACHE)
def forecast_anyway(store: str, why: str) -> tuple[str, str] | None:
    """The place and the label of a forecast from the last good data, which is served now; None without such data."""
    runs = Store(store)
    stand_in = serve_anyway(runs, why)
    if stand_in is None:
        return None
    get_run_logger().warning("the forecast that is served: %s (%s)", stand_in.label, stand_in.run)
    renew_gallery(runs)
    return runs.place(stand_in.run), stand_in.label


@contextmanager
def forecasting_anyway(store: str) -> Iterator[None]:
    """Whatever goes wrong in the block, a forecast is there; the error stays, so that alarms work."""
    try:
        yield
    except Exception as error:
        try:
            forecast_anyway(store, " ".join(str(error).split()) or type(error).__name__)
        except Exception as another:
            get_run_logger().warning("no forecast could be made instead: %s", " ".join(str(another).split()))
        raise


def instead_of_training(store: str, feed: Feed, trusted: bool) -> str | None:
    """A flow's result where what has arrived looks wrong, or may be, and is not `trusted`: that of a forecast anyway.

    The flow is Completed then, with a warning as its message. None for data to learn from, and for the first data of a
    store, from which there is no other forecast.
    """
    if not feed.not_to_learn:
        return None
    if trusted:
        get_run_logger().warning("it is learned from all the same, as --trust-feed says")
        return None
    made = forecast_anyway(store, feed.not_to_learn)
    if made is None:
        get_run_logger().warning("it is learned from all the same: the store has no other data")
        return None
    place, label = made
    message = f"warning: nothing is learned ({feed.not_to_learn} --trust-feed if it is so); served: {label}"
    return cast(str, Completed(message=message, data=place))


def labelled_with_age(store: str, feed: Feed) -> str | None:
    """The place of the served forecast once more, labelled with the age of its data, where the feed is stale."""
    made = forecast_anyway(store, feed.sentence) if feed.findings else None
    return made and made[0]
