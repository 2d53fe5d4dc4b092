"""Every curl example of the docs, as it stands, on a service with a token."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT, eventually, free_port, process

PAGE = (ROOT / "docs" / "using-forecasts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^    (curl .*)$", PAGE, re.MULTILINE)
TOKEN = "correct-horse-battery"  # noqa: S105

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")


@pytest.fixture(scope="module")
def address(made, tmp_path_factory):
    """Where the service of a store with a dated forecast listens."""
    import os

    from artifacts.lifecycle.registry import Registry
    from artifacts.store.store import Store

    folder = tmp_path_factory.mktemp("examples")
    store = Store(str(folder / "runs"))
    made.put(store, made.table())
    Registry(store).promote("20260415T030000Z-aaaaaa", "autoregressive", "gate", "It is better.", None)
    port, log = free_port(), folder / "log"
    command = (sys.executable, "-m", "flows.cli", "serve", "--store", store.url, "--port", str(port))
    with process(log, {**os.environ, "WAVECAST_TOKEN": TOKEN}, *command):
        eventually(lambda: "Ctrl-C ends it" in log.read_text(), "the service")
        yield f"127.0.0.1:{port}", Path(store.root)


def test_there_are_examples():
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_works_as_it_stands(address, tmp_path, line):
    place, root = address
    words = [word.replace("127.0.0.1:8420", place) for word in shlex.split(line, comments=True)]
    command = [word.replace("$WAVECAST_TOKEN", TOKEN) for word in words]
    if not any(TOKEN in word for word in command):  # an example of a service on this machine alone, without one
        command += ["--header", f"Authorization: Bearer {TOKEN}"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert '{"error"' not in ended.stdout
    if "--output" in words:
        assert (tmp_path / words[words.index("--output") + 1]).read_bytes() == (
            root / "latest/forecast.csv"
        ).read_bytes()
    else:
        assert ended.stdout
