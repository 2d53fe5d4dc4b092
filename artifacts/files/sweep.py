"""Files of a sweep: every trial's outcome, and the leaderboard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from artifacts.files.parquet import read_table, write_table
from rnn.evaluation.sweep import LeaderboardRow, Outcome, Spread, Trial
from rnn.recipes import ArticleRecipe

OUTCOMES, LEADERBOARD = "outcomes.parquet", "leaderboard.parquet"
ERRORS = ("fit_rmse", "forecast_rmse", "first_step_rmse", "persistence_rmse")


def write_outcomes(path: Path, outcomes: Sequence[Outcome], made: dict[str, Any]) -> None:
    """Write one row a trial: the recipe's fields, the seed, the errors (NaN if it diverged), that epoch or 0.

    `made` goes into the file's metadata.
    """
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
    """Read the outcomes of trials of that kind of recipe, and `made`."""
    columns, made = read_table(path)
    values = [column.tolist() for column in columns.values()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
    return [_outcome(row, recipe) for row in rows], made


def _outcome(row: dict[str, Any], recipe: type[ArticleRecipe]) -> Outcome:
    trial = Trial(recipe.model_validate({name: row[name] for name in recipe.model_fields}), row["seed"])
    return Outcome(trial=trial, **{name: row[name] for name in ERRORS}, diverged=row["diverged"])


def write_leaderboard(path: Path, leaderboard: Sequence[LeaderboardRow]) -> None:
    """Write one row a recipe in the given order: its fields, and each error's median, least and most over the seeds.

    An error is infinite where training diverged.
    """
    rows = [
        {
            **row.recipe.model_dump(),
            **_columns("fit_rmse", row.fit),
            **_columns("forecast_rmse", row.forecast),
            "persistence_rmse": row.persistence.median,
            "diverged": row.diverged,
            "seeds": row.seeds,
        }
        for row in leaderboard
    ]
    write_table(path, {name: [row[name] for row in rows] for name in rows[0]})


def _columns(name: str, spread: Spread) -> dict[str, float]:
    return {name: spread.median, f"{name}_least": spread.least, f"{name}_most": spread.most}
