"""Monitoring: what has arrived → past forecasts scored → drift or quiet. Try `python flows/monitor.py --help`."""

from prefect import flow

from flows.command_line import run_from_command_line
from flows.monitor_settings import MonitorSettings
from tasks.monitor import score, watch
from tasks.obtain import obtain
from tasks.settling import settled
from tasks.steps import in_one_line

DEFAULT = MonitorSettings()


@flow(name="monitor")
@settled
@in_one_line
def monitor(settings: MonitorSettings = DEFAULT) -> str:
    """Score past forecasts by what has arrived, and look for drift; returns where the monitor's file is."""
    s = settings
    data = obtain(s.store, s, s.seed, at_least=2)
    added, unreadable = score(s.store, data)
    return watch(s.store, data, s.cycle, added, unreadable)


if __name__ == "__main__":
    run_from_command_line(monitor, MonitorSettings)
