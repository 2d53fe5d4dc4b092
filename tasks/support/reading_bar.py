"""A sign of life while a large file is read, or a slow database waited for: a bar, or a line now and then."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from rnn.readers.watching import watched

PATIENCE = 2.0
"""Seconds of reading without a word."""

SECONDS_BETWEEN_LINES = 30.0


class ReadingBar:
    """Shows how far a file has been read, once that has taken longer than `PATIENCE`; rows where bytes are unknown."""

    def __init__(self, console: Console | None = None, patience: float = PATIENCE) -> None:
        self._console, self._patience = console or Console(stderr=True, highlight=False), patience
        self._name, self._began, self._told = "", 0.0, 0.0
        self._bar: tuple[Progress, TaskID] | None = None
        self._alarm: threading.Timer | None = None

    def waits(self, name: str, what: str) -> None:
        """Say so, if it takes longer than `PATIENCE` until something is read; whoever waits cannot say it itself."""
        self.ended(name)
        self._alarm = threading.Timer(self._patience, self._say, (f"waiting for {what} ({name})",))
        self._alarm.daemon = True
        self._alarm.start()

    def read(self, name: str, done: int, total: int) -> None:
        """Show it, if it has taken long."""
        self._no_alarm()
        now = time.monotonic()
        if name != self._name:
            self.ended(self._name)
            self._name, self._began = name, now
        if now - self._began < self._patience:
            return
        if self._console.is_terminal:
            self._show(done, total)
        elif not self._told or now - self._told > SECONDS_BETWEEN_LINES:
            self._told = now
            self._say(f"reading {name}: {_share(done, total)}")

    def ended(self, name: str) -> None:
        """Take the bar away."""
        self._no_alarm()
        if self._bar is not None:
            self._bar[0].stop()
        self._name, self._told, self._bar = "", 0.0, None

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)

    def _no_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _show(self, done: int, total: int) -> None:
        if self._bar is None:
            columns = (
                TextColumn("  reading {task.fields[name]}", markup=False),
                BarColumn(),
                TextColumn("{task.fields[note]}"),
            )
            progress = Progress(*columns, TimeRemainingColumn(), console=self._console, transient=True)
            task = progress.add_task("", total=total or None, name=self._name, note="")
            progress.start()
            self._bar = progress, task
        progress, task = self._bar
        progress.update(task, completed=done, note=_share(done, total))


def _share(done: int, total: int) -> str:
    return f"{100 * done // total} %" if total else f"{done} rows"


@contextmanager
def reading_shown() -> Iterator[None]:
    """Within the block, reading that takes long is shown."""
    bar = ReadingBar()
    try:
        with watched(bar):
            yield
    finally:
        bar.ended("")
