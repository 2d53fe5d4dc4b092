"""Notifications of a store: a block that knows the receiver, and automations that say when to tell what."""

import re
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.events import Event
from prefect.events.schemas.automations import Automation, AutomationCore
from prefect.exceptions import ObjectNotFound

from artifacts.store.naming import store_id
from rnn.errors import WavecastError
from rnn.readers.urls import redacted
from tasks.support.deployments import Deployed
from tasks.support.events import DRIFT, FEED, PROMOTION, TRIAL, resource_of
from tasks.support.receivers import Receiver

PATIENCE = 90.0
"""Seconds until a trial message that the server has not sent is called lost."""
SETTLES, AGAIN = 3.0, 20.0
"""Seconds until a server knows a new automation, and until a trial that it did not notice is announced once more."""
BEGINS = "wavecast notify "
"""What the names of all these automations begin with, before the store's id."""
SENT, FAILED = "prefect.automation.action.executed", "prefect.automation.action.failed"
SILENT, SPARE = timedelta(hours=26), timedelta(hours=2)
"""So long nothing may complete, at the least; and for how long a run that is due may wait and work."""

MISSING = "missing"

STORE, WHY = "{{ event.payload.store }}", "{{ event.payload.why }}"
TOLD = {
    DRIFT: ("drift", f"Wavecast: drift in {STORE}", WHY),
    PROMOTION: ("promotion", f"Wavecast: a new champion in {STORE}", WHY),
    FEED: ("feed", f"Wavecast: the data of {STORE} are not as usual", WHY),
}
"""What is told of Wavecast's own events: the automation's name, subject and text."""
TRY = ("trial", f"Wavecast tells you of {STORE}", "This is a trial: the way is open. Nothing is wrong.")
"""The first message, which shows that the way is open."""


class NotSent(WavecastError):
    """The server could not tell the receiver."""


@dataclass(frozen=True)
class Notified:
    """Who is told of a store, as the server has it."""

    store: str
    label: str
    automations: tuple[Automation, ...]


def notify(client: SyncPrefectClient, store: str, receiver: Receiver, deployed: Iterable[Deployed]) -> None:
    """Send a message to try the way, then make all automations of the store and receiver, in the place of former ones.

    `store`: its whole path or URL. Raises NotSent, and leaves everything as it was, when the message does not go out.
    """
    former = [each for each in notified(client, store_id(store)) if each.label == receiver.label]
    used = {_block_of(each) for one in former for each in one.automations}
    block = _save(receiver, f"wavecast-{store_id(store)}-{receiver.digest}")
    trial = client.create_automation(_automation(store, receiver, *TRY, _on(TRIAL, store), block))
    try:
        _send(client, store, trial)
    except Exception:
        client.delete_automation(trial)
        if block not in used:
            client.delete_block_document(block)
        raise
    client.delete_automation(trial)
    for each in automations(store, receiver, block, deployed):
        client.create_automation(each)
    for one in former:
        forget(client, one, keep=block)


def automations(store: str, receiver: Receiver, block: UUID, deployed: Iterable[Deployed]) -> list[AutomationCore]:
    """What is told: drift, a new champion, a sick feed; and of each deployment failed, crashed and missing runs."""
    made = [_automation(store, receiver, *told, _on(event, store), block) for event, told in TOLD.items()]
    for each in deployed:
        flow, _, name = each.name.partition("/")
        state = ("{{ flow.name }} {{ flow_run.state.name }}", "{{ flow_run.state.message }}")
        bad = _of_runs(each, ["prefect.flow-run.Failed", "prefect.flow-run.Crashed"])
        made.append(
            _automation(store, receiver, f"{flow} failed", f"Wavecast: {state[0]}, {name}", state[1], bad, block)
        )
        silent = f"Wavecast: no {flow} of {name} has completed in time"
        look = f"Look whether the server has a worker, and at the runs of {each.name}."
        done = _of_runs(each, ["prefect.flow-run.Completed"])
        missing = done | {"posture": "Proactive", "within": _patience(each).total_seconds()}
        made.append(_automation(store, receiver, f"{flow} {MISSING}", silent, look, missing, block))
    return made


def notified(client: SyncPrefectClient, store: str | None = None) -> list[Notified]:
    """Who is told, of all stores or of the one with that id."""
    found: dict[tuple[str, str], list[Automation]] = {}
    for each in client.read_automations():
        head, _, label = each.name.partition(", to ")
        if head.startswith(BEGINS):
            found.setdefault((head.removeprefix(BEGINS).partition(": ")[0], label), []).append(each)
    every = [Notified(of, label, tuple(made)) for (of, label), made in sorted(found.items())]
    return [each for each in every if store is None or each.store == store]


def forget(client: SyncPrefectClient, one: Notified, keep: UUID | None = None) -> None:
    """Delete a receiver's automations, and the blocks that open their mailbox or chat, but for the one to keep."""
    for each in one.automations:
        client.delete_automation(each.id)
    blocks = {_block_of(each) for each in one.automations}
    for block in blocks:
        if block is not None and block != keep:
            with suppress(ObjectNotFound):
                client.delete_block_document(block)


def await_runs(client: SyncPrefectClient, store: str, deployed: Iterable[Deployed]) -> None:
    """Miss the store's runs as its schedules are now: not while they rest. `store`: its whole path or URL."""
    mine = {f": {each.name.partition('/')[0]} {MISSING}, to ": each for each in deployed}
    for automation in (each for one in notified(client, store_id(store)) for each in one.automations):
        for part, each in mine.items():
            if part in automation.name:
                kept = AutomationCore.model_fields.keys() - {
                    "owner_resource"
                }  # which the server takes at the start only
                core = {name: getattr(automation, name) for name in kept}
                core["trigger"] = automation.trigger.model_copy(update={"within": _patience(each)})
                client.update_automation(automation.id, AutomationCore(**core | {"enabled": not each.stopped}))


def _patience(deployed: Deployed) -> timedelta:
    """How long after a run the next one must have completed."""
    return max(SILENT, deployed.longest_pause + SPARE)


def _save(receiver: Receiver, name: str) -> UUID:
    """Keep the block on the server, which encrypts its secrets; returns its id."""
    return UUID(str(receiver.block.save(name, overwrite=True)))


def _send(client: SyncPrefectClient, store: str, trial: UUID) -> None:
    """Let the automation `trial` send its message, and wait until it has. Raises NotSent."""
    deadline, announced = time.monotonic() + PATIENCE, -AGAIN
    time.sleep(SETTLES)
    while time.monotonic() < deadline:
        if time.monotonic() - announced > AGAIN:
            announced = time.monotonic()
            event = Event(event=TRIAL, resource=resource_of(store), payload={"store": redacted(store)})
            client.request("POST", "/events", json=[event.model_dump(mode="json")])
        outcome = _outcome(client, trial)
        if outcome is not None:
            status = int(outcome["payload"].get("status_code") or 0)
            if outcome["event"] == FAILED or status >= 400:
                raise NotSent(_in_words(outcome["payload"], status))
            return
        time.sleep(0.5)
    raise NotSent(f"the server has sent nothing within {PATIENCE:.0f} seconds: look at its log; nothing was changed")


def _outcome(client: SyncPrefectClient, automation: UUID) -> dict[str, Any] | None:
    """The event by which the server tells how an automation's action ended; None as long as it has not."""
    resource = {"id": [f"prefect.automation.{automation}"]}
    asked = {"filter": {"event": {"name": [SENT, FAILED]}, "resource": resource}, "limit": 1}
    found = client.request("POST", "/events/filter", json=asked).json()["events"]
    return found[0] if found else None


def _in_words(payload: dict[str, Any], status: int) -> str:
    """Why a message did not go out: the reason, and the last line of the log of whoever tried, without any address."""
    log = str(payload.get("notification_log") or "").strip().splitlines()
    answer = f"the webhook answers with status {status}"
    said = answer if status else " ".join((log[-1] if log else str(payload.get("reason"))).split())
    return f"the server could not send the trial message: {URL.sub('…', said)[:300]}; nothing was changed"


URL = re.compile(r"[a-z]+://[^\s'\"]+")
"""An address in a log may open what it leads to."""


def _automation(
    store: str, receiver: Receiver, what: str, subject: str, body: str, trigger: dict[str, Any], block: UUID
) -> AutomationCore:
    name, action = f"{BEGINS}{store_id(store)}: {what}, to {receiver.label}", receiver.action(block, subject, body)
    return AutomationCore.model_validate({"name": name, "trigger": trigger, "actions": [action]})


def _on(event: str, store: str) -> dict[str, Any]:
    """When one of Wavecast's own events is about the store."""
    resource = {"prefect.resource.id": resource_of(store)["prefect.resource.id"]}
    return {"type": "event", "posture": "Reactive", "expect": [event], "match": resource, "threshold": 1, "within": 0}


def _of_runs(deployed: Deployed, states: list[str]) -> dict[str, Any]:
    """When a run of the deployment comes into one of the states."""
    return {
        "type": "event",
        "posture": "Reactive",
        "expect": states,
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {
            "prefect.resource.id": f"prefect.deployment.{deployed.id}",
            "prefect.resource.role": "deployment",
        },
        "threshold": 1,
        "within": 0,
    }


def _block_of(automation: Automation) -> UUID | None:
    blocks = (getattr(action, "block_document_id", None) for action in automation.actions)
    return next((block for block in blocks if block is not None), None)
