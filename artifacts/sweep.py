"""What a sweep leaves behind: every trial's outcome as a table, the leaderboard, and what they say in words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.report import Report, Table
from artifacts.sweep_pictures import sweep_pictures
from artifacts.tables import read_table, write_table
from rnn.recipes import ArticleRecipe
from rnn.sweeping import Outcome, Spread, Standing, Trial, leaderboard

OUTCOMES, LEADERBOARD = "outcomes.parquet", "leaderboard.parquet"
ERRORS = ("fit_rmse", "forecast_rmse", "first_step_rmse", "persistence_rmse")


def write_outcomes(path: Path, outcomes: Sequence[Outcome], made: dict[str, Any]) -> None:
    """One row a trial: the recipe's fields, the seed, the errors (NaN where it diverged), the epoch of that or 0."""
    rows = [
        {
            **outcome.trial.recipe.model_dump(),
            "seed": outcome.trial.seed,
            **{name: getattr(outcome, name) for name in ERRORS},
            "diverged": outcome.diverged,
        }
        for outcome in outcomes
    ]
    write_table(path, {name: [row[name] for row in rows] for name in rows[0]}, made)


def read_outcomes(path: Path, recipe: type[ArticleRecipe]) -> tuple[list[Outcome], dict[str, Any]]:
    """The outcomes of trials of that kind of recipe, and what `made` was."""
    columns, made = read_table(path)
    values = [column.tolist() for column in columns.values()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
    return [_outcome(row, recipe) for row in rows], made


def _outcome(row: dict[str, Any], recipe: type[ArticleRecipe]) -> Outcome:
    trial = Trial(recipe.model_validate({name: row[name] for name in recipe.model_fields}), row["seed"])
    return Outcome(trial, **{name: row[name] for name in ERRORS}, diverged=row["diverged"])


def write_leaderboard(path: Path, standings: Sequence[Standing]) -> None:
    """One row a recipe, the best median fit first: its fields, and each error's median, least and most over the seeds.

    An error is infinite where training diverged.
    """
    rows = [
        {
            **standing.recipe.model_dump(),
            **_columns("fit_rmse", standing.fit),
            **_columns("forecast_rmse", standing.forecast),
            "persistence_rmse": standing.persistence.median,
            "diverged": standing.diverged,
            "seeds": standing.seeds,
        }
        for standing in standings
    ]
    write_table(path, {name: [row[name] for row in rows] for name in rows[0]})


def _columns(name: str, spread: Spread) -> dict[str, float]:
    return {name: spread.median, f"{name}_least": spread.least, f"{name}_most": spread.most}


def report(outcomes: Sequence[Outcome], over: Mapping[str, Sequence[object]], config: Mapping[str, Any]) -> Report:
    """The sweep's report: which setting fits best and what its forecast is worth, the leaderboard, the pictures."""
    standings = leaderboard(outcomes)
    rows = [_row(standing, over) for standing in standings]
    table = Table("Median over the seeds, in brackets least and most; the best fit first", rows)
    pictures = sweep_pictures(outcomes, over)
    return Report("sweep", "What this sweep found", verdict(standings, over), [table], pictures, config)


def verdict(standings: Sequence[Standing], over: Mapping[str, Sequence[object]]) -> list[str]:
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


def _row(standing: Standing, over: Mapping[str, Sequence[object]]) -> dict[str, str]:
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
