"""The champions of a store: which, since when, and why. Try `wavecast history --help`."""

from artifacts.lifecycle.registry import Promotion, Registry
from artifacts.lifecycle.served import newest_served
from artifacts.store.existing import existing_store
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.settings.base import StoreSettings

HOW = {"gate": "by the gate", "promote": "by hand", "rollback": "rolled back to"}


def history(settings: StoreSettings) -> str:
    """Say who was the champion, since when, and why; the last one is the champion."""
    store = existing_store(settings.store)
    promotions = Registry(store).promotions()
    if not promotions:
        return f"{store.url} has no champion yet: {store.command('retrain')} trains the first challenger"
    return "\n".join([*map(_in_words, promotions), *_other_served(store, promotions[-1])])


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


def _in_words(promotion: Promotion) -> str:
    when = promotion.when[:19].replace("T", " ")
    return f"{when} UTC  {promotion.name}  {HOW[promotion.how]}\n    {promotion.why}"


if __name__ == "__main__":
    run_from_command_line(history, StoreSettings)
