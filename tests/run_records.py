"""Records of a run that tests read: its manifest, and its artifacts on the Prefect server."""

import json
from pathlib import Path
from typing import Any

from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterKey
from prefect.client.schemas.objects import Artifact

from artifacts.store.listing import MANIFEST
from artifacts.store.naming import store_id


def manifest(place: str | Path) -> dict[str, Any]:
    """The manifest of the run at `place`."""
    content: dict[str, Any] = json.loads((Path(place) / MANIFEST).read_text())
    return content


def artifacts(place: str | Path, key: str) -> list[Artifact]:
    """The artifacts `key` of the run at `place`."""
    of_this_run = ArtifactFilterFlowRunId(any_=[manifest(place)["execution"]["flow_run"]])
    of_store = ArtifactFilterKey(any_=[f"{key}-{store_id(str(Path(place).parent))}"])
    with get_client(sync_client=True) as client:
        return client.read_artifacts(artifact_filter=ArtifactFilter(key=of_store, flow_run_id=of_this_run))


def artifact(place: str | Path, key: str) -> Artifact:
    """The one artifact `key` of the run at `place`."""
    (found,) = artifacts(place, key)
    return found
