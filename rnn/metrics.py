"""Error measures of fits, forecasts and intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.forecast import Forecast
from rnn.intervals import Intervals


def rmse(y: Array, truth: Array) -> float:
    """Root of the mean squared error over all points, in the unit of y. Both of the same shape."""
    return float(_root_mean_square(y - truth, None))


def rmse_by_step(y: Array, truth: Array) -> Array:
    """The same for each forecast step: (horizon, group_size) twice gives (horizon,)."""
    return np.asarray(_root_mean_square(y - truth, 1))


def _root_mean_square(errors: Array, axis: int | None) -> AnyArray:
    """The root of the mean square; where a square is beyond what a float holds, of errors scaled to size one."""
    with np.errstate(over="ignore"):
        root = np.sqrt(np.mean(errors**2, axis=axis))
    if np.isinf(root).any() and np.isfinite(errors).all():
        largest = float(np.abs(errors).max())
        root = largest * np.sqrt(np.mean((errors / largest) ** 2, axis=axis))
    return np.asarray(root)


def mae(y: Array, truth: Array) -> float:
    """Mean absolute error over all points, in the unit of y. Both of the same shape."""
    return float(np.mean(np.abs(y - truth)))


def mase(y: Array, truth: Array, seen: Array, period: int = 1) -> float:
    """MAE as so many times what a naive forecast of `period` points ahead made over `seen` (points,).

    Infinite where that was never wrong and this one is (Hyndman & Koehler 2006).
    """
    naive, off = float(np.mean(np.abs(seen[period:] - seen[:-period]))), mae(y, truth)
    if naive == 0:
        return 0.0 if off == 0 else float("inf")
    return off / naive


def coverage(lower: Array, upper: Array, truth: Array) -> Array:
    """The share of points between the bounds, for each step: from (…, horizon, group_size) to (horizon,)."""
    inside = (lower <= truth) & (truth <= upper)
    axes = tuple(axis for axis in range(inside.ndim) if axis != inside.ndim - 2)
    return np.asarray(inside.mean(axis=axes))


def quantile_loss(y: Array, intervals: Intervals, truth: Array) -> float:
    """The weighted quantile loss at 5, 25, 50, 75 and 95 %, in the unit of y: a coarse CRPS, smaller is better.

    Twice the mean pinball loss; `y`, the forecast, is taken for the median. Of a point forecast it is the MAE.
    """
    said = {0.05: intervals.lower90, 0.25: intervals.lower50, 0.5: y, 0.75: intervals.upper50, 0.95: intervals.upper90}
    pinball = [np.mean(np.maximum(p * (truth - q), (p - 1) * (truth - q))) for p, q in said.items()]
    return float(2 * np.mean(pinball))


@dataclass(frozen=True)
class IntervalScore:
    """Scores of intervals: share of points inside, mean width in the unit of y, by step (horizon,) and overall."""

    coverage50: float
    coverage90: float
    coverage50_by_step: Array
    coverage90_by_step: Array
    width50: float
    width90: float
    quantile_loss: float


def score_intervals(y: Array, intervals: Intervals, truth: Array) -> IntervalScore:
    """The intervals around the forecast `y` against `truth`, both (horizon, group_size)."""
    by50 = coverage(intervals.lower50, intervals.upper50, truth)
    by90 = coverage(intervals.lower90, intervals.upper90, truth)
    return IntervalScore(
        float(by50.mean()),
        float(by90.mean()),
        by50,
        by90,
        float(np.mean(intervals.upper50 - intervals.lower50)),
        float(np.mean(intervals.upper90 - intervals.lower90)),
        quantile_loss(y, intervals, truth),
    )


def fit_rmse(fitted: Array, y: Array, window: int) -> float:
    """The RMSE of `fitted` against `y`, both (groups, group_size), over the groups that end a window.

    The first `window − 1` groups never do, and are left out (article, "What the program really does").
    """
    return rmse(fitted[window - 1 :], y[window - 1 :])


@dataclass(frozen=True)
class Score:
    """The errors of a forecast.

    RMSE over all points, over the first step alone, by step (horizon,), and overall as so many times persistence's;
    and how good its intervals are, where it has any.
    """

    rmse: float
    first_step: float
    by_step: Array
    to_persistence: float
    intervals: IntervalScore | None = None


def score(forecasts: Sequence[Forecast], truth: Array) -> dict[str, Score]:
    """The score of each method against `truth` (horizon, group_size). One of the methods must be `persistence`."""
    by_step = {forecast.method: rmse_by_step(forecast.y, truth) for forecast in forecasts}
    overall = {forecast.method: rmse(forecast.y, truth) for forecast in forecasts}
    held = {f.method: score_intervals(f.y, f.intervals, truth) for f in forecasts if f.intervals}
    return {
        method: Score(
            overall[method],
            float(steps[0]),
            steps,
            times(overall[method], overall["persistence"]),
            held.get(method),
        )
        for method, steps in by_step.items()
    }


def times(error: float, persistence: float) -> float:
    """The error relative to persistence's; infinite where that is zero and this is not."""
    if persistence == 0:
        return 1.0 if error == 0 else np.inf
    return error / persistence
