"""Wavecast as a library: read a series, fit a forecaster, predict, backtest.

    from rnn import Autoregressive, SeasonalNaive, backtest, read_series

    series = read_series("sales.csv")
    forecast = Autoregressive().fit(series).predict(14)

docs/python.md shows it from beginning to end. Names are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnn.calendar import Calendar
    from rnn.elman.forecaster import Elman
    from rnn.ensemble.forecaster import Autoregressive
    from rnn.errors import WavecastError
    from rnn.evaluation.backtest import Backtests, backtest
    from rnn.evaluation.baselines import FullyConnected, Linear, Persistence, RidgeAutoregression, SeasonalNaive
    from rnn.evaluation.methods import METHODS, load
    from rnn.evaluation.peers.statistical import AutoARIMA, AutoETS
    from rnn.forecast import Forecast
    from rnn.forecaster import Forecaster
    from rnn.readers.read import read_series
    from rnn.series import Series

__all__ = [
    "METHODS",
    "AutoARIMA",
    "AutoETS",
    "Autoregressive",
    "Backtests",
    "Calendar",
    "Elman",
    "Forecast",
    "Forecaster",
    "FullyConnected",
    "Linear",
    "Persistence",
    "RidgeAutoregression",
    "SeasonalNaive",
    "Series",
    "WavecastError",
    "backtest",
    "load",
    "read_series",
]

_MODULES = {
    "Calendar": "calendar",
    "Elman": "elman.forecaster",
    "Autoregressive": "ensemble.forecaster",
    "WavecastError": "errors",
    "Backtests": "evaluation.backtest",
    "backtest": "evaluation.backtest",
    "AutoARIMA": "evaluation.peers.statistical",
    "AutoETS": "evaluation.peers.statistical",
    "METHODS": "evaluation.methods",
    "load": "evaluation.methods",
    "Forecast": "forecast",
    "Forecaster": "forecaster",
    "read_series": "readers.read",
    "Series": "series",
}
"""Where each name is, unless it is a baseline."""


def __getattr__(name: str) -> Any:
    """The public name, imported now: reading a file should not wait for networks, nor the other way round."""
    if name not in __all__:
        raise AttributeError(f"module 'rnn' has no attribute {name!r}")
    return getattr(import_module(f"rnn.{_MODULES.get(name, 'evaluation.baselines')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
