"""Backtests: learn before an origin, forecast after it, at several origins, the same for every forecaster."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.errors import WavecastError
from rnn.forecaster import Forecaster, whole
from rnn.frames import DataFrame, table
from rnn.intervals import BOUNDS, Intervals, NoRehearsal, conformal
from rnn.kept_results import NOTHING, KeptResults
from rnn.metrics import IntervalScore, Score, mae, mase, rmse, rmse_by_step, score_intervals, times
from rnn.origins import ORIGINS, rolling_origins
from rnn.series import Groups, Series, ungroup


class NotForecasters(WavecastError, TypeError):
    """The argument is no list of forecasters."""


@dataclass(frozen=True)
class Backtest:
    """One method's forecasts `y` and what came of them, `truth`, both (folds, horizon, group_size), by `origins`.

    `intervals`: those of each origin, of a method that draws them itself.
    """

    method: str
    origins: tuple[int, ...]
    y: Array
    truth: Array
    intervals: tuple[Intervals | None, ...] | None = None

    @property
    def errors(self) -> Array:
        """Truth less forecast (folds, horizon, group_size), as `rnn.intervals` takes them."""
        return self.truth - self.y


@dataclass(frozen=True)
class Backtests:
    """Forecasts of a series by several forecasters, by their names, at the same earlier origins."""

    series: Series
    tests: Mapping[str, Backtest]

    def scores(self) -> dict[str, Score]:
        """The score of each over all origins together, also as so many times that of the naive forecast there."""
        origins, truth = next((test.origins, test.truth) for test in self.tests.values())
        last = self.series.y[np.array(origins) - 1]
        naive = Backtest("persistence", origins, np.broadcast_to(last[:, np.newaxis, np.newaxis], truth.shape), truth)
        scored = score_backtests({**self.tests, "persistence": self.tests.get("persistence", naive)})
        return {name: scored[name] for name in self.tests}

    def to_pandas(self) -> DataFrame:
        """A row a forecaster, the best first: rmse, mae, mase, times the naive forecast's error, and what 90 % held."""
        scores = self.scores()
        best_first = sorted(self.tests, key=lambda name: (np.isnan(scores[name].rmse), scores[name].rmse))
        columns = {
            "rmse": [scores[name].rmse for name in best_first],
            "mae": [mae(self.tests[name].y, self.tests[name].truth) for name in best_first],
            "mase": [self._mase(self.tests[name]) for name in best_first],
            "to_persistence": [scores[name].to_persistence for name in best_first],
            "held_90": [_share(scores[name].intervals) for name in best_first],
        }
        return table({"method": np.array(best_first), **{name: np.array(values) for name, values in columns.items()}})

    def _mase(self, test: Backtest) -> float:
        """The mean over the origins, each relative to the seasonal naive forecast within what was known there."""
        season = self.series.known_seasons.main(self.series.y)
        folds = zip(test.y, test.truth, test.origins, strict=True)
        return float(np.mean([mase(y, truth, self.series.y[:origin], season) for y, truth, origin in folds]))


def _share(score: IntervalScore | None) -> float:
    return np.nan if score is None else score.coverage90


def backtest(series: Any, forecasters: Sequence[Forecaster], horizon: int, origins: int = ORIGINS) -> Backtests:
    """Each forecaster at the same `origins` of a series, evenly from its middle to `horizon` points before its end.

    `series`: see `Series.of`. The forecasters stay as they are. Two of the same kind are numbered. Raises NotASeries,
    NotForecasters, BadSetting for numbers below 1, and SeriesTooShort when there is room for no origin.
    """
    observed = Series.of(series)
    horizon, origins = whole(horizon, "a horizon"), whole(origins, "the number of origins")
    named: dict[str, Forecaster] = {}
    for forecaster in _several(forecasters):
        alike = sum(name.split(" #")[0] == forecaster.name for name in named)
        named[f"{forecaster.name} #{alike + 1}" if alike else forecaster.name] = forecaster
    places = rolling_origins(len(observed), horizon, origins, unit="points")
    return Backtests(observed, backtest_at(observed, named, places, horizon, 1))


def _several(forecasters: Any) -> list[Forecaster]:
    """The forecasters in a list. Raises NotForecasters."""
    several = list(forecasters) if isinstance(forecasters, Iterable) else [forecasters]
    other = next((one for one in several if not isinstance(one, Forecaster)), None)
    if other is not None or not several or several == [forecasters]:
        given = "an empty list" if not several else repr(forecasters if other is None else other)
        raise NotForecasters(f"a list of forecasters is wanted, such as [SeasonalNaive(7)], not {given}")
    return several


def backtest_groups(
    groups: Groups,
    forecasters: Mapping[str, Forecaster],
    horizon: int,
    kept: KeptResults = NOTHING,
    on_fold: Callable[[str], None] = lambda name: None,
) -> dict[str, Backtest]:
    """Each forecaster at the same rolling origins of a series in groups, `horizon` groups ahead.

    Each fold is `kept` when it is done, and taken from there when it was; `on_fold(name)` counts them. Raises
    SeriesTooShort when there is room for no origin.
    """
    origins = rolling_origins(len(groups), horizon, ORIGINS)
    return backtest_at(ungroup(groups), forecasters, origins, horizon, groups.group_size, kept, on_fold)


def backtest_at(
    series: Series,
    forecasters: Mapping[str, Forecaster],
    origins: Sequence[int],
    steps: int,
    size: int,
    kept: KeptResults = NOTHING,
    on_fold: Callable[[str], None] = lambda name: None,
) -> dict[str, Backtest]:
    """Each forecaster at `origins`, in groups of `size`, of which it knows only what was before, `steps` ahead.

    `kept` and `on_fold`: see `backtest_groups`.
    """
    ends = [origin * size for origin in origins]
    truth = np.array([series.y[end : end + steps * size].reshape(steps, size) for end in ends])
    done = {}
    for name, forecaster in forecasters.items():
        folds = []
        for end in ends:
            fold = kept.get(f"{name} after {end} points")
            if fold is None:
                fold = _fold(forecaster, series, end, steps, size)
                kept.put(f"{name} after {end} points", fold)
            folds.append(fold)
            on_fold(name)
        drawn = tuple(_intervals(fold) for fold in folds) if forecaster.draws_intervals else None
        done[name] = Backtest(name, tuple(origins), np.array([fold["y"] for fold in folds]), truth, drawn)
    return done


def _fold(forecaster: Forecaster, series: Series, end: int, steps: int, size: int) -> dict[str, AnyArray]:
    """What a forecaster says after `end` points, `y` (steps, size), and the bounds that it draws by itself."""
    (fitted,) = forecaster.fit_each([series.first(end)], steps * size)
    y = fitted.mean_at(series.x[end : end + steps * size].reshape(steps, size))
    drawn = fitted.own_intervals(steps, size) if forecaster.draws_intervals else None
    return {"y": y} if drawn is None else {"y": y, **{bound: getattr(drawn, bound) for bound in BOUNDS}}


def _intervals(fold: Mapping[str, AnyArray]) -> Intervals | None:
    return Intervals(*(fold[bound] for bound in BOUNDS)) if BOUNDS[0] in fold else None


def score_backtests(tests: Mapping[str, Backtest]) -> dict[str, Score]:
    """The score of each method over all its origins together. One of the methods must be `persistence`."""
    naive = rmse(tests["persistence"].y, tests["persistence"].truth)
    scores = {}
    for name, test in tests.items():
        by_step, error = rmse_by_step(_beside(test.y), _beside(test.truth)), rmse(test.y, test.truth)
        scores[name] = Score(error, float(by_step[0]), by_step, times(error, naive), _held(test))
    return scores


def _held(test: Backtest) -> IntervalScore | None:
    """What the intervals held at the origins at which there were any."""
    drawn = {fold: around for fold, around in enumerate(test.intervals or _earlier(test)) if around is not None}
    if not drawn:
        return None
    every = (_beside(np.array([getattr(around, bound) for around in drawn.values()])) for bound in BOUNDS)
    folds = list(drawn)
    return score_intervals(_beside(test.y[folds]), Intervals(*every), _beside(test.truth[folds]))


def _earlier(test: Backtest) -> list[Intervals | None]:
    """Intervals at each origin from the errors that were known there, None where none were."""
    horizon = test.y.shape[1]
    drawn: list[Intervals | None] = []
    for fold, origin in enumerate(test.origins):
        errors = test.errors[:fold].copy()
        for one, earlier in zip(errors, test.origins[:fold], strict=True):
            one[min(origin - earlier, horizon) :] = np.nan
        try:
            drawn.append(conformal(test.y[fold], errors) if fold else None)
        except NoRehearsal:
            drawn.append(None)
    return drawn


def _beside(folds: Array) -> Array:
    """All origins beside each other: (folds, horizon, group_size) as (horizon, folds · group_size)."""
    return np.asarray(np.moveaxis(folds, 0, 1).reshape(folds.shape[1], -1))
