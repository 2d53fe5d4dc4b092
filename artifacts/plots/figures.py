"""The pictures of a run: each readable at a glance, titled with the setting and the figure that it shows.

The article draws data green and fit red, truth blue and forecast orange. Green and red are hard to tell apart for one
man in twelve, so here the observed is grey or black, and each method has one colour and one line style throughout.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias, cast

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis as TickAxis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DAILY, HOURLY, AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray
from PIL import Image

from artifacts.plots.axis import Axis
from artifacts.plots.fonts import families, letters_may_be_missing
from rnn.arrays import AnyArray, Array
from rnn.forecast import Forecast

STYLE = str(files("artifacts.plots") / "wavecast.mplstyle")
TRUTH, DATA = "#000000", "#8a8a8a"
COLOURS = {
    "article": "#D55E00",
    "untuned": "#CC79A7",
    "autoregressive": "#009E73",
    "fully connected": "#0072B2",
    "linear": "#56B4E9",
    "persistence": "#704214",
    "ridge autoregression": "#5511bb",
    "seasonal naive": "#A0763A",
}
"""The methods', each told from any other by every eye."""

ROLES = {"served": "autoregressive", "champion": "autoregressive", "challenger": "article"}
"""What stands in a method's place in a retraining's pictures, and has its colour there."""
SPOKEN = {"served": "forecast"}
"""What people call a method where its name in files says little: what is served is the forecast."""
LINES = {
    "fully connected": "--",
    "ridge autoregression": "--",
    "linear": "-.",
    "persistence": ":",
    "seasonal naive": "-.",
}


X_AXIS = Axis()
Labels: TypeAlias = tuple[str, str]
XY: Labels = ("x", "y")


def colour_of(name: str) -> str:
    """The colour of a method, or of a role in a retraining."""
    return COLOURS[ROLES.get(name, name)]


def spoken(name: str) -> str:
    """The name of a method as a legend, a table or a sentence says it."""
    return SPOKEN.get(name, name)


@contextmanager
def picture(path: Path, rows: int = 1, columns: int = 1, height: float | None = None) -> Iterator[NDArray[Any]]:
    """A figure's axes (rows, columns) to draw on, then saved to `path`: the same drawing gives the same PNG bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    look: list[str | dict[str, Any] | Path] = [STYLE, {"font.family": families()}]
    with matplotlib.style.context(look, after_reset=True):  # whatever the user's own matplotlibrc says
        figure = Figure()
        FigureCanvasAgg(figure)
        if height:
            figure.set_figheight(height)
        yield figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        render(figure).save(path, "PNG", dpi=(figure.dpi, figure.dpi))


def render(figure: Figure) -> Image.Image:
    """The figure in pixels, laid out and drawn once: `savefig` draws everything twice, for the same bytes."""
    with letters_may_be_missing():
        figure.canvas.draw()
    return pixels(figure)


def pixels(figure: Figure) -> Image.Image:
    """What is drawn on a figure's canvas by now."""
    canvas: Any = figure.canvas  # an Agg one, whose methods have no types
    return Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)


def draw_fit(
    path: Path, x: AnyArray, y: Array, fitted: Array, first: int, title: str, recipe: str, labels: Labels = XY
) -> None:
    """The article's figures 1 and 2: the data, and what the network gave for it. All (points,).

    The points before `first` end no window and are never fitted; the article's program draws zeros there.
    """
    with picture(path) as axes:
        ax = axes[0, 0]
        ax.plot(x, y, color=DATA, linewidth=5, alpha=0.55, solid_capstyle="round", label="data")
        ax.plot(x[first:], fitted[first:], color=COLOURS[recipe], label="fitted")
        ax.axvspan(x[0], x[first], color="#f2f2f2", linewidth=0)
        ax.text(x[0], ax.get_ylim()[0], " never fitted", va="bottom", fontsize=8.5, color="#666666")
        finish(ax, title, *labels)


def draw_fit_by_epoch(
    path: Path, x: AnyArray, y: Array, fits: Mapping[int, Array], first: int, title: str, recipe: str
) -> None:
    """The article's figure 3: the fit after each of some epochs, as small multiples. `fits`: epoch to (points,)."""
    columns = min(3, len(fits))
    rows = -(-len(fits) // columns)
    with picture(path, rows, columns, height=1.2 + 2.1 * rows) as axes:
        for ax, (epoch, fitted) in zip(axes.flat, fits.items(), strict=False):
            ax.plot(x, y, color=DATA, linewidth=4, alpha=0.55, label="data")
            ax.plot(x[first:], fitted[first:], color=COLOURS[recipe], linewidth=1.4, label="fitted")
            error = float(np.sqrt(np.mean((fitted[first:] - y[first:]) ** 2)))
            ax.set_title(f"epoch {epoch}   RMSE {error:.2f}", fontsize=10, fontweight="normal")
        for ax in axes.flat[len(fits) :]:
            ax.set_visible(False)
        spread = np.ptp(y) or 1.0
        axes[0, 0].set_ylim(y.min() - 0.6 * spread, y.max() + 0.6 * spread)
        axes[0, 0].legend(loc="lower left", fontsize=8.5)
        axes[0, 0].figure.suptitle(title, x=0.01, ha="left", fontsize=12.5, fontweight="bold")


def draw_loss(
    path: Path,
    losses: Mapping[str, Array],
    title: str,
    time: str = "epoch",
    unit: str = "mean loss of a window, Σ(y − target)²",
) -> None:
    """Loss by epoch, or whatever `time` is called, one line a recipe, on logarithmic axes. `losses`: (epochs,) each."""
    with picture(path) as axes:
        ax = axes[0, 0]
        for recipe, loss in losses.items():
            ax.plot(np.arange(1, len(loss) + 1), loss, color=COLOURS[recipe], label=recipe, marker=_marker(loss))
        ax.set_xscale("log")
        plain_ticks(ax.xaxis)
        log_y(ax)
        finish(ax, title, time, unit)


def draw_forecast(
    path: Path,
    x: Array,
    y: Array,
    truth: Array | None,
    forecasts: Mapping[str, Forecast],
    title: str,
    zoom: int | None = None,
    axis: Axis = X_AXIS,
) -> None:
    """The article's figures 4 and 5: the series' end, what really follows, and what each method says.

    `x`, `y` (points,); `truth` (horizon, group_size) where it is known; `forecasts` by the label they get in the
    legend. With `zoom`, only so many groups beyond the series, and twice as much before it.
    """
    with picture(path) as axes:
        ax = axes[0, 0]
        ahead = next(iter(forecasts.values())).x[:zoom]
        shown = x >= x[-1] - 2.0 * (ahead.max() - x[-1])
        last, known, ahead = axis(x[-1:])[0], axis(x[shown]), axis(ahead.ravel())
        ax.plot(known, y[shown], color=DATA, linewidth=5, alpha=0.55, label="data")
        if truth is not None:
            ax.plot(ahead, truth[:zoom].ravel(), color=TRUTH, linewidth=2.6, label="truth")
        for label, f in forecasts.items():
            line = LINES.get(f.method, "-")
            y_ahead = f.y[:zoom].ravel()
            ax.plot(ahead, y_ahead, line, color=colour_of(f.method), label=label, marker=_marker(y_ahead))
        ax.axvline(last, color="#555555", linewidth=0.9)
        ax.annotate("forecast →", (last, 1), xytext=(5, -4), xycoords=("data", "axes fraction"),
                    textcoords="offset points", va="top", fontsize=9, color="#555555")  # fmt: skip
        finish(ax, title, *axis.labels)
        brief_times(ax, axis)


def draw_intervals(
    path: Path,
    x: Array,
    y: Array,
    truth: Array | None,
    forecasts: Sequence[Forecast],
    title: str,
    axis: Axis = X_AXIS,
) -> None:
    """Each forecast that has intervals in a panel of its own: 90 % pale, 50 % darker, the truth in black."""
    shown = [(f, f.intervals) for f in forecasts if f.intervals]
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    with picture(path, rows, columns, height=1.2 + 2.3 * rows) as axes:
        ahead = shown[0][0].x.ravel()
        near = x >= x[-1] - 0.5 * (ahead[-1] - x[-1])
        known, ahead = axis(x[near]), axis(ahead)
        every = np.concatenate([y[near], *([] if truth is None else [truth.ravel()]), *(f.y.ravel() for f, _ in shown)])
        middle, width = (every.max() + every.min()) / 2, np.ptp(every) or 1.0
        for ax, (f, bounds) in zip(axes.flat, shown, strict=False):
            colour = colour_of(f.method)
            ax.fill_between(
                ahead, bounds.lower90.ravel(), bounds.upper90.ravel(), color=colour, alpha=0.16, linewidth=0
            )
            ax.fill_between(ahead, bounds.lower50.ravel(), bounds.upper50.ravel(), color=colour, alpha=0.3, linewidth=0)
            ax.plot(known, y[near], color=DATA, linewidth=4, alpha=0.55)
            if truth is not None:
                ax.plot(ahead, truth.ravel(), color=TRUTH, linewidth=2)
            ax.plot(ahead, f.y.ravel(), color=colour)
            ax.set_title(spoken(f.method), fontsize=10, fontweight="normal")
            ax.set_ylim(middle - 0.8 * width, middle + 0.8 * width)
            brief_times(ax, axis, 4)
        for ax in axes.flat[len(shown) :]:
            ax.set_visible(False)
        axes[0, 0].figure.suptitle(title, x=0.01, ha="left", fontsize=12.5, fontweight="bold")


def draw_error_by_step(
    path: Path, errors: Mapping[str, Array], title: str, what: str = "RMSE against the noise-free curve"
) -> None:
    """RMSE at each step of the forecast, every method on one logarithmic axis. `errors`: method to (horizon,)."""
    with picture(path) as axes:
        ax = axes[0, 0]
        for method, error in errors.items():
            steps = np.arange(1, len(error) + 1)
            ax.plot(
                steps, error, LINES.get(method, "-"), color=colour_of(method), label=method, marker="o", markersize=3
            )
        log_y(ax)
        ax.xaxis.get_major_locator().set_params(integer=True)
        finish(ax, title, "groups ahead", what)


def brief_times(ax: Axes, axis: Axis, most: int = 9) -> None:
    """Dates below the x axis, if it shows a calendar, no longer than they need to be and at most so many."""
    if axis.calendar is not None:
        locator = cast(Any, AutoDateLocator)(minticks=2, maxticks=most)
        locator.intervald[DAILY] = [1, 2, 3, 7, 14, 21, 28, 56, 112]  # some spans are too short for months
        locator.intervald[HOURLY] = [1, 2, 3, 4, 6, 12, 24, 48, 96]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(cast(Any, ConciseDateFormatter)(ax.xaxis.get_major_locator()))


def _marker(y: Array) -> str:
    """A single point makes no line: it shows as a dot."""
    return "o" if len(y) == 1 else ""


def log_y(ax: Axes) -> None:
    """A logarithmic y axis, unless nothing on it is positive."""
    if any(np.any(np.asarray(line.get_ydata()) > 0) for line in ax.get_lines()):
        ax.set_yscale("log")
        plain_ticks(ax.yaxis)


def plain_ticks(axis: TickAxis) -> None:
    """Ticks at 1, 2 and 5 of each power of ten, written as 0.05 and 200 and not as powers."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def finish(ax: Axes, title: str, x_label: str, y_label: str) -> None:
    """Title, labels and legend."""
    ax.set_title(title)
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.legend(loc="best", fontsize=9.5)


PEER_COLOURS = {
    "AutoARIMA": "#CC79A7",
    "AutoETS": "#E69F00",
    "AutoCES": "#999933",
    "DOT": "#882255",
    "MSTL": "#44AA99",
    "mean of four": "#332288",
}
METHOD_COLOURS = COLOURS | PEER_COLOURS
METHOD_LINES = LINES | dict.fromkeys(PEER_COLOURS, "-.")


@dataclass(frozen=True)
class Picture:
    """A picture of a run: its file's name, what it shows in words (`alt`), and how to draw it to a path."""

    name: str
    alt: str
    draw: Callable[[Path], None]
