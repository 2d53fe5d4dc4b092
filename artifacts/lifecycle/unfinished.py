"""A promotion that a kill broke off: what it serves is published, and champion.json does not say so.

A retraining, `wavecast promote` and `wavecast rollback` write under one lock: a run first, whose verdict says who is to
be the champion, then `latest/`, and champion.json last. So whoever has the lock next knows that nobody is at it.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime

from pydantic import ValidationError

from artifacts.lifecycle.latest import NoForecast, renew_latest
from artifacts.lifecycle.registry import CHAMPION, Promotion, Registry
from artifacts.lifecycle.served import SERVE, Served, newest_served
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.store import Store
from rnn.errors import WavecastError

BROKEN_OFF = {
    "gate": "the run that promoted it",
    "promote": "the promotion by hand",
    "rollback": "the rollback to it",
}  # fmt: skip


def unfinished_promotion(store: Store) -> Promotion | None:
    """The promotion that the run which is served was published for, and that was not made; None where all is finished.

    What was judged beside another champion than the present one is finished. A run that is just being published is
    not finished either: `finish_promotion` waits for it. Raises CorruptRegistry.
    """
    served = newest_served(store)
    if served is None:
        return None
    promotions, verdict = Registry(store).promotions(), _verdict(served)
    champion = promotions[-1] if promotions else None
    if verdict.get("champion", "?") != (champion and {"run": champion.run, "method": champion.method}):
        return None
    if served.run.flow == SERVE:
        return _by_hand(verdict, promotions)
    return _by_the_gate(store, served, verdict, promotions)


def finish_promotion(store: Store) -> Promotion | None:
    """Make the promotion that was broken off, and let `latest/` hold its forecast; None where there is no such one.

    Raises CorruptRegistry and CannotWrite.
    """
    if unfinished_promotion(store) is None:
        return None
    with store.changing(CHAMPION):
        promotion = unfinished_promotion(store)  # somebody else may have made it meanwhile
        if promotion is None:
            return None
        with suppress(NoForecast):  # the champion is the champion all the same
            renew_latest(store)
        Registry(store).append(promotion)
    return promotion


def finish_if_possible(store: Store) -> Promotion | None:
    """As `finish_promotion`, for those who only look: what cannot be written or read is left to others."""
    with suppress(WavecastError, OSError):
        return finish_promotion(store)
    return None


def finished_in_words(promotion: Promotion) -> str:
    """Say that a promotion was finished."""
    return f"{promotion.name} is the champion: {BROKEN_OFF[promotion.how]} was killed just before"


def _by_hand(verdict: dict[str, object], promotions: list[Promotion]) -> Promotion | None:
    """The promotion that is noted in the verdict of a forecast, unless it was made."""
    try:
        promotion = Promotion.model_validate(verdict.get("promotion"))
    except ValidationError:  # a forecast on newer data, or one of an earlier version
        return None
    made = {(each.model, each.when) for each in promotions}
    return None if (promotion.model, promotion.when) in made else promotion


def _by_the_gate(
    store: Store, served: Served, verdict: dict[str, object], promotions: list[Promotion]
) -> Promotion | None:
    """The promotion of a retraining's own model, unless it has been made before.

    Where nobody has ever been the champion, only a first retraining is unfinished: of others, champion.json is gone.
    """
    run, method = served.model
    if run != served.run.name or any(promotion.run == run for promotion in promotions):
        return None
    if not promotions and any(each.flow == "retrain" and each.name != run for each in store.readable_runs()):
        return None
    now, parent = datetime.now(UTC).isoformat(timespec="milliseconds"), promotions[-1].run if promotions else None
    return Promotion(run=run, method=method, when=now, how="gate", why=str(verdict.get("sentence", "")), parent=parent)


def _verdict(served: Served) -> dict[str, object]:
    with suppress(OSError, ValueError, TypeError, RecursionError):
        return dict(json.loads(served.run.read(VERDICT)))
    return {}
