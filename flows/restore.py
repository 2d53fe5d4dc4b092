"""Restore a backup: the store, and its schedules on a server. Try `wavecast restore --help`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, cast

from cyclopts import Parameter
from pydantic import ValidationError

from artifacts.store.existing import existing_store
from artifacts.store.naming import whole_url
from artifacts.store.restore import Index, NotRestored, read_index
from artifacts.store.restore import restore as put_back
from artifacts.web.phrases import count
from flows.command_line.command import run_from_command_line
from flows.command_line.verbs import VERBS
from flows.deploy import FLOWS, register
from flows.promote import gallery_warning, latest_warning
from flows.settings.backup import RestoreSettings
from rnn.errors import WavecastError
from rnn.readers.urls import from_root, redacted
from tasks.support.credentials import PasswordInParameters, refuse_passwords

if TYPE_CHECKING:  # Prefect takes seconds to import
    from prefect import Flow
    from prefect.client.orchestration import SyncPrefectClient

    from tasks.support.deployments import Planned

ARCHIVE = "The backup, a path or URL that ends in .tar.zst."


def restore(archive: Annotated[str, Parameter(help=ARCHIVE)], /, settings: RestoreSettings) -> str:
    """Put a backup back where no store is, every file compared by its digest, and its schedules on the Prefect server.

    `latest/` and the gallery are made again. Nothing is put over a store that is there.
    """
    if settings.schedules == "only":
        existing_store(settings.store)
        index = read_index(archive)
        return "\n".join(_put_schedules(index, settings))
    index = put_back(archive, settings.store)
    store = existing_store(settings.store)
    warnings = f"{latest_warning(store)}{gallery_warning(store)}"
    lines = [f"{count(len(index.runs), 'run')}, as they were at {_moment(index.made)}, from {redacted(index.store)}"]
    lines += [f"damaged before the backup already: {run} ({wrong})" for run, wrong in index.damaged.items()]
    lines += [] if settings.schedules == "no" else _put_schedules(index, settings)
    return "\n".join([*lines, f"{redacted(settings.store)} is restored{warnings}"])


def _moment(made: str) -> str:
    return made.replace("T", " ").replace("+00:00", " UTC")


def _put_schedules(index: Index, settings: RestoreSettings) -> list[str]:
    """Register a backup's schedules for the store where it is now; what came of it, in lines.

    A store that is back stays, whatever becomes of its schedules. Raises what is wrong where they alone were asked for.
    """
    if "without" in index.schedules:
        return [f"no schedules in the backup: {index.schedules['without']}"]
    from tasks.support.server import staying_server

    store = whole_url(settings.store)
    try:
        kept = _kept(index.schedules, store, settings.data)
        if not kept:
            return ["no schedules in the backup: the server had none of the store"]
        with staying_server() as client:
            lines = _register(client, store, kept)
    except WavecastError as error:
        if settings.schedules == "only":
            raise
        return [f"the schedules are not on a server: {error}; then give the same command with --schedules only"]
    again = [f"not in the backup: {who}; give `wavecast notify` once more" for who in index.schedules.get("told", ())]
    return lines + again


def _kept(schedules: Mapping[str, Any], store: str, data: str | None) -> "list[tuple[str, bool, Planned]]":
    """Of each deployment its pool, whether it rests, and what is planned. Raises NotRestored for what no flow takes."""
    from tasks.support.deployments import Planned

    kept: list[tuple[str, bool, Planned]] = []
    try:
        for each in schedules["deployments"]:
            if each["cron"] is None:
                continue
            if each["flow"] not in FLOWS:
                raise NotRestored(f"the backup has a schedule of {each['flow']!r}, which Wavecast does not schedule")
            verb = VERBS[each["flow"]]
            given = {**each["settings"], "store": store} | ({"data": from_root(data)} if data else {})
            refuse_passwords(verb.settings().model_validate(given))
            planned = Planned(
                flow=cast("Flow[Any, Any]", verb.function()),
                settings=given,
                cron=str(each["cron"]),
                zone=str(each["zone"]),
                on_drift=each["flow"] == "retrain",
            )
            kept.append((str(each["pool"]), bool(each["paused"]), planned))
    except (KeyError, TypeError, ValidationError, PasswordInParameters) as error:
        raise NotRestored(f"a schedule in the backup cannot be used: {' '.join(str(error).split())[:300]}") from None
    return kept


def _register(client: "SyncPrefectClient", store: str, kept: "list[tuple[str, bool, Planned]]") -> list[str]:
    from tasks.support.deployments import deployed
    from tasks.support.notifications import await_runs

    lines: list[str] = []
    for pool in dict.fromkeys(pool for pool, _, _ in kept):
        planned = [each for its, _, each in kept if its == pool]
        names = register(client, store, pool, planned)
        lines += [f"{name}: {each.cron} {each.zone}" for name, each in zip(names, planned, strict=True)]
    resting = {each.flow.name for _, paused, each in kept if paused}
    for each in deployed(client, store):
        if each.name.partition("/")[0] in resting:
            client.pause_deployment(each.id)
            lines.append(f"{each.name} is paused, as it was")
    if resting:
        await_runs(client, store, deployed(client, store))
    return lines


if __name__ == "__main__":
    run_from_command_line(restore, RestoreSettings)
