"""`wavecast serve`: where it listens, who may ask, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from artifacts.service.connection import Connection
from flows.cli import main
from flows.serve import SHORTEST, TOKEN, _listen, serve
from flows.settings.serve import ServeSettings

ROOT = Path(__file__).parents[2]
GOOD = "correct-horse-battery"


@pytest.fixture
def store(tmp_path):
    """An empty store: what is served of one is tested in tests/artifacts/service."""
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def refused(capsys, monkeypatch):
    """`refused(*words)`: the one line that `wavecast serve` says instead of listening."""
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: pytest.fail("it listens"))
    monkeypatch.delenv(TOKEN, raising=False)

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["serve", *map(str, words)])
        out, err = capsys.readouterr()
        assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
        return err

    return run


@contextmanager
def serving(store, *words, **environment):
    """`wavecast serve` in a process of its own on a free port; yields the process and its first line."""
    command = [sys.executable, "-m", "flows.cli", "serve", "--store", str(store), "--port", "0", *words]
    inherited = {name: value for name, value in os.environ.items() if name != TOKEN}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env={**inherited, **environment}, **pipes) as running:
        try:
            yield running, running.stderr.readline()
        finally:
            running.kill()


def address(line: str) -> str:
    return next(word for word in line.split() if word.startswith("http://")).rstrip(";,")


def test_it_says_where_it_listens_answers_and_ends_with_ctrl_c_in_a_line(store):
    with serving(store) as (running, line):
        assert line.startswith(f"wavecast serves {store} at http://127.0.0.1:")
        with urllib.request.urlopen(f"{address(line)}/history", timeout=300) as answer:  # noqa: S310
            assert json.load(answer) == {"total": 0, "promotions": []}
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=300)
    assert (running.returncode, out, err) == (130, "", "wavecast: no longer serving\n")


def test_a_garbled_request_is_refused_and_nothing_else_happens(store):
    with serving(store) as (running, line):
        host, _, port = address(line).removeprefix("http://").partition(":")
        for garbled in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET / HTTP/1.1\r\nx: " + b"y" * 2**17):
            with socket.create_connection((host, int(port)), timeout=300) as one:
                with suppress(ConnectionError):  # it may have answered, and closed, before all of it was sent
                    one.sendall(garbled)
                assert b" 400 " in one.recv(1000)
        with urllib.request.urlopen(f"{address(line)}/history", timeout=300) as answer:  # noqa: S310
            assert answer.status == 200
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=300)
    assert "Traceback" not in err
    assert err.endswith("wavecast: no longer serving\n")
    assert running.returncode == 143


def test_with_a_token_it_may_listen_elsewhere_and_asks_for_it(store, tmp_path):
    (tmp_path / "token.txt").write_text(f"{GOOD}\n")
    with serving(store, "--host", "0.0.0.0", "--token-file", str(tmp_path / "token.txt")) as (_, line):  # noqa: S104
        assert "to whoever has the token" in line and GOOD not in line
        there = address(line).replace("0.0.0.0", "127.0.0.1") + "/history"  # noqa: S104
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(there, timeout=300)  # noqa: S310
        assert told.value.code == 401
        asked = urllib.request.Request(there, headers={"Authorization": f"Bearer {GOOD}"})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=300) as answer:  # noqa: S310
            assert answer.status == 200


def test_prefect_is_not_imported(store):
    script = (
        "import sys, uvicorn\n"
        "uvicorn.Server.run = lambda *_, **__: None\n"
        "from flows.cli import main\n"
        "main(['serve', '--port', '0', '--store', sys.argv[1]])\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'prefect'])\n"
    )
    command = [sys.executable, "-c", script, str(store)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1] == "[]", ended.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])  # noqa: S104
def test_beyond_this_machine_a_token_is_needed(refused, store, host):
    assert f"at {host} others can ask too, so a token is needed: set {TOKEN}" in refused(
        "--store", store, "--host", host
    )


@pytest.mark.parametrize("token", ["short", "x" * (SHORTEST - 1), "with a space in the middle", "not-all-of-ascii-ü-é"])
def test_a_token_that_protects_nothing_is_refused_and_not_repeated(refused, store, monkeypatch, token):
    monkeypatch.setenv(TOKEN, token)
    line = refused("--store", store)
    assert f"the token in the variable {TOKEN} must be 16" in line
    assert token not in line


def test_a_token_file_must_be_there_and_hold_one(refused, store, tmp_path):
    assert "the token cannot be read from" in refused("--store", store, "--token-file", tmp_path / "absent")
    (tmp_path / "empty").write_text("\n")
    assert "a token is needed" in refused("--store", store, "--token-file", tmp_path / "empty")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    assert "it is no text" in refused("--store", store, "--token-file", tmp_path / "binary")


def test_a_port_that_is_taken_is_a_line(refused, store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused("--store", store, "--port", port)
    assert f"cannot listen at 127.0.0.1, port {port} (address already in use): choose another" in line


def test_an_answer_does_not_wait_for_the_clients_word_on_its_beginning():
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_host_that_is_none_is_a_line(refused, store, monkeypatch):
    monkeypatch.setenv(TOKEN, GOOD)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror(-2, "Not known")))
    assert "cannot listen at nowhere.invalid" in refused("--store", store, "--host", "nowhere.invalid")


def test_a_store_that_is_not_there_is_not_made(refused, tmp_path):
    assert "there is no store" in refused("--store", tmp_path / "typo")
    assert not (tmp_path / "typo").exists()


def test_the_token_is_no_flag(refused, store):
    assert "--token" in refused("--store", store, "--token", GOOD)


def test_clients_that_never_finish_a_request_are_let_go(store, monkeypatch):
    monkeypatch.setattr("uvicorn.Server.run", lambda server, **_: listening_with.append(server.config.http))
    monkeypatch.delenv(TOKEN, raising=False)
    listening_with = []
    serve(ServeSettings(store=str(store), port=0))
    assert listening_with == [Connection]
