"""The runs of a store that something still needs, whatever their age, each with the reason."""

from datetime import datetime, timedelta
from itertools import pairwise

from artifacts.lifecycle.ledger import read_ledger
from artifacts.lifecycle.registry import Promotion, Registry
from artifacts.lifecycle.served import FLOWS, served_runs
from artifacts.store.store import Store
from artifacts.web.phrases import parse

CHAMPION = "the champion"
OPEN = "its forecast has outcomes still to come: `wavecast monitor` scores them"
SERVED = ("the forecast that is served", "the forecast served before, for `wavecast explain --forecast`")

AT_WORK = timedelta(days=1)
"""A retraining that began so long ago may still judge its challenger beside the champion of that time."""


def needed(store: Store, now: datetime, champions: bool = False) -> dict[str, str]:
    """The runs that are needed, each with the first reason; with `champions`, all that have ever been one.

    Raises CorruptRegistry and CorruptLedger: then it is not known what is needed.
    """
    registry = Registry(store)
    promotions, reasons = registry.promotions(), {}
    if promotions:
        reasons[promotions[-1].run] = CHAMPION
    if earlier := registry.earlier():
        reasons.setdefault(earlier.run, "the champion before, for a rollback")
    for served, which in zip(served_runs(store), SERVED, strict=False):
        reasons.setdefault(served.run.name, which)
        reasons.setdefault(served.model[0], f"the model of {which}")
    for run in lately(promotions, now):
        reasons.setdefault(run, "it was the champion a day ago, and a run at work may need it")
    if champions:
        for promotion in promotions:
            reasons.setdefault(promotion.run, "it was a champion (--keep-champions)")
    closed = read_ledger(store).closed
    newest = True
    for each in store.readable_runs():
        if each.flow == "retrain" and newest:
            reasons.setdefault(each.name, "the newest retraining")
            newest = False
        if each.flow in FLOWS and each.name not in closed:
            reasons.setdefault(each.name, OPEN)
    return reasons


def lately(promotions: list[Promotion], now: datetime) -> list[str]:
    """The runs that were the champion until less than AT_WORK ago."""
    ends = [(each.run, parse(after.when)) for each, after in pairwise(promotions)]
    return [run for run, end in ends if end is None or end > now - AT_WORK]
