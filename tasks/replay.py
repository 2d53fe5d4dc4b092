"""A replay's steps: the year's data, and every day of it under every policy."""

from collections.abc import Sequence

from artifacts.cache import Entry
from artifacts.contents import DATASET, read_series, write_series
from artifacts.replay import CHANGE, COMPARISON, REPLAY, markdown, read_replayed, write_days
from rnn.regimes import year
from rnn.replay import Plan, Policy, replay
from rnn.streams import stream
from tasks.progress import progress
from tasks.steps import cache_of, made_by, step


@step(name="make-year", task_run_name="make up a year: {kind}, change: {change}")
def make_year(store: str, kind: str, change: str, change_day: int, noise: float, plan: Plan, seed: int) -> Entry:
    """Make up a year, and a horizon more to judge its last forecasts by; leave it as `dataset.parquet`."""
    points = plan.points + plan.terms.horizon * plan.terms.group_size
    made = year(kind, change, plan.end(change_day - 1), points, noise, stream(seed, "year"))
    told = {"source": f"a made-up year: {kind}", "change": change, "noise": noise, "seed": seed}
    with cache_of(store).filling(made_by()) as folder:
        write_series(folder / DATASET, made.series, {**told, CHANGE: None if made.change is None else change_day})
    return folder.entry


@step(name="replay", task_run_name="replay every day")
def replay_days(store: str, data: Entry, plan: Plan, policies: Sequence[Policy], workers: int) -> Entry:
    """Live every day under every policy; leave `replay.parquet`, and what it says as `comparison.md`."""
    series = read_series(data / DATASET)
    with (
        cache_of(store).filling(made_by()) as folder,
        progress("replay-progress", f"replaying {plan.days} days", plan.days) as advance,
    ):
        days = replay(series, plan, policies, workers, lambda day: advance(day, f"day {day}"))
        write_days(folder / REPLAY, days)
        (folder / COMPARISON).write_text(markdown(read_replayed(data.folder, folder.folder, plan)), encoding="utf-8")
    return folder.entry
