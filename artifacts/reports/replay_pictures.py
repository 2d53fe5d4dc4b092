"""Pictures of a replay: each policy's errors, trainings, promotions and alarms by day."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from artifacts.plots.figures import DATA, picture, plain_ticks
from rnn.lifecycle.replay import PERSISTENCE, Day, Plan, by_policy
from rnn.series import Series

COLOURS = {
    "never": "#D55E00",
    "weekly": "#0072B2",
    "nightly": "#009E73",
    "on drift": "#CC79A7",
    PERSISTENCE: "#704214",
}
LINES = {"never": "-", "weekly": "--", "nightly": "-", "on drift": "-.", PERSISTENCE: ":"}


def draw_policies(path: Path, series: Series, plan: Plan, days: Sequence[Day], change: int | None) -> None:
    """Draw the series by day, each policy's cumulated error, and its trainings, promotions and alarms."""
    policies = [policy for policy, _ in by_policy(days) if policy != PERSISTENCE]
    with picture(path, height=7.0 + 0.35 * len(policies)) as axes:
        figure = axes[0, 0].figure
        figure.clear()
        heights = [1.5, 4, 0.6 + 0.4 * len(policies)]
        above, middle, below = figure.subplots(3, 1, sharex=True, gridspec_kw={"height_ratios": heights})
        _draw_series(above, series, plan)
        _draw_cumulated(middle, days)
        _draw_marks(below, days, policies)
        for ax in (above, middle, below):
            _mark_change(ax, change, named=ax is above)
        below.set_xlabel("day")


def _draw_series(ax: Axes, series: Series, plan: Plan) -> None:
    day = (np.arange(1, len(series) + 1) - plan.known) / plan.points_a_day
    shown = (day >= 0) & (day <= plan.days)
    ax.plot(day[shown], series.y[shown], color=DATA, linewidth=0.7)
    ax.set_title("What arrived")
    ax.set_ylabel("y")


def _draw_cumulated(ax: Axes, days: Sequence[Day]) -> None:
    for policy, mine in by_policy(days):
        error = np.nan_to_num(np.array([day.error for day in mine]))
        label = policy if policy == PERSISTENCE else f"{policy}: {_trained(mine)}"
        ax.plot(np.cumsum(error), LINES[policy], color=COLOURS[policy], label=label, linewidth=2)
    ax.set_title("Forecast error piled up, by policy of retraining")
    ax.set_ylabel("sum of the days' RMSE")
    ax.legend(loc="upper left", fontsize=9.5)


def _trained(mine: Sequence[Day]) -> str:
    count = sum(day.trained for day in mine)
    return "trained once" if count == 1 else f"trained {count} times"


def _draw_marks(ax: Axes, days: Sequence[Day], policies: Sequence[str]) -> None:
    for row, policy in enumerate(reversed(policies)):
        mine = [day for day in days if day.policy == policy]
        kept = [day.day for day in mine if day.trained and day.decision != "promote"]
        promoted = [day.day for day in mine if day.decision == "promote"]
        drift = [day.day for day in mine if day.drift]
        colour, name = COLOURS[policy], row == 0
        ax.plot(kept, [row] * len(kept), "|", color="#777777", markersize=9, label="trained, not promoted" * name)
        ax.plot(promoted, [row] * len(promoted), "|", color=colour, markersize=15, markeredgewidth=1.6)
        ax.plot(
            drift, [row + 0.28] * len(drift), "v", color="#000000", markersize=5.5, label="drift found" * name, zorder=3
        )
    ax.plot([], [], "|", color="#009E73", markersize=13, markeredgewidth=1.6, label="trained and promoted")
    ax.set_yticks(range(len(policies)), list(reversed(policies)))
    ax.set_ylim(-0.6, len(policies) - 0.2)
    ax.grid(visible=False)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.28), ncols=3, fontsize=9.5)


def draw_errors(path: Path, days: Sequence[Day], change: int | None) -> None:
    """Draw the RMSE of each day's forecast over its horizon, a line a policy."""
    with picture(path) as axes:
        ax = axes[0, 0]
        for policy, mine in by_policy(days):
            error = np.array([day.error for day in mine])
            ax.plot(error, LINES[policy], color=COLOURS[policy], label=policy, linewidth=1.3)
        if any(day.error > 0 for day in days):
            ax.set_yscale("log")
            plain_ticks(ax.yaxis)
        _mark_change(ax, change, named=True)
        ax.set_title("Error of each day's forecast")
        ax.set_xlabel("day")
        ax.set_ylabel("RMSE over the horizon")
        ax.legend(loc="best", fontsize=9.5)


def _mark_change(ax: Axes, change: int | None, named: bool) -> None:
    if change is None:
        return
    ax.axvline(change, color="#555555", linewidth=1, linestyle="--")
    if named:
        ax.annotate("the law changes", (change, 1), xytext=(5, -3), xycoords=("data", "axes fraction"),
                    textcoords="offset points", va="top", fontsize=9, color="#333333",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})  # fmt: skip
