"""An evaluation's pictures: errors by step, forecasts with intervals, errors beside the best peer's, and coverage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from artifacts.files.evaluation import Evaluation
from artifacts.plots.figures import DATA, METHOD_COLOURS, METHOD_LINES, TRUTH, Picture, picture, plain_ticks
from rnn.datasets.textbook import TEXTBOOK
from rnn.evaluation.benchmark import ARTICLE, BenchmarkCase, Predictions
from rnn.evaluation.benchmark_scores import NETWORK, Series, best_baseline, relative

OVERVIEWS = 4
"""The number of pictures of all series together; they come first."""

PANELS = 6
"""Windows of a series that a picture shows at most."""


def title(name: str) -> str:
    """The title of a series."""
    return "x·sin(x)" if name == ARTICLE else TEXTBOOK[name].title


def evaluation_pictures(evaluation: Evaluation) -> list[Picture]:
    """All pictures of an evaluation: four of all series, then one a series."""
    scores = evaluation.scores()
    names = ", ".join(title(name) for name in scores)
    overviews: list[tuple[str, str, Callable[[Path], None]]] = [
        (
            "relative.png",
            "Every method's RMSE as a multiple of the best peer's, on each series; left of 1 is better than any peer.",
            lambda path: draw_relative(path, scores),
        ),
        ("error-by-step.png", f"RMSE of every method by step: {names}.", lambda path: draw_errors(path, scores)),
        (
            "forecasts.png",
            f"The network's forecast with 50 and 90 % intervals and the best peer's, from each series' last origin: "
            f"{names}.",
            lambda path: draw_newest(path, evaluation, scores),
        ),
        (
            "coverage.png",
            "The share of the truth within the 50 and the 90 % intervals of each method: pale dots are series, full "
            "ones the mean over them.",
            lambda path: draw_coverage(path, scores),
        ),
    ]
    return [*(Picture(*one) for one in overviews), *(_of_series(name, evaluation, scores[name]) for name in scores)]


def _of_series(name: str, evaluation: Evaluation, methods: Series) -> Picture:
    peer = best_baseline(methods)
    shown = some_windows(methods[NETWORK].by_cut)
    what = (
        "the seeds with the least, the median and the greatest error among them" if name == ARTICLE else "its origins"
    )
    return Picture(
        f"forecast-{name}.png",
        f"{title(name)}: forecasts of the network, with 50 and 90 % intervals, and of the best peer, {peer}; {what}.",
        lambda path: draw_windows(path, name, evaluation.cases[name], evaluation.predictions[name], peer, shown),
    )


def some_windows(errors: NDArray[Any]) -> list[int]:
    """The windows to show, from their errors (windows,): all, or PANELS of them from the least to the greatest."""
    if len(errors) <= PANELS:
        return list(range(len(errors)))
    order = np.argsort(errors, kind="stable")
    return [int(order[round(place)]) for place in np.linspace(0, len(errors) - 1, PANELS)]


@contextmanager
def panels(path: Path, count: int) -> Iterator[list[Axes]]:
    """A figure of `count` panels, three a row, each with axes of its own."""
    columns = min(3, count)
    rows = -(-count // columns)
    with picture(path, height=1.1 + 2.3 * rows) as axes:
        figure = axes[0, 0].figure
        figure.clear()
        figure.set_figwidth(max(8.4, 3.7 * columns))
        grid = figure.subplots(rows, columns, squeeze=False)
        yield list(grid.flat[:count])
        for ax in grid.flat[count:]:
            ax.set_visible(False)


def draw_relative(path: Path, scores: Mapping[str, Series]) -> None:
    """Draw each method's error over the best peer's: a row a series, a dot a method."""
    with picture(path, height=1.6 + 0.5 * len(scores)) as axes:
        ax = axes[0, 0]
        methods = list(next(iter(scores.values())))
        rows = np.arange(len(scores))[::-1]
        for method in methods:
            ratios = np.array([relative(series)[method] for series in scores.values()])
            ours = method == NETWORK
            ax.plot(
                ratios, rows, "D" if ours else "o", color=METHOD_COLOURS[method], label=method,
                markersize=9 if ours else 6, alpha=1 if ours else 0.75, zorder=3 if ours else 2, linestyle="none",
            )  # fmt: skip
        ax.axvline(1, color="#555555", linewidth=0.9)
        ax.set_xscale("log")
        plain_ticks(ax.xaxis)
        ax.tick_params("x", rotation=60)
        ax.set_yticks(rows, [title(name) for name in scores])
        ax.set_title("RMSE beside the best peer's")
        ax.set_xlabel("times the best peer's, which is known with hindsight only")
        ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9.5)


def draw_errors(path: Path, scores: Mapping[str, Series]) -> None:
    """Draw a panel a series: RMSE over all windows at each step, the network's line thick."""
    with panels(path, len(scores)) as axes:
        for ax, (name, methods) in zip(axes, scores.items(), strict=True):
            for method, one in methods.items():
                steps = np.arange(1, len(one.by_step) + 1)
                ax.plot(
                    steps, one.by_step, METHOD_LINES.get(method, "-"), color=METHOD_COLOURS[method], label=method,
                    linewidth=3 if method == NETWORK else 1.3, marker="o" if len(steps) == 1 else "",
                )  # fmt: skip
            if any(np.any(np.asarray(line.get_ydata()) > 0) for line in ax.get_lines()):
                ax.set_yscale("log")
                plain_ticks(ax.yaxis)
            ax.set_title(title(name), fontsize=10.5)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        _legend_below(axes, "Error by step")


def draw_newest(path: Path, evaluation: Evaluation, scores: Mapping[str, Series]) -> None:
    """Draw a panel a series: the forecasts from its last origin, or of the seed with the median error."""
    with panels(path, len(scores)) as axes:
        for ax, (name, methods) in zip(axes, scores.items(), strict=True):
            peer, window = best_baseline(methods), len(methods[NETWORK].origin) - 1
            if name == ARTICLE:
                window = int(np.argsort(methods[NETWORK].by_cut, kind="stable")[len(methods[NETWORK].by_cut) // 2])
            _draw_window(ax, evaluation.cases[name], evaluation.predictions[name], peer, window)
            ax.set_title(f"{title(name)}\ndashed: {peer}", fontsize=9.5)
        _legend_below(axes, "Forecasts from the last origin")


def draw_windows(
    path: Path,
    name: str,
    cases: Sequence[BenchmarkCase],
    predictions: Mapping[str, Predictions],
    peer: str,
    windows: Sequence[int],
) -> None:
    """Draw a panel for each of some `windows` of one series, named by their places."""
    with panels(path, len(windows)) as axes:
        for ax, window in zip(axes, windows, strict=True):
            network = predictions[NETWORK]
            _draw_window(ax, cases, predictions, peer, window)
            off = float(np.sqrt(np.mean((network.truth[window] - network.y[window]) ** 2)))
            where = f"seed {network.seed[window]}" if name == ARTICLE else f"from {network.x[window, 0, 0]:g}"
            ax.set_title(f"{where}: RMSE {off:.3g}", fontsize=10, fontweight="normal")
        _legend_below(axes, f"{title(name)}, dashed: {peer}")


def _draw_window(
    ax: Axes, cases: Sequence[BenchmarkCase], predictions: Mapping[str, Predictions], peer: str, window: int
) -> None:
    network, other = predictions[NETWORK], predictions[peer]
    case = next(case for case in cases if case.seed == network.seed[window])
    x = network.x[window].ravel()
    seen = slice(0, int(network.origin[window]))
    seen_x, seen_y = case.groups.x[seen].ravel(), case.groups.y[seen].ravel()
    near = seen_x >= x[0] - 1.5 * (x[-1] - x[0] or 1)
    colour, dashed = METHOD_COLOURS[NETWORK], METHOD_COLOURS[peer]
    ax.fill_between(x, network.lower90[window].ravel(), network.upper90[window].ravel(), color=colour, alpha=0.18,
                    linewidth=0, label="90 %")  # fmt: skip
    ax.fill_between(x, network.lower50[window].ravel(), network.upper50[window].ravel(), color=colour, alpha=0.3,
                    linewidth=0, label="50 %")  # fmt: skip
    ax.plot(seen_x[near], seen_y[near], color=DATA, linewidth=2.6, alpha=0.7, label="data")
    ax.plot(x, network.truth[window].ravel(), color=TRUTH, linewidth=2.2, label="truth")
    ax.plot(x, other.y[window].ravel(), "--", color=dashed, linewidth=1.3)
    ax.plot(x, network.y[window].ravel(), color=colour, label="network")
    ax.axvline(seen_x[-1], color="#555555", linewidth=0.9)


def draw_coverage(path: Path, scores: Mapping[str, Series]) -> None:
    """Draw a panel a level: a row a method, pale dots its series, a full one their mean, a line at the level."""
    methods = list(next(iter(scores.values())))
    rows = np.arange(len(methods))[::-1]
    with picture(path, 1, 2, height=1.3 + 0.36 * len(methods)) as axes:
        for ax, (level, name) in zip(axes.flat, {50: "inside50", 90: "inside90"}.items(), strict=True):
            for row, method in zip(rows, methods, strict=True):
                shares = np.array([series[method].mean(name) for series in scores.values()])
                shares = 100 * shares[np.isfinite(shares)]
                colour = METHOD_COLOURS[method]
                ax.plot(shares, np.full(len(shares), row), "o", color=colour, alpha=0.35, markeredgewidth=0)
                if len(shares):
                    ax.plot([shares.mean()], [row], "D", color=colour, markersize=8)
            ax.axvline(level, color="#555555", linewidth=0.9)
            ax.set_title(f"within the {level} % intervals")
            ax.set_xlabel("% of the truth")
        axes[0, 0].set_yticks(rows, methods)
        axes[0, 0].set_xlim(-3, 103)


def _legend_below(axes: Sequence[Axes], heading: str) -> None:
    """One legend for all panels, and a heading over them."""
    figure = axes[0].figure
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5, fontsize=9.5)
    figure.suptitle(heading, x=0.01, ha="left", fontsize=12.5, fontweight="bold")
