"""Judge whether the served forecast is fresh, good and without drift, and give the reasons where it is not."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from artifacts.files.parquet import NotAFile
from artifacts.lifecycle.feed import Feed
from artifacts.lifecycle.freshness import Freshness, freshness_of
from artifacts.lifecycle.identity import Identity
from artifacts.lifecycle.monitor import MONITOR
from artifacts.lifecycle.monitor_text import BROKEN_PROMISE, FEWEST_KEPT
from artifacts.service.served_forecast import ServedForecast
from artifacts.store.store import Store
from rnn.errors import WavecastError

WORSE = 1.05
"""Served forecasts are not good when their error is more than so many times the best naive one's, …"""

FEWEST = 20
"""… when at least so many outcomes say so."""


class CorruptMonitor(WavecastError):
    """The monitor's last status cannot be read."""


@dataclass(frozen=True)
class Signs:
    """The signs to judge by; None where one is missing. `monitor`: what `read_monitor` returns."""

    served: ServedForecast
    monitor: Mapping[str, Any] | None = None
    feed: Feed | None = None
    identity: Identity | None = None


@dataclass(frozen=True)
class Health:
    """Whether the forecast is fresh, good and drifting, None where nothing tells; and the reasons of what is not well.

    `age`: of the newest observation that the forecast knew, where times are dates, else of the forecast itself.
    """

    fresh: bool | None
    good: bool | None
    drifting: bool | None
    reasons: tuple[str, ...]
    age: timedelta | None

    @property
    def is_well(self) -> bool:
        """Whether nothing speaks against the forecast."""
        return not self.reasons


def read_monitor(store: Store) -> dict[str, Any] | None:
    """Read the monitor's last status; None before it first ran. Raises CorruptMonitor."""
    try:
        data = store.read(MONITOR)
        status = None if data is None else json.loads(data)
        if status is not None:
            dict(status), bool(status["drifts"]), str(status["when"]), list(status["live"])
        return status
    except (NotAFile, ValueError, KeyError, TypeError, RecursionError):
        raise CorruptMonitor(
            f"{store.place(MONITOR)} is damaged: `wavecast monitor` replaces it with what it finds"
        ) from None


def judge(signs: Signs, now: datetime, allowed: timedelta | None = None) -> Health:
    """Judge the served forecast. `allowed`: how old it may be, see `Health.age`; else its last time must be to come."""
    freshness = freshness_of(signs.served.told, signs.served.table)
    age = _age(signs.served, freshness, now)
    stale = list(_not_fresh(signs, freshness, age, now, allowed))
    poor = list(_not_good(signs))
    test = None if signs.monitor is None else signs.monitor.get("drift")
    drifting = bool(signs.monitor["drifts"]) if signs.monitor is not None and test else None
    drifts = [f"the champion drifts: {signs.monitor.get('sentence', '')}"] if drifting and signs.monitor else []
    outcomes = (signs.served.told.get("quality") or {}).get("outcomes") or {}
    return Health(
        fresh=False if stale else None if freshness is None and allowed is None else True,
        good=False if poor else True if outcomes.get("points", 0) >= FEWEST_KEPT else None,
        drifting=drifting,
        reasons=(*stale, *poor, *drifts),
        age=age,
    )


def _not_fresh(
    signs: Signs, freshness: Freshness | None, age: timedelta | None, now: datetime, allowed: timedelta | None
) -> Iterator[str]:
    for finding in _findings(signs):
        yield f"the feed is {finding['kind']}: {finding['sentence']}"
    if signs.identity is not None and signs.identity.refused is not None:
        yield f"the newest data were refused: {signs.identity.refused.sentence}"
    if freshness is not None and freshness.is_over(now):
        last = freshness.last.isoformat().replace("+00:00", "Z")
        old = f"its newest observation is {freshness.age_in_words(now)}"
        yield f"the last time that it forecasts, {last}, has passed: {old}"
    if allowed is not None and age is not None and age > allowed:
        what = "its newest observation" if freshness is not None else "the forecast"
        yield f"{what} is {_in_hours(age)} old, and {_in_hours(allowed)} are allowed"


def _findings(signs: Signs) -> list[Mapping[str, str]]:
    """What is wrong with the feed, by whoever looked last: the monitor's file repeats what the feed's said."""
    monitor, feed = signs.monitor, signs.feed
    if feed is not None and (monitor is None or feed.when >= str(monitor["when"])):
        return [{"kind": finding.kind, "sentence": finding.sentence} for finding in feed.findings]
    return list(monitor.get("feed") or ()) if monitor is not None else []


def _not_good(signs: Signs) -> Iterator[str]:
    outcomes = (signs.served.told.get("quality") or {}).get("outcomes") or {}
    points, times, holds = outcomes.get("points", 0), outcomes.get("times_naive"), outcomes.get("coverage90")
    if times is not None and points >= FEWEST and times > WORSE:
        yield f"over {points} outcomes its error was {times:.2f} times that of '{outcomes.get('naive')}'"
    if holds is not None and points >= FEWEST_KEPT and holds < BROKEN_PROMISE:
        yield f"of {points} outcomes {holds:.0%} lay within its 90 % intervals"
    if signs.monitor is not None and signs.monitor.get("anomaly"):
        yield str(signs.monitor["anomaly"])


def _age(served: ServedForecast, freshness: Freshness | None, now: datetime) -> timedelta | None:
    """How old the newest observation is, where times are dates, else the forecast; None where nothing tells."""
    if freshness is not None:
        return now - freshness.newest
    made = when_made(served)
    return None if made is None else now - made


def when_made(served: ServedForecast) -> datetime | None:
    """When the forecast was made; None where its run does not say."""
    made = served.told.get("made")
    return None if made is None else datetime.fromisoformat(str(made)).astimezone(UTC)


def _in_hours(span: timedelta) -> str:
    hours = span.total_seconds() / 3600
    return f"{hours / 24:.1f} days" if hours >= 72 else f"{hours:.1f} h"
