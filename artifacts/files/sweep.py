"""A sweep's files: every trial's outcome, and the leaderboard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from artifacts.files.parquet import read_table, write_table
from rnn.evaluation.sweep import LeaderboardRow, Outcome, Spread, Trial
from rnn.recipes import ArticleRecipe

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
    return Outcome(trial=trial, **{name: row[name] for name in ERRORS}, diverged=row["diverged"])


def write_leaderboard(path: Path, standings: Sequence[LeaderboardRow]) -> None:
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
