"""Who is told what of a store: receivers made, tried, listed, removed. Try `wavecast notify --help`."""

import os
from typing import TYPE_CHECKING

from artifacts.store.naming import store_id, whole_url
from flows.command_line import run_from_command_line
from flows.settings.notify import NotifySettings
from rnn.errors import WavecastError
from rnn.readers.urls import redacted

if TYPE_CHECKING:  # Prefect takes seconds to import
    from prefect.client.orchestration import SyncPrefectClient

    from tasks.support.notifications import Notified
    from tasks.support.receivers import Receiver

TOLD = "failed and crashed runs, runs that are missing, drift, new champions, and data that are not as usual"


class NobodyToTell(WavecastError):
    """No receiver, or no schedules that something could be told of."""


def notify(settings: NotifySettings) -> str:
    """Have Prefect tell somebody, by mail, Slack or a webhook, when a store on a schedule needs to be looked at."""
    from tasks.support.server import staying_server

    asked = None if settings.to is None or settings.list else _receiver(settings)
    if asked is None and not (settings.list or settings.remove):
        raise NobodyToTell("--to: say who is to be told, as in --to mail:ops@example.org")
    with staying_server() as client:
        if settings.list:
            return _listed(client)
        if settings.remove:
            return _removed(client, settings.store, asked)
        if asked is not None:
            return _told(client, settings.store, asked)
    return ""


def _receiver(settings: NotifySettings) -> "Receiver":
    from tasks.support.receivers import mail_server, receiver

    server = mail_server(settings.smtp, settings.smtp_user, settings.smtp_security, settings.sender, os.environ)
    return receiver(settings.to or "", server, os.environ.get("WAVECAST_NOTIFY_URL"))


def _told(client: "SyncPrefectClient", store: str, asked: "Receiver") -> str:
    from tasks.support.deployments import deployed
    from tasks.support.notifications import notify as make

    mine = deployed(client, whole_url(store))
    if not mine:
        raise NobodyToTell(f"the store {redacted(whole_url(store))} has no schedules: begin with `wavecast deploy`")
    make(client, whole_url(store), asked, mine)
    return f"a trial message is on its way; {asked.label} is told of {TOLD}"


def _removed(client: "SyncPrefectClient", store: str, asked: "Receiver | None") -> str:
    from tasks.support.notifications import forget, notified

    gone = [one for one in notified(client, store_id(store)) if asked is None or one.label == asked.label]
    if not gone:
        who = "nobody" if asked is None else f"{asked.label} is not"
        raise NobodyToTell(f"{who} told of {redacted(whole_url(store))}: `wavecast notify --list` says who is")
    for one in gone:
        forget(client, one)
    return f"told no longer: {', '.join(one.label for one in gone)}"


def _listed(client: "SyncPrefectClient") -> str:
    from tasks.support.notifications import notified

    lines = [_in_words(one) for one in notified(client)]
    return "\n".join(lines) or "nobody is told of anything: `wavecast notify --to mail:ops@example.org --store FOLDER`"


def _in_words(one: "Notified") -> str:
    disabled = sum(not each.enabled for each in one.automations)
    return f"{one.store}: {one.label}" + (f" ({disabled} of {len(one.automations)} switched off)" if disabled else "")


if __name__ == "__main__":
    run_from_command_line(notify, NotifySettings)
