"""Automations on a Prefect server, by name: each is there once."""

from pathlib import Path

import yaml
from prefect.client.orchestration import SyncPrefectClient
from prefect.events.schemas.automations import AutomationCore


def ensure(client: SyncPrefectClient, file: Path) -> None:
    """Make each automation of a file as `prefect automation create --from-file` takes it, unless one has its name."""
    for each in yaml.safe_load(file.read_text(encoding="utf-8"))["automations"]:
        automation = AutomationCore.model_validate(each)
        if not client.read_automations_by_name(automation.name):
            client.create_automation(automation)
