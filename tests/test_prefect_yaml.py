"""prefect.yaml and prefect.toml against Prefect's own models, since Prefect silently ignores what it does not know."""

import copy
import os
import re
import subprocess
import tomllib
from functools import reduce
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from jsonschema import Draft202012Validator
from prefect import Flow
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.client.schemas.objects import ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.events import DeploymentEventTrigger
from prefect.events.schemas.automations import AutomationCore
from prefect.settings.models.root import Settings
from pydantic import BaseModel, TypeAdapter, ValidationError

from flows.settings.monitor import MonitorSettings
from flows.settings.pipeline import PipelineSettings
from flows.settings.retrain import RetrainSettings
from tasks.support.deployments import GRACE
from tasks.support.events import DRIFT

ROOT = Path(__file__).parents[1]
CONFIG = yaml.safe_load((ROOT / "prefect.yaml").read_text())
DEPLOYMENTS = {deployment["name"]: deployment for deployment in CONFIG["deployments"]}
TOML = tomllib.loads((ROOT / "prefect.toml").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def strict(schema: Any) -> Any:
    """The same JSON schema, taking no keys but those that it names; what Prefect leaves free stays free."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strictly = {key: strict(part) for key, part in schema.items()}
    if schema.get("type") == "object":
        if "properties" in schema:
            strictly["additionalProperties"] = False
        elif schema.get("additionalProperties") == {"type": "null"}:  # Prefect's "an empty mapping"
            strictly["maxProperties"] = 0
    return strictly


SCHEMA = Draft202012Validator(strict(PrefectYamlModel.model_json_schema(by_alias=True)))


def complaints(config: Any) -> list[str]:
    """What is wrong with the contents of a prefect.yaml."""
    found = [f"{error.json_path}: {error.message}" for error in SCHEMA.iter_errors(config)]
    try:
        model = PrefectYamlModel.model_validate(config)
    except ValidationError as error:
        return [*found, str(error)]
    for trigger in (
        trigger for deployment in config.get("deployments", []) for trigger in deployment.get("triggers", [])
    ):
        found += [f"no key of a trigger: {key}" for key in trigger.keys() - DeploymentEventTrigger.model_fields]
        try:
            DeploymentEventTrigger.model_validate(trigger)
        except ValidationError as error:
            found.append(str(error))
    strategies = {strategy.value for strategy in ConcurrencyLimitStrategy}
    limits = [deployment.concurrency_limit for deployment in model.deployments]
    given = [limit.collision_strategy for limit in limits if isinstance(limit, BaseModel)]
    return found + [f"no such strategy: {strategy}" for strategy in given if strategy not in {None, *strategies}]


def test_prefect_knows_every_key_and_takes_every_value():
    assert complaints(CONFIG) == []


def misspelt(*path: Any, to: str) -> dict[str, Any]:
    """The contents of prefect.yaml with the last key of `path` spelt otherwise."""
    config = copy.deepcopy(CONFIG)
    *above, key = path
    holder = reduce(lambda part, step: part[step], above, config)
    holder[to] = holder.pop(key)
    return config


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The contents of prefect.yaml with another value at `path`."""
    config = copy.deepcopy(CONFIG)
    *above, key = path
    reduce(lambda part, step: part[step], above, config)[key] = to
    return config


NIGHTLY = ("deployments", 1, "schedules", 0)

WRONG = {
    "deployment": lambda: misspelt("deployments", to="deployment"),
    "prefect_versions": lambda: misspelt("prefect-version", to="prefect_versions"),
    "schedulez": lambda: misspelt("deployments", 1, "schedules", to="schedulez"),
    "concurrency_limits": lambda: misspelt("deployments", 1, "concurrency_limit", to="concurrency_limits"),
    "collision_stratgy": lambda: misspelt(
        "deployments", 1, "concurrency_limit", "collision_strategy", to="collision_stratgy"
    ),
    "grace_period": lambda: misspelt("deployments", 1, "concurrency_limit", "grace_period_seconds", to="grace_period"),
    "paramters": lambda: misspelt("deployments", 0, "parameters", to="paramters"),
    "entry_point": lambda: misspelt("deployments", 0, "entrypoint", to="entry_point"),
    "workpool": lambda: misspelt("deployments", 0, "work_pool", to="workpool"),
    "work pool's nam": lambda: misspelt("deployments", 0, "work_pool", "name", to="nam"),
    "time_zone": lambda: misspelt(*NIGHTLY, "timezone", to="time_zone"),
    "corn": lambda: misspelt(*NIGHTLY, "cron", to="corn"),
    "an empty key": lambda: changed(*NIGHTLY, to={"corn": None}),
    "two schedules in one": lambda: changed(*NIGHTLY, "interval", to=60),
    "a cron of words": lambda: changed(*NIGHTLY, "cron", to=["every night"]),
    "a strategy that is none": lambda: changed(
        "deployments", 1, "concurrency_limit", "collision_strategy", to="CANCEL_OLD"
    ),
    "a limit of words": lambda: changed("deployments", 1, "concurrency_limit", "limit", to="one"),
    "exepct": lambda: misspelt("deployments", 2, "triggers", 0, "expect", to="exepct"),
    "a posture that is none": lambda: changed("deployments", 2, "triggers", 0, "posture", to="Lazy"),
    "tags as a mapping": lambda: changed("deployments", 0, "tags", to={"wavecast": True}),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_the_check_finds_what_prefect_would_silently_ignore(mistake):
    assert complaints(WRONG[mistake]())


def test_there_is_one_deployment_by_hand_and_the_others_are_scheduled_each_with_its_own_name():
    assert list(DEPLOYMENTS) == ["by-hand", "scheduled-retraining", "keep-fresh", "hourly"]
    assert len(DEPLOYMENTS) == len(CONFIG["deployments"])
    assert "schedules" not in DEPLOYMENTS["by-hand"]


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployment_is_described_and_tagged(name):
    assert DEPLOYMENTS[name]["description"].strip().endswith(".")
    assert "wavecast" in DEPLOYMENTS[name]["tags"]


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployments_entrypoint_is_a_flow(name):
    path, _, flow = DEPLOYMENTS[name]["entrypoint"].partition(":")
    assert (ROOT / path).is_file()
    found = getattr(import_module(path.removesuffix(".py").replace("/", ".")), flow)
    assert isinstance(found, Flow)
    assert Path(path).stem == found.name


SETTINGS = {
    "flows/pipeline.py:pipeline": PipelineSettings,
    "flows/retrain.py:retrain": RetrainSettings,
    "flows/monitor.py:monitor": MonitorSettings,
}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_deployments_parameters_are_the_flows_settings(name):
    deployment = DEPLOYMENTS[name]
    settings = SETTINGS[deployment["entrypoint"]]
    assert set(deployment["parameters"]) == {"settings"}
    settings.model_validate(deployment["parameters"]["settings"])
    assert deployment.get("enforce_parameter_schema", True)
    for schedule in deployment.get("schedules", []):
        assert set(schedule.get("parameters", {})) <= {"settings"}
        settings.model_validate(schedule.get("parameters", {}).get("settings", {}))


SCHEDULED = [name for name in DEPLOYMENTS if name != "by-hand"]


@pytest.mark.parametrize("name", SCHEDULED)
def test_what_is_scheduled_has_a_time_a_place_and_never_two_runs_at_once(name):
    scheduled = DEPLOYMENTS[name]
    (schedule,) = scheduled["schedules"]
    CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    assert len(schedule["cron"].split()) == 5
    assert ZoneInfo(schedule["timezone"]).key == schedule["timezone"]
    assert schedule["active"] is False, "nothing starts that nobody has asked for"
    assert schedule["slug"]
    assert scheduled["concurrency_limit"]["collision_strategy"] == "CANCEL_NEW"
    assert "scheduled" in scheduled["tags"]
    assert not scheduled.get("paused")


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_each_runs_one_at_a_time_and_has_time_to_begin(name):
    limit = DEPLOYMENTS[name]["concurrency_limit"]
    assert (limit["limit"], limit["grace_period_seconds"]) == (1, GRACE)


@pytest.mark.parametrize("name", SCHEDULED)
def test_the_description_names_the_time_of_the_schedule(name):
    minute, hour, *_ = DEPLOYMENTS[name]["schedules"][0]["cron"].split()
    told = f"at {int(minute)} minutes past" if hour == "*" else f"{int(hour):02}:{int(minute):02}"
    assert told in DEPLOYMENTS[name]["description"]


def test_drift_starts_a_retraining_and_nothing_else_does():
    triggers = {name: deployment["triggers"] for name, deployment in DEPLOYMENTS.items() if "triggers" in deployment}
    assert {name: [trigger["expect"] for trigger in given] for name, given in triggers.items()} == {
        "keep-fresh": [[DRIFT]]
    }
    (trigger,) = triggers["keep-fresh"]
    assert trigger["enabled"] is False, "`wavecast deploy` makes one for its own store; this one is for any"


def test_a_scheduled_run_measures_afresh():
    assert PipelineSettings.model_validate(DEPLOYMENTS["scheduled-retraining"]["parameters"]["settings"]).fresh_seed


def test_the_deployments_wait_in_the_work_pool_that_the_makefile_makes():
    (pool,) = re.findall(r"^POOL\s*:=\s*(\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {deployment["work_pool"]["name"] for deployment in DEPLOYMENTS.values()} == {pool}


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        ({}, "--host 127.0.0.1 --port 4200"),
        ({"PREFECT_API_URL": "http://127.0.0.1:4711/api"}, "--host 127.0.0.1 --port 4711"),
        (
            {"PREFECT_API_URL": "http://localhost/api", "ARGS": "--log-level DEBUG"},
            "--host localhost --port 80 --log-level DEBUG",
        ),
    ],
)
def test_make_server_listens_where_worker_and_deploy_look_for_it(given, flags):
    clean = {name: value for name, value in os.environ.items() if name not in {"PREFECT_API_URL", "ARGS"}}
    command = ["make", "--dry-run", "server", "VENV=/dev", "--old-file=/dev/.ready"]
    told = subprocess.run(command, cwd=ROOT, env=clean | given, capture_output=True, text=True, check=True).stdout
    started = next(line for line in told.splitlines() if "server start" in line)
    assert started.strip().endswith(f"prefect server start {flags}")
    assert f"PREFECT_API_URL={given.get('PREFECT_API_URL', 'http://127.0.0.1:4200/api')}" in started


def test_all_name_the_same_prefect():
    (pinned,) = (line for line in PROJECT["project"]["dependencies"] if re.match(r"prefect\b", line))
    (locked,) = re.findall(r"^prefect==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert str(CONFIG["prefect-version"]) == pinned.removeprefix("prefect==") == locked == version("prefect")


# prefect.toml


def unknown(values: dict[str, Any], model: type[BaseModel] = Settings, under: str = "") -> list[str]:
    """What in a prefect.toml is no setting of Prefect's, or has a value that it would not take."""
    found = []
    for name, value in values.items():
        field = model.model_fields.get(name)
        if field is None:
            found.append(f"{under}{name}")
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += unknown(value, field.annotation, f"{under}{name}.") if isinstance(value, dict) else [under + name]
        else:
            try:
                TypeAdapter(field.annotation).validate_python(value, strict=True)
            except ValidationError:
                found.append(f"{under}{name}")
    return found


def test_every_setting_of_prefect_toml_is_one_of_prefects():
    assert unknown(TOML) == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"server": {"analytics_enable": False}}, ["server.analytics_enable"]),
        ({"server": {"ephemeral": {"startup_timeout": 120}}}, ["server.ephemeral.startup_timeout"]),
        ({"sever": {"analytics_enabled": False}}, ["sever"]),
        ({"server": {"analytics_enabled": "never"}}, ["server.analytics_enabled"]),
        ({"server": False}, ["server"]),
        ({"server": {"analytics_enabled": False, "ephemeral": {"startup_timeout_seconds": 120}}}, []),
    ],
)
def test_the_check_finds_settings_that_prefect_would_silently_ignore(values, found):
    assert unknown(values) == found


def test_prefect_is_private_and_patient():
    assert TOML["server"]["analytics_enabled"] is False
    assert TOML["server"]["ephemeral"]["startup_timeout_seconds"] >= 60


def test_the_settings_take_effect_in_this_folder(monkeypatch):
    for name in ("PREFECT_SERVER_ANALYTICS_ENABLED", "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(ROOT)
    settings = Settings()
    assert settings.server.analytics_enabled is False
    assert settings.server.ephemeral.startup_timeout_seconds == TOML["server"]["ephemeral"]["startup_timeout_seconds"]


def test_who_is_at_work_outlives_a_restart_of_the_server():
    storage = import_module(TOML["server"]["concurrency"]["lease_storage"])
    assert storage.ConcurrencyLeaseStorage().storage_path.is_absolute()


# flows/automations.yaml

AUTOMATIONS = yaml.safe_load((ROOT / "flows/automations.yaml").read_text())["automations"]


def test_prefect_takes_every_automation_and_knows_every_key():
    for automation in AUTOMATIONS:
        taken = AutomationCore.model_validate(automation)
        assert automation.keys() <= AutomationCore.model_fields.keys()
        assert automation["trigger"].keys() <= type(taken.trigger).model_fields.keys()
        for given, action in zip(automation["actions"], taken.actions, strict=True):
            assert given.keys() <= type(action).model_fields.keys()


def test_a_zombie_is_found_by_more_silence_than_a_living_run_keeps():
    (zombies,) = AUTOMATIONS
    assert zombies["trigger"]["within"] > 2 * TOML["flows"]["heartbeat_frequency"]
    assert {"prefect.flow-run.Completed", "prefect.flow-run.heartbeat"} <= set(zombies["trigger"]["expect"])


def test_the_makefile_replaces_the_automations_that_there_are():
    deleted = re.findall(r"automation delete (\S+)", (ROOT / "Makefile").read_text())
    assert deleted == [automation["name"] for automation in AUTOMATIONS]
