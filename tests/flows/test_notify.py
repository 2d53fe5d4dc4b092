"""Notifications: who can be told, what is kept where, and that a real server tells them, by mail and by webhook."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from prefect import get_client
from prefect.client.schemas.filters import BlockDocumentFilter, BlockDocumentFilterIsAnonymous
from prefect.events import Event
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Failed

from artifacts.lifecycle.registry import CHAMPION
from artifacts.store.naming import store_id
from artifacts.store.store import Store
from flows.deploy import deploy
from flows.notify import NobodyToTell, notify
from flows.settings.deploy import DeploySettings
from flows.settings.notify import NotifySettings
from tasks.support import notifications
from tasks.support.deployments import Deployed
from tasks.support.events import DRIFT, FEED, PROMOTION, resource_of
from tasks.support.notifications import NotSent, automations
from tasks.support.receivers import BadReceiver, mail_server, receiver
from tasks.support.server import ServerAway
from tests.postgres import for_prefect, running_postgres
from tests.processes import ROOT, eventually, free_port, operators_environment, process, server_answers

PREFECT = str(Path(sys.executable).with_name("prefect"))
PASSWORD = "hush-hush"  # noqa: S105


class Mailbox:
    """A mail server of this machine that keeps what it is given; it wants a password where one is set."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  its name is the library's
        self.mails.append(envelope.content.decode())
        return "250 OK"


@contextmanager
def mailbox(wants: str | None = None) -> Iterator[tuple[Mailbox, str]]:
    def opens(server, session, envelope, mechanism, said) -> AuthResult:
        return AuthResult(success=isinstance(said, LoginPassword) and said.password == (wants or "").encode())

    box = Mailbox()
    how = {"authenticator": opens, "auth_required": True, "auth_require_tls": False} if wants else {}
    server = Controller(box, hostname="127.0.0.1", port=(port := free_port()), **how)
    server.start()
    try:
        yield box, f"127.0.0.1:{port}"
    finally:
        server.stop()


@contextmanager
def hook(status: int = 200) -> Iterator[tuple[list[dict], str]]:
    """A webhook of this machine, what it was sent, and its URL."""
    sent: list[dict] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield sent, f"http://127.0.0.1:{server.server_port}/hook?token={PASSWORD}"
    finally:
        server.shutdown()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """That of server and worker, whose flows are those of this folder.

    The server is on PostgreSQL: on SQLite it loses an event when two writes collide (docs/operating.md).
    """
    with running_postgres() as postgres:
        database = for_prefect(postgres)
        yield operators_environment(tmp_path_factory.mktemp("prefect"), PYTHONPATH=str(ROOT), **database)


@pytest.fixture(scope="module")
def operator(environment, tmp_path_factory):
    """A real server, with the services that act on events, and a store on a schedule; yields the store and a client."""
    place = tmp_path_factory.mktemp("notified")
    url = environment["PREFECT_API_URL"]
    days = [date(2026, 3, 30) - timedelta(days=ago) for ago in reversed(range(90))]
    (place / "sales.csv").write_text("day,sales\n" + "".join(f"{day},{day.toordinal() % 7}\n" for day in days))

    with ExitStack() as stack:
        stack.enter_context(process(place / "server.log", environment, PREFECT, "server", "start"))
        eventually(lambda: server_answers(url), "the server")
        stack.enter_context(temporary_settings({PREFECT_API_URL: url}))
        store = str(place / "runs")
        deploy(DeploySettings(data=str(place / "sales.csv"), store=store))
        yield store, stack.enter_context(get_client(sync_client=True))


def tell(store: str, to: str, **more) -> str:
    return notify(NotifySettings(to=to, store=store, **more))


def blocks(client) -> set[str]:
    every = BlockDocumentFilter(is_anonymous=BlockDocumentFilterIsAnonymous(eq_=False))
    asked = {"block_documents": every.model_dump(mode="json"), "include_secrets": False}
    return {each["name"] for each in client.request("POST", "/block_documents/filter", json=asked).json()}


def told(client) -> list[str]:
    return sorted(each.name for each in client.read_automations() if each.name.startswith("wavecast notify "))


def announce(client, store: str, event: str, why: str) -> None:
    one = Event(event=event, resource=resource_of(store), payload={"store": store, "why": why})
    client.request("POST", "/events", json=[one.model_dump(mode="json")])


def test_a_mail_tries_the_way_and_then_drift_is_told(operator, monkeypatch, capfd):
    store, client = operator
    monkeypatch.setenv("WAVECAST_SMTP_PASSWORD", PASSWORD)
    with mailbox(wants=PASSWORD) as (box, smtp):
        said = tell(store, "mail:ops@example.org", smtp=smtp, smtp_user="me", smtp_security="none")
        assert said.startswith("a trial message is on its way; mail ops@example.org is told of failed")
        (mail,) = box.mails
        assert f"Subject: Wavecast tells you of {store}"[:60] in mail.replace("=\n", "")
        assert len(told(client)) == 3 + 2 * 2
        announce(client, store, DRIFT, "The errors are <b>twice</b> the usual.")
        eventually(lambda: len(box.mails) == 2, "the mail about drift")
        assert "Content-Type: text/plain" in box.mails[1]
        assert "<b>twice</b>" in box.mails[1], "it is text, no markup"
        assert PASSWORD not in str(box.mails) + said + "".join(told(client)) + "".join(blocks(client))
    assert PASSWORD not in "".join(capfd.readouterr())
    held = client.request("POST", "/block_documents/filter", json={}).text
    assert PASSWORD not in held


def test_a_wrong_password_is_told_and_nothing_is_changed(operator, monkeypatch):
    store, client = operator
    before = told(client), blocks(client)
    monkeypatch.setenv("WAVECAST_SMTP_PASSWORD", "wrong-one")
    with (
        mailbox(wants=PASSWORD) as (box, smtp),
        pytest.raises(NotSent, match=r"could not send the trial message: .*; nothing was changed") as raised,
    ):
        tell(store, "mail:ops@example.org", smtp=smtp, smtp_user="me", smtp_security="none")
    assert "wrong-one" not in str(raised.value)
    assert (told(client), blocks(client), box.mails) == (*before, [])


def test_a_webhook_is_told_and_its_url_is_a_secret(operator, capfd):
    store, client = operator
    with hook() as (sent, url):
        said = tell(store, f"webhook:{url}")
        assert sent == [{"subject": f"Wavecast tells you of {store}", "body": "This is a trial: the way is open. "
                         "Nothing is wrong."}]  # fmt: skip
        announce(client, store, PROMOTION, "The challenger is better.")
        eventually(lambda: len(sent) == 2, "the message about the promotion")
        assert sent[1] == {"subject": f"Wavecast: a new champion in {store}", "body": "The challenger is better."}
        again = tell(store, f"webhook:{url}")
        assert again == said
        hooked = [name for name in told(client) if "webhook 127.0.0.1" in name]
        assert len(hooked) == 7, "a second time replaces the first"
    listed = notify(NotifySettings(list=True))
    assert "webhook 127.0.0.1/…" in listed
    assert PASSWORD not in listed + said + "".join(told(client)) + "".join(capfd.readouterr())


def test_a_failed_run_is_told_and_so_is_one_that_is_missing(operator, monkeypatch):
    store, client = operator
    monkeypatch.setattr(notifications, "SILENT", timedelta(seconds=10))
    monkeypatch.setattr(Deployed, "longest_pause", -notifications.SPARE)
    deployment = client.read_deployment_by_name("retrain/runs")
    with hook() as (sent, url):
        tell(store, f"webhook:{url}")
        run = client.create_flow_run_from_deployment(deployment.id)
        client.set_flow_run_state(run.id, Failed(message='line 3: "what" is no number'), force=True)

        def bodies(of: str) -> list[str]:
            return [each["body"] for each in sent if each["subject"] == of]

        eventually(lambda: bodies("Wavecast: retrain Failed, runs"), "the message about the failed run")
        assert bodies("Wavecast: retrain Failed, runs") == ['line 3: "what" is no number']
        missing = "Wavecast: no retrain of runs has completed in time"
        eventually(lambda: bodies(missing), "the message about missing runs")
        tell(store, f"webhook:{url}", remove=True)


def test_stale_data_and_a_run_whose_process_is_killed_are_told_by_webhook_and_mail(operator, environment, tmp_path):
    other, client = operator
    store, data = str(tmp_path / "stale"), str(Path(other).with_name("sales.csv"))
    deploy(DeploySettings(store=store, data=data, stale_after="3d", group_size=1, horizon=2, pool="night"))
    worker = (PREFECT, "worker", "start", "--pool", "night", "--type", "process")
    with hook() as (sent, url), mailbox() as (box, smtp), process(tmp_path / "worker.log", environment, *worker):
        tell(store, f"webhook:{url}")
        tell(store, "mail:night@example.org", smtp=smtp, smtp_security="none")

        def both(subject: str) -> str | None:
            """The text of the message of that subject, once it has come both ways."""
            bodies = [each["body"] for each in sent if each["subject"] == subject]
            mailed = any(subject in mail.replace("=\n", "").replace("\n ", " ") for mail in box.mails)
            return bodies[0] if bodies and mailed else None

        with Store(store).changing(CHAMPION):  # the run comes no further than its last step
            run = client.create_flow_run_from_deployment(client.read_deployment_by_name("retrain/stale").id)
            stale = eventually(lambda: both(f"Wavecast: the data of {store} are not as usual"), "news of stale data")
            assert "2026-03-30" in stale
            pid = client.read_flow_run(run.id).infrastructure_pid
            os.kill(int(pid.rpartition(":")[2]), signal.SIGKILL)
            crashed = eventually(lambda: both("Wavecast: retrain Crashed, stale"), "news of the crash")
        assert "SIGKILL" in crashed
        assert client.read_flow_run(run.id).state.is_crashed()
        deploy(DeploySettings(store=store, remove=True))


def test_a_webhook_that_refuses_is_told_without_its_url(operator):
    store, client = operator
    before = told(client), blocks(client)
    with hook(status=403) as (_, url), pytest.raises(NotSent, match="403") as raised:
        tell(store, f"webhook:{url}")
    assert PASSWORD not in str(raised.value)
    assert (told(client), blocks(client)) == before


def test_paused_schedules_are_not_missed_and_removed_ones_tell_nobody(operator):
    store, client = operator
    names = told(client)
    assert names
    deploy(DeploySettings(store=store, pause=True))
    resting = [each.name for each in client.read_automations() if not each.enabled]
    assert resting
    assert all(" missing, to " in name for name in resting)
    deploy(DeploySettings(store=store, resume=True))
    assert all(each.enabled for each in client.read_automations())
    data = str(Path(store).with_name("sales.csv"))
    deploy(DeploySettings(store=store, data=data, every="week"))
    within = {
        each.name.split()[3]: each.trigger.within
        for each in client.read_automations()
        if store_id(store) in each.name and " missing," in each.name
    }
    assert within == {"retrain": timedelta(days=7, hours=2), "monitor": timedelta(hours=26)}
    with pytest.raises(NobodyToTell, match="is not told of"):
        tell(store, "webhook:http://127.0.0.1:1/never", remove=True)
    assert "; told of it no longer: mail ops@example.org" in deploy(DeploySettings(store=store, remove=True))
    assert (told(client), blocks(client)) == ([], set())
    with pytest.raises(NobodyToTell, match="has no schedules: begin with `wavecast deploy`"):
        tell(store, "webhook:http://127.0.0.1:1/never")
    with pytest.raises(NobodyToTell, match="nobody is told of"):
        notify(NotifySettings(store=store, remove=True))


def test_without_a_server_it_is_one_line(monkeypatch):
    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(ServerAway, match=r"no Prefect server answers at http://127\.0\.0\.1:9/api"),
    ):
        tell("runs", "webhook:http://127.0.0.1:1/x")


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("ops@example.org", "begin with mail:, slack: or webhook:"),
        ("mail:nobody", "this is no mail address"),
        ("mail:a@b.org, c@d.org", "this is no mail address"),
        ("mail:ops@example.org\nBcc: all@example.org", "this is no mail address"),
        ("mail:ops@example.org", "name the mail server with --smtp"),
        ("slack:", "give its https:// URL"),
        ("slack:https://example.org/hush-hush", "example.org is no address of a slack"),
        ("webhook:ftp://me:hush-hush@example.org", "give its https:// URL"),
    ],
)
def test_a_receiver_that_is_none_is_one_line_without_secrets(to, told):
    with pytest.raises(BadReceiver, match=told) as raised:
        receiver(to, None)
    assert PASSWORD not in str(raised.value)


def test_nobody_is_told_without_somebody_to_tell():
    with pytest.raises(NobodyToTell, match="--to: say who"):
        notify(NotifySettings())


def test_slack_and_webhook_may_take_their_url_from_the_environment():
    url = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7Xq"
    one = receiver("slack", None, url)
    assert one.label.startswith("slack hooks.slack.com/…")
    assert one.block.url.get_secret_value() == url


@pytest.mark.parametrize(
    ("flags", "environment", "parts"),
    [
        (
            ("mail.example.org", None, None, None),
            {},
            ("mailtos://mail.example.org?", "mode=starttls", "wavecast%40mail"),
        ),
        (("mail.example.org:465", "me@a.org", None, None), {}, ("mode=ssl", "from=me%40a.org")),
        (("localhost:25", None, None, "x@y.org"), {}, ("mailto://localhost:25?", "mode=insecure", "from=x%40y.org")),
        (
            (None, None, None, None),
            {"WAVECAST_SMTP": "m.org:587", "WAVECAST_SMTP_USER": "me", "WAVECAST_SMTP_PASSWORD": "a/b@c"},
            ("mailtos://me:a%2Fb%40c@m.org:587?", "mode=starttls"),
        ),
    ],
)
def test_how_mail_is_sent_follows_from_flags_or_the_environment(flags, environment, parts):
    one = receiver("mail:ops@example.org", mail_server(*flags, environment))
    url = one.block.url.get_secret_value()
    assert all(part in url for part in ("to=ops%40example.org", "format=text", *parts))
    assert one.label == "mail ops@example.org"
    assert one.secret not in repr(one.block)


@pytest.mark.parametrize("where", ["me:hush-hush@mail.example.org", "mail.example.org:smtp", "mail.example.org/x"])
def test_a_mail_server_that_is_none_is_one_line(where):
    with pytest.raises(BadReceiver, match="give HOST or HOST:PORT") as raised:
        mail_server(where, None, None, None, {})
    assert PASSWORD not in str(raised.value)


def test_a_mail_account_without_a_password_is_one_line():
    with pytest.raises(BadReceiver, match="--smtp-user me: its password is wanted in WAVECAST_SMTP_PASSWORD"):
        mail_server("mail.example.org", "me", None, None, {})


RECEIVER = receiver("webhook:http://127.0.0.1:1/x", None)


def one_deployed(cron: str) -> Deployed:
    where = {"store": "/data/sales", "data": "/data/sales.csv", "pool": "wavecast", "zone": "Europe/Berlin"}
    return Deployed(id=uuid4(), name="retrain/sales", cron=cron, stopped=False, **where)


@pytest.mark.parametrize(
    ("cron", "hours"), [("5 * * * *", 26), ("0 3 * * *", 26), ("0 3 * * 1", 7 * 24 + 2), ("0 3 * * 1-5", 3 * 24 + 2)]
)
def test_runs_are_missed_two_hours_after_the_longest_pause_of_their_schedule(cron, hours):
    made = automations("/data/sales", RECEIVER, uuid4(), [one_deployed(cron)])
    (missing,) = [each for each in made if " missing, to " in each.name]
    clock_change = timedelta(hours=1)
    assert abs(missing.trigger.within - timedelta(hours=hours)) <= clock_change
    assert missing.trigger.posture == "Proactive"
    assert set(missing.trigger.expect) == {"prefect.flow-run.Completed"}


def test_what_is_told_of_a_store_is_of_that_store_alone():
    mine = one_deployed("0 3 * * *")
    made = automations("/data/sales", RECEIVER, uuid4(), [mine])
    expected = {name for each in made for name in each.trigger.expect}
    runs = {f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "Completed")}
    assert expected == {DRIFT, PROMOTION, FEED} | runs
    for each in made:
        of = {**each.trigger.match.model_dump(), **each.trigger.match_related.model_dump()}["prefect.resource.id"]
        assert "wavecast.store.sales-" in str(of) or str(mine.id) in str(of)
