"""Combine the statistical members' forecasts, and estimate the errors of the combination.

A member's weight is a prior, which depends on the kind of season and on how many points there are, times its rehearsed
errors to a power, which depends on the same. What is to be expected of the errors depends on what smoothing expects of
itself, on how far the members are apart, on how large the rehearsed errors were, and on how far the series moved in as
many steps before. All numbers in it were learned on
many series by `benchmarks/prior.py`, which writes `prior_table`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from rnn.arrays import Array
from rnn.ensemble import prior_table as prior
from rnn.ensemble.rehearsal import Rehearsed
from rnn.ensemble.statistical_members import MemberForecasts, last_season

USUAL_RATIO = -0.3
"""The logarithm of rehearsed errors as a share of those that smoothing expects, where nothing is known."""


def series_class(season: int) -> int:
    """The row of the tables: 0 without a season, 1 for one of up to six points, 2 for longer ones."""
    return 0 if season <= 1 else 1 if season <= 6 else 2


def relative_length(points: int, season: int) -> float:
    """The length of a series relative to the usual one of its class, between −2 and 2.5."""
    usual = prior.USUAL_POINTS[series_class(season)]
    return float(np.clip(np.log(points / usual) / 0.4, -2.0, 2.5))


def member_weights(rehearsed: Rehearsed, points: int, season: int) -> Array:
    """Each member's weight (members,), together 1; 0 where one says nothing."""
    row, length = series_class(season), relative_length(points, season)
    score = prior.MEMBER[row] + length * prior.MEMBER_BY_LENGTH[row]
    score = score - rehearsed.off @ (prior.REHEARSED[row] + length * prior.REHEARSED_BY_LENGTH[row])
    return _softmax(np.where(np.isfinite(rehearsed.now.members[:, 0]), score, -np.inf))


def _softmax(score: Array) -> Array:
    weight = np.exp(score - score.max())
    return np.asarray(weight / weight.sum())


def combined(said: MemberForecasts, weight: Array) -> Array:
    """The weighted mean of what the members say (horizon,), of those that say something."""
    there = np.where(np.isfinite(said.members[:, 0]), weight, 0.0)
    there = there if there.sum() > 0 else np.isfinite(said.members[:, 0]).astype(float)
    return np.asarray(there / there.sum() @ np.nan_to_num(said.members))


def expected(said: MemberForecasts, y: Array) -> Array:
    """The deviation (horizon,) that smoothing expects of its errors around the forecast `y`, in its unit."""
    plain, log = said.deviation
    return np.asarray(np.sqrt(plain * log * np.abs(y)) if np.isfinite(log).all() else plain) + 1e-300


def rehearsed_ratio(rehearsed: Rehearsed, weight: Array) -> float:
    """The logarithm of the combination's rehearsed errors as a share of those that smoothing expected."""
    ratios = []
    for said, truth in (one for one in rehearsed.then if one is not None):
        y = combined(said, weight)
        usual = float(expected(said, y).mean())
        ratios.append(np.log(float(np.nanmean(np.abs(y - truth))) / usual + 0.02))
    return float(np.clip(np.mean(ratios), -4.0, 4.0)) if ratios else USUAL_RATIO


WIDTH_FEATURES = 7

KNOWN_LAGS = 12
"""At so many steps, at the most, it is looked up how far the series moved before; in between it is interpolated."""


def width_features(
    said: MemberForecasts, y: Array, weight: Array, ratio: float, known: Array, season: int
) -> tuple[Array, Array]:
    """What the width of an interval depends on: (horizon, 7), and the deviation (horizon,) that all of it multiplies.

    1, the logarithm of the step, that of the members' distance in units of the deviation, `ratio`, the logarithm of how
    far the series `known` (points,) moved in as many steps, in that unit, the length, and how far the forecast goes.
    """
    deviation = expected(said, y)
    there = np.where(np.isfinite(said.members[:, 0]), weight, 0.0)
    apart = np.sqrt(there @ (np.nan_to_num(said.members - y) ** 2))
    ones = np.ones(len(y))
    gone = y - last_season(known, season, len(y))
    features = (
        ones,
        np.log(np.arange(1, len(y) + 1)),
        np.log(apart / deviation + 0.05),
        (ratio - USUAL_RATIO) * ones,
        np.log(past_moves(known, season, len(y)) / deviation + 0.05),
        relative_length(len(known), season) * ones,
        np.log(np.sqrt(np.mean(gone**2)) / deviation.mean() + 0.2) * ones,
    )
    return np.stack(features, axis=1), deviation


def past_moves(known: Array, season: int, horizon: int) -> Array:
    """Moves of `known` (points,) over 1, 2, …, `horizon` steps, whole seasons up, around the usual move (horizon,).

    Moves beyond what the series can tell grow with the root of the step.
    """
    most = max((len(known) - 4) // season, 1)
    wanted = -(-np.arange(1, horizon + 1) // season)  # in seasons
    lags = np.unique(np.geomspace(1, min(most, wanted[-1]), KNOWN_LAGS).round().astype(int))
    moves = np.array([_spread(known[lag * season :] - known[: len(known) - lag * season]) for lag in lags])
    beyond = np.sqrt(np.maximum(wanted / lags[-1], 1.0))
    return np.asarray(np.interp(wanted, lags, moves) * beyond)


def _spread(moves: Array) -> float:
    moves = moves[np.isfinite(moves)]
    return float(np.abs(moves - np.median(moves)).mean()) if len(moves) else 0.0


@dataclass(frozen=True)
class PointForecast:
    """The next points `y` (horizon,), and how wide what surrounds them is: `width` (horizon,), both in the unit of y.

    `row` of the tables. `relative`: whether quantiles below are so by a factor, so that they stay positive. `bounds`:
    what no quantile leaves. `counts`: whether quantiles are whole numbers.
    """

    y: Array
    width: Array
    row: int
    relative: bool
    bounds: tuple[float, float] = (-np.inf, np.inf)
    counts: bool = False

    def quantiles(self, levels: Sequence[float]) -> Array:
        """The quantile at each probability (levels, …)."""
        scores = quantile_scores(np.asarray(levels, dtype=float), self.row)
        away = np.multiply.outer(scores, self.width)
        below = self.y * np.exp(np.minimum(away, 0.0) / np.maximum(self.y, 1e-300)) if self.relative else self.y + away
        found = np.where(away < 0, below, self.y + away)
        return np.clip(self._whole(found, away) if self.counts else found, *self.bounds)

    def _whole(self, found: Array, away: Array) -> Array:
        """The nearest whole numbers, but none on the other side of the forecast."""
        rounded = np.rint(found)
        return np.where(away < 0, np.minimum(rounded, np.floor(self.y)), np.maximum(rounded, np.ceil(self.y)))

    def interval(self, level: float) -> tuple[Array, Array]:
        """The lower and upper bound that hold a share `level` of the outcomes, in the shape of y."""
        lower, upper = self.quantiles(((1 - level) / 2, (1 + level) / 2))
        return lower, upper

    def reshaped(self, of: Callable[[Array], Array]) -> "PointForecast":
        """The same in another shape, such as in groups."""
        return replace(self, y=of(self.y), width=of(self.width))


def quantile_scores(levels: Array, row: int) -> Array:
    """The quantiles of errors in units of the width, between and beyond those of the table on the normal scale."""
    x, known = normal_score(np.clip(levels, 1e-6, 1 - 1e-6)), normal_score(prior.LEVELS)
    scores = prior.QUANTILES[row]
    inside = np.interp(x, known, scores)
    below, above = x < known[0], x > known[-1]
    inside[below] = scores[0] * x[below] / known[0]
    inside[above] = scores[-1] * x[above] / known[-1]
    return np.asarray(inside)


def normal_score(probability: Array) -> Array:
    """The quantiles of the standard normal distribution (…,)."""
    return np.array([NormalDist().inv_cdf(float(p)) for p in probability])


def point_forecast(
    said: MemberForecasts, weight: Array, season: int, ratio: float, relative: bool, known: Array
) -> PointForecast:
    """The combination, with how wide what surrounds it is. `ratio`: see `rehearsed_ratio`; `known`: the series."""
    row = series_class(season)
    y = combined(said, weight)
    features, deviation = width_features(said, y, weight, ratio, known, season)
    return PointForecast(y, deviation * np.exp(features @ prior.WIDTH[row]), row, relative)


SMALL_COUNT = 10.0
"""Of counts at least half are no more than this: there it matters that they are whole."""


def are_counts(y: Array) -> bool:
    """Whether `y` (points,) are counts of a few things each: whole numbers, never negative, many of them small."""
    known = y[np.isfinite(y)]
    whole = bool(len(known)) and bool((known == np.rint(known)).all()) and float(known.min()) >= 0
    return whole and float(known.max()) > 0 and float(np.median(known)) <= SMALL_COUNT
