"""The forecast that is served: the newest one of a retraining, or of a champion that was chosen by hand."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.listing import is_from_future
from artifacts.store.runs import Run
from artifacts.store.store import Store

SERVE = "serve"
"""The flow that the manifest of a forecast names which was made because a champion was chosen by hand."""

FLOWS = ("retrain", SERVE)
"""The flows whose runs serve forecasts of times to come."""


RECENT = 32
"""So many runs, the newest by name, are looked at to find the one that was published last."""


@dataclass(frozen=True)
class Served:
    """The run that holds the served forecast, and the model that made it: its run and its method."""

    run: Run
    model: tuple[str, str]


def newest_served(store: Store) -> Served | None:
    """The forecast that is served now: the one published last. None before the first; what cannot be read is left out.

    A run is named after its start, so that one that took long may have been published after those of later names.
    """
    serving: list[Run] = []
    for place, run in enumerate(store.readable_runs()):
        if place >= RECENT and serving:
            break
        if run.flow in FLOWS:
            serving.append(run)
    for run in sorted(serving, key=_published, reverse=True):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            return Served(run, model_of(run))
    return None


def publishing_moment(store: Store) -> datetime:
    """The time to note for a forecast that is published now: later than that of the one that is served.

    So it is served from then on, though a clock was set back by an hour since; by more, the other is from the future.
    """
    now, served = datetime.now(UTC), newest_served(store)
    if served is None or is_from_future(served.run.name):
        return now
    with suppress(ValueError, TypeError):  # a run made by hand
        return max(now, datetime.fromisoformat(str(served.run.execution.get("published"))) + timedelta(seconds=1))
    return now


def served_runs(store: Store) -> Iterator[Served]:
    """Every forecast that was served, the one published last first; what cannot be read is left out."""
    serving = [run for run in store.readable_runs() if run.flow in FLOWS]
    for run in sorted(serving, key=_published, reverse=True):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            yield Served(run, model_of(run))


def _published(run: Run) -> tuple[bool, str, str]:
    return not is_from_future(run.name), str(run.execution.get("published", "")), run.name


def model_of(run: Run) -> tuple[str, str]:
    """The run and the method of the model that made a run's served forecast.

    Raises OSError, ValueError, KeyError, TypeError and RecursionError where its verdict cannot be read.
    """
    serves = json.loads(run.read(VERDICT))["serves"]
    return str(serves["run"] or run.name), str(serves["method"])
