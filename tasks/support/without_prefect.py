"""Run flows and their steps without Prefect, at a chosen time, so that a year of nights takes minutes.

The functions are the same; what Prefect would do around them is left out. A step is called, and tried again as often as
it says; warnings and events are told to whoever asks. Names are exchanged in the project's loaded modules, so this is
for a process that does nothing else afterwards.
"""

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeAlias, cast
from uuid import uuid4

import httpx
import prefect
from prefect import artifacts, events
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from tasks.support.events import is_awaited

PACKAGES = ("rnn", "artifacts", "tasks", "flows")


Note: TypeAlias = Callable[[str, str], None]
"""Is told what happened, an "event" or a "warning", and its text."""


def leave_prefect_out(now: datetime, run: str, note: Note, server_away: bool = False) -> None:
    """From now on steps are plain functions, in a process whose clock says `now` and goes on from there.

    `run`: an id for the flow run. `note` is told of events and of warnings. With the `server_away` nothing waits for
    events, and artifacts cannot be made.
    """
    clock = _clock(now - datetime.now(UTC))

    def artifact(*_: Any, key: str = "", **__: Any) -> Any:
        if server_away:
            raise httpx.ConnectError("All connection attempts failed")
        return uuid4()

    def announced(event: str, resource: Any, payload: dict[str, Any]) -> None:
        if not server_away:  # emitting fails in silence
            note("event", f"{event}: {payload.get('why')}")

    logger = logging.Logger("a night")
    logger.addHandler(_Noting(logging.WARNING, note))
    instead = {
        prefect.get_run_logger: lambda *_, **__: logger,
        artifacts.create_markdown_artifact: artifact,
        artifacts.create_table_artifact: artifact,
        artifacts.create_progress_artifact: artifact,
        artifacts.update_progress_artifact: artifact,
        events.emit_event: announced,
        flow_run: SimpleNamespace(id=run, scheduled_start_time=now),
        is_awaited: lambda *_: not server_away,
        datetime: clock,
    }
    _put(instead)
    prefect.Task.__call__ = _called  # type: ignore[method-assign, assignment]


def _put(instead: dict[Any, Any]) -> None:
    by_id = {id(original): replacement for original, replacement in instead.items()}
    for name, module in list(sys.modules.items()):
        if name != __name__ and name.partition(".")[0] in PACKAGES:
            for attribute, value in list(vars(module).items()):
                if id(value) in by_id:
                    setattr(module, attribute, by_id[id(value)])


def _called(task: "prefect.Task[..., Any]", *args: Any, **kwargs: Any) -> Any:
    """Call a task's function, and again as often as the task says where that may help."""
    for attempt in range((task.retries or 0) + 1):
        try:
            return task.fn(*args, **kwargs)
        except Exception as error:
            last = attempt == (task.retries or 0)
            if last or (task.retry_condition_fn and not task.retry_condition_fn(task, cast(Any, None), _failed(error))):
                raise
    raise AssertionError("a task is called at least once")


def _failed(error: Exception) -> Any:
    return SimpleNamespace(result=lambda raise_on_failure=False: error)


def _clock(ahead: timedelta) -> type[datetime]:
    """The class datetime of a clock that is so far `ahead`."""

    class Same(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

    class Clock(datetime, metaclass=Same):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    return Clock


class _Noting(logging.Handler):
    """Hands on the text of each record from a level on."""

    def __init__(self, level: int, note: Note) -> None:
        super().__init__(level)
        self.note = note

    def emit(self, record: logging.LogRecord) -> None:
        self.note("warning", record.getMessage())


def end_of(result: Any) -> tuple[str, str]:
    """How a flow that was called so has ended, and what it says: a string, or a state in its place."""
    if isinstance(result, State):
        return str(result.name), str(result.message)
    return "Completed", str(result)
