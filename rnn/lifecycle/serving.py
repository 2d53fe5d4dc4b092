"""What a champion says when the data end somewhere: its forecast, with intervals, from the weights that it has."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnn.arrays import Array
from rnn.errors import SeriesTooShort
from rnn.evaluation.backtest import backtest
from rnn.evaluation.methods import METHODS
from rnn.forecast import Forecast, grid
from rnn.intervals import NoRehearsal, conformal
from rnn.lifecycle.folds import NAIVE, Contender
from rnn.series import Groups

REHEARSALS = 5
"""Earlier origins that a naive method's intervals come from; an ensemble brings its own."""


def serve(champion: Contender, groups: Groups, horizon: int) -> Forecast:
    """The champion's forecast of the `horizon` groups after `groups`; its ensemble is not trained again."""
    last = float(groups.x[-1, -1, 0])
    x = grid("text", last, groups.step, groups.group_size, horizon)
    if champion.ensemble is None:
        return _naive(champion.method, groups, x)
    ensemble = champion.ensemble.after(groups)
    y, spread = ensemble.forecast_and_spread(horizon)
    try:
        return Forecast(champion.method, x, y, conformal(y, ensemble.rehearsed, (ensemble.rehearsed_spread, spread)))
    except NoRehearsal:
        return Forecast(champion.method, x, y)


def served_beside(champion: Contender, others: Mapping[str, Contender], groups: Groups, horizon: int) -> list[Forecast]:
    """What is `served`, then what the `others` say, each under its name, then the naive forecasts."""
    forecasts = {"served": serve(champion, groups, horizon)}
    forecasts |= {name: serve(other, groups, horizon) for name, other in others.items()}
    x = grid("text", float(groups.x[-1, -1, 0]), groups.step, groups.group_size, horizon)
    forecasts |= {name: _naive(name, groups, x) for name in NAIVE}
    return [replace(forecast, method=name) for name, forecast in forecasts.items()]


def _naive(method: str, groups: Groups, x: Array) -> Forecast:
    """A naive forecast: it draws nothing, and its errors at earlier origins are those of the newest data."""
    y = METHODS[method](groups, x, np.random.default_rng(0))
    try:
        tests = backtest(groups, {method: METHODS[method]}, len(x), REHEARSALS, lambda name: np.random.default_rng(0))
    except SeriesTooShort:
        return Forecast(method, x, y)
    return Forecast(method, x, y, conformal(y, tests[method].errors))
