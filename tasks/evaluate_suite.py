"""The steps of an evaluation on a suite: attempts, kept one by one; scores, pictures, the run folder."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner

from artifacts.files.suite import (
    ATTEMPTS,
    FORECASTS,
    SCORES,
    read_failures,
    read_scores,
    write_attempts,
    write_forecasts,
    write_scores,
)
from artifacts.reports import evaluate_suite
from artifacts.reports.evaluate_suite_pictures import suite_pictures
from artifacts.store.cache import Entry
from artifacts.store.shards import Shards
from rnn.evaluation.suite_forecasts import Attempt, attempt, combined, parts_of
from rnn.evaluation.suite_scores import score_all
from rnn.evaluation.suites import SuiteName, Window, windows
from tasks.support.draw import drawn
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, put_run
from tasks.support.step import cache_of, made_by, step

MARKDOWN = "comparison.md"

BLOCK = 20
"""Windows that a task forecasts by one method: a second or so for most of them."""


@task(name="forecast", task_run_name="{method} on {suite}", cache_policy=NO_CACHE, persist_result=False)
def forecast(store: str, suite: SuiteName, method: str, wanted: list[str], seed: int) -> int:
    """Forecast some windows of a suite by one method, each kept at once; returns how many."""
    shards = Shards(cache_of(store).root, method, seed)
    asked = set(wanted)
    with shards.writing() as kept:
        for window in windows(suite):
            if window.name in asked:
                kept.add(attempt(method, window, seed))
    return len(wanted)


def forecast_all(
    runner: TaskRunner[Any],
    store: str,
    suite: SuiteName,
    every: Sequence[Window],
    methods: Sequence[str],
    seed: int,
) -> None:
    """Forecast what is not kept yet, on `runner`: block by block of the windows, so that all methods go on together."""
    alone = list(dict.fromkeys(part for method in methods for part in (parts_of(method) or (method,))))
    kept = {method: Shards(cache_of(store).root, method, seed).read() for method in alone}
    blocks = deque[tuple[str, list[str]]]()
    for first in range(0, len(every), BLOCK):
        for method in alone:
            block = every[first : first + BLOCK]
            missing = [one.name for one in block if (one.name, one.digest) not in kept[method]]
            if missing:
                blocks.append((method, missing))
    total = len(every) * len(alone)
    done = total - sum(len(missing) for _, missing in blocks)
    with progress("evaluation-progress", store, f"{total} forecasts, {done} of them kept", total) as advance:
        advance(done, "")
        futures = {}
        for method, missing in blocks:
            arguments = {"store": store, "suite": suite, "method": method, "wanted": missing, "seed": seed}
            futures[runner.submit(forecast, arguments)] = (method, len(missing))
        for future in as_completed(list(futures)):
            done += future.result()
            advance(done, f"{done} done, {futures[future][0]}")


def collect(store: str, every: Sequence[Window], methods: Sequence[str], seed: int) -> dict[str, list[Attempt]]:
    """All attempts, by method, in the order of the windows."""
    kept: dict[str, dict[tuple[str, str], Attempt]] = {}

    def of(method: str, window: Window) -> Attempt:
        if method not in kept:
            kept[method] = Shards(cache_of(store).root, method, seed).read()
        return kept[method][window.name, window.digest]

    def one(method: str, window: Window) -> Attempt:
        parts = parts_of(method)
        return combined(window, [of(part, window) for part in parts]) if parts else of(method, window)

    return {method: [one(method, window) for window in every] for method in methods}


@task(name="judge", task_run_name="score the methods", cache_policy=NO_CACHE, persist_result=False)
def judge(store: str, suite: SuiteName, sample: int | None, methods: Sequence[str], seed: int) -> Entry:
    """Score all attempts; leave `forecasts.parquet`, `attempts.parquet`, `scores.parquet` and `comparison.md`."""
    every = windows(suite, sample, seed)
    attempts = collect(store, every, methods, seed)
    scores = score_all(every, attempts)
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECASTS, every, attempts)
        write_attempts(folder / ATTEMPTS, every, attempts)
        write_scores(folder / SCORES, scores)
        failures = read_failures(folder / ATTEMPTS)
        (folder / MARKDOWN).write_text(evaluate_suite.comparison(suite, scores, failures), encoding="utf-8")
    return folder.entry


@step(name="draw-suite", task_run_name="draw the pictures")
def draw_suite(store: str, suite: SuiteName, judged: Entry) -> Entry:
    """Draw all pictures of an evaluation on a suite."""
    return drawn(store, suite_pictures(suite, read_scores(judged / SCORES)))


@task(name="publish-suite", task_run_name="publish the evaluation", **PUBLISHING)
def publish_suite(store: str, suite: SuiteName, judged: Entry, pictures: Entry, config: dict[str, Any]) -> str:
    """Publish the run folder and its report; returns where the folder is."""
    scores, failures = read_scores(judged / SCORES), read_failures(judged / ATTEMPTS)
    report = evaluate_suite.report(suite, scores, failures, config)
    steps, parts = {"judge": judged, "draw": pictures}, {"": [judged], "plots": [pictures]}
    return put_run(store, report, parts, steps, {}, ("evaluation", "comparison"))
