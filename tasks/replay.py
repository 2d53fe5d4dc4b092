"""The steps of a replay: a year of data, and every day of it under every policy."""

from collections.abc import Sequence
from typing import Any

from prefect import task

from artifacts.files.replay import CHANGE, COMPARISON, REPLAY, read_replayed, write_days
from artifacts.files.series import DATASET, read_series, write_series
from artifacts.reports.replay import markdown
from artifacts.reports.replay import pictures as replay_pictures
from artifacts.reports.replay import report as replay_report
from artifacts.store.cache import Entry
from rnn.datasets.drifting import year
from rnn.lifecycle.replay import Plan, Policy, replay
from rnn.random_streams import stream
from tasks.support.draw import drawn
from tasks.support.kept_parts import kept_parts
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, put_run
from tasks.support.step import cache_of, made_by, step


@step(name="make-year", task_run_name="make up a year: {kind}, change: {change}")
def make_year(store: str, kind: str, change: str, change_day: int, noise: float, plan: Plan, seed: int) -> Entry:
    """Generate a year, and one more horizon to score its last forecasts; leave it as `dataset.parquet`."""
    points = plan.points + plan.terms.horizon * plan.terms.group_size
    made = year(kind, change, plan.end(change_day - 1), points, noise, stream(seed, "year"))
    origin = {"source": f"a made-up year: {kind}", "change": change, "noise": noise, "seed": seed}
    with cache_of(store).filling(made_by()) as folder:
        write_series(folder / DATASET, made.series, {**origin, CHANGE: None if made.change is None else change_day})
    return folder.entry


@step(name="replay", task_run_name="replay every day")
def replay_days(store: str, data: Entry, plan: Plan, policies: Sequence[Policy], workers: int) -> Entry:
    """Replay every day under every policy; leave `replay.parquet` and `comparison.md`.

    Each training is kept until the step has ended, so that a killed replay goes on where it was.
    """
    series = read_series(data / DATASET)
    kept = kept_parts(store, "replay", {"data": data, "plan": plan})
    with (
        cache_of(store).filling(made_by()) as folder,
        progress("replay-progress", store, f"replaying {plan.days} days", plan.days) as advance,
    ):
        days = replay(series, plan, policies, workers, lambda day: advance(day, f"day {day}"), kept)
        write_days(folder / REPLAY, days)
        (folder / COMPARISON).write_text(markdown(read_replayed(data.folder, folder.folder, plan)), encoding="utf-8")
    kept.remove()
    return folder.entry


@step(name="draw-replay", task_run_name="draw the pictures")
def draw_replay(store: str, data: Entry, done: Entry, plan: Plan) -> Entry:
    """Draw all pictures of a replay."""
    return drawn(store, replay_pictures(read_replayed(data.folder, done.folder, plan)))


@task(name="publish-replay", task_run_name="publish the replay", **PUBLISHING)
def publish_replay(store: str, data: Entry, done: Entry, pictures: Entry, plan: Plan, config: dict[str, Any]) -> str:
    """Publish a replay's run folder and its report; returns where the folder is."""
    replayed = read_replayed(data.folder, done.folder, plan)
    parts, steps = {"": [data, done], "plots": [pictures]}, {"data": data, "replay": done, "draw": pictures}
    report = replay_report(replayed, config)
    return put_run(store, report, parts, steps, {"autoregressive": "lockstep"}, ("replay", "policies"))
