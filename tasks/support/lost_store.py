"""A schedule whose store is no longer where it was: that is told, and no empty one is begun in its place."""

import shlex
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from pydantic import BaseModel

from artifacts.store.existing import holds_nothing
from rnn.errors import WavecastError
from rnn.readers.urls import redacted

LOOKED_AT = 50
"""Runs of a deployment, the newest, among which one is looked for that had the same store."""


class LostStore(WavecastError):
    """A store that a schedule has used is not there any more."""


def refuse_lost_store(settings: BaseModel, deployment: str) -> None:
    """Raise LostStore where nothing is in the store's place, and a run of the deployment has completed with it before.

    The server is asked only where nothing is there, as on a schedule's first night.
    """
    store = getattr(settings, "store", None)
    if not isinstance(store, str) or not holds_nothing(store) or not has_completed(settings, deployment):
        return
    shown, given = redacted(store), getattr(settings, "data", None)
    data = shlex.quote(redacted(given)) if given else "FILE"
    raise LostStore(
        f"there is nothing at {shown}, where earlier runs of this schedule had their store, and no empty one is begun: "
        f"put it back (is a disk missing?); or, if it was moved, `wavecast deploy --data {data} --store ITS-NEW-PLACE` "
        f"and `wavecast deploy --remove --store {shlex.quote(shown)}`; or begin anew with `wavecast retrain --data "
        f"{data} --store {shlex.quote(shown)}`"
    )


def has_completed(settings: BaseModel, deployment: str) -> bool:
    """Whether one of the newest completed runs of a deployment had the same store as these settings."""
    usual = type(settings).model_fields["store"].default
    completed = FlowRunFilterStateType(any_=[StateType.COMPLETED])
    of_deployment = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[UUID(deployment)]), state=FlowRunFilterState(type=completed)
    )
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_run_filter=of_deployment, limit=LOOKED_AT, sort=FlowRunSort.EXPECTED_START_TIME_DESC
        )
    stores = ((run.parameters.get("settings") or {}).get("store", usual) for run in runs)
    return getattr(settings, "store", None) in stores
