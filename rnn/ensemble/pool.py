"""The pool of statistical members fitted to one series: its state, and its forecasts with quantiles.

It keeps the series itself, since its members are fitted in closed form in a few milliseconds; what it has learned is
which seasons there may be, how much each member weighs, and how large its rehearsed errors were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.ensemble.combination import (
    PointForecast,
    are_counts,
    combined,
    member_weights,
    point_forecast,
    rehearsed_ratio,
)
from rnn.ensemble.rehearsal import FEWEST, rehearse
from rnn.ensemble.statistical_members import MEMBERS, forecast_members
from rnn.errors import SeriesTooShort

MOST = 1000
"""So many of the newest points are looked at, or six of the longest season, up to LONGEST."""
LONGEST = 2500


@dataclass(frozen=True)
class StatisticalPool:
    """`history` (points,): the newest points, in their unit, NaN where one is missing.

    `weight` (members,): each member's share, together 1.

    `seasons`: lengths in points, shortest first. `ratio`: the logarithm of rehearsed errors as a share of those that
    smoothing expected. `bounds`: what forecasts and intervals never leave.
    """

    history: Array
    seasons: tuple[int, ...]
    weight: Array
    ratio: float
    bounds: tuple[float, float] = (-np.inf, np.inf)

    @classmethod
    def fit(
        cls, y: Array, seasons: Sequence[int], horizon: int, bounds: tuple[float, float] = (-np.inf, np.inf)
    ) -> "StatisticalPool":
        """Fitted to `y` (points,), NaN where one is missing, rehearsed for `horizon` points.

        Raises SeriesTooShort for fewer than FEWEST points that are known.

        `seasons`: lengths in points that may be there. What is not there is shrunk to nothing; those of which there
        are fewer than two are left out. A series that was never negative stays so, unless `bounds` say otherwise.
        """
        if (known := int(np.isfinite(y).sum())) < FEWEST:
            raise SeriesTooShort(f"{known} points are too few to forecast from: give at least {FEWEST}")
        usable = sorted(length for length in set(seasons) if length > 1 and 2 * length + 2 <= min(len(y), LONGEST))
        history = _newest(y, tuple(usable))
        with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
            rehearsed = rehearse(history / _unit(history), usable, horizon)
            weight = member_weights(rehearsed, len(history), _main(usable))
            ratio = rehearsed_ratio(rehearsed, weight)
        low = 0.0 if bounds[0] == -np.inf and np.nanmin(y) >= 0 else bounds[0]
        return cls(history, tuple(usable), weight, ratio, (low, bounds[1]))

    @property
    def counts(self) -> bool:
        """Whether the series has counts of a few things each, whose intervals end at whole numbers."""
        return are_counts(self.history)

    def after(self, y: Array) -> "StatisticalPool":
        """The same seasons and weights where another (longer) series ends."""
        return replace(self, history=_newest(y, self.seasons))

    def forecast(self, horizon: int) -> PointForecast:
        """The next `horizon` points, and how wide what surrounds them is."""
        unit = _unit(self.history)
        with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
            (said,) = forecast_members([self.history / unit], self.seasons, [horizon])
            known, positive = self.history / unit, bool(np.nanmin(self.history) > 0)
            one = point_forecast(said, self.weight, _main(self.seasons), self.ratio, positive, known)
        low, high = self.bounds
        y, width = np.clip(one.y * unit, low, high), one.width * unit
        return replace(one, y=y, width=width, bounds=self.bounds, counts=self.counts)

    def earlier(self, known: Sequence[int], horizon: int) -> list[Array]:
        """The forecast of the same members with the same weights after the first `known` points.

        Each (up to horizon,), as far as the outcome is in the history. Points are counted in the history.
        """
        unit, y = _unit(self.history), self.history
        steps = [min(horizon, len(y) - count) for count in known]
        with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
            said = forecast_members([y[:count] / unit for count in known], self.seasons, steps)
            return [np.clip(unit * combined(one, self.weight), *self.bounds) for one in said]

    def arrays(self) -> dict[str, Array]:
        """Everything by name, as an npz file may hold it."""
        return {
            "history": self.history,
            "seasons": np.array(self.seasons, dtype=float),
            "statistical_weight": self.weight,
            "rehearsed_ratio": np.array([self.ratio]),
            "bounds": np.array(self.bounds),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> "StatisticalPool":
        """The pool that `arrays()` was of. Raises KeyError for a missing name."""
        low, high = np.asarray(arrays["bounds"], dtype=float).tolist()
        weight = np.zeros(len(MEMBERS))  # of an older model the newest members weigh nothing
        weight[: len(arrays["statistical_weight"])] = arrays["statistical_weight"]
        return cls(
            np.asarray(arrays["history"], dtype=float),
            tuple(int(length) for length in arrays["seasons"]),
            weight,
            float(arrays["rehearsed_ratio"][0]),
            (low, high),
        )


def _main(seasons: Sequence[int]) -> int:
    return max(seasons[:1], default=1)


def _newest(y: Array, seasons: tuple[int, ...]) -> Array:
    return np.asarray(y[-min(max(MOST, 6 * max(seasons, default=1)), LONGEST) :], dtype=float)


def _unit(y: Array) -> float:
    return float(np.nanmax(np.abs(y))) or 1.0
