"""What precedes every flow that serves: the promotion is finished that a kill broke off."""

from contextlib import suppress

from prefect import get_run_logger

from artifacts.lifecycle.mlflow_mirror import NotMirrored, mirror
from artifacts.lifecycle.registry import CorruptRegistry
from artifacts.lifecycle.unfinished import finish_promotion, finished_in_words
from artifacts.store.existing import NoSuchStore, existing_store
from tasks.support.events import announce_promotion


def finish_broken_promotion(store: str) -> None:
    """Make the promotion that a kill broke off, and tell it; a store that is not there has none.

    A damaged registry is left to the steps that need a champion. Raises CannotWrite.
    """
    with suppress(NoSuchStore, CorruptRegistry):
        runs = existing_store(store)
        promotion = finish_promotion(runs)
        if promotion is None:
            return
        get_run_logger().warning("%s", finished_in_words(promotion))
        if promotion.how == "gate":  # who promotes by hand is told at once
            announce_promotion(store, promotion.run, promotion.method, promotion.why)
        try:
            mirror(runs, promotion.run)
        except NotMirrored as error:
            get_run_logger().warning(str(error))
