"""The report of a sweep: sentences, the leaderboard as a table, and pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artifacts.reports.report import Report, Table
from artifacts.reports.sweep_pictures import sweep_pictures
from rnn.evaluation.sweep import LeaderboardRow, Outcome, Spread, leaderboard
from rnn.recipes import ArticleRecipe


def report(outcomes: Sequence[Outcome], over: Mapping[str, Sequence[object]], config: Mapping[str, Any]) -> Report:
    """The sweep's report: the best fit and its forecast's error, the leaderboard, the pictures.

    `over`: the fields that were varied, and their values.
    """
    rows = leaderboard(outcomes)
    cells = [_cells(row, over) for row in rows]
    return Report(
        flow="sweep",
        title=f"Of {len(rows)} settings, {label(rows[0].recipe, over)} fits best",
        sentences=sentences(rows, over),
        tables=[Table("Median over the seeds, in brackets least and most; the best fit first", cells)],
        pictures=sweep_pictures(outcomes, over),
        config=config,
    )


def sentences(rows: Sequence[LeaderboardRow], over: Mapping[str, Sequence[object]]) -> list[str]:
    """Sentences on the best fit, its forecast, the best forecast, and the number of trials that diverged."""
    best = rows[0]
    best_forecast = min(rows, key=lambda row: row.forecast.median)
    diverged, trials = sum(row.diverged for row in rows), sum(row.seeds for row in rows)
    return [
        f"Of {len(rows)} settings, {label(best.recipe, over)} fits best: its training RMSE is "
        f"{_figure(best.fit.median)} (median of {best.seeds} seeds).",
        f"Its forecast is off by {_figure(best.forecast.median)}, where repeating the last value is off by "
        f"{_figure(best.persistence.median)}.",
        f"The best forecast, as is known with hindsight only, comes from {label(best_forecast.recipe, over)}: off by "
        f"{_figure(best_forecast.forecast.median)}.",
        f"{diverged} of {trials} trials diverged.",
    ]


def label(recipe: ArticleRecipe, over: Mapping[str, Sequence[object]]) -> str:
    """A recipe named by the fields that are varied: 'lr 0.02, hidden 20'."""
    return ", ".join(f"{name} {getattr(recipe, name)}" for name in over)


def _cells(row: LeaderboardRow, over: Mapping[str, Sequence[object]]) -> dict[str, str]:
    return {
        **{name: str(getattr(row.recipe, name)) for name in over},
        "training RMSE": _spread(row.fit),
        "forecast RMSE": _spread(row.forecast),
        "persistence": _figure(row.persistence.median),
        "diverged": f"{row.diverged} of {row.seeds}",
    }


def _spread(spread: Spread) -> str:
    """A median with the least and the most in brackets; a dash where every seed diverged."""
    if not np.isfinite(spread.least):
        return "–"
    return f"{_figure(spread.median)} ({_figure(spread.least)} to {_figure(spread.most)})"


def _figure(error: float) -> str:
    """Two decimals; two significant digits where that would be 0.00 or very long, as just before divergence."""
    if np.isinf(error):
        return "∞"
    return f"{error:.2f}" if 0.1 <= error < 1e5 else f"{error:.2g}"
