"""Call a function in a forked child, collect what it tells and how it ends, and kill it at a chosen moment.

A fork takes milliseconds where a new process imports for seconds. The caller must have no threads of its own.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

PIPE = 2**20
"""Bytes that a child may tell without being read meanwhile; Linux allows no more."""

LOOK = 0.002
"""Seconds between looks at the child."""

Tell: TypeAlias = Callable[[str, str], None]


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code, negative for a signal; seconds; and what it told, kinds with texts."""

    code: int
    seconds: float
    told: list[tuple[str, str]]


def in_a_child(function: Callable[[Tell], None], patience: float, kill_after: float | None = None) -> Ended:
    """Call `function(tell)` in a child, which is killed with SIGKILL after `kill_after` seconds, or its `patience`."""
    begun = time.monotonic()
    ear, mouth = os.pipe()
    fcntl.fcntl(mouth, fcntl.F_SETPIPE_SZ, PIPE)
    child = os.fork()
    if child == 0:  # pragma: no cover  # in the child, which ends here
        os.close(ear)
        _run(function, mouth)
    os.close(mouth)
    limit = patience if kill_after is None else kill_after
    while not (done := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() - begun >= limit:
            os.kill(child, signal.SIGKILL)
            limit = float("inf")
        time.sleep(LOOK)
    seconds = time.monotonic() - begun
    with os.fdopen(ear, "rb") as pipe:
        lines = pipe.read().split(b"\n")
    whole = [json.loads(line) for line in lines[:-1]]
    return Ended(os.waitstatus_to_exitcode(done[1]), seconds, [(str(kind), str(text)) for kind, text in whole])


def _run(function: Callable[[Tell], Any], mouth: int) -> None:  # pragma: no cover
    """Call the function and end the process, without what a fork inherits to be done at the end."""
    code = 1
    try:
        function(lambda kind, text: _tell(mouth, kind, text))
        code = 0
    except Exception as error:
        _tell(mouth, "error", f"{type(error).__name__}: {error}")
    finally:
        os._exit(code)


def _tell(mouth: int, kind: str, text: str) -> None:  # pragma: no cover
    os.write(mouth, json.dumps([kind, " ".join(text.split())[:2000]]).encode() + b"\n")
