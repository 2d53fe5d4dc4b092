"""Forecast one series by one method from several origins, with intervals, from the data before each origin alone.

A benchmark case is a series and the origins to be judged at. A method learns what was known at each origin and
forecasting from there. Its intervals come from rehearsals: forecasts from earlier origins, of whose outcome only as
much is used as was known at the origin. The ensemble brings rehearsals of its own; the other methods are given such.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.datasets.textbook import TEXTBOOK
from rnn.datasets.xsinx import curve
from rnn.errors import WavecastError
from rnn.evaluation.methods import Make
from rnn.experiment import Experiment
from rnn.forecast import grid
from rnn.forecaster import Forecaster
from rnn.intervals import BOUNDS, Intervals, NoRehearsal, conformal
from rnn.metrics import mase
from rnn.origins import earlier_origins, rolling_origins
from rnn.random_streams import stream
from rnn.series import Groups, group, ungroup

ARTICLE = "xsinx"
"""The article's series among the names."""

NAMES = (ARTICLE, *TEXTBOOK)


@dataclass(frozen=True)
class BenchmarkCase:
    """A series in `groups`, the `origins` to forecast from, and the `truth` (origins, horizon, group_size) there.

    `seed` made the noise and makes the methods' weights. `groups` may reach beyond the last origin or end there.
    """

    seed: int
    groups: Groups
    origins: tuple[int, ...]
    truth: Array

    @property
    def horizon(self) -> int:
        """Groups to forecast from each origin."""
        return int(self.truth.shape[1])

    def ahead(self, origin: int) -> Array:
        """The x to forecast at from `origin`, (horizon, group_size)."""
        last = float(self.groups.x[origin - 1, -1, 0])
        return grid("text", last, self.groups.step, self.groups.group_size, self.horizon)


@dataclass(frozen=True)
class Predictions:
    """A method's predictions of all cases of a series: `seed`, `origin` (windows,), `mase` (windows, horizon).

    `x`, `y`, `truth` and the bounds are (windows, horizon, group_size). NaN where there is no forecast, since training
    diverged, or no interval.
    """

    method: str
    seed: AnyArray
    origin: AnyArray
    x: Array
    truth: Array
    y: Array
    lower50: Array
    upper50: Array
    lower90: Array
    upper90: Array
    mase: Array


def cases(name: str, seed: int, seeds: int, origins: int) -> list[BenchmarkCase]:
    """The benchmark cases on the series `name` of NAMES, the same for every method.

    x·sin(x): `seeds` cases, each with noise of its own, forecast from its end and judged by the noise-free curve. Any
    other: one case with `origins` rolling origins. Raises MissingData when a public series is not installed.
    """
    if name == ARTICLE:
        experiment = Experiment()
        return [_article(experiment, s) for s in range(seed, seed + seeds)]
    book = TEXTBOOK[name]
    groups = group(book.make(stream(seed, "noise")), book.group_size)
    places = rolling_origins(len(groups), book.horizon, origins)
    truth = np.array([groups.y[origin : origin + book.horizon, :, 0] for origin in places])
    return [BenchmarkCase(seed, groups, places, truth)]


def _article(experiment: Experiment, seed: int) -> BenchmarkCase:
    groups = experiment.groups(seed)
    return BenchmarkCase(seed, groups, (len(groups),), curve(experiment.ahead(groups))[np.newaxis])


def predict(name: str, make: Make, case: BenchmarkCase) -> Predictions:
    """Predict a benchmark case by the method called `name`."""
    forecaster = make(case.groups.group_size, case.seed)
    y, intervals = _drawn(forecaster, case) if forecaster.draws_intervals else _rehearsed(forecaster, case)
    windows = range(len(case.origins))
    return Predictions(
        name,
        seed=np.full(len(windows), case.seed),
        origin=np.array(case.origins),
        x=np.array([case.ahead(origin) for origin in case.origins]),
        truth=case.truth,
        y=y,
        **{bound: np.array([getattr(one, bound) for one in intervals]) for bound in BOUNDS},
        mase=np.array([_mase_by_step(case, window, y[window]) for window in windows]),
    )


def join(predictions: Sequence[Predictions]) -> Predictions:
    """Join the predictions of one method of several cases of equal shape."""
    names = [field for field in Predictions.__dataclass_fields__ if field != "method"]
    return Predictions(
        predictions[0].method, *(np.concatenate([getattr(one, name) for one in predictions]) for name in names)
    )


def errors_known(groups: Groups, origins: Sequence[int], y: Array, now: int) -> Array:
    """Truth less forecasts `y` (origins, horizon, group_size), NaN for what came to pass at `now` or later."""
    errors = np.full(y.shape, np.nan)
    for k, origin in enumerate(origins):
        known = groups.y[origin : min(origin + y.shape[1], now), :, 0]
        errors[k, : len(known)] = known - y[k, : len(known)]
    return errors


def _fitted(forecaster: Forecaster, case: BenchmarkCase, origins: Sequence[int]) -> list[Forecaster]:
    series, size = ungroup(case.groups), case.groups.group_size
    return list(forecaster.fit_each([series.first(origin * size) for origin in origins], case.horizon * size))


def _drawn(forecaster: Forecaster, case: BenchmarkCase) -> tuple[Array, list[Intervals]]:
    """The forecasts of a method that draws intervals by itself, and these."""
    fitted = _fitted(forecaster, case, case.origins)
    y = [_mean_at(one, case.ahead(origin)) for one, origin in zip(fitted, case.origins, strict=True)]
    drawn = [one.own_intervals(case.horizon, case.groups.group_size) for one in fitted]
    return np.array(y), [_nothing(ahead) if one is None else one for ahead, one in zip(y, drawn, strict=True)]


def _rehearsed(forecaster: Forecaster, case: BenchmarkCase) -> tuple[Array, list[Intervals]]:
    """Any other method's forecasts, with intervals from its errors at all earlier origins, judged ones among them."""
    rehearsals = earlier_origins(case.origins[0], case.horizon)
    every = (*rehearsals, *case.origins)
    fitted = _fitted(forecaster, case, every)
    y = np.array([_mean_at(one, case.ahead(origin)) for one, origin in zip(fitted, every, strict=True)])
    intervals = []
    for k, origin in enumerate(case.origins, len(rehearsals)):
        try:
            intervals.append(conformal(y[k], errors_known(case.groups, every[:k], y[:k], origin)))
        except NoRehearsal:
            intervals.append(_nothing(y[k]))
    return y[len(rehearsals) :], intervals


def _mean_at(forecaster: Forecaster, x: Array) -> Array:
    """The forecast at `x`; NaN where another library fails on this series, which may raise whatever it likes."""
    try:
        return forecaster.mean_at(x)
    except WavecastError:
        raise
    except Exception:
        return np.full(x.shape, np.nan)


def _nothing(y: Array) -> Intervals:
    return Intervals(*[np.full(y.shape, np.nan)] * 4)


def _mase_by_step(case: BenchmarkCase, window: int, y: Array) -> Array:
    seen = case.groups.y[: case.origins[window]].reshape(-1)
    season = case.groups.seasons.main(seen)
    return np.array([mase(ahead, truth, seen, season) for ahead, truth in zip(y, case.truth[window], strict=True)])
