"""Signals end a process of its own here: what a test does to itself would end the tests."""

import signal
import subprocess
import sys

import pytest

from tasks.support.interruption import GRACE, interruptible, listen

PROGRAM = """
import logging, signal, sys, time
from tasks.support import interruption
from tasks.support.interruption import interruptible, listen

logging.basicConfig()
how, interruption.GRACE = sys.argv[1], float(sys.argv[2])


def wait():
    # A signal that comes just before a sleep is heard after it: one long sleep would not hear it.
    for _ in range(6000):
        time.sleep(0.1)


def work():
    try:
        print("at work", flush=True)  # from here on a signal is heard below
        wait()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        logging.getLogger("prefect").error("Crash detected!")
        if how == "another error":
            raise ConnectionError("the server does not answer")
        if how == "hangs":
            wait()
        raise


with interruptible("interrupted: kept"):
    signal.signal(signal.SIGTERM, lambda *_: print("Prefect's own handler"))
    listen()
    work()
"""


def ended(how: str, *signals: signal.Signals, grace: float) -> tuple[int, str]:
    """The exit code of the program and its standard error; each signal is sent once the one before was heard."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, how, str(grace)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for one in signals:
        assert program.stdout.readline() in {"at work\n", "interrupted\n"}
        program.send_signal(one)
    _, error = program.communicate(timeout=300)  # what hangs would hang for longer
    return program.returncode, error


@pytest.mark.parametrize(("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(("how", "grace"), [("in order", 500), ("another error", 500), ("hangs", 1)])
def test_a_signal_ends_it_in_one_line_with_its_exit_code(how, grace, asked, code):
    assert ended(how, asked, grace=grace) == (code, "wavecast: interrupted: kept\n")


def test_a_second_signal_ends_it_without_waiting_for_the_first():
    assert ended("hangs", signal.SIGINT, signal.SIGINT, grace=500) == (130, "wavecast: interrupted: kept\n")


def test_a_command_has_less_than_ten_seconds():
    assert GRACE < 10


def test_signals_are_heard_by_whom_they_were_before_when_all_went_well():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with interruptible("interrupted"):
        assert signal.getsignal(signal.SIGINT) != before[0]
    listen()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible("interrupted"):
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
