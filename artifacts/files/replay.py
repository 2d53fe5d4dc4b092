"""A replay's file: every day under every policy, written and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from artifacts.files.parquet import read_table, write_table
from artifacts.files.series import DATASET, read_made, read_series
from rnn.lifecycle.policies import PolicyResult, policy_results
from rnn.lifecycle.replay import Day, Plan
from rnn.series import Series

REPLAY, COMPARISON = "replay.parquet", "comparison.md"
CHANGE = "change_day"
"""In the metadata of a made-up year: the day from which on what arrives is of the new law, or null."""


@dataclass(frozen=True)
class Replayed:
    """All that a replay found out. `change`: the day of the change, None in a quiet year or where nobody knows."""

    series: Series
    plan: Plan
    days: list[Day]
    change: int | None
    made: Mapping[str, Any]

    @property
    def standings(self) -> list[PolicyResult]:
        """Every policy's standing."""
        return policy_results(self.days, self.plan, self.change)


def write_days(path: Path, days: Sequence[Day]) -> None:
    """One row a policy and day; `decision` is empty where nothing was trained."""
    columns: dict[str, Any] = {field.name: [getattr(day, field.name) for day in days] for field in fields(Day)}
    write_table(path, {**columns, "decision": [day.decision or "" for day in days]})


def read_days(path: Path) -> list[Day]:
    """The days that `write_days` wrote."""
    columns, _ = read_table(path)
    names = list(columns)
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    every = [dict(zip(names, row, strict=True)) for row in rows]
    return [Day(**{**row, "decision": row["decision"] or None}) for row in every]


def read_replayed(data: Path, done: Path, plan: Plan) -> Replayed:
    """Read what the steps left in their folders."""
    made = read_made(data / DATASET)
    return Replayed(read_series(data / DATASET), plan, read_days(done / REPLAY), made.get(CHANGE), made)
