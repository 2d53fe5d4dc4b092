"""The project's own events, which Prefect's triggers and notifications wait for (prefect.yaml, docs/operating.md)."""

from fnmatch import fnmatch
from typing import Any

from prefect import get_client
from prefect.events import Resource, emit_event

from artifacts.store.naming import store_id, whole_url
from rnn.readers.urls import redacted
from tasks.support.embedded_server import ends_with_this_process

DRIFT, PROMOTION, FEED, TRIAL = "wavecast.drift", "wavecast.promotion", "wavecast.feed", "wavecast.trial"
STORES = "wavecast.store"
"""What the ids of all stores begin with, as resources of events."""


def announce(event: str, store: str, payload: dict[str, Any]) -> None:
    """Emit an event about a store. Its resource is `wavecast.store.<the store's id>`."""
    emit_event(event, resource=resource_of(store), payload={"store": redacted(store), **payload})


def resource_of(store: str) -> dict[str, str]:
    """A store as the resource of an event."""
    return {"prefect.resource.id": f"{STORES}.{store_id(store)}", "prefect.resource.name": redacted(whole_url(store))}


def is_awaited(event: str, store: str) -> bool:
    """Whether an enabled automation of a server that stays acts on this event about a store.

    Not so where the server ends with this process, or cannot be asked.
    """
    if ends_with_this_process():
        return False
    try:
        with get_client(sync_client=True) as client:
            automations = client.read_automations()
    except Exception:  # the server is away, or is one that does not tell
        return False
    resource = Resource(resource_of(store))
    return any(each.enabled and _expects(each.trigger, event, resource) for each in automations)


def _expects(trigger: Any, event: str, resource: Resource) -> bool:
    """Whether a trigger, or one that it is made of, expects the event."""
    if hasattr(trigger, "triggers"):
        return any(_expects(each, event, resource) for each in trigger.triggers)
    expected = getattr(trigger, "expect", None)
    return expected is not None and any(fnmatch(event, each) for each in expected) and trigger.match.matches(resource)


def announce_promotion(store: str, run: str, method: str, sentence: str) -> None:
    """Tell that `method` of `run` is the champion now, and why."""
    announce(PROMOTION, store, {"run": run, "method": method, "why": sentence})
