"""Measure `wavecast serve` under load beside a bare FastAPI route: requests a second, 50th and 99th percentile.

python benchmarks/serve.py             both, at 1, 10 and 50 connections, on this machine alone; some two minutes
python benchmarks/serve.py --seconds 2 --rounds 5

The bare route answers `{"ok": true}` by the same server with the same settings. The clients are threads of one other
process that keep their connections open; on few cores they take their share of the time, in both cases alike. The
servers take turns, and the medians of the rounds are printed.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
CONNECTIONS = (1, 10, 50)
ASKED = {
    "forecast as JSON": "/forecast",
    "forecast as CSV": "/forecast?format=csv",
    "a week, one level": "/forecast?levels=90&from=2026-04-16&to=2026-04-22",
    "champion": "/champion",
    "health": "/health",
    "metrics": "/metrics",
    "front page": "/",
}
BARE = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()

@app.get("/")
async def bare():
    return {"ok": True}

uvicorn.run(app, port=int(sys.argv[1]), http="h11", ws="none", lifespan="off", access_log=False, log_level="warning")
"""


def make_store(folder: Path) -> str:
    """A store that serves four weeks of days, with the front page."""
    from artifacts.files.forecasts import FORECAST, write_forecasts
    from artifacts.files.series import DATASET, write_series
    from artifacts.gallery.build import build
    from artifacts.lifecycle.latest import renew_latest
    from artifacts.lifecycle.registry import Registry
    from artifacts.lifecycle.verdict import VERDICT
    from artifacts.store.manifest import write_manifest
    from artifacts.store.store import Store
    from rnn.calendar import Calendar
    from rnn.forecast import Forecast
    from rnn.intervals import Intervals
    from rnn.series import Series

    name = "20260415T030000Z-aaaaaa"
    run = folder / name
    run.mkdir(parents=True)
    calendar = Calendar("D", "2026-01-05", "Europe/Berlin")
    series = Series(np.arange(100.0), 100 + np.sin(np.arange(100.0)), 1.0)
    write_series(run / DATASET, series, {"source": "sales.csv", "calendar": calendar.plain()})
    x = np.arange(100.0, 128.0).reshape(4, 7)
    y = 100 + np.sin(x)
    write_forecasts(run / FORECAST, [Forecast("served", x, y, Intervals(y - 1, y + 1, y - 2, y + 2), calendar)], None)
    verdict = {"decision": "promote", "sentence": "It is better.", "naive": "persistence", "folds": [],
               "champion": None, "serves": {"run": None, "method": "autoregressive"}}  # fmt: skip
    (run / VERDICT).write_text(json.dumps(verdict))
    execution = {"run": name, "published": "2026-04-15T03:00:07+00:00"}
    write_manifest(run, "retrain", {"store": "runs", "seed": 0, "group_size": 7, "horizon": 4}, {}, execution)
    store = Store(str(folder))
    Registry(store).promote(name, "autoregressive", "gate", "It is better.", None)
    renew_latest(store)
    build(store)
    return store.url


def measure(port: int, path: str, connections: int, seconds: float) -> tuple[float, float, float]:
    """Requests a second, and the median and the 99th percentile of an answer's time in milliseconds."""
    times: list[list[float]] = [[] for _ in range(connections)]
    begin = threading.Barrier(connections)
    deadline = [0.0]

    def ask(mine: list[float], first: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begin.wait()
        if first:
            deadline[0] = time.perf_counter() + seconds
        begin.wait()
        while (started := time.perf_counter()) < deadline[0]:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 503}:  # a forecast of a time that has passed is not healthy
                raise RuntimeError(f"{path}: {answer.status}")
            mine.append(time.perf_counter() - started)
        connection.close()

    threads = [threading.Thread(target=ask, args=(mine, place == 0)) for place, mine in enumerate(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = np.concatenate(times)
    return len(every) / seconds, float(np.percentile(every, 50)) * 1e3, float(np.percentile(every, 99)) * 1e3


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody listens at port {port}")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def server(*command: str) -> Iterator[int]:
    """A server in a process of its own, without a token; yields its process id."""
    environment = {key: value for key, value in os.environ.items() if key != "WAVECAST_TOKEN"}
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait(30)


def cpu_seconds(pid: int) -> float:
    """The time that a process has had on a processor (Linux): it depends less on what else the machine does."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rows(servers: dict[str, tuple[int, int]], rounds: int, seconds: float) -> Iterator[str]:
    """A row a server, address and number of connections: the medians of so many rounds, in which they take turns."""
    asked = [("bare FastAPI", "a constant", "/"), *(("wavecast serve", what, path) for what, path in ASKED.items())]
    found: dict[tuple[str, str, int], list[tuple[float, ...]]] = {}
    for _ in range(rounds):
        for name, what, path in asked:
            port, pid = servers[name]
            for connections in CONNECTIONS:
                before = cpu_seconds(pid)
                rate, *times = measure(port, path, connections, seconds)
                cpu = 1e3 * (cpu_seconds(pid) - before) / (rate * seconds)
                found.setdefault((name, what, connections), []).append((rate, *times, cpu))
    for (name, what, connections), each in found.items():
        rate, median, last, cpu = np.median(each, axis=0)
        yield f"| {name} | {what} | {connections} | {rate:.0f} | {median:.1f} | {last:.1f} | {cpu:.2f} |"


def main() -> None:
    """Both servers, side by side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each row is measured in a round")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    bare, ours = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        serve = ("-m", "flows.cli", "serve", "--store", make_store(Path(folder)), "--port", str(ours))
        with server(sys.executable, "-c", BARE, str(bare)) as first, server(sys.executable, *serve) as second:
            wait_for(bare)
            wait_for(ours)
            servers = {"bare FastAPI": (bare, first), "wavecast serve": (ours, second)}
            print("| server | asked for | connections | requests/s | median ms | p99 ms | CPU ms a request |")
            print("|---|---|---|---|---|---|---|", flush=True)
            for row in rows(servers, min(asked.rounds, 20), min(asked.seconds, 20.0)):
                print(row)


if __name__ == "__main__":
    main()
