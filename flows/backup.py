"""Back up a store and its schedules into one archive. Try `wavecast backup --help`."""

from typing import Any

from artifacts.store.backup import Backup, back_up
from artifacts.store.existing import existing_store
from artifacts.store.naming import whole_url
from artifacts.web.phrases import count
from flows.command_line.command import DIFFERENT, Answer, run_from_command_line
from flows.settings.backup import BackupSettings


def backup(settings: BackupSettings) -> Answer:
    """Put a store's runs, champions, ledger and schedules into one archive, while runs may go on; the last line says where.

    Exit code 1 when a run in it is not as its manifest says: the backup is made, and the run is named.
    """  # noqa: E501  # the first line is the verb's help
    store = existing_store(settings.store)
    schedules = _schedules(settings)
    made = back_up(store, settings.to, schedules)
    return Answer("\n".join([*_in_words(made, schedules), made.place]), DIFFERENT if made.damaged else 0)


def _schedules(settings: BackupSettings) -> dict[str, Any]:
    """The store's schedules; or why there are none, for whoever restores it."""
    if settings.schedules == "no":
        return {"without": "they were left out (--schedules no)"}
    from tasks.support.schedules import exported
    from tasks.support.server import ServerAway, staying_server

    try:
        with staying_server() as client:
            return exported(client, whole_url(settings.store))
    except ServerAway as error:
        return {"without": str(error)}


def _in_words(made: Backup, schedules: dict[str, Any]) -> list[str]:
    lines = [f"{count(made.runs, 'run')} and {count(made.files, 'file')} beside them, {made.size / 1e6:.1f} MB"]
    lines += [f"damaged, and put in as it is: {run} ({wrong})" for run, wrong in made.damaged.items()]
    lines += [f"not in it: {name}, which is a store of its own: back it up by itself" for name in made.stores]
    if "without" in schedules:
        return [*lines, f"no schedules: {schedules['without']}"]
    flows = ", ".join(each["flow"] for each in schedules["deployments"])
    lines += [f"schedules: {flows}" if flows else "the server has no schedules of this store"]
    return lines + [f"not in it: the password or URL of {who}" for who in schedules["told"]]


if __name__ == "__main__":
    run_from_command_line(backup, BackupSettings)
