"""Make, try, list and remove the receivers of a store's notifications. Try `wavecast notify --help`."""

import os
from typing import TYPE_CHECKING

from artifacts.store.naming import store_id, whole_url
from flows.command_line.command import run_from_command_line
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
    from tasks.support.receivers import label_of, mail_server, receiver
    from tasks.support.server import staying_server

    url = os.environ.get("WAVECAST_NOTIFY_URL")
    if settings.list:
        with staying_server() as client:
            return _listed(client)
    if settings.remove:
        label = None if settings.to is None else label_of(settings.to, url)
        with staying_server() as client:
            return _removed(client, settings.store, label)
    if settings.to is None:
        raise NobodyToTell("--to: say who is to be told, as in --to mail:ops@example.org")
    server = mail_server(settings.smtp, settings.smtp_user, settings.smtp_security, settings.sender, os.environ)
    asked = receiver(settings.to, server, url)
    with staying_server() as client:
        return _told(client, settings.store, asked)


def _told(client: "SyncPrefectClient", store: str, asked: "Receiver") -> str:
    from tasks.support.deployments import deployed
    from tasks.support.notifications import notify as make

    mine = deployed(client, whole_url(store))
    if not mine:
        raise NobodyToTell(f"the store {redacted(whole_url(store))} has no schedules: begin with `wavecast deploy`")
    make(client, whole_url(store), asked, mine)
    return f"a trial message is on its way; {asked.label} is told of {TOLD}"


def _removed(client: "SyncPrefectClient", store: str, label: str | None) -> str:
    from tasks.support.notifications import forget, notified

    gone = [one for one in notified(client, store_id(store)) if label is None or one.label == label]
    if not gone:
        who = "nobody is" if label is None else f"{label} is not"
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
