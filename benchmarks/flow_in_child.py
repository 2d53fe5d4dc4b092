"""A flow at a time of one's choosing, in a child process and without Prefect: what benchmarks of whole stores call."""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from tasks.support.child import Tell, in_a_child
from tasks.support.without_prefect import end_of, leave_prefect_out

PATIENCE = 600.0
"""Seconds that a flow may take."""


def seconds_of(flow: Callable[[], object], now: datetime) -> float:
    """Call a flow at the time `now`; returns the processor's seconds that it took. Exits when it does not complete."""

    def live(tell: Tell) -> None:
        leave_prefect_out(now, uuid4().hex, lambda kind, text: None)
        started = time.process_time()
        state, text = end_of(flow())
        tell("seconds", str(time.process_time() - started))
        tell(state, text)

    told = dict(in_a_child(live, PATIENCE).told)
    if "Completed" not in told:
        raise SystemExit(f"it did not end well: {told}")
    return float(told["seconds"])
