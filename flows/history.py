"""Who forecasts were served from, since when, and why. Try `python flows/history.py --help`."""

from artifacts.lifecycle.registry import Promotion, Registry
from artifacts.store.store import Store
from flows.command_line import run_from_command_line
from flows.settings.base import InStore

HOW = {"gate": "by the gate", "promote": "by hand", "rollback": "rolled back to"}


def history(settings: InStore) -> str:
    """Say who was the champion, since when, and why; the last one is the champion."""
    promotions = Registry(Store(settings.store)).promotions()
    if not promotions:
        return f"{settings.store} has no champion yet: `wavecast retrain` trains the first challenger"
    return "\n".join(map(_told, promotions))


def _told(promotion: Promotion) -> str:
    when = promotion.when[:19].replace("T", " ")
    return f"{when} UTC  {promotion.name}  {HOW[promotion.how]}\n    {promotion.why}"


if __name__ == "__main__":
    run_from_command_line(history, InStore)
