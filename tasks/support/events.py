"""The project's own events, which Prefect's triggers and notifications wait for (prefect.yaml, docs/operating.md)."""

import re
from typing import Any

from prefect.events import emit_event

DRIFT, PROMOTION = "wavecast.drift", "wavecast.promotion"


def announce(event: str, store: str, payload: dict[str, Any]) -> None:
    """Emit an event about a store. Its resource is `wavecast.store.<the store's name, letters and digits only>`."""
    slug = re.sub(r"[^a-z0-9]+", "-", store.lower()).strip("-")
    emit_event(
        event,
        resource={"prefect.resource.id": f"wavecast.store.{slug}", "prefect.resource.name": store},
        payload={"store": store, **payload},
    )


def announce_promotion(store: str, run: str, method: str, sentence: str) -> None:
    """Tell that `method` of `run` is the champion now, and why."""
    announce(PROMOTION, store, {"run": run, "method": method, "why": sentence})
