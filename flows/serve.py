"""Serve the forecast over HTTP, read-only. Try `wavecast serve --help`.

It runs without Prefect.
"""

import os
import socket
import sys
from pathlib import Path

from artifacts.lifecycle.unfinished import finish_if_possible
from artifacts.service.guard import is_loopback
from artifacts.store.existing import existing_store
from flows.command_line.command import run_from_command_line
from flows.settings.serve import ServeSettings
from rnn.errors import WavecastError

TOKEN = "WAVECAST_TOKEN"  # noqa: S105  the variable's name
SHORTEST = 16
"""Letters of a token at least."""

LARGEST_REQUEST = 2**14
"""Bytes of a request's address and headers before they are looked at."""

AT_ONCE = 512
"""Connections at a time; more are told to come back."""

PATIENCE = 5
"""Seconds for which a client is kept between two requests, and answers under way are waited for at the end."""


class CannotListen(WavecastError):
    """The address cannot be listened at."""


class NoToken(WavecastError):
    """A token is needed and there is none, or it is none that protects."""


def serve(settings: ServeSettings) -> None:
    """Serve a store over HTTP until Ctrl-C, reading only: forecast, champion, history, health, metrics, the gallery.

    GET /forecast, /champion, /history, /health, /metrics; /docs says what can be asked, / is the gallery. It ends in
    a line, with exit code 130 by Ctrl-C and 143 by SIGTERM.
    """
    import uvicorn

    from artifacts.service.connection import Connection
    from artifacts.service.routes import application

    store = existing_store(settings.store)
    token = _token(settings)
    listening = _listen(settings.host, settings.port)
    finish_if_possible(store)
    port = listening.getsockname()[1]
    app = application(store, token, settings.host, settings.allowed_age)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=AT_ONCE,
            timeout_keep_alive=PATIENCE,
            timeout_graceful_shutdown=PATIENCE,
            h11_max_incomplete_event_size=LARGEST_REQUEST,
        )
    )
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    asks = ", to whoever has the token" if token else ""
    print(f"wavecast serves {store.url} at http://{shown}:{port}{asks}; Ctrl-C ends it", file=sys.stderr, flush=True)  # noqa: T201
    server.run(sockets=[listening])  # when asked to end it ends what is under way, and passes the signal on


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises CannotListen."""
    try:
        kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=kind, backlog=2048)
    except (OSError, UnicodeError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (")[0].lower()
        raise CannotListen(
            f"cannot listen at {host}, port {port} ({reason}): choose another --host or --port"
        ) from None
    # Its connections inherit this. Without it the end of an answer waits 40 ms for the client's word on its beginning;
    # asyncio sets it only for sockets that name their protocol.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _token(settings: ServeSettings) -> str | None:
    """The token of the file, or of the environment; None without one on this machine alone. Raises NoToken."""
    token = os.environ.get(TOKEN, "").strip()
    where = f"the variable {TOKEN}"
    if settings.token_file is not None:
        where = settings.token_file
        try:
            token = Path(settings.token_file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise NoToken(f"the token cannot be read from {where} ({reason}): check --token-file") from None
    if not token:
        if is_loopback(settings.host) and settings.token_file is None:
            return None
        raise NoToken(
            f"at {settings.host} others can ask too, so a token is needed: set {TOKEN}, or name a file with "
            "--token-file. One is made by: python -c 'import secrets; print(secrets.token_urlsafe())'"
        )
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise NoToken(f"the token in {where} must be {SHORTEST} letters, digits or signs at least, without spaces")
    return token


if __name__ == "__main__":
    run_from_command_line(serve, ServeSettings)
