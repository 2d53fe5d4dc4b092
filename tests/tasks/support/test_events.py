"""Who waits for an event, on a Prefect test server."""

import pytest
from prefect import get_client
from prefect.events.schemas.automations import AutomationCore

from artifacts.store.naming import store_id
from tasks.support import events
from tasks.support.events import DRIFT, is_awaited

pytestmark = pytest.mark.usefixtures("prefect_server")


def automation(**changes) -> AutomationCore:
    trigger = {"type": "event", "posture": "Reactive", "expect": [DRIFT], "threshold": 1, "within": 0}
    match = {"prefect.resource.id": "wavecast.store.*"}
    return AutomationCore.model_validate(
        {
            "name": "keep-fresh",
            "enabled": changes.pop("enabled", True),
            "trigger": {**trigger, "match": match, **changes},
            "actions": [{"type": "do-nothing"}],
        }
    )


@pytest.mark.parametrize(
    ("changes", "awaited"),
    [
        ({}, True),
        ({"expect": ["wavecast.*"]}, True),
        ({"match": {"prefect.resource.id": f"wavecast.store.{store_id('/data/sales')}"}}, True),
        ({"match": {"prefect.resource.id": "wavecast.store.others"}}, False),
        ({"expect": ["prefect.flow-run.Failed"]}, False),
        ({"enabled": False}, False),
    ],
)
def test_an_event_is_awaited_where_an_automation_acts_on_it(changes, awaited):
    with get_client(sync_client=True) as client:
        made = client.create_automation(automation(**changes))
        try:
            assert is_awaited(DRIFT, "/data/sales") is awaited
        finally:
            client.delete_automation(made)


def test_without_automations_or_a_server_that_stays_or_answers_nobody_waits(monkeypatch):
    assert not is_awaited(DRIFT, "/data/sales")
    with get_client(sync_client=True) as client:
        made = client.create_automation(automation())
        try:
            assert is_awaited(DRIFT, "/data/sales")
            with monkeypatch.context() as embedded:
                embedded.setattr(events, "ends_with_this_process", lambda: True)
                assert not is_awaited(DRIFT, "/data/sales")
            with monkeypatch.context() as away:
                away.setattr(events, "get_client", lambda **how: (_ for _ in ()).throw(OSError("away")))
                assert not is_awaited(DRIFT, "/data/sales")
        finally:
            client.delete_automation(made)


def test_an_event_names_the_store_without_its_passwords(monkeypatch):
    told = {}
    monkeypatch.setattr(events, "emit_event", lambda event, **more: told.update(more))
    events.announce(DRIFT, "s3://me:secret@host/runs", {})
    assert "secret" not in str(told)
    assert told["payload"]["store"] == "s3://…@host/runs"
