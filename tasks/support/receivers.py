"""Receivers of notifications: `mail:…`, `slack:…` and `webhook:…` as Prefect's notification blocks."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from prefect.blocks.notifications import SlackWebhook
from prefect.blocks.webhook import Webhook
from prefect.types import SecretDict
from pydantic import SecretStr

from rnn.errors import WavecastError

KINDS = ("mail", "slack", "webhook")
JSON = {"Content-Type": "application/json"}


class BadReceiver(WavecastError):
    """It is not said, or not clear, who is to be told."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and by whom. `security`: starttls, tls, none; None for what the port suggests."""

    host: str
    port: int | None = None
    user: str | None = None
    password: str | None = None
    security: str | None = None
    sender: str | None = None


@dataclass(frozen=True)
class Receiver:
    """Somebody to tell. `label` names them without any secret; `block` holds the secrets, encrypted by the server."""

    label: str
    block: SlackWebhook | Webhook
    secret: str

    @property
    def digest(self) -> str:
        """Tells one receiver from another, and from the same with another password."""
        return hashlib.sha256(self.secret.encode()).hexdigest()[:8]

    def action(self, block: UUID, subject: str, body: str) -> dict[str, Any]:
        """What an automation does to tell them; `block`: the id of the block on the server."""
        if isinstance(self.block, SlackWebhook):
            message = {"subject": subject, "body": body}
            return {"type": "send-notification", "block_document_id": str(block), **message}
        # Texts with templates in them, first filled and then quoted.
        filled = f"{{% set subject %}}{subject}{{% endset %}}{{% set body %}}{body}{{% endset %}}"
        payload = filled + '{"subject": {{ subject | tojson }}, "body": {{ body | tojson }}}'
        return {"type": "call-webhook", "block_document_id": str(block), "payload": payload}


def receiver(to: str, mail: MailServer | None, url: str | None = None) -> Receiver:
    """The receiver that `to` names. `url`: of a chat or hook, where `to` has none. Raises BadReceiver."""
    label = label_of(to, url)
    kind, _, rest = to.partition(":")
    if kind == "mail":
        return _mail(label, rest, mail)
    where = rest or url or ""
    try:
        block = _apprise(where) if kind == "slack" else Webhook(url=SecretStr(where), headers=SecretDict(JSON))
    except ValueError:
        raise BadReceiver(f"--to {kind}: {_host(where)} is no address of a {kind} that Prefect knows") from None
    return Receiver(label, block, to + where)


def label_of(to: str, url: str | None = None) -> str:
    """The receiver's name, without any secret: the mail address, or a host and some letters. Raises BadReceiver."""
    kind, _, rest = to.partition(":")
    if kind not in KINDS:
        raise BadReceiver("--to: begin with mail:, slack: or webhook:, as in mail:ops@example.org")
    if kind == "mail":
        _, plain = parseaddr(rest)
        if plain != rest or "@" not in rest[1:-1] or any(letter in rest for letter in " ,;"):
            raise BadReceiver(f"--to mail:{rest}: this is no mail address; give one, as in mail:ops@example.org")
        return f"mail {rest}"
    where = rest or url or ""
    host = _host(where)
    if host is None:
        raise BadReceiver(f"--to {kind}: give its https:// URL behind the colon, or in WAVECAST_NOTIFY_URL")
    return f"{kind} {host}/…{hashlib.sha256(where.encode()).hexdigest()[:4]}"


def mail_server(
    where: str | None, user: str | None, security: str | None, sender: str | None, environment: Mapping[str, str]
) -> MailServer | None:
    """The mail server that flags, or else the environment, name; None when neither does. Raises BadReceiver."""
    where = where or environment.get("WAVECAST_SMTP")
    if not where:
        return None
    parts = urlsplit(f"//{where}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or parts.path or parts.username:
        raise BadReceiver("--smtp: give HOST or HOST:PORT; the password is WAVECAST_SMTP_PASSWORD")
    user, password = user or environment.get("WAVECAST_SMTP_USER"), environment.get("WAVECAST_SMTP_PASSWORD")
    if user and "@" not in user and not password:  # an address may be the sender alone
        raise BadReceiver(f"--smtp-user {user}: its password is wanted in WAVECAST_SMTP_PASSWORD")
    return MailServer(
        host=host,
        port=port,
        user=user,
        password=password,
        security=security,
        sender=sender or environment.get("WAVECAST_SMTP_SENDER"),
    )


def _mail(label: str, address: str, server: MailServer | None) -> Receiver:
    if server is None:
        raise BadReceiver("--to mail: name the mail server with --smtp HOST:PORT or WAVECAST_SMTP")
    security = server.security or ("tls" if server.port == 465 else "none" if _is_here(server.host) else "starttls")
    user = server.user if server.user and "@" in server.user else None
    domain = server.host if "." in server.host and not _is_ip(server.host) else "localhost.localdomain"
    query = {
        "from": server.sender or user or f"wavecast@{domain}",
        "to": address,
        "mode": {"none": "insecure", "tls": "ssl"}.get(security, security),
        # A mail of text: what a file or column is called is no markup.
        "format": "text",
        "name": "Wavecast",
    }
    who = ":".join(quote(part, safe="") for part in (server.user, server.password) if part)
    host = f"[{server.host}]" if ":" in server.host else server.host
    place = f"{who}@{host}" if who else host
    scheme = "mailto" if security == "none" else "mailtos"
    url = f"{scheme}://{place}{f':{server.port}' if server.port else ''}?{urlencode(query)}"
    try:
        return Receiver(label, _apprise(url), url)
    except ValueError:
        raise BadReceiver(f"--to mail:{address}: no mail can be sent so: look at the addresses, --sender too") from None


def _apprise(url: str) -> SlackWebhook:
    """A block for a URL of Apprise's, the library of notifications that Prefect brings.

    Prefect has no block for mail over SMTP. Its block for Slack hands any other URL on to Apprise; a block class of our
    own would have to be installed wherever the server is.
    """
    apprise_log = logging.getLogger("apprise")
    level = apprise_log.level
    apprise_log.setLevel(logging.CRITICAL)  # it would say in its own words what is said below
    try:
        block = SlackWebhook(url=SecretStr(url))
    finally:
        apprise_log.setLevel(level)
    if not len(block._apprise_client):
        raise ValueError("Apprise does not know the URL")
    return block


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in {"http", "https"} else None
    except ValueError:
        return None


def _is_here(host: str) -> bool:
    return ip_address(host).is_loopback if _is_ip(host) else host == "localhost"


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
