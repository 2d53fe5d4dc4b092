"""The front page: the champion, its newest forecast, how fresh and good it is, recent events, the table of runs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from artifacts.files.parquet import Columns, read_table
from artifacts.gallery.error_history import history, realised
from artifacts.gallery.forecast_changes import KEPT, kept_changes
from artifacts.gallery.latest_forecast import axis_in, chart, newest
from artifacts.gallery.past_forecasts import past_forecasts
from artifacts.gallery.summary import UNREADABLE, Summary
from artifacts.lifecycle.feed import FEED, Feed, read_feed
from artifacts.lifecycle.freshness import Freshness, freshness_in
from artifacts.lifecycle.identity import SERIES, Identity, read_identity
from artifacts.lifecycle.ledger import LEDGER
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.registry import BY_HAND, CHAMPION, Promotion, Registry
from artifacts.lifecycle.served import FLOWS, SERVE, model_of
from artifacts.lifecycle.verdict import VERDICT
from artifacts.reports.pipeline_charts import against_naive, inside90
from artifacts.store.listing import is_from_future
from artifacts.store.removed import REMOVED, Removed, read_removed
from artifacts.store.store import Store
from artifacts.web.blocks import Stat
from artifacts.web.chart import Chart
from artifacts.web.pages import render, short
from artifacts.web.phrases import finite, moment
from rnn.errors import WavecastError
from rnn.lifecycle.feed_health import PATIENCE_AT_FIRST

EVENTS = 6
"""Recent events that are listed at most."""

PROBLEMS = 100
"""Folders that cannot be shown, with the reason, that are listed at most."""

CHANGES = 100
"""Pages on why forecasts moved that are listed at most, the first EVENTS of them openly."""

NOSCRIPT = 50
"""Runs that are listed at most where scripts are switched off."""


FUTURE = "by its name it is from the future: was the clock wrong? It is shown, and not taken for the newest"


@dataclass(frozen=True)
class Event:
    """An event at `when` (UTC, ISO) in a sentence, and its `run` where that can be opened."""

    when: str
    text: str
    run: str | None = None


def page(store: Store, runs: Sequence[Summary], now: datetime | None = None) -> str:
    """The front page of a store with these runs, newest first, as it looks `now`."""
    readable = sorted((run for run in runs if not run.problem), key=_age, reverse=True)
    troubles = [(run.name, run.problem) for run in runs if run.problem]
    troubles += [(run.name, FUTURE) for run in readable if is_from_future(run.name)]
    promotions = _or_problem(lambda: Registry(store).promotions(), [], CHAMPION, troubles)
    shown = newest(readable, bool(promotions))
    drawn = shown and _or_problem(lambda: chart(store, shown), None, f"the forecast of {shown.name}", troubles)
    serves = shown is not None and bool(promotions) and shown.flow in FLOWS
    maker = _or_problem(lambda: model_of(store.run(shown.name)), None, VERDICT, troubles) if shown and serves else None
    label = _or_problem(lambda: _stand_in(store, shown), "", VERDICT, troubles) if shown and serves else ""
    feed = _or_problem(lambda: read_feed(store), None, FEED, troubles)
    ledger = _or_problem(lambda: _ledger(store), None, LEDGER, troubles)
    past = _or_problem(lambda: _past(store, ledger, shown), None, LEDGER, troubles) if ledger and shown else None
    errors = _or_problem(lambda: realised(ledger, readable), None, LEDGER, troubles) if ledger else None
    monitor = _or_problem(lambda: _monitor(store), None, MONITOR, troubles)
    identity = _or_problem(lambda: read_identity(store), None, SERIES, troubles)
    removed = _or_problem(lambda: read_removed(store.files, store.root), {}, REMOVED, troubles)
    moved = _or_problem(lambda: kept_changes(store), [], KEPT, troubles)
    known = {run.name: run.when for run in readable}
    return render(
        "index.html.j2",
        champion=promotions[-1] if promotions else None,
        shown=shown,
        maker=maker,
        chart=drawn or None,
        stats=[*_stats(store, shown, monitor, feed, now or datetime.now(UTC)), *_refused(identity)],
        feed=feed,
        label=label,
        events=_events(readable, promotions, monitor, identity, removed),
        charts=[each for each in (past, history(readable, promotions), errors) if each],
        why=next((each.address for each in moved if shown and each.new == shown.name), None),
        moved=[(known.get(each.new) or each.new.partition("-")[0], each) for each in moved[:CHANGES]],
        rows=[_row(run) for run in readable],
        listed=readable[:NOSCRIPT],
        total=len(readable),
        problems=troubles[:PROBLEMS],
        more_problems=max(0, len(troubles) - PROBLEMS),
        openly=EVENTS,
        moment=moment,
        reason=_reason,
        quote=quote,
    )


def _age(run: Summary) -> tuple[bool, str, str]:
    return not is_from_future(run.name), run.when, run.name


def _or_problem(read: Any, otherwise: Any, name: str, troubles: list[tuple[str, str]]) -> Any:
    """The result of `read`; if that fails, `otherwise`, and the reason is added to the page's `troubles`."""
    try:
        return read()
    except WavecastError as error:
        troubles.insert(0, (name, str(error)))
    except UNREADABLE as error:
        troubles.insert(0, (name, f"it cannot be read: {' '.join(str(error).split())[:200] or type(error).__name__}"))
    return otherwise


def _stand_in(store: Store, shown: Summary) -> str:
    """What the forecast is where it stands in for a new one; empty for a champion's on the newest data."""
    label = str(json.loads(store.run(shown.name).read(VERDICT)).get("label") or "")
    return label[:1].upper() + label[1:]


def _ledger(store: Store) -> Columns | None:
    data = store.read(LEDGER)
    if data is None:
        return None
    columns = read_table(data)[0]
    if "voided" in columns:  # which older ledgers do not have
        counts = columns["voided"] == ""
        columns = {name: values[counts] for name, values in columns.items()}
    return columns


def _past(store: Store, ledger: Columns, shown: Summary) -> Chart | None:
    """Past forecasts of the series whose forecast is `shown`, beside what came."""
    return past_forecasts(ledger, axis_in(store, shown))


def _monitor(store: Store) -> dict[str, Any] | None:
    """The last monitoring's status (see artifacts.lifecycle.monitor); None if there was none."""
    data = store.read(MONITOR)
    if data is None:
        return None
    status = json.loads(data)
    served = [each for each in status["live"] if each["method"] == "served"]
    return {
        "when": str(status["when"]),
        "drifts": bool(status["drifts"]) if status["drift"] is not None else None,
        "sentence": str(status["sentence"]),
        "newest": str(status["newest"]),
        "anomaly": status.get("anomaly"),
        "inside90": finite(served[0]["coverage90"]) if served else None,
    }


def _stats(
    store: Store, shown: Summary | None, monitor: dict[str, Any] | None, feed: Feed | None, now: datetime
) -> Iterator[Stat]:
    if shown is None:
        return
    yield Stat("Made", moment(shown.when), f"by a run of {shown.flow}, seed {shown.seed}", when=shown.when)
    if shown.naive:
        yield against_naive(float("inf") if shown.ratio is None else shown.ratio, shown.naive)
    coverage = monitor["inside90"] if monitor and shown.flow in FLOWS else shown.inside90
    if coverage is not None:
        yield inside90(coverage)
    if monitor and monitor["anomaly"]:
        yield Stat("Newest values", "absurd", "far beyond every interval: look at the data", "bad")
    if monitor:
        drift, mood = {True: ("found", "bad"), False: ("none", "good"), None: ("not known yet", "")}[monitor["drifts"]]
        yield Stat("Drift", drift, f"tested with data up to {monitor['newest']}", mood)
    if feed:
        yield _of_feed(feed, freshness_in(store), now)
    if shown.error is not None:
        yield Stat("Error", short(shown.error), f"RMSE of {shown.method}, in the unit of the data")


def _of_feed(feed: Feed, freshness: Freshness | None, now: datetime) -> Stat:
    """The state of the feed, and the age of its newest point where that is no recent one.

    Where all that is forecast has passed it is not fresh, as /health has it too. That is no alarm while nothing new has
    ever come: a file of the past, which nobody feeds, looks the same at a first retraining as a feed that is late.
    """
    kinds = ", ".join(dict.fromkeys(finding.kind for finding in feed.findings))
    note = f"looked at {moment(feed.when)}"
    if freshness is not None and freshness.age_in_steps(now) > PATIENCE_AT_FIRST:
        note = f"its newest point is {freshness.age_in_words(now)}; {note}"
    if not kinds and freshness is not None and freshness.is_over(now):
        return Stat("Feed", "not fresh", note, "bad" if feed.is_fed else "")
    return Stat("Feed", kinds or "healthy", note, "bad" if kinds else "good")


def _refused(identity: Identity | None) -> Iterator[Stat]:
    if identity is not None and identity.refused is not None:
        refused = identity.refused
        yield Stat("Newest data", "refused", f"{moment(refused.when)} UTC; known up to {identity.last}", "bad")


def _of_series(identity: Identity | None) -> Iterator[Event]:
    """What happened to the series itself: data refused, differences accepted, the past restated."""
    if identity is None:
        return
    if identity.refused is not None:
        yield Event(identity.refused.when, f"Refused: {identity.refused.sentence}.")
    for accepted in identity.accepted[-EVENTS:]:
        yield Event(accepted.when, f"Accepted, as asked: {accepted.sentence}.")
    for restated in identity.restatements[-EVENTS:]:
        yield Event(restated.when, f"The past was restated: {restated.sentence}")


def _events(
    runs: Sequence[Summary],
    promotions: Sequence[Promotion],
    monitor: dict[str, Any] | None,
    identity: Identity | None = None,
    removed: Mapping[str, Removed] | None = None,
) -> list[Event]:
    """The most recent events, newest first."""
    openable = {run.name for run in runs[: 10 * EVENTS] if run.report}
    newest, gone = promotions[-EVENTS:], removed or {}
    events = [
        Event(
            each.when,
            f"{each.name} became the champion: {_reason(each)}"
            + (f" Its run was {gone[each.run].briefly}." if each.run in gone else ""),
            each.run if each.run in openable else None,
        )
        for each in newest
    ]
    promoted = {promotion.run for promotion in newest}
    for run in [run for run in runs[: 2 * EVENTS] if run.name not in promoted and run.flow != SERVE]:
        result = run.sentence or (run.headline and f"{run.headline}.")
        text = f"{run.flow.capitalize()} on {run.data}. {result}".strip()
        events.append(Event(run.when, text, run.name if run.report else None))
    if monitor:
        events.append(Event(monitor["when"], monitor["sentence"]))
    events += _of_series(identity)
    return sorted(events, key=lambda event: event.when, reverse=True)[:EVENTS]


def _reason(promotion: Promotion) -> str:
    """Why a model is the champion, in a sentence: the gate's own, or what was said by hand."""
    if promotion.how == "gate":
        return promotion.why
    how = {"promote": "Promoted", "rollback": "Brought back"}[promotion.how]
    return f"{how} {promotion.why}." if promotion.why == BY_HAND else f"{how}: {promotion.why.removesuffix('.')}."


def _row(run: Summary) -> dict[str, Any]:
    """A run's row of the table, for the script."""
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
        "o": list(run.tag),
        "c": run.id if run.forecasts else None,
    }
