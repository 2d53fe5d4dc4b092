"""The steps of monitoring: score past forecasts against the data, test for drift, announce new findings."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from artifacts.files.series import DATASET, read_calendar, read_series, read_times
from artifacts.lifecycle.anomaly import anomaly_in_words, find_anomaly
from artifacts.lifecycle.continuation import scoring
from artifacts.lifecycle.feed import read_feed
from artifacts.lifecycle.identity import counted, read_identity
from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.ledger import moments, read_ledger, score_arrivals
from artifacts.lifecycle.monitor import (
    KEPT,
    MONITOR,
    Drift,
    Status,
    champion_period,
    drift,
    in_x,
    judge_live,
    read_announced,
    write_status,
)
from artifacts.lifecycle.monitor_text import error_table, markdown, sentence
from artifacts.lifecycle.registry import Promotion, Registry
from artifacts.store.cache import Cache, Entry
from artifacts.store.store import Store
from artifacts.web.pages import as_text
from artifacts.web.phrases import count
from rnn.arrays import AnyArray
from rnn.errors import WavecastError
from rnn.lifecycle.outcomes import Scored
from tasks.support.answers import if_it_answers
from tasks.support.events import DRIFT, FEED, announce, is_awaited
from tasks.support.gallery import renew_gallery

NOT_ANNOUNCED = (
    "the drift is not announced, and starts no retraining: no server that stays has an automation for "
    f"'{DRIFT}' (make server, wavecast deploy, and PREFECT_API_URL). The next monitor with one announces it; until "
    "then: wavecast retrain"
)
"""Said when drift was found and nothing waits for the event."""


@task(name="score", task_run_name="score past forecasts", cache_policy=NO_CACHE)
def score(store: str, data: Entry) -> tuple[int, int, dict[str, str]]:
    """Score the store's forecasts against the data; returns how many are new and revised, and the unreadable runs."""
    series, at = read_series(data / DATASET), moments(read_times(data / DATASET))
    step = float((at[-1] - at[0]) / max(1, len(at) - 1))
    scored = score_arrivals(Store(store), at, series.y, step, scoring(Store(store), data.folder))
    logger = get_run_logger()
    logger.info("%s, of the forecasts of %s", count(scored.added, "new outcome"), count(scored.opened, "run"))
    if scored.revised:
        logger.info("%d scores follow their values, which were revised", scored.revised)
    for run, why in scored.unreadable.items():
        logger.warning("%s was left out: %s", run, why)
    return scored.added, scored.revised, scored.unreadable


@dataclass(frozen=True)
class _Judged:
    """The drift test and the anomaly of a champion's period; times as the series' clock shows them.

    `newest`: the last time of the data. `ended`: the last time of the cycle in which drift was last found. `since`: the
    first time of the anomaly, "" without one.
    """

    newest: str
    test: Drift | None
    ended: str | None
    anomaly: str | None
    since: str


def _judge(runs: Store, data: Entry, champion: Promotion | None, rows: Scored, cycle: int) -> _Judged:
    series, times, calendar = read_series(data / DATASET), read_times(data / DATASET), read_calendar(data / DATASET)

    def shown(at: AnyArray) -> str:
        return f"{at:g}" if calendar is None else calendar.shown(at[None])[0]

    def shown_at(x: float) -> str:
        return shown(times[min(int(series.x.searchsorted(x - 0.5 * series.step)), len(times) - 1)])

    by_x = in_x(rows, moments(times), series.x)
    period = champion_period(by_x, champion, runs, cycle, series.step)
    test = drift(period, series.x, series.y) if period else None
    ended = shown_at(test.last) if test and test.last is not None else None
    absurd = find_anomaly(period, series.x, series.y) if period else None
    since = shown_at(absurd.at) if absurd else ""
    return _Judged(shown(times[-1]), test, ended, anomaly_in_words(absurd, since) if absurd else None, since)


@task(name="watch", task_run_name="watch for drift", cache_policy=NO_CACHE)
def watch(store: str, data: Entry, cycle: int, added: int, revised: int, unreadable: dict[str, str]) -> str:
    """Look for anomalies, test for drift since the champion was promoted; announce new findings, publish the errors.

    Leaves `monitor.json`; returns where it is. Each finding is announced by one event only, however often it is found,
    and on a server where something waits for it: without one it stays to be announced.
    """
    runs = Store(store)
    ledger, champion = read_ledger(runs), Registry(runs).champion()
    rows = counted(runs, ledger)
    judged = _judge(runs, data, champion, rows, cycle)
    test = judged.test
    with runs.changing(MONITOR):
        announced = read_announced(runs)
        new = [finding for finding in test.findings if finding not in announced] if test else []
        delivered = bool(new) and is_awaited(DRIFT, store)
        told = [*(new if delivered else []), *_tell_anomaly(store, judged.anomaly, judged.since, announced)]
        found = _status(runs, judged, champion, ledger.scored, rows)
        announced = (*announced, *told)[-KEPT:]
        status = replace(found, added=added, revised=revised, unreadable=unreadable, announced=announced)
        if delivered and test and champion:
            payload = {"run": champion.run, "method": champion.method, "finding": new[-1], "until": judged.ended}
            announce(DRIFT, store, {**payload, "times_usual": test.times_usual, "why": status.sentence})
        write_status(runs, status)
    _renew_latest(runs)
    _publish(status, runs.id)
    if new and not delivered:
        get_run_logger().warning(NOT_ANNOUNCED)
    Cache(runs.workspace).prune()  # with many rows each hour's data take megabytes
    renew_gallery(runs)
    return runs.place(MONITOR)


def _status(runs: Store, judged: _Judged, champion: Promotion | None, ledger: Scored, rows: Scored) -> Status:
    """What is found now. `ledger`: all that was scored; `rows`: what counts of it."""
    identity, feed, test, methods = read_identity(runs), read_feed(runs), judged.test, judge_live(rows)
    found = feed.findings if feed else ()
    in_words = sentence(methods, test, judged.ended, judged.anomaly)
    return Status(
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        newest=judged.newest,
        champion=champion.name if champion else None,
        sentence=" ".join([*(each.sentence for each in found), in_words]),
        added=0,
        points=len(ledger),
        unreadable={},
        drifts=bool(test and test.now),
        drift=test,
        drift_ended=judged.ended,
        live=methods,
        feed=found,
        unique_id=identity.unique_id if identity else "",
        restated=int(ledger.restated.sum()),
        voided=int((ledger.voided != "").sum()),
        anomaly=judged.anomaly,
    )


def _tell_anomaly(store: str, anomaly: str | None, since: str, announced: Sequence[str]) -> list[str]:
    """Announce an anomaly whose worst value was at the time `since`, once; what is to be remembered of that."""
    finding = f"anomaly of {since}"
    if anomaly is None or finding in announced or not is_awaited(FEED, store):
        return []
    announce(FEED, store, {"kind": "anomaly", "why": anomaly, "since": since})
    return [finding]


def _renew_latest(store: Store) -> None:
    """Let `latest/` say how good its forecasts have been; a warning where that cannot be done."""
    try:
        renew_latest(store)
    except WavecastError as error:
        get_run_logger().warning(str(error))


def _publish(status: Status, store: str) -> None:
    if rows := error_table(status.live):
        if_it_answers(create_table_artifact, rows, key=f"live-error-{store}", description=as_text(status.sentence))
    said = as_text(status.sentence)
    if_it_answers(create_markdown_artifact, markdown(status), key=f"monitor-{store}", description=said)
    level = logging.WARNING if status.anomaly or status.drifts else logging.INFO
    get_run_logger().log(level, "%s", status.sentence)
