"""Start a Prefect server for one command where the user has none; imports go on meanwhile.

It is the server that Prefect itself would start then, in the same way, as a process of its own. But Prefect imports all
of the server into this process too, which takes two seconds, only to know how to start it; and then it waits.
"""

import atexit
import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import prefect
from prefect.logging import get_logger
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings

from rnn.errors import WavecastError
from tasks.support import server_process
from tasks.support.interruption import end_at_once

HOST = "127.0.0.1"
_DIRECT = build_opener(ProxyHandler({}))
"""No proxy stands between a machine and itself."""

_started: set[str] = set()
_stopping: "set[subprocess.Popen[bytes]]" = set()


class NoServer(WavecastError):
    """The server did not come up."""


@contextmanager
def embedded_server(meanwhile: Sequence[str] = ()) -> Iterator[None]:
    """While the block runs, Prefect talks to a server of this process, which ends together with it, also when killed.

    If the server ends first, so does this process, at once and in one line: all that Prefect does from then on is to
    ask again for minutes. While it comes up, the modules `meanwhile` are imported, as many as there is time for.
    Nothing happens where the user has a server, or wants none. Raises NoServer when it does not answer within the time
    of Prefect's settings.
    """
    settings = get_current_settings()
    if settings.api.url is not None or not settings.server.ephemeral.enabled:
        yield
        return
    get_logger().info("Starting a Prefect server for this run; `make server` starts one that stays")
    _check_room(settings.home)
    server, url = _start()
    _hear(server, settings.home)
    _wait(server, url, settings.server.ephemeral.startup_timeout_seconds, [*meanwhile])
    _started.add(url)
    logging.getLogger("prefect.flow_runs").addFilter(_leads_somewhere)
    with temporary_settings({PREFECT_API_URL: url}), _needed(server):
        yield


def ends_with_this_process() -> bool:
    """Whether the server that Prefect talks to now is this process's own, Prefect's or the one above."""
    url = get_current_settings().api.url
    return url is None or url in _started


@contextmanager
def _needed(server: "subprocess.Popen[bytes]") -> Iterator[None]:
    """While the block runs, end this process when the server's has ended."""
    over = threading.Event()

    def watch() -> None:
        code = server.wait()
        if not over.is_set():
            end_at_once(
                f"Prefect's server of this run has ended, by itself or killed (exit code {code}): the steps that were "
                "finished are kept, and the same command goes on from there",
                1,
            )

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _start() -> tuple["subprocess.Popen[bytes]", str]:
    """The process and its API's URL. See `prefect.server.api.server.SubprocessASGIServer`, whose command it is.

    It has a session of its own, so that Ctrl-C in a terminal is this process's: it needs the server to end in order.
    """
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    app = ["--app-dir", str(Path(prefect.__file__).parents[1]), "--factory", "prefect.server.api.server:create_app"]
    how = ["--host", HOST, "--port", str(port), "--log-level", "error", "--lifespan", "on"]
    environment = {
        **os.environ,
        **{"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"},
        **get_current_settings().to_environment_variables(exclude_unset=True),
    }
    program = [sys.executable, "-P", str(Path(server_process.__file__)), str(os.getpid())]
    quiet: dict[str, Any] = {"stderr": subprocess.PIPE, "start_new_session": True}
    server = subprocess.Popen([*program, *app, *how], env=environment, **quiet)  # noqa: S603
    atexit.register(_stop, server)
    return server, f"http://{HOST}:{port}/api"


ROOM = 10_000_000
"""Bytes that Prefect's database needs at least, with what SQLite writes beside it."""


def _check_room(home: Path) -> None:
    """Raise NoServer when the disk of PREFECT_HOME is full, before Prefect tries for minutes."""
    there = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    if free < ROOM:
        raise NoServer(f"{_where(home)}: the disk has {free / 1e6:.1f} MB left; {_ROOM_MADE}")


_ROOM_MADE = "make room, or set PREFECT_HOME to a folder on another disk"

_CANNOT_WRITE = {
    "database or disk is full": f"the disk is full; {_ROOM_MADE}",
    "No space left on device": f"the disk is full; {_ROOM_MADE}",
    "attempt to write a readonly database": "it may not be written; set PREFECT_HOME to a folder that you may write to",
    "unable to open database file": "it cannot be opened; set PREFECT_HOME to a folder that you may write to",
    "database disk image is malformed": "it is damaged; restore it from a copy, or set PREFECT_HOME to another folder",
    "file is not a database": "it is damaged; restore it from a copy, or set PREFECT_HOME to another folder",
}
"""What the server's database says when asking again is of no use, and what to do then."""


def _where(home: Path) -> str:
    return f"Prefect cannot write its database in {home}"


def _hear(server: "subprocess.Popen[bytes]", home: Path) -> None:
    """Read what the server says of errors, all its life; at one that ends all, end this process in one line.

    The rest are tracebacks of the server's, which come back as answers to whoever has asked.
    """
    errors = server.stderr
    if errors is None:
        return

    def listen() -> None:
        for line in errors:
            told = line.decode(errors="replace")
            reason = next((advice for words, advice in _CANNOT_WRITE.items() if words in told), None)
            if reason and server not in _stopping:
                end_at_once(f"{_where(home)}: {reason}. Steps that were finished are kept", 2)

    threading.Thread(target=listen, daemon=True).start()


def _wait(server: "subprocess.Popen[bytes]", url: str, seconds: float, modules: list[str]) -> None:
    """Until the server answers, import one module after the other."""
    deadline = time.monotonic() + seconds
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoServer(
                "Prefect's server does not start: the machine may be busy; try again, or start one (make server) and "
                "set PREFECT_API_URL"
            )
        if modules:
            with suppress(Exception):  # whoever needs it imports it too, and says what is wrong
                import_module(modules.pop(0))
        else:
            time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _leads_somewhere(record: logging.LogRecord) -> bool:
    """Not so a link to the pages of this server: it has none."""
    return not str(record.msg).startswith("View at")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    _stopping.add(server)
    server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
