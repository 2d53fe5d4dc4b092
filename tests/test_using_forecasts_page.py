"""docs/using-forecasts.md: its Python runs as it stands, its table of columns is the table's, its commands work."""

import functools
import http.server
import re
import subprocess
import threading
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from artifacts.files.forecast_table import COLUMNS
from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from flows.cli import main

PAGE = (Path(__file__).parents[1] / "docs" / "using-forecasts.md").read_text(encoding="utf-8")
RUN = "20260101T000000Z-aaaaaa"


@pytest.fixture
def store(tmp_path, monkeypatch, put_retraining):
    """A folder with the store `sales-runs`, which serves a forecast."""
    monkeypatch.chdir(tmp_path)
    put_retraining("sales-runs", RUN, 0, 120)
    Registry(Store("sales-runs")).promote(RUN, "autoregressive", "gate", "It is better.", None)
    main(["forecast", "--store", "sales-runs"])
    return tmp_path / "sales-runs"


def test_the_columns_of_the_page_are_those_of_the_table():
    told = [
        name for line in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`([^`]+)`", line)
    ]
    assert tuple(told[: len(COLUMNS)]) == COLUMNS


def test_the_python_of_the_page_runs(store):
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 3
    names: dict = {}
    for block in blocks:
        if "to_excel" in block and find_spec("openpyxl") is None:
            assert all(names["tonight"][name].dt.tz is None for name in ("ds_utc", "made")), "what Excel asks for"
            continue
        exec(block, names)  # noqa: S102  the page is ours
    assert len(names["tonight"]) == 8
    assert len(names["champion"].predict(28)) == 28


def test_the_commands_of_the_page_write_what_they_say(store, tmp_path, capsys):
    main(["forecast", "--store", "sales-runs", "--to", "tonight.csv", "tonight.parquet"])
    assert tuple(pd.read_csv("tonight.csv")) == tuple(pd.read_parquet("tonight.parquet")) == COLUMNS
    capsys.readouterr()
    main(["forecast", "--store", "sales-runs", "--to", "-"])
    assert capsys.readouterr().out == (store / "latest" / "forecast.csv").read_text()


def test_a_web_server_on_the_folder_hands_it_out(store):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(store))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/latest/forecast.csv"
        try:
            got = subprocess.run(["curl", "-s", "--noproxy", "*", url], capture_output=True, text=True, check=True)  # noqa: S607
        except FileNotFoundError:
            pytest.skip("curl is not installed")
        finally:
            server.shutdown()
    assert got.stdout == (store / "latest" / "forecast.csv").read_text()
