import os
from types import SimpleNamespace

import pytest

from flows.command_line.command import as_command
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from tasks.support.credentials import PasswordInParameters, refuse_passwords, with_references

URL = "postgresql://me:secret@host/db"
STORE = "ftp://me:secret@host/runs"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """What the tests put there goes with them."""
    for name in ("WAVECAST_DATA_PASSWORD", "WAVECAST_SINK_PASSWORD", "WAVECAST_STORE_LOGIN"):
        monkeypatch.setenv(name, "")


def test_the_settings_of_a_flow_hold_references_and_the_environment_what_they_stand_for():
    settings = with_references(RetrainSettings(data=URL, table="sales", store=STORE, sink=URL, sink_table="mine"))
    assert settings.data == "postgresql://me:$WAVECAST_DATA_PASSWORD@host/db"
    assert settings.sink == "postgresql://me:$WAVECAST_SINK_PASSWORD@host/db"
    assert settings.store == "ftp://$WAVECAST_STORE_LOGIN@host/runs"
    assert (settings.table, settings.sink_table) == ("sales", "mine")
    assert os.environ["WAVECAST_DATA_PASSWORD"] == "secret"  # noqa: S105
    assert os.environ["WAVECAST_STORE_LOGIN"] == "me:secret"
    assert "secret" not in settings.model_dump_json()
    assert '"data":"postgresql://me:$WAVECAST_DATA_PASSWORD@host/db"' in settings.model_dump_json()


def test_settings_without_passwords_stay_as_they_are():
    settings = RetrainSettings(data="postgresql://me:$PGPASSWORD@host/db", table="sales")
    assert with_references(settings) is settings
    assert with_references(RetrainSettings()) == RetrainSettings()


def test_a_password_that_was_not_handed_on_is_not_written_down():
    written = RetrainSettings(data=URL, table="sales", store=STORE, sink=URL).model_dump_json()
    assert "secret" not in written


def test_a_run_of_a_deployment_refuses_a_password_that_prefect_keeps(monkeypatch):
    from tasks.support import step

    monkeypatch.setattr(step, "Failed", lambda message, data: message)
    monkeypatch.setattr(step, "deployment", SimpleNamespace(id="some"))
    monkeypatch.setattr(step, "refuse_lost_store", lambda *_: None)  # which asks a server
    flow = step.in_one_line(lambda settings: "done")
    assert "holds a password" in flow(RetrainSettings(data=URL, table="sales"))
    assert flow(RetrainSettings(data="block:sales", table="sales")) == "done"
    monkeypatch.setattr(step, "deployment", SimpleNamespace(id=None))
    assert flow(settings=RetrainSettings(data=URL, table="sales")) == "done"


def test_a_command_gets_references(monkeypatch):
    called = []
    monkeypatch.setattr("flows.command_line.command.check", lambda settings: None)

    def function(settings: MonitorSettings) -> None:
        called.append(settings)

    command = as_command(function, MonitorSettings)
    command(settings=MonitorSettings(data=URL, table="sales"))
    assert called[0].data == "postgresql://me:$WAVECAST_DATA_PASSWORD@host/db"


@pytest.mark.parametrize("said", [{"data": URL, "table": "a"}, {"store": STORE}, {"sink": URL}])
def test_a_password_in_parameters_is_refused_with_the_ways_out(said):
    with pytest.raises(PasswordInParameters, match=r"\$PGPASSWORD.*block:NAME") as told:
        refuse_passwords(RetrainSettings(**said))
    assert "secret" not in str(told.value)
    refuse_passwords(with_references(RetrainSettings(**said)))
    refuse_passwords(RetrainSettings(data="block:sales", table="sales"))
