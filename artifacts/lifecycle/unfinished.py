"""A promotion that a kill broke off: the run is published, its verdict promotes it, and champion.json does not say so.

A retraining writes both under one lock, the run first, so that whoever has the lock next knows that nobody is at it.
"""

import json
from contextlib import suppress

from artifacts.lifecycle.registry import ChampionChanged, Promotion, Registry
from artifacts.lifecycle.served import Served, newest_served
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.store import Store


def unfinished_promotion(store: Store) -> Served | None:
    """The model that the run which is served promotes, and that is not the champion; None where all is finished.

    A run that has been promoted before is finished, and so is one that was judged beside another champion than the
    present one. Where nobody has ever been the champion, only a first retraining is not: of others, champion.json is
    gone. A run that is just being published is not finished either: `finish_promotion` waits for it. Raises
    CorruptRegistry.
    """
    served = newest_served(store)
    if served is None or served.run.flow != "retrain" or served.model[0] != served.run.name:
        return None
    promotions = Registry(store).promotions()
    champion = promotions[-1] if promotions else None
    beside = champion and {"run": champion.run, "method": champion.method}
    known = any(promotion.run == served.run.name for promotion in promotions)
    if champion is None and any(run.flow == "retrain" and run.name != served.run.name for run in store.readable_runs()):
        return None
    return None if known or _verdict(served).get("champion", "?") != beside else served


def finish_promotion(store: Store) -> Promotion | None:
    """Promote what a killed retraining published and did not promote; None where there is no such run.

    Raises CorruptRegistry and CannotWrite.
    """
    registry = Registry(store)
    champion, served = registry.champion(), unfinished_promotion(store)
    if served is None:
        return None
    with suppress(ChampionChanged), registry.promoting(*served.model, "gate", _sentence(served), champion) as promotion:
        return None if promotion == registry.champion() else promotion
    return None


def _verdict(served: Served) -> dict[str, object]:
    with suppress(OSError, ValueError, TypeError, RecursionError):
        return dict(json.loads(served.run.read(VERDICT)))
    return {}


def _sentence(served: Served) -> str:
    return str(_verdict(served).get("sentence", ""))
