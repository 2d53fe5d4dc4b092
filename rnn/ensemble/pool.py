"""The pool of statistical members, fitted to one series: what it keeps, and its forecasts with quantiles.

It keeps the series itself, since its members are fitted in a few milliseconds, in closed form; what it has learned is
which seasons there are, how much each member weighs, and how large rehearsed errors were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.errors import SeriesTooShort
from rnn.ensemble.combination import PointForecast, member_weights, point_forecast, rehearsed_ratio
from rnn.ensemble.rehearsal import FEWEST, rehearse
from rnn.ensemble.statistical_members import forecast_members

MOST = 1000
"""So many of the newest points are looked at, and at least `MOST_SEASONS` of the longest season."""
MOST_SEASONS = 6


@dataclass(frozen=True)
class StatisticalPool:
    """`history` (points,) in its unit; `seasons`: lengths in points, as far as used; `weight` (members,), together 1.

    `ratio`: the logarithm of rehearsed errors as a share of those expected. `unit`: what the history is computed in.
    """

    history: Array
    seasons: tuple[int, ...]
    weight: Array
    ratio: float

    @classmethod
    def fit(cls, y: Array, seasons: Sequence[int], horizon: int) -> "StatisticalPool":
        """Fitted to `y` (points,), rehearsed for `horizon` points. Raises SeriesTooShort for fewer than FEWEST points.

        `seasons`: lengths in points that may be there, the one learned on as it changes first. What is not there is
        shrunk to nothing; those of which there are fewer than two are left out.
        """
        if len(y) < FEWEST:
            raise SeriesTooShort(f"{len(y)} points are too few to forecast from: give at least {FEWEST}")
        seasons = tuple(season for season in seasons if season > 1 and len(y) >= 2 * season + 2)
        history = y[-max(MOST, MOST_SEASONS * max(seasons, default=1)) :].astype(float)
        with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
            rehearsed = rehearse(_in_units(history), seasons, horizon)
            weight = member_weights(rehearsed, len(history), max(seasons[:1], default=1))
            return cls(history, seasons, weight, rehearsed_ratio(rehearsed, weight))

    def after(self, y: Array) -> "StatisticalPool":
        """The same seasons and weights where another (longer) series ends."""
        return replace(self, history=y[-max(MOST, MOST_SEASONS * max(self.seasons, default=1)) :].astype(float))

    def forecast(self, horizon: int) -> PointForecast:
        """The next `horizon` points, and how wide what surrounds them is."""
        with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
            unit = _unit(self.history)
            (said,) = forecast_members([self.history / unit], self.seasons, [horizon])
            one = point_forecast(
                said, self.weight, len(self.history), max(self.seasons[:1], default=1), self.ratio,
                relative=bool(self.history.min() > 0),
            )  # fmt: skip
            return replace(one, y=one.y * unit, width=one.width * unit)


def _unit(y: Array) -> float:
    return float(np.abs(y).max()) or 1.0


def _in_units(y: Array) -> Array:
    return np.asarray(y / _unit(y))
