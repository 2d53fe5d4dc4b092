"""End a command on Ctrl-C or SIGTERM within ten seconds, in one line, with exit code 130 or 143.

The first signal asks: the step at work is broken off, Prefect notes that the run has crashed, and what is half-written
is removed. Whatever is not done by then (a server that does not answer, a thread that computes) is not waited for. The
second ends the process at once. Every file is written whole or not at all, so nothing is lost by that.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

GRACE = 8.0
"""Seconds from a signal until the process ends, in order or not."""


_current: "_Ending | None" = None


@contextmanager
def interruptible(line: str) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM break the block off with a KeyboardInterrupt; then print `line` and raise SystemExit.

    A signal that this process was started to ignore stays ignored. Only the main thread hears of signals.
    """
    global _current  # noqa: PLW0603
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    heeded = [one for one, handler in before.items() if handler != signal.SIG_IGN]
    _current = ending = _Ending(line, heeded)
    listen()
    try:
        yield
    except BaseException:
        if ending.code is None:
            raise
        ending.tell()
        raise SystemExit(ending.code) from None
    finally:
        if ending.code is None:  # else a second signal may still come
            _current = None
            for one in heeded:
                signal.signal(one, before[one])


def listen() -> None:
    """Listen to signals again, inside an interruptible block, where Prefect has begun to listen to SIGTERM itself.

    Its own way tells of a crash in several lines, and waits for a server however long that takes.
    """
    if _current is not None and threading.current_thread() is threading.main_thread():
        for one in _current.heeded:
            signal.signal(one, _current.asked)


def end_at_once(line: str, code: int) -> NoReturn:
    """Print the line and end this process and its worker processes, without a word from anybody else."""
    if line:
        print(f"wavecast: {line}", file=sys.stderr, flush=True)  # noqa: T201
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(code)


class _Ending:
    """How one command ends when it is asked to."""

    def __init__(self, line: str, heeded: list[signal.Signals]) -> None:
        self.line, self.heeded = line, heeded
        self.code: int | None = None
        self._told = threading.Lock()

    def asked(self, number: int, _: FrameType | None) -> None:
        """The handler of both signals."""
        if self.code is not None:
            self._now()
        self.code = 128 + number
        logging.disable(logging.CRITICAL)  # who breaks off needs no traceback of where
        limit = threading.Timer(GRACE, self._now)
        limit.daemon = True
        limit.start()
        raise KeyboardInterrupt

    def tell(self) -> None:
        """Print the line, once."""
        if self._told.acquire(blocking=False):
            print(f"wavecast: {self.line}", file=sys.stderr, flush=True)  # noqa: T201

    def _now(self) -> None:
        self.tell()
        end_at_once("", self.code or 1)
