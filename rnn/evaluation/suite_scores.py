"""Score many methods on many series as forecasting competitions do, and test which methods differ.

sMAPE and MASE are those of the M3 and M4 competitions (Makridakis & Hibon 2000; Makridakis, Spiliotis & Assimakopoulos
2020), MSIS is M4's, here of the 90 % intervals. What differs between methods is resampled over the series: bounds are
the 5 and 95 % quantiles of RESAMPLES bootstrap samples (Efron 1979).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.stats import rankdata

from rnn.arrays import AnyArray, Array
from rnn.evaluation.suite_forecasts import Attempt
from rnn.evaluation.suites import Window
from rnn.metrics import mae

RESAMPLES = 1000
SEED = 0
"""Of the resampling: the same scores give the same bounds."""

FEWEST = 5
"""Series below which resampling them tells nothing."""

OUTSIDE = 0.1
"""The share of the truth that may lie outside of the 90 % intervals."""


def smape(y: Array, truth: Array) -> float:
    """The mean of 200·|truth − y|/(|truth| + |y|) in percent, both (horizon,). Where both are zero it is zero."""
    size = np.abs(truth) + np.abs(y)
    return float(np.mean(200 * np.abs(truth - y) / np.where(size > 0, size, 1)))


def naive_scale(history: Array, period: int) -> float:
    """The mean absolute error of the seasonal naive forecast within `history` (points,); NaN where that is zero.

    Of `period` 1, the naive forecast, where the history is no longer than a season.
    """
    period = period if len(history) > period else 1
    scale = float(np.mean(np.abs(history[period:] - history[:-period]))) if len(history) > 1 else 0.0
    return scale if scale > 0 else np.nan


def interval_score(lower: Array, upper: Array, truth: Array, outside: float = OUTSIDE) -> float:
    """The mean of the width and of 2/`outside` times what the truth lies beyond a bound by; all (horizon,).

    Divided by `naive_scale` it is the MSIS (Gneiting & Raftery 2007).
    """
    beyond = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    return float(np.mean(upper - lower + 2 / outside * beyond))


@dataclass(frozen=True)
class SuiteScores:
    """Each method's scores on each series, all (methods, series): the means over the windows of a series.

    `group` (series,). `failed`: the share of windows on which the fallback was scored in the method's place. NaN: no
    scale to divide by, or no intervals.
    """

    methods: tuple[str, ...]
    series: tuple[str, ...]
    group: AnyArray
    smape: Array
    mase: Array
    msis: Array
    inside50: Array
    inside90: Array
    seconds: Array
    failed: Array

    def of(self, method: str, figure: str) -> Array:
        """A figure of one method (series,)."""
        scores: Array = getattr(self, figure)[self.methods.index(method)]
        return scores

    def within(self, group: str) -> "SuiteScores":
        """The scores on the series of one group."""
        there = self.group == group
        series = tuple(np.array(self.series)[there].tolist())
        return replace(
            self, series=series, group=self.group[there], **{name: getattr(self, name)[:, there] for name in FIGURES}
        )


FIGURES = tuple(field.name for field in fields(SuiteScores) if field.name not in {"methods", "series", "group"})


def score(window: Window, attempt: Attempt) -> dict[str, float]:
    """The figures of one attempt."""
    scale = naive_scale(window.history, window.period)
    lower, upper = attempt.bounds["lower90"], attempt.bounds["upper90"]
    return {
        "smape": smape(attempt.y, window.truth),
        "mase": mae(attempt.y, window.truth) / scale,
        "msis": interval_score(lower, upper, window.truth) / scale,
        "inside50": _inside(attempt.bounds["lower50"], attempt.bounds["upper50"], window.truth),
        "inside90": _inside(lower, upper, window.truth),
        "seconds": attempt.seconds,
        "failed": float(bool(attempt.failure)),
    }


def _inside(lower: Array, upper: Array, truth: Array) -> float:
    return float(np.mean((lower <= truth) & (truth <= upper))) if np.isfinite(lower).all() else np.nan


def score_all(windows: Sequence[Window], attempts: Mapping[str, Sequence[Attempt]]) -> SuiteScores:
    """The scores of all methods; the `attempts` of each are in the order of the `windows`."""
    names = [window.series for window in windows]
    series = tuple(dict.fromkeys(names))
    place = np.array([series.index(name) for name in names])
    groups = dict(zip(names, (window.group for window in windows), strict=True))
    rows = {method: [score(*pair) for pair in zip(windows, tried, strict=True)] for method, tried in attempts.items()}

    def table(figure: str) -> Array:
        by_window = np.array([[row[figure] for row in scored] for scored in rows.values()])
        counts = np.bincount(place, minlength=len(series))
        return np.array([np.bincount(place, one, len(series)) / counts for one in by_window])

    group = np.array([groups[name] for name in series])
    return SuiteScores(tuple(attempts), series, group, **{figure: table(figure) for figure in FIGURES})


@dataclass(frozen=True)
class Bounded:
    """A figure, and the 90 % bootstrap interval around it; NaN bounds where fewer than FEWEST series are there."""

    value: float
    lower: float
    upper: float

    @property
    def credible(self) -> bool:
        """Whether 1, being as good, lies outside."""
        return self.lower > 1 or self.upper < 1


@dataclass(frozen=True)
class Relative:
    """One method's errors as so many times another's, on `count` series: the ratio of means, and the geometric mean."""

    of_means: Bounded
    geometric: Bounded
    count: int


def relative(scores: SuiteScores, method: str, reference: str, figure: str = "mase") -> Relative:
    """A method's figure as so many times the reference's, over the series on which both have one.

    The geometric mean leaves out series on which either is zero.
    """
    one, other = scores.of(method, figure), scores.of(reference, figure)
    known = np.isfinite(one) & np.isfinite(other)
    one, other = one[known], other[known]
    if not len(one) or not other.any():
        nothing = Bounded(np.nan, np.nan, np.nan)
        return Relative(nothing, nothing, len(one))
    times = resamples(len(one))
    with np.errstate(all="ignore"):
        of_means = _bounded(float(one.mean() / other.mean()), (times @ one) / (times @ other), len(one))
    positive = (one > 0) & (other > 0)
    logs = np.log(one[positive] / other[positive])
    times = times[:, positive]
    drawn = np.exp((times @ logs) / np.maximum(times.sum(axis=1), 1))
    geometric = _bounded(float(np.exp(logs.mean())) if len(logs) else np.nan, drawn, len(logs))
    return Relative(of_means, geometric, len(one))


def resamples(count: int) -> Array:
    """Draw bootstrap samples: how often each of `count` series is in each of them (RESAMPLES, count)."""
    if count == 0:
        return np.zeros((RESAMPLES, 0))
    rng = np.random.default_rng(SEED)
    return rng.multinomial(count, np.full(count, 1 / count), RESAMPLES).astype(float)


def _bounded(value: float, drawn: Array, count: int) -> Bounded:
    if count < FEWEST:
        return Bounded(value, np.nan, np.nan)
    lower, upper = np.quantile(drawn[np.isfinite(drawn)], (OUTSIDE / 2, 1 - OUTSIDE / 2))
    return Bounded(value, float(lower), float(upper))


@dataclass(frozen=True)
class Ranks:
    """The mean rank of each method by MASE, 1 the best, with its bounds; and which methods are credibly better.

    `better` (methods, methods): whether the row's method has the lower mean rank in at least 95 % of the samples.
    """

    mean: dict[str, Bounded]
    better: AnyArray


def ranks(scores: SuiteScores) -> Ranks:
    """The mean ranks over the series on which MASE is known. Equal errors share a rank."""
    known = np.isfinite(scores.mase).all(axis=0)
    ranked, count = np.asarray(rankdata(scores.mase[:, known], axis=0)), int(known.sum())
    drawn = resamples(count) @ ranked.T / max(count, 1)
    mean = {
        name: _bounded(float(ranked[k].mean()) if count else np.nan, drawn[:, k], count)
        for k, name in enumerate(scores.methods)
    }
    lower = (drawn[:, :, np.newaxis] < drawn[:, np.newaxis, :]).mean(axis=0)
    return Ranks(mean, (lower >= 1 - OUTSIDE / 2) & (count >= FEWEST))
