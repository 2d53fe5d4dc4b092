"""Make, list, pause and remove a store's schedules on a Prefect server. Try `wavecast deploy --help`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from artifacts.store.naming import store_id, whole_url
from flows.command_line.command import run_from_command_line
from flows.command_line.known_series import with_known_series
from flows.command_line.verbs import VERBS
from flows.deployment.prefect_defaults import DEFAULTS
from flows.settings.deploy import DeploySettings
from rnn.errors import WavecastError
from rnn.readers.files import STANDARD_INPUT
from rnn.readers.urls import from_root, redacted
from tasks.support.credentials import PasswordInParameters, refuse_passwords

if TYPE_CHECKING:  # Prefect takes seconds to import
    from prefect import Flow
    from prefect.client.orchestration import SyncPrefectClient

    from tasks.support.deployments import Deployed, Planned

AUTOMATIONS = Path(__file__).with_name("automations.yaml")
FLOWS = ("retrain", "monitor")


class NotDeployable(WavecastError):
    """What was asked cannot be put on a schedule."""


class NotDeployed(WavecastError):
    """The server has no schedules of the store."""


def deploy(settings: DeploySettings) -> str:
    """Retrain and monitor a store on a schedule, with the same settings for both; or list, pause, resume, remove."""
    settings = with_known_series(settings)
    asked = settings.list or settings.pause or settings.resume or settings.remove
    if not asked:
        check_deployable(settings)
    from tasks.support.deployments import deployed
    from tasks.support.server import staying_server

    store = whole_url(settings.store)
    with staying_server() as client:
        if settings.list:
            return _listed(client, deployed(client))
        if not asked:
            return _put(client, store, settings)
        mine = deployed(client, store)
        if not mine:
            others = sorted({each.store for each in deployed(client) if each.store})
            there = f"there are those of {', '.join(others)}" if others else "it has none of any store"
            raise NotDeployed(f"the server has no schedules of the store {redacted(store)}: {there}")
        return _change(client, store, mine, settings)


def check_deployable(settings: DeploySettings) -> None:
    """Raises NotDeployable for data that a worker could not read, and for passwords, which Prefect would keep."""
    if settings.accept:
        raise NotDeployable("--accept: it is for one time, and a schedule has many: give it to one `wavecast retrain`")
    if settings.data is None:
        raise NotDeployable("--data: name the file that the schedule is to read")
    if settings.data == STANDARD_INPUT:
        raise NotDeployable("--data: a schedule cannot read standard input: name a file or URL")
    try:
        refuse_passwords(settings)
    except PasswordInParameters as error:
        raise NotDeployable(f"--{error}") from None


def parameters(settings: DeploySettings, model: type[BaseModel]) -> dict[str, Any]:
    """What of the settings a flow takes and was given, fit for another machine's folder: with whole paths."""
    given = settings.model_dump(mode="json", include=set(model.model_fields), exclude_unset=True)
    places = {"store": whole_url(settings.store), "data": settings.data and from_root(settings.data)}
    if settings.sink is not None:
        places["sink"] = from_root(settings.sink)
    return given | places


def _put(client: "SyncPrefectClient", store: str, settings: DeploySettings) -> str:
    from tasks.support.deployments import Planned, deployed, has_worker

    # Not all stores of a server at the same minute: its digest spreads them over half an hour.
    minute = int(store_id(store)[-6:], 16) % 30
    zone = settings.schedule_zone or settings.time_zone or "UTC"
    verbs = [VERBS[name] for name in FLOWS]
    planned = [
        Planned(
            cast("Flow[Any, Any]", verb.function()),
            parameters(settings, verb.settings()),
            cron,
            zone,
            on_drift=name == "retrain",
        )
        for name, verb, cron in zip(FLOWS, verbs, settings.crons(minute), strict=True)
    ]
    before = {each.data for each in deployed(client, store) if each.data} - {planned[0].settings["data"]}
    names = register(client, store, settings.pool, planned)
    lines = [f"{name}: {each.cron} {zone}" for name, each in zip(names, planned, strict=True)]
    lines += [f"They no longer read {redacted(data)}: a store is of one series" for data in sorted(before)]
    lines += ["Drift found by the monitor starts the retraining at once."]
    if not has_worker(client, settings.pool):
        lines += [f"No worker takes work from the pool '{settings.pool}' yet: {_worker(settings.pool)}"]
    return "\n".join([*lines, f"{redacted(store)} is on schedule"])


def register(client: "SyncPrefectClient", store: str, pool: str, planned: "Iterable[Planned]") -> list[str]:
    """Make a store's deployments on a server, and all that goes with them; returns their names. Raises BadSchedule."""
    from tasks.support.automations import ensure
    from tasks.support.deployments import deployed, ensure_pool, put
    from tasks.support.notifications import await_runs

    ensure_pool(client, pool)
    names = put(client, store, pool, planned, DEFAULTS)
    ensure(client, AUTOMATIONS)
    await_runs(client, store, deployed(client, store))
    return names


def _worker(pool: str) -> str:
    return "make worker" if pool == "wavecast" else f"prefect worker start --type process --pool {pool}"


def _change(client: "SyncPrefectClient", store: str, mine: "list[Deployed]", settings: DeploySettings) -> str:
    from tasks.support.deployments import deployed, remove
    from tasks.support.notifications import await_runs, forget, notified

    for each in mine:
        if settings.remove:
            remove(client, each)
        elif settings.pause:
            client.pause_deployment(each.id)
        else:
            client.resume_deployment(each.id)
    told = notified(client, store_id(store)) if settings.remove else []
    for one in told:
        forget(client, one)
    if not settings.remove:
        await_runs(client, store, deployed(client, store))
    done = "removed" if settings.remove else "paused" if settings.pause else "resumed"
    no_longer = f"; told of it no longer: {', '.join(one.label for one in told)}" if told else ""
    return f"{done}: {', '.join(each.name for each in mine)}{no_longer}"


def _listed(client: "SyncPrefectClient", found: "list[Deployed]") -> str:
    from tasks.support.deployments import has_worker

    lines: list[str] = []
    for each in found:
        where = redacted(each.store or "runs (in the worker's folder)")
        lines += [] if where in lines else [where]
        when = f"{each.cron} {each.zone or 'UTC'}" if each.cron else "no active schedule"
        data = f", {redacted(each.data)}" if each.data else ""
        lines += [f"    {each.name}: {'paused' if each.stopped else when}{data}"]
    for pool in sorted({each.pool for each in found if each.pool}):
        lines += [] if has_worker(client, pool) else [f"No worker takes work from the pool '{pool}': {_worker(pool)}"]
    return "\n".join(lines) or "nothing is deployed: `wavecast deploy --data FILE --store FOLDER --every day`"


if __name__ == "__main__":
    run_from_command_line(deploy, DeploySettings)
