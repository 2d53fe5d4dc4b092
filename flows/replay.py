"""Replay a year under several policies of retraining, or with faults. Try `wavecast replay --help`."""

from prefect import flow

from artifacts.store.digests import digest_package
from flows.command_line.command import run_from_command_line
from flows.settings.replay import ReplaySettings
from tasks.data import check_points, choose_task, read_file
from tasks.replay import draw_replay, make_year, publish_replay, replay_days
from tasks.support.record_flush import wait_for_task_records
from tasks.support.step import in_one_line
from tasks.year import draw_nights, live_nights, publish_nights

LIVES = "flows.year.year"
"""The program that lives the nights of a year with faults."""

DEFAULT = ReplaySettings()
"""The year whose replay stands in docs/replay.md."""


@flow(name="replay")
@wait_for_task_records
@in_one_line
def replay(settings: ReplaySettings = DEFAULT) -> str:
    """Compare policies of retraining on a year's data, as they would have arrived; returns where the run folder is.

    With faults: live a year of nights, some of which go wrong, and count what was found.
    """
    s = settings
    if s.faults:
        lived = live_nights(s.store, s.year, LIVES, digest_package("flows"))
        return publish_nights(s.store, lived, draw_nights(s.store, lived), s.model_dump(mode="json"))
    if s.data is None:
        data = make_year(s.store, s.kind, s.change, s.change_day, s.noise, s.plan, s.seed)
    else:
        data = read_file(s.store, s.source, s.points_needed)
        s = s.asking(choose_task(data, s))
        check_points(data, s.points_needed)
    done = replay_days(s.store, data, s.plan, s.policies, s.workers)
    pictures = draw_replay(s.store, data, done, s.plan)
    return publish_replay(s.store, data, done, pictures, s.plan, s.model_dump(mode="json"))


if __name__ == "__main__":
    run_from_command_line(replay, ReplaySettings)
