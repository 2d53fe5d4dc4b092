"""A few words on each cause by which a served forecast moved: what has changed."""

from typing import Any

import numpy as np

from artifacts.lineage.explain import Change, changes, elsewhere
from artifacts.lineage.provenance import Provenance
from artifacts.store.manifest import flatten
from rnn.lifecycle.attribution import CAUSES, NETWORKS, Attribution, Cause, Known, Settings
from rnn.lifecycle.restatement import restatement


def cause_notes(sides: tuple[Provenance, Provenance], attribution: Attribution) -> dict[Cause, str]:
    """A few words on each cause: what has changed."""
    old, new = sides
    here = {name for side in sides for run in (side.served.run, side.model) for name in elsewhere(run)}
    other = f"; other here than then: {', '.join(sorted(here))}" if here else ""
    again = "the old forecast made again here is the served one to the bit"
    left = "the last link is the new served forecast to the bit"
    notes = {
        "code and machine": again if attribution.begins else f"the old forecast made again here is another one{other}",
        "revised points": _revised(old.inputs.known, new.inputs.known),
        "new points": _arrived(old.inputs.known, new.inputs.known),
        "another champion": _champions(old, new),
        "seed": _seeds(old, new),
        "settings": _changed_settings(old.inputs.settings, new.inputs.settings),
        "what remains": left
        if attribution.ends
        else f"no counterfactual forecast explains it: code and machine{other}",
    }
    return {cause: notes[cause] for cause in CAUSES}


def _revised(old: Known, new: Known) -> str:
    at, here, there = np.intersect1d(old.at, new.at, return_indices=True)
    if not len(at):
        return "no moment is in both data"
    found = restatement(at.astype(float), old.series.y[here], new.series.y[there])
    return "none" if found is None else found.sentence


def _arrived(old: Known, new: Known) -> str:
    arrived, left = len(np.setdiff1d(new.at, old.at)), len(np.setdiff1d(old.at, new.at))
    return (f"{arrived} more points" if arrived else "none") + (f", {left} no longer there" if left else "")


def _champions(old: Provenance, new: Provenance) -> str:
    if old.served.model == new.served.model:
        return "the same"
    if old.inputs.training.method != new.inputs.training.method:
        return f"{_champion(old)} → {_champion(new)}, with its seed and settings"
    return f"{_champion(old)} → {_champion(new)}: what it learned from"


def _champion(side: Provenance) -> str:
    run, method = side.served.model
    return run if method == NETWORKS else f"'{method}'"


def _seeds(old: Provenance, new: Provenance) -> str:
    if NETWORKS not in (old.inputs.training.method, new.inputs.training.method):
        return "none"
    one, two = old.inputs.seed, new.inputs.seed
    return "the same" if one == two else f"{one} → {two}"


def _changed_settings(old: Settings, new: Settings) -> str:
    found: dict[str, Change] = changes(_flat(old), _flat(new))
    return ", ".join(f"{name} {before} → {now}" for name, (before, now) in found.items()) or "the same"


def _flat(settings: Settings) -> dict[str, Any]:
    return flatten({
        NETWORKS: settings.recipe.model_dump(mode="json"), "group_size": settings.group_size,
        "horizon": settings.horizon, "newest": settings.newest, "seasons": settings.seasons.lengths,
        "bounds": settings.bounds,
    })  # fmt: skip
