"""Processes of tests: started with their output in a file, waited for, and ended with all that they have started."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 300.0
"""Seconds until a thing that should have happened on a slow machine is called missing."""
PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections (Linux from 32,768 on, others from 49,152 on)."""
_ports = itertools.cycle([*PORTS[os.getpid() * 97 % len(PORTS) :], *PORTS])


def eventually(happened, what: str, pause: float = 0.5):
    """Wait for `happened()` to be true, looking again after `pause` seconds; returns what it returned.

    Fails with `what` when it does not come true within PATIENCE.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if result := happened():
            return result
        time.sleep(pause)
    pytest.fail(f"waited {PATIENCE:.0f} s in vain for {what}")


def server_answers(url: str) -> bool:
    """Whether a Prefect server answers at the URL of its API."""
    try:
        return httpx.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False


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
    """A port of this machine that nobody listens at, nor is given before a server of the test listens there.

    The system chooses ports of connections elsewhere, and each process of tests begins at another place.
    """
    for port in itertools.islice(_ports, len(PORTS)):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


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
