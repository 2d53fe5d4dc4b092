"""Signals end a process of its own here: what a test does to itself would end the tests."""

import signal
import subprocess
import sys
import time

import pytest

from tasks.support.interruption import interruptible, listen

PROGRAM = """
import logging, signal, sys, time
from tasks.support import interruption
from tasks.support.interruption import interruptible, listen

interruption.GRACE = 2.0
logging.basicConfig()
how = sys.argv[1]


def work():
    print("at work", flush=True)
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        logging.getLogger("prefect").error("Crash detected!")
        if how == "another error":
            raise ConnectionError("the server does not answer")
        if how == "hangs":
            time.sleep(60)
        raise


with interruptible("interrupted: kept"):
    signal.signal(signal.SIGTERM, lambda *_: print("Prefect's own handler"))
    listen()
    work()
"""


def ended(how: str, *signals: signal.Signals, pause: float = 0.5) -> tuple[int, str, float]:
    """The exit code of the program, its standard error, and the seconds that it took from the first signal."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, how], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert program.stdout.readline() == "at work\n"
    started = time.monotonic()
    for one in signals:
        program.send_signal(one)
        time.sleep(pause)
    _, error = program.communicate(timeout=30)
    return program.returncode, error, time.monotonic() - started


@pytest.mark.parametrize(("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("how", ["in order", "another error", "hangs"])
def test_a_signal_ends_it_in_one_line_with_its_exit_code(how, asked, code):
    given, error, seconds = ended(how, asked)
    assert (given, error) == (code, "wavecast: interrupted: kept\n")
    assert seconds < 10


def test_a_second_signal_ends_it_at_once():
    code, error, seconds = ended("hangs", signal.SIGINT, signal.SIGINT)
    assert (code, error) == (130, "wavecast: interrupted: kept\n")
    assert seconds < 1.9


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
