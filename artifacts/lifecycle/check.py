"""Check a store: find every fault that can be found without training."""

from collections.abc import Iterator
from itertools import chain

from artifacts.lifecycle.check_folders import wrong_folders, wrong_results, wrong_runs
from artifacts.lifecycle.check_records import (
    broken_promotion,
    lost_runs,
    wrong_champion,
    wrong_latest_folder,
    wrong_ledger,
    wrong_series,
    wrong_status,
)
from artifacts.store.fault import Fault
from artifacts.store.store import Store


def faults(store: Store, now: float) -> Iterator[Fault]:
    """All that is wrong with a store, what hinders forecasts first; `now` in seconds since 1970.

    Every byte of every run is read. Nothing is changed until a fault is mended.
    """
    return chain(
        wrong_champion(store),
        broken_promotion(store),
        wrong_ledger(store),
        lost_runs(store),
        wrong_series(store),
        wrong_runs(store),
        wrong_latest_folder(store),
        wrong_status(store),
        wrong_folders(store, now),
        wrong_results(store),
    )
