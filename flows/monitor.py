"""Monitoring: data → is the feed healthy? → past forecasts scored → drift or quiet. Try `wavecast monitor --help`."""

from prefect import flow

from flows.command_line.command import run_from_command_line
from flows.command_line.known_series import with_known_series
from flows.settings.monitor import MonitorSettings
from tasks.data import obtain
from tasks.feed import look_at
from tasks.identity import continued, noted
from tasks.monitor import score, watch
from tasks.sink import sends_what_is_served
from tasks.support.broken_promotion import finish_broken_promotion
from tasks.support.record_flush import wait_for_task_records
from tasks.support.step import in_one_line

DEFAULT = MonitorSettings()


@flow(name="monitor")
@wait_for_task_records
@in_one_line
@sends_what_is_served
def monitor(settings: MonitorSettings = DEFAULT) -> str:
    """Score past forecasts by what has arrived, and look for drift; returns where the monitor's file is."""
    s = with_known_series(settings)
    finish_broken_promotion(s.store)
    data = continued(s.store, obtain(s.store, s, s.seed, s.points_needed), s)
    feed = look_at(s.store, data, s.data, s.allowed_age)
    if feed.not_to_learn:
        return watch(s.store, data, s.cycle, 0, 0, {})
    noted(s.store, data, s)
    added, revised, unreadable = score(s.store, data)
    return watch(s.store, data, s.cycle, added, revised, unreadable)


if __name__ == "__main__":
    run_from_command_line(monitor, MonitorSettings)
