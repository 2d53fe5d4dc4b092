"""Forecast one window of a suite by one method: record the forecast, its intervals and time, or why there is none.

Where a method fails or refuses, the seasonal naive forecast takes its place, and the attempt says so.
"""

import re
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.forecaster import Autoregressive
from rnn.evaluation.methods import METHODS, PEERS, PEERS_OF_LONG
from rnn.evaluation.peers.combined import Mean
from rnn.evaluation.suites import Window
from rnn.forecast import Forecast
from rnn.forecaster import Forecaster
from rnn.intervals import BOUNDS
from rnn.series import Series

OURS = "autoregressive"
"""The method that the evaluation is about."""

FALLBACK = "seasonal naive"

NORMAL = {"50": 0.67449, "90": 1.64485}
"""Quantiles of the normal distribution, for the intervals of the fallback."""


@dataclass(frozen=True)
class Attempt:
    """What a method forecast of a window: `y` and `bounds` by name, each (horizon,), NaN where it draws no intervals.

    `seconds`: of CPU time, warm, fitting included. `failure`: why the seasonal naive forecast is in its place, or "".
    `given`: the window's digest.
    """

    window: str
    given: str
    y: Array
    bounds: dict[str, Array]
    seconds: float
    failure: str = ""


def made(method: str, seed: int) -> Forecaster:
    """The method as a user gets it: our recipe chooses the size of its groups."""
    if method == OURS:
        return Autoregressive(seed=seed)
    return (METHODS | PEERS | PEERS_OF_LONG)[method](1, seed)


@cache
def parts_of(method: str) -> tuple[str, ...]:
    """The methods whose mean it is; none for any other."""
    forecaster = made(method, 0)
    return tuple(part.name for part in forecaster.parts) if isinstance(forecaster, Mean) else ()


def attempt(method: str, window: Window, seed: int = 0) -> Attempt:
    """Fit a method on what was known of a window, and forecast what came next."""
    _warm(method)
    series = window.known(certain=method != OURS)
    started = time.process_time()
    try:
        forecast = _quietly(partial(_forecast, method, series, window.horizon, seed))
    except Exception as error:  # other libraries raise whatever they like, and no series may end an evaluation
        return _fallen_back(window, f"{type(error).__name__}: {error}", time.process_time() - started)
    seconds = time.process_time() - started
    if not np.isfinite(forecast.mean).all():
        return _fallen_back(window, "its forecast is not finite", seconds)
    return Attempt(window.name, window.digest, forecast.mean, _bounds(forecast), seconds)


def combined(window: Window, parts: Sequence[Attempt]) -> Attempt:
    """The mean of several attempts, of those that did not fail; their seconds together."""
    seconds = sum(part.seconds for part in parts)
    there = [part for part in parts if not part.failure]
    if not there:
        return _fallen_back(window, "all of its parts failed", seconds)
    bounds = {bound: np.mean([part.bounds[bound] for part in there], axis=0) for bound in BOUNDS}
    return Attempt(window.name, window.digest, np.mean([part.y for part in there], axis=0), bounds, seconds)


def _fallen_back(window: Window, why: str, seconds: float) -> Attempt:
    """The seasonal naive forecast with normal intervals, which grow with the root of the seasons ahead."""
    y, period = window.history, window.period if len(window.history) > window.period else 1
    naive = np.resize(y[-period:], window.horizon)
    errors = y[period:] - y[:-period]
    spread = np.sqrt(np.mean(errors**2) * (np.arange(window.horizon) // period + 1)) if len(errors) else np.nan * naive
    bounds: dict[str, Array] = {}
    for level, quantile in NORMAL.items():
        bounds |= {f"lower{level}": naive - quantile * spread, f"upper{level}": naive + quantile * spread}
    return Attempt(window.name, window.digest, naive, bounds, seconds, _in_one_line(why))


def _in_one_line(why: str) -> str:
    """A failure without the colours of a terminal, which Numba's texts bring."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", why).split())[:200]


def _bounds(forecast: Forecast) -> dict[str, Array]:
    drawn, none = forecast.intervals, np.full(len(forecast), np.nan)
    return {bound: none if drawn is None else getattr(drawn, bound).ravel() for bound in BOUNDS}


@cache
def _warm(method: str) -> None:
    """Let a method import and compile what it needs, which is no part of its time: once in a process."""
    t = np.arange(156.0)
    y = 100 + t / 10 + 10 * np.sin(2 * np.pi * t / 12) + np.sin(t**2)
    for seasons in ((), (12,)):
        series = Window("warm", "", seasons, 144, y[:144], y[144:]).known(certain=True)
        try:
            _quietly(partial(_forecast, method, series, 12, 0))
        except Exception:  # it will fail where it counts, and say why
            return


def _forecast(method: str, series: Series, horizon: int, seed: int) -> Forecast:
    return made(method, seed).fit(series, horizon).predict(horizon)


def _quietly(forecast: Callable[[], Forecast]) -> Forecast:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return forecast()
