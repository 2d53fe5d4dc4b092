"""When a store is retrained and monitored, and what is refused."""

import pytest
from pydantic import ValidationError

from flows.settings.deploy import DeploySettings
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings


@pytest.mark.parametrize(
    ("given", "retrain", "monitor"),
    [
        ({}, "7 3 * * *", "37 * * * *"),
        ({"every": "hour"}, "7 * * * *", "37 * * * *"),
        ({"every": "day"}, "7 3 * * *", "37 * * * *"),
        ({"every": "week"}, "7 3 * * 1", "37 2 * * *"),
        ({"every": "month"}, "7 3 1 * *", "37 2 * * *"),
        ({"schedule": "0 4 * * *"}, "0 4 * * *", "37 * * * *"),
        ({"every": "week", "monitor_schedule": "0 * * * *"}, "7 3 * * 1", "0 * * * *"),
    ],
)
def test_the_monitor_runs_at_least_as_often_and_at_another_minute(given, retrain, monitor):
    assert DeploySettings(**given).crons(7) == (retrain, monitor)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"every": "day", "schedule": "0 3 * * *"}, "--every and --schedule: give one of them"),
        ({"pause": True, "remove": True}, "--pause and --remove: give one of them"),
        ({"schedule_zone": "Europe/Berlinn"}, "must be a time zone"),
        ({"every": "blue moon"}, "every"),
        ({"horizn": 2}, "horizn"),
    ],
)
def test_a_mistake_is_refused(given, told):
    with pytest.raises(ValidationError, match=told):
        DeploySettings(**given)


def test_the_settings_are_those_of_both_flows():
    both = RetrainSettings.model_fields.keys() | MonitorSettings.model_fields.keys()
    assert both <= DeploySettings.model_fields.keys()
    for name in both:
        model = RetrainSettings if name in RetrainSettings.model_fields else MonitorSettings
        assert DeploySettings.model_fields[name].default == model.model_fields[name].default
