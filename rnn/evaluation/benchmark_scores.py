"""Scores of many methods' predictions of many series: by step, over all, and beside the best peer on each series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.evaluation.benchmark import Predictions

NETWORK = "autoregressive"
"""The method that the evaluation is about."""

OURS = (NETWORK, "article")
"""The recurrent recipes; every other method is a peer."""


@dataclass(frozen=True)
class Scores:
    """A method's errors at each window (a seed or origin) and step: all but `seed` and `origin` are (windows, horizon).

    RMSE, MAE and widths are in the unit of y, `inside50` and `inside90` the shares of points within the intervals.
    """

    seed: AnyArray
    origin: AnyArray
    rmse: Array
    mae: Array
    mase: Array
    inside50: Array
    inside90: Array
    width50: Array
    width90: Array
    quantile_loss: Array

    @property
    def by_cut(self) -> Array:
        """RMSE over all points of each window (windows,)."""
        return np.asarray(np.sqrt(np.mean(self.rmse**2, axis=1)))

    @property
    def by_step(self) -> Array:
        """RMSE at each step over all windows (horizon,)."""
        return np.asarray(np.sqrt(np.mean(self.rmse**2, axis=0)))

    @property
    def typical(self) -> float:
        """The error that stands for the method: RMSE's median over seeds, or its mean over origins. NaN: diverged."""
        several_seeds = len(np.unique(self.seed)) > 1
        return float(np.median(self.by_cut) if several_seeds else np.mean(self.by_cut))

    @property
    def worst(self) -> float:
        """RMSE at the worst window."""
        return float(np.max(self.by_cut))

    def mean(self, name: str) -> float:
        """The mean of any field over windows and steps, NaN where a window has none."""
        return float(np.mean(getattr(self, name)))


Series = Mapping[str, Scores]
"""One series' scores, by method."""


def score(predictions: Predictions) -> Scores:
    """Score a method's predictions of one series."""
    truth, y = predictions.truth, predictions.y
    off = np.abs(truth - y)
    return Scores(
        predictions.seed,
        predictions.origin,
        np.sqrt((off**2).mean(axis=2)),
        off.mean(axis=2),
        predictions.mase,
        _inside(predictions.lower50, predictions.upper50, truth),
        _inside(predictions.lower90, predictions.upper90, truth),
        (predictions.upper50 - predictions.lower50).mean(axis=2),
        (predictions.upper90 - predictions.lower90).mean(axis=2),
        _quantile_loss(predictions),
    )


def _inside(lower: Array, upper: Array, truth: Array) -> Array:
    inside = np.where(np.isnan(lower), np.nan, (lower <= truth) & (truth <= upper))
    return np.asarray(inside.mean(axis=2))


def _quantile_loss(predictions: Predictions) -> Array:
    """As `rnn.metrics.quantile_loss`, at each window and step."""
    quantiles = {
        0.05: predictions.lower90,
        0.25: predictions.lower50,
        0.5: predictions.y,
        0.75: predictions.upper50,
        0.95: predictions.upper90,
    }
    pinball = [np.maximum(p * (predictions.truth - q), (p - 1) * (predictions.truth - q)) for p, q in quantiles.items()]
    return np.asarray(2 * np.mean(pinball, axis=(0, 3)))


def best_baseline(series: Series) -> str:
    """The method with the least error on a series but for the recurrent recipes: as is known with hindsight only."""
    peers = {method: one.typical for method, one in series.items() if method not in OURS}
    return min(peers, key=lambda method: np.nan_to_num(peers[method], nan=np.inf))


def relative(series: Series) -> dict[str, float]:
    """Each method's error as so many times the best peer's, by method."""
    best = series[best_baseline(series)].typical
    return {method: one.typical / best if best else np.inf for method, one in series.items()}


def pooled(every: Mapping[str, Series], method: str, name: str) -> float:
    """The mean of a field over all series alike, NaN where the method diverged on one left out."""
    figures = np.array([series[method].mean(name) for series in every.values()])
    known = figures[np.isfinite(figures)]
    return float(known.mean()) if len(known) else np.nan


def columns(rows: Sequence[tuple[str, str, Scores]]) -> dict[str, list[object]]:
    """(series, method, scores) … as a long table: one row a series, method, window and step."""
    table: dict[str, list[object]] = {name: [] for name in ("series", "method", "seed", "origin", "step")}
    figures = [field.name for field in fields(Scores) if field.name not in {"seed", "origin"}]
    table |= {name: [] for name in figures}
    for series, method, one in rows:
        windows, horizon = one.rmse.shape
        table["series"] += [series] * one.rmse.size
        table["method"] += [method] * one.rmse.size
        table["seed"] += np.repeat(one.seed, horizon).tolist()
        table["origin"] += np.repeat(one.origin, horizon).tolist()
        table["step"] += np.tile(np.arange(1, horizon + 1), windows).tolist()
        for name in figures:
            table[name] += getattr(one, name).ravel().tolist()
    return table
