"""Make a run the champion by hand. Try `wavecast promote --help`."""

import logging

from pydantic import Field

from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.mlflow_mirror import NotMirrored, mirror
from artifacts.lifecycle.registry import BY_HAND, Promotion, Registry
from artifacts.lifecycle.unfinished import finish_promotion, finished_in_words
from artifacts.store.existing import existing_store
from artifacts.store.runs import LATEST, Run, find_run
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.settings.base import RunName, StoreSettings
from rnn.errors import WavecastError

logger = logging.getLogger(__name__)


class NotServable(WavecastError):
    """Forecasts cannot be served from a run."""


class ByHandSettings(StoreSettings):
    """Which store, and why its champion is changed by hand."""

    why: str = Field(BY_HAND, min_length=1, description="The reason, kept with the promotion.")


def promote(run: RunName, /, settings: ByHandSettings) -> str:
    """Make the network of a retraining's run the champion, whatever the gate says, and serve its forecast.

    'latest' is the newest retraining: runs that only forecast have nothing to promote.
    """
    from artifacts.reports.serve import serve_champion

    registry = Registry(existing_store(settings.store))
    past = _newest_retraining(registry.store) if run == LATEST else None
    past = past or find_run(settings.store, run)
    if past.name not in registry.store.runs():
        raise NotServable(f"{past.place} is not a run of {registry.store.url}: give its own store with --store")
    if past.flow != "retrain":
        raise NotServable(f"{past.name} is a run of '{past.flow}': champions come from 'retrain'")
    store = registry.store
    finish_first(store)
    before = registry.champion()
    with registry.promoting(past.name, "autoregressive", "promote", settings.why, before) as promotion:
        served = serve_champion(store, promotion, before)
        warning = latest_warning(store)
    champion = f"{promotion.name} is the champion; {served} is its forecast"
    return f"{champion}{warning}{warnings(store)}"


def finish_first(store: Store) -> Promotion | None:
    """Finish the promotion that a kill broke off, before the next one, and say so. Raises CorruptRegistry."""
    finished = finish_promotion(store)
    if finished is not None:
        logger.warning("%s", finished_in_words(finished))
    return finished


def _newest_retraining(store: Store) -> Run | None:
    return next((run for run in store.readable_runs() if run.flow == "retrain"), None)


def warnings(store: Store) -> str:
    """Tell everybody who is the champion now: MLflow, the gallery; the warnings to end a sentence with."""
    return f"{mirror_warning(store)}{gallery_warning(store)}"


def latest_warning(store: Store) -> str:
    """Let `latest/` hold the champion's forecast; the warning to end a sentence with when that fails, else nothing."""
    try:
        renew_latest(store)
    except (WavecastError, OSError) as error:
        return f", but latest/ still holds the forecast before: {' '.join(str(error).split())}"
    return ""


def mirror_warning(store: Store) -> str:
    """Tell MLflow who is the champion now; the warning to end a sentence with when that fails, else nothing."""
    try:
        mirror(store)
    except NotMirrored as error:
        return f", {error}"
    return ""


def gallery_warning(store: Store) -> str:
    """Build the gallery anew, which shows the champion; the warning to end a sentence with when that fails."""
    from artifacts.gallery.build import build

    try:
        build(store)
    except (WavecastError, OSError) as error:
        return f", but the gallery still shows the one before: {' '.join(str(error).split())}"
    return ""


if __name__ == "__main__":
    run_from_command_line(promote, ByHandSettings)
