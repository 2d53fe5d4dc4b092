"""The file of a replay: every day under every policy."""

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
"""A key in the metadata of a generated year: the first day whose arrivals follow the new law, or null."""


@dataclass(frozen=True)
class Replayed:
    """A replayed series. `change`: the day of the change, None in a year without one or where it is not known.

    `made` is the metadata of the series.
    """

    series: Series
    plan: Plan
    days: list[Day]
    change: int | None
    made: Mapping[str, Any]

    @property
    def results(self) -> list[PolicyResult]:
        """The result of each policy."""
        return policy_results(self.days, self.plan, self.change)


def write_days(path: Path, days: Sequence[Day]) -> None:
    """Write one row a policy and day; `decision` is empty where nothing was trained."""
    columns: dict[str, Any] = {field.name: [getattr(day, field.name) for day in days] for field in fields(Day)}
    write_table(path, {**columns, "decision": [day.decision or "" for day in days]})


def read_days(path: Path) -> list[Day]:
    """Read the days that `write_days` wrote."""
    columns, _ = read_table(path)
    names = list(columns)
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    days = [dict(zip(names, row, strict=True)) for row in rows]
    return [Day(**{**day, "decision": day["decision"] or None}) for day in days]


def read_replayed(data: Path, done: Path, plan: Plan) -> Replayed:
    """Read a replay from the folders of its steps."""
    made = read_made(data / DATASET)
    return Replayed(read_series(data / DATASET), plan, read_days(done / REPLAY), made.get(CHANGE), made)
