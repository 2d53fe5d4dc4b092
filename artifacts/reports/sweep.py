"""What a sweep leaves behind: every trial's outcome as a table, the leaderboard, and what they say in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artifacts.reports.report import Report, Table
from artifacts.reports.sweep_pictures import sweep_pictures
from rnn.evaluation.sweep import LeaderboardRow, Outcome, Spread, leaderboard
from rnn.recipes import ArticleRecipe


def report(outcomes: Sequence[Outcome], over: Mapping[str, Sequence[object]], config: Mapping[str, Any]) -> Report:
    """The sweep's report: which setting fits best and what its forecast is worth, the leaderboard, the pictures."""
    standings = leaderboard(outcomes)
    rows = [_row(standing, over) for standing in standings]
    table = Table("Median over the seeds, in brackets least and most; the best fit first", rows)
    pictures = sweep_pictures(outcomes, over)
    return Report(
        flow="sweep",
        title="What this sweep found",
        verdict=verdict(standings, over),
        tables=[table],
        pictures=pictures,
        config=config,
    )


def verdict(standings: Sequence[LeaderboardRow], over: Mapping[str, Sequence[object]]) -> list[str]:
    """The best fit, its forecast, the best forecast, and how many trials diverged, in plain sentences."""
    best = standings[0]
    farthest = min(standings, key=lambda standing: standing.forecast.median)
    diverged, trials = sum(s.diverged for s in standings), sum(s.seeds for s in standings)
    return [
        f"Of {len(standings)} settings, {label(best.recipe, over)} fits best: its training RMSE is "
        f"{_figure(best.fit.median)} (median of {best.seeds} seeds).",
        f"Its forecast is off by {_figure(best.forecast.median)}, where repeating the last value is off by "
        f"{_figure(best.persistence.median)}.",
        f"The best forecast, as is known with hindsight only, comes from {label(farthest.recipe, over)}: off by "
        f"{_figure(farthest.forecast.median)}.",
        f"{diverged} of {trials} trials diverged.",
    ]


def label(recipe: ArticleRecipe, over: Mapping[str, Sequence[object]]) -> str:
    """A recipe by what is varied: 'lr 0.02, hidden 20'."""
    return ", ".join(f"{name} {getattr(recipe, name)}" for name in over)


def _row(standing: LeaderboardRow, over: Mapping[str, Sequence[object]]) -> dict[str, str]:
    return {
        **{name: str(getattr(standing.recipe, name)) for name in over},
        "training RMSE": _rounded(standing.fit),
        "forecast RMSE": _rounded(standing.forecast),
        "persistence": _figure(standing.persistence.median),
        "diverged": f"{standing.diverged} of {standing.seeds}",
    }


def _rounded(spread: Spread) -> str:
    if not np.isfinite(spread.least):
        return "–"
    return f"{_figure(spread.median)} ({_figure(spread.least)} to {_figure(spread.most)})"


def _figure(error: float) -> str:
    """Two decimals, or two digits of what would be 0.00 or as long as the line: just before divergence it may be."""
    if np.isinf(error):
        return "∞"
    return f"{error:.2f}" if 0.1 <= error < 1e5 else f"{error:.2g}"
