"""A store's schedules as a backup keeps them: read from a Prefect server, in words that another server understands."""

from typing import Any

from prefect.client.orchestration import SyncPrefectClient

from artifacts.store.naming import store_id
from tasks.support.deployments import deployed
from tasks.support.notifications import notified


def exported(client: SyncPrefectClient, store: str) -> dict[str, Any]:
    """The store's deployments, and the names of those who are told of it, without what opens their mailboxes.

    `store`: its whole path or URL. The server keeps passwords in blocks, encrypted, which no backup has.
    """
    found = deployed(client, store)
    return {
        "deployments": [
            {
                "flow": each.name.partition("/")[0],
                "settings": client.read_deployment(each.id).parameters.get("settings") or {},
                "cron": each.cron,
                "zone": each.zone or "UTC",
                "pool": each.pool,
                "paused": each.stopped,
            }
            for each in found
        ],
        "told": [one.label for one in notified(client, store_id(store))],
    }
