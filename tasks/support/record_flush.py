"""Wait until Prefect has recorded how each task ended.

Task runs reach the database as events, some time after they happened. Prefect's embedded server ends together with the
process that started it, and what has not arrived by then is lost: the UI would show tasks that run for ever.
"""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.context import FlowRunContext

from tasks.support.embedded_server import ends_with_this_process
from tasks.support.interruption import listen

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE = 10.0
"""Seconds to wait at the most: a lost record is no reason to lose a run."""


HURRY = 2.0
"""The same for a run that was asked to end."""


def wait_for_task_records(function: Callable[P, R]) -> Callable[P, R]:
    """Make a flow wait at its end, under an embedded server only, until all its task runs are on record as final."""

    @functools.wraps(function)
    def waiting(*args: P.args, **kwargs: P.kwargs) -> R:
        listen()
        patience = PATIENCE
        try:
            return function(*args, **kwargs)
        except KeyboardInterrupt:
            patience = HURRY
            raise
        finally:
            if ends_with_this_process():
                _wait_for_task_runs(patience)

    return waiting


def _wait_for_task_runs(patience: float) -> None:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return
    # Prefect numbers the calls of each task from 0.
    expected = sum(key + 1 for key in context.task_run_dynamic_keys.values() if isinstance(key, int))
    of_this_flow = FlowRunFilter(id=FlowRunFilterId(any_=[context.flow_run.id]))
    deadline = time.monotonic() + patience
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            recorded = client.read_task_runs(flow_run_filter=of_this_flow)
            if sum(bool(run.state and run.state.is_final()) for run in recorded) >= expected:
                return
            time.sleep(0.05)
