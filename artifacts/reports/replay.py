"""What a replay leaves behind: every day under every policy as a table, and what they say in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artifacts.files.replay import Replayed
from artifacts.plots.figures import Picture
from artifacts.reports.replay_pictures import draw_errors, draw_policies
from artifacts.reports.report import Report, Table, figure, percent, times_as
from artifacts.web.pages import markdown_table
from rnn.lifecycle.policies import PolicyResult, beside
from rnn.lifecycle.replay import PERSISTENCE


def report(found: Replayed, config: Mapping[str, Any]) -> Report:
    """A replay's report: what each policy brought and cost, and all pictures."""
    return Report(
        flow="replay",
        title="What the replay found",
        verdict=verdict(found),
        tables=[table(found)],
        pictures=pictures(found),
        config=config,
    )


def table(found: Replayed) -> Table:
    """One row a policy."""
    return Table(
        f"Every policy over {found.plan.days} days: mean RMSE of a day's forecast over its whole horizon, in the "
        f"unit of the series; relative to '{beside(found.days)}' as the geometric mean over days, with a 90 % block-"
        "bootstrap interval; delay in cycles of the new law",
        [_row(one, found.change) for one in found.standings],
    )


def _row(one: PolicyResult, change: int | None) -> dict[str, str]:
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


def _on_drift(every: Sequence[PolicyResult], change: int | None) -> list[str]:
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
    return "\n".join([*(f"- {sentence}" for sentence in verdict(found)), "", markdown_table(table(found).rows)]) + "\n"


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
