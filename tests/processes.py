"""Processes of tests: started with their output in a file, waited for, and ended with all that they have started."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 300.0
"""Seconds until a thing that should have happened on a slow machine is called missing."""


def eventually(happened, what: str, patience: float = PATIENCE):
    """What `happened()` returns as soon as it is true; fails with `what` when it does not come true."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if result := happened():
            return result
        time.sleep(0.5)
    pytest.fail(f"waited {patience:.0f} s in vain for {what}")


@contextmanager
def process(log: Path, environment: dict[str, str], *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`command` at work in the background, its output in `log`; asked to end as by Ctrl-C, with all it has started."""
    with log.open("a") as output:
        running = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield running
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGINT)
            try:
                running.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)


def kill(running: "subprocess.Popen[bytes]") -> None:
    """End a process and all it has started, as a power cut would."""
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def operators_environment(home: Path, **more: str) -> dict[str, str]:
    """This process's environment with an empty PREFECT_HOME, the address of a server to come, and nothing of make's."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MAKE"))}
    return inherited | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_PORT": str(port),
        **more,
    }


def wavecast(folder: Path, environment: dict[str, str], *words: str) -> str:
    """What a verb prints that is given in a folder, and ends well."""
    command = [str(Path(sys.executable).with_name("wavecast")), *words]
    environment = environment | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
