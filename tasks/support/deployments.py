"""Deployments on a Prefect server: a flow with its settings and its times; made, listed and removed by store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect import Flow
from prefect._vendor.croniter.croniter import croniter
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType

from artifacts.store.naming import short_name, store_id
from rnn.errors import WavecastError
from tasks.support.events import DRIFT, STORES

TAG = "wavecast"
SLUG = "wavecast"
"""The name of a deployment's one schedule, by which it is changed and not doubled."""
GRACE = 600
"""Seconds until a run that was given the place of the one at work, and has not begun, loses it: see prefect.yaml."""


class BadSchedule(WavecastError):
    """A time that Prefect does not understand."""


@dataclass(frozen=True)
class Planned:
    """A flow for a store with its settings, and when it runs: `cron` in the time zone `zone`."""

    flow: Flow[Any, Any]
    settings: dict[str, Any]
    cron: str
    zone: str
    on_drift: bool = False


@dataclass(frozen=True)
class Deployed:
    """A deployment as the server has it. `cron`: None while no schedule is active; `stopped`: paused as a whole."""

    id: UUID
    name: str
    store: str | None
    data: str | None
    pool: str | None
    cron: str | None
    zone: str | None
    stopped: bool

    @property
    def longest_pause(self) -> timedelta:
        """The longest time between two of its next runs; zero without an active schedule."""
        if self.cron is None or self.stopped:
            return timedelta()
        times = croniter(self.cron, datetime.now(ZoneInfo(self.zone or "UTC")))  # type: ignore[no-untyped-call]
        due: list[datetime] = [times.get_next(datetime) for _ in range(60)]  # type: ignore[no-untyped-call]
        return max(later - earlier for earlier, later in pairwise(due))


def ensure_pool(client: SyncPrefectClient, pool: str) -> None:
    """Make the work pool, of processes on the worker's machine, unless there is one of that name."""
    try:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
    except ObjectAlreadyExists:
        return


def has_worker(client: SyncPrefectClient, pool: str) -> bool:
    """Whether a worker has asked the pool for work within the last half minute or so."""
    answer = client.request(
        "POST", "/work_pools/{work_pool_name}/workers/filter", path_params={"work_pool_name": pool}, json={}
    )
    return any(worker.get("status") == "ONLINE" for worker in answer.json())


def put(client: SyncPrefectClient, store: str, pool: str, planned: Iterable[Planned], env: dict[str, str]) -> list[str]:
    """Make the store's deployments, or change those that it has; returns their names. Raises BadSchedule.

    One run of each at a time: what comes due meanwhile is cancelled. The flow is found by its module, which is
    installed where the worker is, so that neither needs a clone. `env`: variables of the runs' environment.
    """
    ready = [(each, _schedule(each.cron, each.zone)) for each in planned]
    name = _name(client, store)
    for each, schedule in ready:
        deployment = RunnerDeployment.from_flow(
            each.flow,
            name,
            entrypoint_type=EntrypointType.MODULE_PATH,
            work_pool_name=pool,
            schedules=[DeploymentScheduleCreate(schedule=schedule, slug=SLUG, active=True)],
            concurrency_limit=ConcurrencyLimitConfig(
                limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW, grace_period_seconds=GRACE
            ),
            parameters={"settings": each.settings},
            triggers=[_drift(store, name)] if each.on_drift else [],
            tags=[TAG, "scheduled"],
            paused=False,
            job_variables={"env": env},
        )
        deployment.apply()
    return [f"{each.flow.name}/{name}" for each, _ in ready]


def deployed(client: SyncPrefectClient, store: str | None = None) -> list[Deployed]:
    """All deployments of Wavecast's, or those of one store, given by its whole path or URL; by store and name."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    found = client.read_deployments(deployment_filter=tagged, limit=200)
    flows = {each.id: each.name for each in client.read_flows()}
    every = [_read(each, flows.get(each.flow_id, "?")) for each in found]
    mine = [each for each in every if store is None or each.store == store]
    return sorted(mine, key=lambda each: (each.store or "", each.name))


def remove(client: SyncPrefectClient, deployment: Deployed) -> None:
    """Delete a deployment, its schedule and its runs to come, and the automation that drift triggers."""
    client.delete_resource_owned_automations(f"prefect.deployment.{deployment.id}")
    client.delete_deployment(deployment.id)


def _schedule(cron: str, zone: str) -> CronSchedule:
    try:
        return CronSchedule(cron=cron, timezone=zone)
    except ValueError:
        raise BadSchedule(f"{cron!r} is no cron schedule: give five fields, such as '0 3 * * *' for 03:00") from None


def _name(client: SyncPrefectClient, store: str) -> str:
    """The store's short name, or its id where another store's deployments have that name already."""
    short = short_name(store)
    taken = any(each.name.partition("/")[2] == short and each.store != store for each in deployed(client))
    return store_id(store) if taken else short


def _drift(store: str, name: str) -> DeploymentEventTrigger:
    """What starts the retraining when the monitor announces drift in this store."""
    return DeploymentEventTrigger(
        name=f"wavecast: drift retrains {name}",
        match={"prefect.resource.id": f"{STORES}.{store_id(store)}"},
        expect={DRIFT},
        threshold=1,
    )


def _read(found: DeploymentResponse, flow: str) -> Deployed:
    settings = found.parameters.get("settings") or {}
    active = [each.schedule for each in found.schedules if each.active]
    cron = next((each for each in active if isinstance(each, CronSchedule)), None)
    return Deployed(
        id=found.id,
        name=f"{flow}/{found.name}",
        store=settings.get("store"),
        data=settings.get("data"),
        pool=found.work_pool_name,
        cron=cron.cron if cron else None,
        zone=cron.timezone if cron else None,
        stopped=found.paused,
    )
