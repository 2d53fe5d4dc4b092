"""The steps of a year of nights that go wrong: all its nights, in a process of their own, and their report."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task

from artifacts.files.nights import NIGHTS, PLAN, read_nights, write_nights
from artifacts.reports.faults import COMPARISON, SUMMARY, markdown, totals_in_text
from artifacts.reports.faults import pictures as night_pictures
from artifacts.reports.faults import report as nights_report
from artifacts.store.cache import Entry
from rnn.errors import WavecastError
from rnn.lifecycle.faults import YearPlan
from rnn.lifecycle.nights import count
from tasks.support.draw import drawn
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, put_run
from tasks.support.step import cache_of, content_key, made_by, step


class YearBroken(WavecastError):
    """The process that lives the nights has ended too early."""


@step(name="live-nights", task_run_name="live every night")
def live_nights(store: str, plan: YearPlan, module: str, code: str) -> Entry:
    """Live the year of a plan; leave `nights.jsonl`, `comparison.md` and `summary.json`.

    `module` is the program that lives the nights in a folder, and `code` the digest of its package. The store of the
    year stands in this store's cache until the step has ended, so that a killed year goes on with its night.
    """
    place = cache_of(store).parts(content_key("live-nights", {"plan": plan, "code": code}))
    place.mkdir(parents=True, exist_ok=True)
    (place / PLAN).write_text(plan.model_dump_json())
    with (
        cache_of(store).filling(made_by()) as folder,
        progress("replay-progress", store, f"living {plan.nights} nights", plan.nights) as advance,
    ):
        for number in _lived(module, place):
            advance(number + 1, f"night {number}")
        nights = read_nights(place / NIGHTS)
        write_nights(folder / NIGHTS, nights)
        summary = {"plan": plan.model_dump(mode="json"), "counts": asdict(count(nights))}
        (folder / SUMMARY).write_text(json.dumps(summary, indent=1) + "\n")
        (folder / COMPARISON).write_text(markdown(nights), encoding="utf-8")
    shutil.rmtree(place)
    return folder.entry


def _lived(module: str, folder: Path) -> Iterator[int]:
    """The number of each night, when it is over. Raises YearBroken.

    One thread does the arithmetic: a process that forks must have no others.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command, log = [sys.executable, "-m", module, str(folder)], folder / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101
        try:
            for line in process.stdout:
                yield int(line)
        finally:
            if process.poll() is None:
                process.terminate()
    if process.returncode:
        last = (log.read_text().strip().split("\n") or [""])[-1]
        raise YearBroken(
            f"the process that lives the nights ended with {process.returncode} ({last}); its nights are kept, and the "
            "same command goes on from there"
        )


@step(name="draw-nights", task_run_name="draw the picture")
def draw_nights(store: str, done: Entry) -> Entry:
    """Draw the nights."""
    return drawn(store, night_pictures(read_nights(done / NIGHTS)))


@task(name="publish-nights", task_run_name="publish the year", **PUBLISHING)
def publish_nights(store: str, done: Entry, pictures: Entry, config: dict[str, Any]) -> str:
    """Publish a year's run folder and its report, and log its table; returns where the folder is."""
    nights = read_nights(done / NIGHTS)
    parts, steps = {"": [done], "plots": [pictures]}, {"nights": done, "draw": pictures}
    place = put_run(
        store, nights_report(nights, config), parts, steps, {"autoregressive": "lockstep"}, ("replay", "nights")
    )
    get_run_logger().info("%s", totals_in_text(nights))
    return place
