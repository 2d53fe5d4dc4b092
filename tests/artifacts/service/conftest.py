"""Stores with a forecast in `latest/`, made without training."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from artifacts.files.forecast_table import COLUMNS, Origin, forecast_table, to_csv, to_parquet, to_rows
from artifacts.lifecycle import latest
from artifacts.lifecycle.latest import CSV, JSON, PARQUET
from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.forecast import Forecast
from rnn.intervals import Intervals

MADE = datetime(2026, 4, 15, 3, 0, 7, tzinfo=UTC)
RUN = "20260415T030000Z-aaaaaa"


def table_of(frequency: str | None = "D", model: str = f"{RUN}/autoregressive", y: float = 1.0, name: str = "sales"):
    """Fourteen times from 15 April 2026 in Berlin on, or from 100 on; the newest observation is the one before."""
    x, values = np.arange(100.0, 114.0).reshape(2, 7), np.full((2, 7), y)
    bounds = Intervals(lower50=values - 1, upper50=values + 1, lower90=values - 2, upper90=values + 2)
    starts = {"D": "2026-01-05", "h": "2026-04-10T20:00"}
    calendar = None if frequency is None else Calendar(frequency, starts[frequency], "Europe/Berlin")
    return forecast_table(Forecast("served", x, values, bounds, calendar), Origin(name, 99.0, model, "champion", MADE))


def told_of(table, **more: Any) -> dict[str, Any]:
    """What forecast.json says of a table."""
    rows = to_rows(table)
    run, method = rows[0]["model"].split("/")
    return {
        "format": 1, "unique_id": rows[0]["unique_id"], "label": "champion", "made": rows[0]["made"], "run": run,
        "model": {"run": run, "method": method},
        "data": {"digest": "0", "file": "sales.csv", "points": 100, "last": rows[0]["cutoff"]},
        "quality": {"outcomes": None, "gate": None}, "columns": COLUMNS, "forecast": rows, **more,
    }  # fmt: skip


def put_latest(store: Store, table, **more: Any) -> None:
    """Let `latest/` hold a table, as `renew_latest` writes it."""
    files = {CSV: to_csv(table).encode(), PARQUET: to_parquet(table)}
    told = told_of(table, **more)
    told["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    latest._replace(store, {**files, JSON: json.dumps(told).encode()})


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """`made.table(…)`, `made.told(table)` and `made.put(store, table)`: the functions above."""
    return SimpleNamespace(table=table_of, told=told_of, put=put_latest)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store that serves the forecast of its champion, with a front page, and something above it to look for."""
    (tmp_path / "secret.json").write_text("{}")
    store = Store(str(tmp_path / "runs"))
    put_latest(store, table_of())
    Registry(store).promote(RUN, "autoregressive", "gate", "It is better.", None)
    Path(store.root, "index.html").write_text("<title>The gallery</title>")
    return store


@pytest.fixture
def client(store) -> Callable[..., Any]:
    """`client()`: a client of the service of that store; other settings of the application may be given."""
    from fastapi.testclient import TestClient

    from artifacts.service.routes import application

    def make(of: Store = store, **settings: Any) -> TestClient:
        return TestClient(application(of, **settings), base_url="http://127.0.0.1:8420")

    return make
