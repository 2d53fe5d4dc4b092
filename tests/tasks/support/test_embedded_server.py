"""The server of one command: another process stands in its place (test_pipeline_command.py starts a real one)."""

import logging
import subprocess
import sys
from types import SimpleNamespace

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, get_current_settings, temporary_settings

from tasks.support import embedded_server as module
from tasks.support.embedded_server import NoServer, embedded_server, ends_with_this_process

URL = "http://127.0.0.1:1/api"


@pytest.fixture
def no_server_of_the_users():
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        yield


@pytest.fixture
def started(monkeypatch, no_server_of_the_users):
    """`started(code)`: in the server's place a Python process that runs `code`."""
    processes = []

    def stand_in(code: str) -> None:
        process = subprocess.Popen([sys.executable, "-c", code])
        processes.append(process)
        monkeypatch.setattr(module, "_start", lambda: (process, URL))

    yield stand_in
    for process in processes:
        module._stop(process)


def test_the_users_own_server_is_used(monkeypatch):
    monkeypatch.setattr(module, "_start", lambda: pytest.fail("another server was started"))
    with temporary_settings({PREFECT_API_URL: "http://elsewhere/api"}), embedded_server(["no.such.module"]):
        assert get_current_settings().api.url == "http://elsewhere/api"
        assert not ends_with_this_process()


def test_within_the_block_prefect_talks_to_it_and_modules_are_there(started, monkeypatch):
    started("import time; time.sleep(600)")
    answers = iter([False, False, False, True])
    monkeypatch.setattr(module, "_answers", lambda url: next(answers))
    sys.modules.pop("this", None)
    with embedded_server(["no.such.module", "this"]):
        assert get_current_settings().api.url == URL
        assert ends_with_this_process()
    assert get_current_settings().api.url is None
    assert "this" in sys.modules


def test_a_server_that_answers_at_once_is_not_kept_waiting(started, monkeypatch):
    started("import time; time.sleep(600)")
    monkeypatch.setattr(module, "_answers", lambda url: True)
    monkeypatch.setattr(module, "import_module", lambda name: pytest.fail("an import was waited for"))
    with embedded_server(["this"]):
        pass


def test_a_server_that_dies_is_told_in_one_line(started):
    started("raise SystemExit(3)")
    with pytest.raises(NoServer, match=r"make server") as told, embedded_server():
        pass
    assert "\n" not in str(told.value)


def test_a_link_to_pages_that_it_has_not_is_left_out():
    told = [logging.makeLogRecord({"msg": message}) for message in ("View at http://127.0.0.1:1", "Beginning flow run")]
    assert [module._leads_somewhere(record) for record in told] == [False, True]


def test_a_server_that_is_gone_in_the_middle_ends_the_run_at_once_in_one_line():
    program = f"""
import subprocess, sys, time
from prefect.settings import PREFECT_API_URL, temporary_settings
from tasks.support import embedded_server as module

server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
module._start, module._answers = lambda: (server, {URL!r}), lambda url: True
with temporary_settings(restore_defaults={{PREFECT_API_URL}}), module.embedded_server():
    server.kill()
    time.sleep(600)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 1
    told = [line for line in ended.stderr.splitlines() if "INFO" not in line]
    assert len(told) == 1
    assert told[0].startswith("wavecast: Prefect's server of this run has ended")


def test_the_server_has_a_session_of_its_own_and_knows_whom_to_end_with(monkeypatch, no_server_of_the_users):
    given = {}

    class Started:
        def __init__(self, command, **options):
            given.update(command=command, **options)

    monkeypatch.setattr(module.subprocess, "Popen", Started)
    monkeypatch.setattr(module.atexit, "register", lambda *_: None)
    module._start()
    assert given["start_new_session"]
    assert str(module.os.getpid()) in given["command"]


def test_a_full_disk_of_prefects_is_told_before_a_server_is_started(monkeypatch, tmp_path, no_server_of_the_users):
    monkeypatch.setattr(module, "_start", lambda: pytest.fail("a server was started"))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_000_000))
    with temporary_settings({PREFECT_HOME: tmp_path / "home"}), pytest.raises(NoServer) as told, embedded_server():
        pass
    assert "3.0 MB left" in str(told.value)
    assert "PREFECT_HOME" in str(told.value)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("sqlite3.OperationalError: database or disk is full", "the disk is full"),
        ("sqlite3.OperationalError: attempt to write a readonly database", "may not be written"),
        ("sqlite3.DatabaseError: file is not a database", "damaged"),
    ],
)
def test_a_database_that_cannot_be_written_ends_the_run_in_one_line(said, advice):
    program = f"""
import subprocess, sys, time
from prefect.settings import PREFECT_API_URL, temporary_settings
from tasks.support import embedded_server as module

code = "import sys, time; print('Traceback', {said!r}, sep=chr(10), file=sys.stderr, flush=True); time.sleep(120)"
server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
module._start, module._answers = lambda: (server, {URL!r}), lambda url: True
with temporary_settings(restore_defaults={{PREFECT_API_URL}}), module.embedded_server():
    time.sleep(600)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 2
    (told,) = [line for line in ended.stderr.splitlines() if "INFO" not in line]
    assert told.startswith("wavecast: Prefect cannot write its database in ")
    assert advice in told
