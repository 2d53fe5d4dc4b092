"""The front page: who the champion is, whether its forecast is fresh and good, what changed, and the table of runs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from artifacts.files.parquet import read_table
from artifacts.gallery.error_history import history, realised
from artifacts.gallery.latest_forecast import chart, newest
from artifacts.gallery.summary import UNREADABLE, Summary
from artifacts.lifecycle.ledger import LEDGER
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.registry import CHAMPION, Promotion, Registry
from artifacts.reports.pipeline_charts import against_naive, inside90
from artifacts.store.store import Store
from artifacts.web.blocks import Stat
from artifacts.web.chart import Chart
from artifacts.web.pages import render, short
from artifacts.web.phrases import BEST_NAIVE, LAST_VALUE, finite, moment
from rnn.errors import WavecastError

EVENTS = 6
"""What changed lately: so much of it."""

PROBLEMS = 100
"""Folders that are named with what is wrong at the most."""

NOSCRIPT = 50
"""Runs that are listed where scripts are switched off."""


@dataclass(frozen=True)
class Event:
    """Something that happened `when` (UTC, ISO), in a sentence, and the run that it is about, if one can be opened."""

    when: str
    text: str
    run: str | None = None


def page(store: Store, runs: Sequence[Summary]) -> str:
    """The front page of a store with these runs, newest first."""
    sound = sorted((run for run in runs if not run.problem), key=lambda run: (run.when, run.name), reverse=True)
    troubles = [(run.name, run.problem) for run in runs if run.problem]
    promotions = _told(lambda: Registry(store).promotions(), [], CHAMPION, troubles)
    shown = newest(sound, bool(promotions))
    drawn = shown and _told(lambda: chart(store, shown), None, f"the forecast of {shown.name}", troubles)
    ledger = _told(lambda: _ledger(store, sound), None, LEDGER, troubles)
    monitor = _told(lambda: _monitor(store), None, MONITOR, troubles)
    return render(
        "index.html.j2",
        champion=promotions[-1] if promotions else None,
        shown=shown,
        chart=drawn or None,
        stats=list(_stats(shown, monitor)),
        events=_events(sound, promotions, monitor),
        charts=[each for each in (history(sound, promotions), ledger) if each],
        rows=[_row(run) for run in sound],
        listed=sound[:NOSCRIPT],
        total=len(sound),
        problems=troubles[:PROBLEMS],
        more_problems=max(0, len(troubles) - PROBLEMS),
        moment=moment,
        quote=quote,
    )


def _told(read: Any, otherwise: Any, name: str, troubles: list[tuple[str, str]]) -> Any:
    """What `read` gives, or `otherwise`, and then what is wrong is told: the rest of the page is shown all the same."""
    try:
        return read()
    except WavecastError as error:
        troubles.insert(0, (name, str(error)))
    except UNREADABLE as error:
        troubles.insert(0, (name, f"it cannot be read: {' '.join(str(error).split())[:200] or type(error).__name__}"))
    return otherwise


def _ledger(store: Store, runs: Sequence[Summary]) -> Chart | None:
    data = store.read(LEDGER)
    return None if data is None else realised(read_table(data)[0], runs)


def _monitor(store: Store) -> dict[str, Any] | None:
    """What the last monitoring found (see artifacts.watching), or None when there has been none."""
    data = store.read(MONITOR)
    if data is None:
        return None
    held = json.loads(data)
    served = [each for each in held["live"] if each["method"] == "served"]
    return {
        "when": str(held["when"]),
        "drifts": bool(held["drifts"]) if held["drift"] is not None else None,
        "sentence": str(held["sentence"]),
        "newest": str(held["newest"]),
        "inside90": finite(served[0]["coverage90"]) if served else None,
    }


def _stats(shown: Summary | None, monitor: dict[str, Any] | None) -> Iterator[Stat]:
    if shown is None:
        return
    yield Stat("Made", moment(shown.when), f"by a run of {shown.flow}, seed {shown.seed}", when=shown.when)
    if shown.ratio is not None:
        yield against_naive(shown.ratio, BEST_NAIVE if shown.flow == "retrain" else LAST_VALUE)
    held = monitor["inside90"] if monitor and shown.flow == "retrain" else shown.inside90
    if held is not None:
        yield inside90(held)
    if monitor:
        drift, mood = {True: ("found", "bad"), False: ("none", "good"), None: ("not known yet", "")}[monitor["drifts"]]
        yield Stat("Drift", drift, f"looked at with data up to {monitor['newest']}", mood)
    if shown.error is not None:
        yield Stat("Error", short(shown.error), f"RMSE of {shown.method}, in the unit of the data")


def _events(runs: Sequence[Summary], promotions: Sequence[Promotion], monitor: dict[str, Any] | None) -> list[Event]:
    """What happened last, newest first."""
    openable = {run.name for run in runs[: 10 * EVENTS] if run.report}
    found = []
    for one in promotions[-EVENTS:]:
        said = f"{one.name} became the champion: {one.why}"
        found.append(Event(one.when, said, one.run if one.run in openable else None))
    promoted = {one.run for one in promotions[-EVENTS:]}
    for run in [run for run in runs[: 2 * EVENTS] if run.name not in promoted]:
        said = run.sentence or (run.headline and f"{run.headline}.")
        text = f"{run.flow.capitalize()} on {run.data}. {said}".strip()
        found.append(Event(run.when, text, run.name if run.report else None))
    if monitor:
        found.append(Event(monitor["when"], monitor["sentence"]))
    return sorted(found, key=lambda event: event.when, reverse=True)[:EVENTS]


def _row(run: Summary) -> dict[str, Any]:
    """A run for the table, as the script takes it."""
    return {
        "n": run.name,
        "u": quote(run.name) + ("/report.html" if run.report else "/"),
        "w": run.when,
        "f": run.flow,
        "r": run.recipes,
        "d": run.data,
        "s": run.seed,
        "e": run.error,
        "q": run.ratio,
        "b": run.by_step,
        "o": list(run.outcome),
        "c": run.id if run.forecasts else None,
    }
