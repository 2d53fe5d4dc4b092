"""Publish a substitute where no new forecast can be made: the champion's on the last good data, else a naive one.

It is labelled as what it is, with the age of its data. Nothing is trained, and nobody is promoted.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from artifacts.files.series import DATASET, read_calendar, read_times
from artifacts.lifecycle.identity import counted
from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.ledger import CorruptLedger
from artifacts.lifecycle.monitor import best_naive, judge_live
from artifacts.lifecycle.registry import CorruptRegistry, Promotion, Registry
from artifacts.lifecycle.served import RECENT, newest_served
from artifacts.lifecycle.unfinished import finish_promotion
from artifacts.lifecycle.verdict import VERDICT, label_of
from artifacts.reports.serve import NoData, Reason, Server, champion_on, new_run, publish_forecast, put_served_data
from artifacts.store.atomic import CannotWrite
from artifacts.store.digests import digest_file
from artifacts.store.store import Store
from artifacts.web.phrases import day_of, parse
from rnn.calendar import to_clock
from rnn.errors import WavecastError
from rnn.lifecycle.feed_health import in_words
from rnn.lifecycle.folds import Contender, Terms
from rnn.origins import FEWEST_FOLDS
from rnn.recipes import AutoregressiveRecipe

NAIVE = "seasonal naive"
"""The naive method where no outcome tells which is better; without a season it repeats the last value."""

HOUR = 3600.0


@dataclass(frozen=True)
class StandIn:
    """The forecast that stands in for a new one: the name of its `run`, and its `label`."""

    run: str
    label: str


def serve_anyway(store: Store, why: str, now: datetime | None = None) -> StandIn | None:
    """Forecast from the last good data, and let `latest/` hold that; None where there are no data.

    `why`: the reason why no new forecast can be made, a sentence. A forecast that says the same already is left as it
    is. Raises CannotWrite.
    """
    now = now or datetime.now(UTC)
    for champion in (_champion(store), None):
        with new_run(store) as folder:
            try:
                put_served_data(store, folder / DATASET)
                server = champion_on(store, champion, folder / DATASET) if champion else _naive_server(store)
                stand_in = _stand_in(store, folder, server, champion, why, now)
            except NoData:
                return None
            except CannotWrite:
                raise
            except (WavecastError, OSError, ValueError, KeyError):
                if champion is None:
                    raise
                continue  # a champion that cannot forecast
        renew_latest(store)
        return stand_in
    return None


def _stand_in(
    store: Store, folder: Path, server: Server, champion: Promotion | None, why: str, now: datetime
) -> StandIn:
    method, data = server.contender.method, digest_file(folder / DATASET)
    maker = "champion" if method == "autoregressive" else f"naive ({method})"
    label = f"{maker} on data {_age(store, folder / DATASET, data, now)}"
    if run := _standing(store, data, label):
        return StandIn(run, label)
    reason = Reason(
        "forecast anyway", f"{label[0].upper()}{label[1:]}, since no new forecast can be made: {why}", label
    )
    return StandIn(publish_forecast(store, folder, server, reason, champion, {"how": "forecast", "why": why}), label)


def _standing(store: Store, data: str, label: str) -> str | None:
    """The run that is served, if it was made from these data and says the same."""
    served = newest_served(store)
    if served is None or served.run.data != data:
        return None
    return served.run.name if label_of(json.loads(served.run.read(VERDICT))) == label else None


def _champion(store: Store) -> Promotion | None:
    with suppress(CorruptRegistry):
        finish_promotion(store)
        return Registry(store).champion()
    return None


def _naive_server(store: Store) -> Server:
    """The naive method that has done best, for the task of the forecast that is served."""
    best = None
    with suppress(CorruptLedger):
        best = best_naive(judge_live(counted(store)))
    served = newest_served(store)
    task = {name: served.run.config[name] if served else 1 for name in ("group_size", "horizon")}
    terms = Terms(**task, newest=None, folds=FEWEST_FOLDS, margin=0)
    return Server(Contender(best.method if best else NAIVE, AutoregressiveRecipe(), 0), None, terms)


def _age(store: Store, dataset: Path, digest: str, now: datetime) -> str:
    """The last time of the data and how long ago that was, in words: "of 3 January 2026, 2 days old".

    Where times are numbers the age is counted since these data were first forecast from.
    """
    newest, calendar = read_times(dataset)[-1:], read_calendar(dataset)
    if calendar is None:
        since = min(_forecast_from(store, digest), default=now)
        age = (now - since).total_seconds()
        return f"up to {newest[0]:g}" + (f", read {in_words(age)} ago" if age >= HOUR else "")
    age = now.timestamp() - float(newest.astype("datetime64[us]").astype(int)[0]) / 1e6
    day = day_of(to_clock(newest, calendar.zone)[0].item())
    return f"of {day}" + (f", {in_words(age)} old" if age >= HOUR else "")


def _forecast_from(store: Store, digest: str) -> Iterator[datetime]:
    """When the recent runs were published that forecast from these data."""
    for run in islice(store.readable_runs(), RECENT):
        if run.data == digest and (published := parse(str(run.execution.get("published", "")))):
            yield published
