"""Live one night of a year with faults: the real monitor and retraining, on a real store, in a child process.

Only Prefect is left out (tasks/support/without_prefect.py): its records, retries of a whole flow, and its worker.
"""

import os
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from PIL import Image

# All that a night needs is imported before the first fork.
import rnn.readers.read
import rnn.readers.tables  # noqa: F401
from artifacts.plots import figures
from flows.monitor import monitor
from flows.retrain import retrain
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from tasks.support.child import Ended, Tell, in_a_child
from tasks.support.without_prefect import end_of, leave_prefect_out

PATIENCE = 300.0
"""Seconds that a night may take."""


@dataclass(frozen=True)
class Mishap:
    """What meets the process of a night: killed after so many seconds, no file larger than so many bytes, no server."""

    kill_after: float | None = None
    largest_file: int | None = None
    server_away: bool = False


NONE = Mishap()


@dataclass(frozen=True)
class Outcome:
    """How a night went: how each flow ended ("Completed", "Failed", or "Crashed"), in words, and who was told what."""

    ends: dict[str, tuple[str, str]]
    warnings: Sequence[str]
    events: Sequence[str]
    seconds: float

    @property
    def crashed(self) -> bool:
        """Whether the process died before it was done."""
        return any(state == "Crashed" for state, _ in self.ends.values())

    @property
    def failed(self) -> bool:
        """Whether the retraining failed, with a line that says why."""
        return self.ends["retrain"][0] == "Failed"

    @property
    def alarms(self) -> tuple[str, ...]:
        """What whoever waits for alarms learns: runs that failed or crashed, and what is wrong with the feed."""
        bad = [f"{flow} {state}: {text}" for flow, (state, text) in self.ends.items() if state in ("Failed", "Crashed")]
        return (*bad, *(each for each in self.warnings if each.startswith("the feed is ")))


def night(settings: RetrainSettings, now: datetime, mishap: Mishap = NONE, first: bool = False) -> Outcome:
    """Monitor (but on the `first` night) and retrain at the time `now`, and what came of it."""
    watching = MonitorSettings(store=settings.store, data=settings.data)
    flows: dict[str, Callable[[], object]] = {} if first else {"monitor": lambda: monitor.fn(watching)}
    flows["retrain"] = lambda: retrain.fn(settings)

    def live(tell: Tell) -> None:
        if mishap.largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (mishap.largest_file, mishap.largest_file))
        _draw_nothing()
        leave_prefect_out(now, uuid4().hex, tell, mishap.server_away)
        for name, call in flows.items():
            try:
                state, text = end_of(call())
            except Exception as error:
                state, text = "Failed", str(error) or type(error).__name__
            tell(name, f"{state}|{text}")

    return _outcome(in_a_child(live, PATIENCE, mishap.kill_after), list(flows))


def _draw_nothing() -> None:
    """Leave out what takes longest and decides nothing: the pictures are empty, and no progress is shown."""
    figures.render = lambda figure: Image.new("RGB", (1, 1))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _outcome(ended: Ended, flows: Sequence[str]) -> Outcome:
    told: dict[str, list[str]] = {}
    for kind, text in ended.told:
        told.setdefault(kind, []).append(text)
    how = f"killed by signal {-ended.code}" if ended.code < 0 else "; ".join(told.get("error", ["no word"]))
    ends = {}
    for flow in flows:
        state, _, text = told[flow][0].partition("|") if flow in told else ("Crashed", "", how)
        ends[flow] = state, text
    return Outcome(ends, told.get("warning", []), told.get("event", []), ended.seconds)
