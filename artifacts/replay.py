"""What a replay leaves behind: every day under every policy as a table, and what they say in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.contents import DATASET, read_made, read_series
from artifacts.evaluation_findings import figure, percent, times_as
from artifacts.pictures import Picture
from artifacts.replay_pictures import draw_errors, draw_policies
from artifacts.report import Report, Table
from artifacts.tables import read_table, write_table
from rnn.policies import Standing, beside, standings
from rnn.replay import PERSISTENCE, Day, Plan
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
    def standings(self) -> list[Standing]:
        """Every policy's standing."""
        return standings(self.days, self.plan, self.change)


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


def report(found: Replayed, config: Mapping[str, Any]) -> Report:
    """A replay's report: what each policy brought and cost, and all pictures."""
    return Report("replay", "What the replay found", verdict(found), [table(found)], pictures(found), config)


def table(found: Replayed) -> Table:
    """One row a policy."""
    return Table(
        f"Every policy over {found.plan.days} days: mean RMSE of a day's forecast over its whole horizon, in the "
        f"unit of the series; relative to '{beside(found.days)}' as the geometric mean over days, with a 90 % block-"
        "bootstrap interval; delay in cycles of the new law",
        [_row(one, found.change) for one in found.standings],
    )


def _row(one: Standing, change: int | None) -> dict[str, str]:
    relative = "–" if one.relative is None else f"{np.exp(one.relative.mean):.3f}"
    interval = "" if one.relative is None else f" ({np.exp(one.relative.lower):.3f}–{np.exp(one.relative.upper):.3f})"
    naive = one.policy == PERSISTENCE
    split = {} if change is None else {"before the change": figure(one.before), "after it": figure(one.after)}
    return {
        "policy": one.policy,
        "error": figure(one.error),
        **split,
        "relative": relative + interval,
        "within 90 %": percent(one.inside90),
        "trainings": "–" if naive else str(one.trained),
        "promotions": "–" if naive else str(one.promoted),
        "false alarms": "–" if naive else str(one.false_alarms),
        "delay": "–" if one.delay is None else str(one.delay),
    }


def verdict(found: Replayed) -> list[str]:
    """What the policies brought, in plain sentences."""
    every = [one for one in found.standings if one.policy != PERSISTENCE]
    best, other = min(every, key=lambda one: one.error), beside(found.days)
    told = [
        f"Over {found.plan.days} days '{best.policy}' forecast best: off by {figure(best.error)} on an average day, "
        f"with {best.trained} {_trainings(best.trained)}."
    ]
    for one in every:
        if one.relative is not None:
            told.append(
                f"'{one.policy}', with {one.trained} {_trainings(one.trained)}, was off by "
                f"{times_as(float(np.exp(one.relative.mean)))} times as much as '{other}' (90 % interval "
                f"{times_as(float(np.exp(one.relative.lower)))} to {times_as(float(np.exp(one.relative.upper)))})."
            )
    return [*told, *_on_drift(every, found.change)]


def _trainings(count: int) -> str:
    return "training" if count == 1 else "trainings"


def _on_drift(every: Sequence[Standing], change: int | None) -> list[str]:
    alarms = ", ".join(f"{one.false_alarms} under '{one.policy}'" for one in every)
    if change is None:
        return [f"Drift was found so often, where no change is known: {alarms}."]
    found = [
        f"after {one.delay} {'cycle' if one.delay == 1 else 'cycles'} under '{one.policy}'"
        if one.delay
        else f"never under '{one.policy}'"
        for one in every
    ]
    return [f"The change on day {change} was found {', '.join(found)}; false alarms before it: {alarms}."]


def markdown(found: Replayed) -> str:
    """Verdict and table as docs/replay.md shows them."""
    rows = table(found).rows
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}", *(f"| {' | '.join(r.values())} |" for r in rows)]
    return "\n".join([*(f"- {sentence}" for sentence in verdict(found)), "", *lines]) + "\n"


def pictures(found: Replayed) -> list[Picture]:
    """The pictures of a replay."""
    changed = "" if found.change is None else f"; the law changes on day {found.change}"
    return [
        Picture(
            "policies.png",
            f"The series, the error that each policy piled up day by day, and when each trained, promoted and found "
            f"drift{changed}.",
            lambda path: draw_policies(path, found.series, found.plan, found.days, found.change),
        ),
        Picture(
            "error-by-day.png",
            f"RMSE of each day's forecast under every policy{changed}.",
            lambda path: draw_errors(path, found.days, found.change),
        ),
    ]
