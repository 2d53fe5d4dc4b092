"""`wavecast serve`, fifty clients at once while the champion changes, and from a bucket: whole answers of one model."""

import asyncio
import os
import sys
import threading
import time

import httpx
import pytest

from artifacts.lifecycle.latest import CSV, LATEST, renew_latest
from artifacts.lifecycle.registry import Registry
from artifacts.service.watched import REST
from artifacts.store.store import Store
from flows.cli import main
from tests.processes import eventually, free_port, process

RUNS = ("20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb")
AT_ONCE, CHANGES = 50, 12


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    """Two runs that can be champions; each forecasts other values."""
    for seed, run in enumerate(RUNS):
        put_retraining(tmp_path / "runs", run, seed, 100)
    store = Store(str(tmp_path / "runs"))
    Registry(store).promote(RUNS[1], "autoregressive", "gate", "It is better.", None)
    renew_latest(store)
    return store


@pytest.fixture
def serving(tmp_path):
    """`serving(store)`: its address, served by a process of its own."""
    running = []

    def serve(store: Store, **environment: str) -> str:
        port, log = free_port(), tmp_path / "serve.log"
        command = (sys.executable, "-m", "flows.cli", "serve", "--store", store.url, "--port", str(port))
        started = process(log, {**os.environ, **environment}, *command)
        running.append(started)
        started.__enter__()
        eventually(lambda: "Ctrl-C ends it" in log.read_text(), "the line that says where it listens")
        return f"http://127.0.0.1:{port}"

    yield serve
    for started in running:
        started.__exit__(None, None, None)
    assert "Traceback" not in (tmp_path / "serve.log").read_text()


def promote_in_turn(store: Store, done: threading.Event, failed: list[BaseException]) -> None:
    """Promote one run after the other, as `wavecast promote` does."""
    try:
        for change in range(CHANGES):
            main(["promote", RUNS[change % 2], "--store", store.url, "--why", f"change {change}"])
    except BaseException as error:
        failed.append(error)
    finally:
        done.set()


async def ask(client: httpx.AsyncClient, done: threading.Event, seen: list[tuple[str, ...]], number: int) -> None:
    """Ask again and again until `done`; note which run each whole answer is of."""
    while not done.is_set():
        if number % 2:
            answer = await client.get("/forecast")
            told = answer.raise_for_status().json()
            rows = told["forecast"]
            assert {row["model"] for row in rows} == {"/".join(told["model"].values())}
            assert len(rows) == 8
            seen.append((told["run"], told["model"]["run"], str(rows[0]["wavecast"])))
        else:
            answer = await client.get("/forecast", params={"format": "csv", "levels": "90"})
            lines = answer.raise_for_status().text.splitlines()
            cells = [line.split(",") for line in lines[1:]]
            assert len(cells) == 8
            ((model, made),) = {(row[-2], row[-3]) for row in cells}
            seen.append((made, model.partition("/")[0], cells[0][3]))


def test_fifty_at_once_get_whole_answers_of_one_model_while_the_champion_changes(store, serving):
    address, done, failed, seen = serving(store), threading.Event(), [], []

    async def everybody() -> None:
        limits = httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=2)  # the server drops idle ones after 5 s
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=120) as client:
            await asyncio.gather(*(ask(client, done, seen, number) for number in range(AT_ONCE)))

    changing = threading.Thread(target=promote_in_turn, args=(store, done, failed))
    changing.start()
    asyncio.run(everybody())
    changing.join()
    assert not failed
    by_model = {model: {value for _, of, value in seen if of == model} for model in RUNS}
    assert all(by_model.values()), "both champions were seen"
    assert not by_model[RUNS[0]] & by_model[RUNS[1]], "no answer has the values of the other"
    champion = Registry(store).champion()
    assert httpx.get(f"{address}/forecast", timeout=120).json()["model"]["run"] == champion.run, "seen at once"
    assert httpx.get(f"{address}/champion", timeout=120).json()["run"] == champion.run
    assert httpx.get(f"{address}/history", timeout=120).json()["total"] == CHANGES + 1


def test_what_is_in_s3_is_served_and_another_forecast_is_seen_within_a_second(store, serving, bucket):
    distant = Store(f"{bucket}/sales-runs")
    distant.files.put(f"{store.root}/", f"{distant.root}/", recursive=True)
    address = serving(distant)
    assert httpx.get(f"{address}/forecast", timeout=120).json()["run"] == RUNS[1]
    assert httpx.get(f"{address}/latest/{CSV}", timeout=120).content == store.read(f"{LATEST}/{CSV}")
    main(["promote", RUNS[0], "--store", distant.url, "--why", "it is served from a bucket"])
    time.sleep(REST)
    told = httpx.get(f"{address}/forecast", timeout=120).json()
    assert told["model"]["run"] == httpx.get(f"{address}/champion", timeout=120).json()["run"] == RUNS[0]
    assert "secret" not in httpx.get(f"{address}/forecast", timeout=120).text
