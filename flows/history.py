"""List the champions of a store, since when and why. Try `wavecast history --help`."""

from collections.abc import Mapping
from contextlib import suppress

from artifacts.lifecycle.registry import Promotion, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.lifecycle.unfinished import finish_if_possible
from artifacts.store.existing import existing_store
from artifacts.store.removed import CorruptRecord, Removed, read_removed
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.settings.base import StoreSettings

HOW = {"gate": "by the gate", "promote": "by hand", "rollback": "rolled back to"}


def history(settings: StoreSettings) -> str:
    """Say who was the champion, since when, and why; the last one is the champion."""
    store = existing_store(settings.store)
    finish_if_possible(store)
    promotions, removed = Registry(store).promotions(), _removed(store)
    if not promotions:
        return f"{store.url} has no champion yet: {store.command('retrain')} trains the first challenger"
    told = [_in_words(promotion, removed.get(promotion.run)) for promotion in promotions]
    return "\n".join([*told, *_other_served(store, promotions[-1]), *_in_sum(removed)])


def _other_served(store: Store, champion: Promotion) -> list[str]:
    """A line when the forecast that is served was made by another model than the champion."""
    served = newest_served(store)
    if served is None or served.model == champion.model:
        return []
    run, method = served.model
    made = f"what {run} learned" if method == "autoregressive" else f"'{method}' (since {run})"
    return [
        f"The forecast that is served, {served.run.name}, is still by {made}: {store.command('retrain')} replaces it"
    ]


def _removed(store: Store) -> dict[str, Removed]:
    """The runs that are known to have been removed; none where that record is damaged, as `wavecast check` tells."""
    with suppress(CorruptRecord, OSError):
        return read_removed(store.files, store.root)
    return {}


def _in_sum(removed: Mapping[str, Removed]) -> list[str]:
    """A line on the runs that are no longer there."""
    if not removed:
        return []
    last, runs = max(each.when for each in removed.values()), "run is" if len(removed) == 1 else "runs are"
    return [f"{len(removed)} older {runs} no longer in the store, since {last[:10]} at the latest"]


def _in_words(promotion: Promotion, removed: Removed | None) -> str:
    when = promotion.when[:19].replace("T", " ")
    gone = "" if removed is None else f"\n    (its run {removed.told.partition(';')[0]})"
    return f"{when} UTC  {promotion.name}  {HOW[promotion.how]}\n    {promotion.why}{gone}"


if __name__ == "__main__":
    run_from_command_line(history, StoreSettings)
