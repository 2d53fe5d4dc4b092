"""A process that retrains and monitors at a time of its own, without Prefect, and may be killed at one place.

    python tests/one_night.py STORE DATA NOW [--poor] [--killed-at MODULE:CLASS.FUNCTION] FLOW...

SIGKILL comes as the function at that place is called. What each flow ends with is a line. `promote` is of the oldest
run, and `serve` ends before the first request.
"""

import argparse
import importlib
import os
import signal
import sys
from datetime import UTC, datetime

import uvicorn
from PIL import Image

import rnn.readers.read
import rnn.readers.tables  # noqa: F401
from artifacts.plots import figures
from artifacts.store.store import Store
from flows.forecast import ForecastSettings, forecast
from flows.history import history
from flows.monitor import monitor
from flows.promote import ByHandSettings, promote
from flows.retrain import retrain
from flows.rollback import rollback
from flows.serve import serve
from flows.settings.base import StoreSettings
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from flows.settings.serve import ServeSettings
from rnn.recipes import AutoregressiveRecipe
from tasks.support.without_prefect import end_of, leave_prefect_out

QUICK = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
POOR = {"memories": (2,), "recurrent_memories": (), "penalties": (1.0,), "ranks": (), "sections": 0}
"""Changes to a recipe by which it can hardly learn anything."""


def kill_at(place: str) -> None:
    """Let the function at a place end this process, as a power cut would."""
    module, _, path = place.partition(":")
    owner, _, name = path.rpartition(".")
    found = importlib.import_module(module)
    setattr(getattr(found, owner) if owner else found, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))


def say(kind: str, text: str) -> None:
    """Print a line at once: the process may not live to its end."""
    sys.stdout.write(f"{kind} {text}\n")
    sys.stdout.flush()


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser()
    for name in ("store", "data", "now"):
        parser.add_argument(name)
    parser.add_argument("flows", nargs="+")
    parser.add_argument("--poor", action="store_true")
    parser.add_argument("--killed-at")
    given = parser.parse_args()
    now = datetime.fromisoformat(given.now).replace(tzinfo=UTC)
    figures.render = lambda figure: Image.new("RGB", (1, 1))
    uvicorn.Server.run = lambda *_, **__: None
    leave_prefect_out(now, f"{now:%m%d%H}", say)
    if given.killed_at:
        kill_at(given.killed_at)
    recipe = QUICK.model_copy(update=POOR if given.poor else {})
    place = {"store": given.store, "data": given.data}
    settings = RetrainSettings(**place, group_size=4, horizon=2, folds=4, margin=0.5, autoregressive=recipe)
    flows = {
        "retrain": lambda: retrain.fn(settings),
        "monitor": lambda: monitor.fn(MonitorSettings(**place)),
        "forecast": lambda: forecast(ForecastSettings(**place)),
        "history": lambda: history(StoreSettings(store=given.store)),
        "promote": lambda: promote(Store(given.store).runs()[0], ByHandSettings(store=given.store, why="by hand")),
        "rollback": lambda: rollback(ByHandSettings(store=given.store, why="by hand")),
        "serve": lambda: serve(ServeSettings(store=given.store, port=0)),
    }
    for flow in given.flows:
        state, said = end_of(flows[flow]())
        say(state, said.splitlines()[-1])


if __name__ == "__main__":
    main()
