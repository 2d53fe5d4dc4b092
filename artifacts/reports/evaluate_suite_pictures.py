"""The pictures of an evaluation on a suite: each method's MASE beside the reference's by group, and the mean ranks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from artifacts.plots.figures import METHOD_COLOURS, Picture, picture
from rnn.evaluation.suite_forecasts import FALLBACK, OURS
from rnn.evaluation.suite_scores import Bounded, SuiteScores, ranks, relative
from rnn.evaluation.suites import SUITES, SuiteName, ordered

OTHERS = "#5b5b5b"
"""The colour of all methods but ours: their names stand beside them."""


def suite_pictures(suite: SuiteName, scores: SuiteScores) -> list[Picture]:
    """Both pictures."""
    reference = SUITES[suite].reference if SUITES[suite].reference in scores.methods else FALLBACK
    title = SUITES[suite].title
    found = []
    if reference in scores.methods:
        found.append(
            Picture(
                "relative.png",
                f"{title}: every method's MASE as so many times that of {reference}, by group, with 90 % bounds.",
                lambda path: draw_relative(path, scores, reference),
            )
        )
    ranked = Picture(
        "ranks.png",
        f"{title}: the mean rank of every method by MASE, with 90 % bounds.",
        lambda path: draw_ranks(path, scores),
    )
    return [*found, ranked]


def draw_relative(path: Path, scores: SuiteScores, reference: str) -> None:
    """Draw a panel a group: a row a method, its ratio of mean MASE to the reference's with bounds."""
    groups = ordered(scores.group.tolist())
    with picture(path, 1, len(groups), height=1.5 + 0.34 * len(scores.methods)) as axes:
        axes[0, 0].figure.set_figwidth(max(8.4, 3 + 2.4 * len(groups)))
        for ax, group in zip(axes.flat, groups, strict=True):
            part = scores.within(group)
            _draw_rows(ax, scores.methods, [relative(part, one, reference).of_means for one in scores.methods])
            ax.axvline(1, color="#555555", linewidth=0.9)
            ax.set_title(f"{group}, {len(part.series)} series", fontsize=10.5)
            ax.set_xlabel("times its MASE")
        axes[0, 0].figure.suptitle(f"MASE beside {reference}", x=0.01, ha="left", fontsize=12.5, fontweight="bold")


def draw_ranks(path: Path, scores: SuiteScores) -> None:
    """Draw the mean ranks, the best at the top."""
    found = ranks(scores).mean
    order = sorted(found, key=lambda method: found[method].value)
    with picture(path, height=1.3 + 0.34 * len(order)) as axes:
        _draw_rows(axes[0, 0], order, [found[method] for method in order])
        axes[0, 0].set_title("Mean rank by MASE, 1 is the best")
        axes[0, 0].set_xlabel("mean rank, with 90 % bounds")


def _draw_rows(ax: Axes, methods: Sequence[str], figures: Sequence[Bounded]) -> None:
    """A row a method, the first at the top: a dot, and a line between its bounds."""
    rows = np.arange(len(methods))[::-1]
    for row, method, one in zip(rows, methods, figures, strict=True):
        if np.isfinite(one.value):
            colour = METHOD_COLOURS[OURS] if method == OURS else OTHERS
            ax.plot([one.lower, one.upper], [row, row], color=colour, linewidth=1.6)
            ax.plot([one.value], [row], "D" if method == OURS else "o", color=colour, markersize=6)
    ax.set_yticks(rows, methods)
