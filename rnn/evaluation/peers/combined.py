"""Means of several methods: simple, and in forecasting competitions hard to beat."""

from typing import ClassVar

import numpy as np

from rnn.arrays import Array
from rnn.evaluation.baselines import Baseline, RidgeAutoregression
from rnn.evaluation.peers.statistical import MSTL, AutoARIMA, AutoCES, AutoETS, DynamicTheta
from rnn.evaluation.peers.trees import LightGBM
from rnn.forecast import Forecast, grid
from rnn.intervals import BOUNDS, Intervals
from rnn.series import Series


class Mean(Baseline):
    """The mean of the forecasts of its `parts`, and bound by bound of their intervals where all have some."""

    parts: ClassVar[tuple[type[Baseline], ...]]

    def _learn(self, series: Series, horizon: int | None) -> None:
        self._fitted = [part().fit(series, horizon) for part in self.parts]

    def mean(self, horizon: int) -> Array:
        """The mean of the forecasts (horizon,)."""
        _ = self.series
        return np.asarray(np.mean([part.mean(horizon) for part in self._fitted], axis=0))

    def predict_groups(self, steps: int, size: int) -> Forecast:
        """The mean of what the parts predict."""
        y, intervals = mean_of([part.predict_groups(steps, size) for part in self._fitted])
        x = grid("text", float(self.series.x[-1]), self.series.step, size, steps)
        return Forecast(self.name, x, y, intervals, self.series.calendar)


def mean_of(forecasts: list[Forecast]) -> tuple[Array, Intervals | None]:
    """The mean of several forecasts of one shape, and bound by bound of their intervals; None if one has none."""
    y = np.mean([forecast.y for forecast in forecasts], axis=0)
    drawn = [forecast.intervals for forecast in forecasts if forecast.intervals is not None]
    if len(drawn) < len(forecasts):
        return y, None
    bounds = (np.mean([getattr(one, bound) for one in drawn], axis=0) for bound in BOUNDS)
    return y, Intervals(*bounds)


class MeanOfFour(Mean):
    """The mean of AutoARIMA, AutoETS, DOT and AutoCES, as in Petropoulos & Svetunkov (2020)."""

    name = "mean of four"
    parts = (AutoARIMA, AutoETS, DynamicTheta, AutoCES)


class MeanOfLong(Mean):
    """The mean of MSTL, DOT, LightGBM and ridge autoregression, the best found on long series with several seasons."""

    name = "mean of MSTL, DOT, LightGBM, ridge"
    parts = (MSTL, DynamicTheta, LightGBM, RidgeAutoregression)
