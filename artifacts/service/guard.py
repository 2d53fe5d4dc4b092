"""Guard the service: check limits, the Host header and the token; send safe headers and no traceback."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_URL = 2048
"""Bytes of a path with its query."""

LARGEST_HEADERS = 8192
"""Bytes of all headers of a request."""

NOTHING_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of what is no page."""

OWN_PAGES = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""That of pages. Each has a policy of its own beside it, which allows one inline script alone, by its digest."""

SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

logger = logging.getLogger(__name__)


class Watcher(Protocol):
    """Whoever is told of each answer: its route, its status and how many seconds it took."""

    def __call__(self, route: str, status: int, seconds: float) -> None:
        """Note one answer."""


class _Refused(Exception):
    """A request that is not handed on: the status, what is wrong, and more headers."""

    def __init__(self, status: int, why: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(why)
        self.status, self.why, self.headers = status, why, headers


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a service that listens at `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def error_body(why: str) -> bytes:
    """An error as JSON, in one line."""
    return (json.dumps({"error": " ".join(why.split())}, ensure_ascii=False) + "\n").encode()


class Guard:
    """An ASGI application around another.

    With a `token` every request must have it, as a bearer or as the password of Basic, which browsers ask for. Without
    one the header Host must name this machine: a page elsewhere whose name is made to lead here (DNS rebinding) would
    name itself.
    """

    def __init__(self, app: Asgi, token: str | None, host: str, watcher: Watcher) -> None:
        self._app, self._watcher = app, watcher
        self._token = None if token is None else _digest(token.encode())
        self._hosts = LOOPBACK_NAMES | {host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: with the application's answer, or with a refusal."""
        started, answer = time.perf_counter(), _Answer(send, scope.get("method") == "HEAD")
        inner = {**scope, "method": "GET"}  # the headers of HEAD are those of GET
        try:
            self._check(scope)
            await self._app(inner, receive, answer.send)
        except _Refused as refused:
            await answer.refuse(refused.status, refused.why, *refused.headers)
        except Exception as error:
            logger.error(_in_one_line(error))
            if not answer.begun:
                await answer.refuse(500, "this is a mistake of the service itself; its log names the place")
        finally:
            route = getattr(inner.get("route"), "path", "refused")
            self._watcher(route, answer.status, time.perf_counter() - started)

    def _check(self, scope: Scope) -> None:
        headers = scope["headers"]
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_URL:
            raise _Refused(414, f"the address is longer than {LONGEST_URL} bytes")
        if sum(len(name) + len(value) + 4 for name, value in headers) > LARGEST_HEADERS:
            raise _Refused(431, f"the headers are larger than {LARGEST_HEADERS} bytes")
        if not scope["path"].startswith("/"):
            raise _Refused(400, "the path must begin with /")
        if scope["method"] not in {"GET", "HEAD"}:
            raise _Refused(405, "this service only reads: GET or HEAD", (b"allow", b"GET, HEAD"), _CLOSE)
        if _has_body(headers):
            raise _Refused(413, "a request has no body here", _CLOSE)
        if self._token is None:
            self._check_host(headers)
        elif not hmac.compare_digest(_digest(_given_token(headers)), self._token):
            raise _Refused(401, "a token is needed, as `Authorization: Bearer …` or as the password", *_CHALLENGES)

    def _check_host(self, headers: list[tuple[bytes, bytes]]) -> None:
        given = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        if len(given) != 1 or _without_port(given[0]) not in self._hosts:
            raise _Refused(421, "the header Host does not name this machine: ask for 127.0.0.1 or localhost")


_CLOSE = (b"connection", b"close")
_CHALLENGES = (
    (b"www-authenticate", b'Bearer realm="wavecast"'),
    (b"www-authenticate", b'Basic realm="wavecast", charset="UTF-8"'),
)


class _Answer:
    """What is sent: with safe headers, without a body for HEAD."""

    def __init__(self, send: Send, no_body: bool) -> None:
        self._send, self._no_body = send, no_body
        self.begun, self.status = False, 500

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun, self.status = True, message["status"]
            message = {**message, "headers": _with_safe(list(message.get("headers", ())))}
        elif self._no_body:
            message = {**message, "body": b""}
        await self._send(message)

    async def refuse(self, status: int, why: str, *headers: tuple[bytes, bytes]) -> None:
        body = error_body(why)
        kind, length = (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())
        await self.send({"type": "http.response.start", "status": status, "headers": [kind, length, *headers]})
        await self.send({"type": "http.response.body", "body": body})


def _with_safe(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = dict(headers)
    page = names.get(b"content-type", b"").startswith(b"text/html")
    policy = (b"content-security-policy", (OWN_PAGES if page else NOTHING_ELSE).encode())
    fresh = [] if b"cache-control" in names else [(b"cache-control", b"no-cache")]
    return [*headers, *SAFE, policy, *fresh]


def _digest(token: bytes) -> bytes:
    """Of one length whatever the token's, so that comparing takes the same time always."""
    return hashlib.sha256(token).digest()


def _given_token(headers: list[tuple[bytes, bytes]]) -> bytes:
    """The token of a request; empty without one."""
    given = next((value for name, value in headers if name == b"authorization"), b"")
    scheme, _, rest = given.strip().partition(b" ")
    if scheme.lower() == b"bearer":
        return rest.strip()
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return b""


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0") for name, value in headers
    )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _in_one_line(error: Exception) -> str:
    """The kind of an error and its place; its text may hold what a log must not."""
    places = traceback.extract_tb(error.__traceback__)
    where = f" at {places[-1].filename.rsplit('/', 1)[-1]}:{places[-1].lineno}" if places else ""
    return f"wavecast: a request failed by a mistake of the service: {type(error).__name__}{where}"
