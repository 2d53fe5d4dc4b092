"""The files of runs, and the reports and pages that show them. Nothing here knows Prefect.

    from artifacts import latest_forecast, load_champion

    latest_forecast("sales-runs")               # what the store serves, as a DataFrame
    load_champion("sales-runs").predict(14)     # its champion, as a Forecaster

These two are here and not in `rnn`, which knows series and forecasters but no stores: a store is a folder of artifacts.
docs/using-forecasts.md shows them in use. Names are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artifacts.lifecycle.from_python import latest_forecast, load_champion

__all__ = ["latest_forecast", "load_champion"]


def __getattr__(name: str) -> Any:
    """The public name, imported now: most who import a module of this package need neither."""
    if name not in __all__:
        raise AttributeError(f"module 'artifacts' has no attribute {name!r}")
    return getattr(import_module("artifacts.lifecycle.from_python"), name)
