"""The report of a replay: sentences and a table on the policies of retraining, and pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from artifacts.files.replay import Replayed
from artifacts.plots.figures import Picture
from artifacts.reports.replay_pictures import draw_errors, draw_policies
from artifacts.reports.report import Report, Table, figure, percent, times_as
from artifacts.web.pages import markdown_table
from rnn.lifecycle.bootstrap import Difference
from rnn.lifecycle.policies import PolicyResult, beside
from rnn.lifecycle.replay import PERSISTENCE


def report(replayed: Replayed, config: Mapping[str, Any]) -> Report:
    """A replay's report: the error and the cost of each policy, and all pictures."""
    return Report(
        flow="replay",
        title="What the replay found",
        sentences=sentences(replayed),
        tables=[table(replayed)],
        pictures=pictures(replayed),
        config=config,
    )


def table(replayed: Replayed) -> Table:
    """One row a policy."""
    return Table(
        f"Every policy over {replayed.plan.days} days: mean RMSE of a day's forecast over its whole horizon, in the "
        f"unit of the series; relative to '{beside(replayed.days)}' as the geometric mean over days, with a 90 % block-"
        "bootstrap interval; delay in cycles of the new law",
        [_cells(result, replayed.change) for result in replayed.results],
    )


def _cells(result: PolicyResult, change: int | None) -> dict[str, str]:
    naive = result.policy == PERSISTENCE
    split = {} if change is None else {"before the change": figure(result.before), "after it": figure(result.after)}
    return {
        "policy": result.policy,
        "error": figure(result.error),
        **split,
        "relative": "–" if result.relative is None else _ratio(result.relative),
        "within 90 %": percent(result.inside90),
        "trainings": "–" if naive else str(result.trained),
        "promotions": "–" if naive else str(result.promoted),
        "false alarms": "–" if naive else str(result.false_alarms),
        "delay": "–" if result.delay is None else str(result.delay),
    }


def _ratio(relative: Difference) -> str:
    """A difference of logarithms as a ratio with its interval: 0.812 (0.745–0.901)."""
    return f"{np.exp(relative.mean):.3f} ({np.exp(relative.lower):.3f}–{np.exp(relative.upper):.3f})"


def sentences(replayed: Replayed) -> list[str]:
    """Sentences on the best policy, on each policy beside the reference, and on the drift that was found."""
    results = [result for result in replayed.results if result.policy != PERSISTENCE]
    best, reference = min(results, key=lambda result: result.error), beside(replayed.days)
    first = (
        f"Over {replayed.plan.days} days '{best.policy}' forecast best: off by {figure(best.error)} on an average day, "
        f"with {_trainings(best.trained)}."
    )
    compared = [
        f"'{result.policy}', with {_trainings(result.trained)}, was off by "
        f"{times_as(float(np.exp(result.relative.mean)))} times as much as '{reference}' (90 % interval "
        f"{times_as(float(np.exp(result.relative.lower)))} to {times_as(float(np.exp(result.relative.upper)))})."
        for result in results
        if result.relative is not None
    ]
    return [first, *compared, _on_drift(results, replayed.change)]


def _trainings(count: int) -> str:
    return f"{count} training{'' if count == 1 else 's'}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _on_drift(results: Sequence[PolicyResult], change: int | None) -> str:
    if change is None:
        counts = ", ".join(f"{_times(result.false_alarms)} under '{result.policy}'" for result in results)
        return f"No change is known; drift was found {counts}."
    alarms = ", ".join(f"{result.false_alarms} under '{result.policy}'" for result in results)
    delays = [
        f"after {result.delay} {'cycle' if result.delay == 1 else 'cycles'} under '{result.policy}'"
        if result.delay
        else f"never under '{result.policy}'"
        for result in results
    ]
    return f"The change on day {change} was found {', '.join(delays)}; false alarms before it: {alarms}."


def markdown(replayed: Replayed) -> str:
    """The sentences and the table as Markdown, as shown in docs/replay.md."""
    lines = [*(f"- {sentence}" for sentence in sentences(replayed)), "", markdown_table(table(replayed).rows)]
    return "\n".join(lines) + "\n"


def pictures(replayed: Replayed) -> list[Picture]:
    """The pictures of a replay."""
    changed = "" if replayed.change is None else f"; the law changes on day {replayed.change}"
    return [
        Picture(
            "policies.png",
            f"The series, each policy's cumulated error by day, and the days on which it trained, promoted and found "
            f"drift{changed}.",
            lambda path: draw_policies(path, replayed.series, replayed.plan, replayed.days, replayed.change),
        ),
        Picture(
            "error-by-day.png",
            f"RMSE of each day's forecast under every policy{changed}.",
            lambda path: draw_errors(path, replayed.days, replayed.change),
        ),
    ]
