"""Explain why the served forecast moved, by counterfactual forecasts between two runs of a store."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from artifacts.lifecycle.served import Served, served_runs
from artifacts.lineage.cause_notes import cause_notes
from artifacts.lineage.counterfactuals import Forecaster, Tell
from artifacts.lineage.provenance import CannotExplain, provenance_of
from artifacts.store.runs import LATEST, find_run
from artifacts.store.store import Store
from rnn.lifecycle.attribution import Attribution, Cause, explain_change


@dataclass(frozen=True)
class ForecastChange:
    """The change from the forecast of the run `old` to that of the run `new`, and a few words on each cause.

    `shown`: the moments as text (moments,). `trainings`: how many models were trained for it.
    """

    old: str
    new: str
    attribution: Attribution
    shown: tuple[str, ...]
    notes: dict[Cause, str]
    trainings: int


def two_served(store: Store, given: tuple[str, ...]) -> tuple[Served, Served]:
    """The two forecasts that are meant, the older one first.

    None `given`: the two served last; one: it and the one before it; two: these. Raises CannotExplain and NoSuchRun.
    """
    served = list(served_runs(store))
    names = [each.run.name for each in served]
    asked = [names[0] if one == LATEST and names else find_run(store.url, one).name for one in given]
    for name in asked:
        if name not in names:
            raise CannotExplain(f"{name} serves no forecast that can be read: name a run of retrain or serve")
    if len(asked) == 2:
        if asked[0] == asked[1]:
            raise CannotExplain(f"{asked[0]} was named twice: name two runs, or one to compare it with the one before")
        new, old = sorted(map(names.index, asked))
    else:
        new = names.index(asked[0]) if asked else 0
        old = new + 1
    if old >= len(served):
        which = f"before {names[new]}" if served else "yet"
        again = f"{store.command('retrain')}, once new data have come"
        raise CannotExplain(f"{store.url} has no forecast {which} to compare with: {again}")
    return served[old], served[new]


def explain_forecast(
    store: Store, old: Served, new: Served, tell: Tell = lambda doing: None, at: str | None = None
) -> ForecastChange:
    """The parts of the change from the forecast `old` to `new`; `tell` is called before each training.

    `at`: a moment of which both must speak, which is looked up before anything is trained. Raises CannotExplain,
    NoSharedMoment, CorruptModel, and what training raises.
    """
    sides = provenance_of(store, old), provenance_of(store, new)
    both = sorted(sides[0].forecast.keys() & sides[1].forecast.keys())
    if at is not None and both:
        _place([sides[1].shown[moment] for moment in both], at)
    forecaster = Forecaster(sides, tell)
    attribution = explain_change(
        (sides[0].forecast, sides[1].forecast), (sides[0].inputs, sides[1].inputs), forecaster.forecast
    )
    shown = tuple(sides[1].shown[moment] for moment in attribution.at)
    notes = cause_notes(sides, attribution)
    return ForecastChange(
        old=old.run.name,
        new=new.run.name,
        attribution=attribution,
        shown=shown,
        notes=notes,
        trainings=forecaster.trainings,
    )


def place_of(change: ForecastChange, said: str) -> int:
    """The place of the moment asked for: a day, a time by the series' clock, or a number. Raises CannotExplain."""
    return _place(change.shown, said)


def _place(shown: Sequence[str], said: str) -> int:
    for place, one in enumerate(shown):
        if _is_moment(said.strip(), one):
            return place
    raise CannotExplain(
        f"the two forecasts do not both speak of {said!r}: give one of their moments, {shown[0]} to {shown[-1]}"
    )


def _is_moment(said: str, shown: str) -> bool:
    for read in (float, np.datetime64):
        with suppress(ValueError):
            return bool(read(said) == read(shown))
    return False
