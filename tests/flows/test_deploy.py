"""A store's schedules on a Prefect test server: made, changed, listed, paused, removed; and what is refused.

That they run, and that drift retrains, is seen on a real server in tests/test_operating.py.
"""

from pathlib import Path

import pytest
import yaml
from prefect.flows import load_flow_from_entrypoint
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.deploy import AUTOMATIONS, NotDeployable, NotDeployed, check_deployable, deploy, parameters
from flows.settings.deploy import DeploySettings
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from tasks.support import events
from tasks.support.deployments import GRACE, BadSchedule, deployed
from tasks.support.events import DRIFT, is_awaited
from tasks.support.server import ServerAway

ROWS = "day,sales\n" + "".join(f"2026-03-{day:02},{100 + day % 7}\n" for day in range(1, 31))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The current folder, with a file in it, and nothing of Wavecast's."""
    (tmp_path / "sales.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(**given) -> DeploySettings:
    return DeploySettings(**{"data": "sales.csv", "store": "sales-runs", **given})


def on_server(client) -> dict:
    return {each.name: each for each in deployed(client)}


def test_one_command_schedules_both_flows_on_the_same_file_and_store(client, folder):
    text = deploy(settings(every="day", horizon=2, group_size=7, cycle=2, schedule_zone="Europe/Berlin"))
    retrain = client.read_deployment_by_name("retrain/sales-runs")
    monitor = client.read_deployment_by_name("monitor/sales-runs")
    where = {"store": str(folder / "sales-runs"), "data": str(folder / "sales.csv")}
    assert retrain.parameters == {"settings": {**where, "horizon": 2, "group_size": 7}}
    assert monitor.parameters == {"settings": {**where, "cycle": 2}}
    for each in (retrain, monitor):
        (schedule,) = each.schedules
        assert schedule.active
        assert schedule.schedule.timezone == "Europe/Berlin"
        assert (each.work_pool_name, each.paused) == ("wavecast", False)
        assert each.global_concurrency_limit.limit == 1
        assert each.concurrency_options.collision_strategy == "CANCEL_NEW"
        assert each.concurrency_options.grace_period_seconds == GRACE
    assert retrain.schedules[0].schedule.cron.endswith(" 3 * * *")
    assert "retrain/sales-runs: " in text
    assert text.endswith(f"{folder}/sales-runs is on schedule")
    assert "make worker" in text
    assert not (folder / "sales-runs").exists(), "the first run makes the store"


def test_the_flows_are_found_by_their_module_without_a_clone(client, folder):
    deploy(settings())
    for flow in ("retrain", "monitor"):
        found = client.read_deployment_by_name(f"{flow}/sales-runs")
        assert found.entrypoint == f"flows.{flow}.{flow}"
        assert not found.pull_steps
        assert load_flow_from_entrypoint(found.entrypoint, use_placeholder_flow=False).name == flow


def test_drift_of_this_store_alone_retrains_until_it_is_removed(client, folder, monkeypatch):
    monkeypatch.setattr(events, "ends_with_this_process", lambda: False)
    assert not is_awaited(DRIFT, "sales-runs")
    deploy(settings())
    assert is_awaited(DRIFT, "sales-runs")
    assert is_awaited(DRIFT, str(folder / "sales-runs"))
    assert not is_awaited(DRIFT, "other-runs")
    deploy(settings(data=None, remove=True))
    assert not is_awaited(DRIFT, "sales-runs")


def test_runs_whose_process_has_died_are_looked_for_once_a_server(client, folder):
    deploy(settings())
    deploy(settings(store="other-runs"))
    (zombies,) = yaml.safe_load(AUTOMATIONS.read_text())["automations"]
    assert len(client.read_automations_by_name(zombies["name"])) == 1
    heartbeat = client.read_deployment_by_name("retrain/sales-runs").job_variables["env"]
    assert heartbeat["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == "30"


def test_deploying_again_changes_what_is_there(client, folder):
    deploy(settings(every="day"))
    deploy(settings(data=None, pause=True))
    deploy(settings(every="week", fill_gaps=2))
    assert len(on_server(client)) == 2
    retrain = client.read_deployment_by_name("retrain/sales-runs")
    (schedule,) = retrain.schedules
    assert schedule.schedule.cron.endswith(" 3 * * 1")
    assert retrain.parameters["settings"]["fill_gaps"] == 2
    assert not retrain.paused
    owned = [each for each in client.read_automations() if "retrains sales-runs" in each.name]
    assert len(owned) == 1


def test_another_file_for_the_same_store_is_told(client, folder):
    (folder / "prices.csv").write_text((folder / "sales.csv").read_text())
    assert "no longer" not in deploy(settings())
    assert "no longer" not in deploy(settings())
    told = deploy(settings(data="prices.csv"))
    assert f"They no longer read {folder}/sales.csv: a store is of one series" in told.splitlines()


def test_schedules_rest_and_run_again(client, folder):
    deploy(settings())
    assert deploy(settings(data=None, pause=True)) == "paused: monitor/sales-runs, retrain/sales-runs"
    assert all(each.stopped for each in deployed(client))
    assert "retrain/sales-runs: paused" in deploy(settings(data=None, list=True))
    assert deploy(settings(data=None, resume=True)).startswith("resumed: ")
    assert not any(each.stopped for each in deployed(client))


def test_stores_of_the_same_name_do_not_replace_each_other(client, folder):
    deploy(settings())
    deploy(settings(store="elsewhere/sales-runs"))
    names = on_server(client)
    assert len(names) == 4
    assert {each.store for each in names.values()} == {f"{folder}/sales-runs", f"{folder}/elsewhere/sales-runs"}
    listed = deploy(settings(data=None, list=True))
    for place in (f"{folder}/sales-runs", f"{folder}/elsewhere/sales-runs"):
        assert place in listed.splitlines()
    deploy(settings(data=None, store="elsewhere/sales-runs", remove=True))
    assert set(on_server(client)) == {"retrain/sales-runs", "monitor/sales-runs"}


def test_what_is_not_there_is_named_beside_what_is(client, folder):
    assert "nothing is deployed" in deploy(settings(data=None, list=True))
    with pytest.raises(NotDeployed, match="it has none of any store"):
        deploy(settings(data=None, pause=True))
    deploy(settings())
    with pytest.raises(NotDeployed, match=r"no schedules of the store .*/nosuch: there are those of .*/sales-runs"):
        deploy(settings(data=None, store="nosuch", remove=True))


def test_a_schedule_that_is_none_leaves_nothing_behind(client, folder):
    with pytest.raises(BadSchedule, match="'every night' is no cron schedule"):
        deploy(settings(schedule="every night"))
    assert on_server(client) == {}


def test_without_a_server_it_is_one_line(folder):
    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(ServerAway, match=r"no Prefect server answers at http://127\.0\.0\.1:9/api: start one"),
    ):
        deploy(settings(data=None, list=True))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"data": None}, "name the file"),
        ({"data": "-"}, "standard input"),
        (
            {"data": "s3://me:secret@host/sales.csv"},
            "--data: s3://…@host/sales.csv holds a password, which Prefect would",
        ),
        ({"data": "postgresql://me:secret@host/shop", "table": "sales"}, r"\$PGPASSWORD.*block:NAME"),
        ({"sink": "postgresql://me:secret@host/shop"}, "--sink: postgresql://me:…@host/shop holds a password"),
        ({"store": "s3://me:secret@host/runs"}, "--store: s3://…@host/runs holds a password"),
    ],
)
def test_what_a_worker_could_not_read_or_should_not_keep_is_refused(given, told):
    with pytest.raises(NotDeployable, match=told) as raised:
        check_deployable(settings(**given))
    assert "secret" not in str(raised.value)


def test_both_flows_get_what_was_given_and_nothing_else(folder):
    given = settings(time_zone="Europe/Berlin", folds=4, every="week", where=("store=A",))
    where = {"store": f"{folder}/sales-runs", "data": f"{folder}/sales.csv", "time_zone": "Europe/Berlin"}
    assert parameters(given, RetrainSettings) == {**where, "where": ["store=A"], "folds": 4}
    assert parameters(given, MonitorSettings) == {**where, "where": ["store=A"]}
    RetrainSettings.model_validate(parameters(given, RetrainSettings))
    assert parameters(settings(data="s3://bucket/x.csv"), MonitorSettings)["data"] == "s3://bucket/x.csv"


def test_a_database_is_named_from_the_root_and_its_password_by_a_variable(folder):
    given = settings(
        data="sqlite:///shop.db", table="sales", sink="postgresql://me:$PGPASSWORD@host/shop?sslmode=require"
    )
    check_deployable(given)
    retrain, monitor = parameters(given, RetrainSettings), parameters(given, MonitorSettings)
    assert retrain["data"] == f"sqlite:///{folder}/shop.db" and retrain["table"] == "sales"
    assert retrain["sink"] == monitor["sink"] == "postgresql://me:$PGPASSWORD@host/shop?sslmode=require"
