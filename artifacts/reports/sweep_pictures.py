"""Pictures of a sweep: the errors by the varied field with their spread over seeds, and all trials as a map."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import MaxNLocator

from artifacts.plots.figures import COLOURS, LINES, Picture, picture, plain_ticks
from rnn.arrays import Array
from rnn.evaluation.sweep import Outcome

Over: TypeAlias = Mapping[str, Sequence[object]]
FIGURES = {"fit_rmse": "training RMSE", "forecast_rmse": "forecast RMSE"}


def sweep_pictures(outcomes: Sequence[Outcome], over: Over) -> list[Picture]:
    """All pictures of a sweep."""
    first = next(iter(over))
    rows = list(over)[1] if len(over) > 1 else "seed"
    diverged = sum(outcome.diverged > 0 for outcome in outcomes)
    left_out = f"{diverged} of {len(outcomes)} trials diverged and are left out"
    return [
        Picture(
            "error.png",
            f"Training and forecast RMSE by {first}, each trial a dot, the median a line; {left_out}.",
            lambda path: draw_errors(path, outcomes, first),
        ),
        Picture(
            "map.png",
            f"Training and forecast RMSE as colours, {first} across and {rows} down; what diverged is crossed out.",
            lambda path: draw_map(path, outcomes, over, rows),
        ),
    ]


def draw_errors(path: Path, outcomes: Sequence[Outcome], field: str) -> None:
    """Draw fit and forecast error by one field: every trial, the median of those that did not diverge, persistence."""
    values = _values(outcomes, field)
    numeric = all(isinstance(value, int | float) for value in values)
    places = np.array(values, dtype=np.float64) if numeric else np.arange(len(values), dtype=np.float64)
    with picture(path, 1, 2) as axes:
        for ax, (name, title) in zip(axes.flat, FIGURES.items(), strict=True):
            medians = []
            for value, place in zip(values, places, strict=True):
                errors = np.array([getattr(o, name) for o in outcomes if _value(o, field) == value])
                finite = errors[np.isfinite(errors)]
                ax.plot(np.full(len(finite), place), finite, "o", color=COLOURS["article"], alpha=0.35, markersize=4,
                        markeredgewidth=0)  # fmt: skip
                medians.append(np.median(finite) if len(finite) else np.nan)
            ax.plot(places, medians, color=COLOURS["article"], label="median over seeds")
            ax.set_title(title)
            ax.set_xlabel(field)
            if np.isfinite(medians).any():
                ax.set_yscale("log")
                plain_ticks(ax.yaxis)
            if numeric and places.min() > 0 and places.max() > 20 * places.min():
                ax.set_xscale("log")
                plain_ticks(ax.xaxis)
                ax.tick_params("x", rotation=60)
            elif not numeric:
                ax.set_xticks(places, [str(value) for value in values])
            else:
                ax.xaxis.set_major_locator(MaxNLocator(5))  # labels such as 0.0125 would overlap
        naive = float(np.median([outcome.persistence_rmse for outcome in outcomes]))
        axes[0, 1].axhline(naive, color=COLOURS["persistence"], linestyle=LINES["persistence"], label="persistence")
        axes[0, 1].legend(loc="best", fontsize=9.5)


def draw_map(path: Path, outcomes: Sequence[Outcome], over: Over, rows: str) -> None:
    """Draw both errors as colours by the first field and `rows`, which may be the seed; medians over all else."""
    first = next(iter(over))
    across, down = _values(outcomes, first), _values(outcomes, rows)
    errors = {name: _table(outcomes, name, first, across, rows, down) for name in FIGURES}
    colours = colormaps["cividis_r"].with_extremes(bad="#eeeeee")
    with picture(path, 1, 2, height=2.2 + 0.28 * len(down)) as axes:
        for ax, (name, title) in zip(axes.flat, FIGURES.items(), strict=True):
            table = errors[name]
            finite = table[np.isfinite(table)]
            scale = LogNorm(finite.min(), max(finite.max(), finite.min() * 1.01)) if len(finite) else None
            image = ax.imshow(np.ma.masked_invalid(table), cmap=colours, norm=scale, aspect="auto")
            plain_ticks(ax.figure.colorbar(image, ax=ax, shrink=0.85).ax.yaxis)
            for row, column in np.argwhere(~np.isfinite(table)):
                ax.text(column, row, "×", ha="center", va="center", color="#777777", fontsize=9)
            ax.set_title(title)
            _name_cells(ax, first, across, rows, down)
        axes[0, 1].set_ylabel("")


def _name_cells(ax: Axes, first: str, across: Sequence[Any], rows: str, down: Sequence[Any]) -> None:
    ax.grid(False)
    ax.set_xticks(range(len(across)), [f"{v:g}" if isinstance(v, float) else str(v) for v in across], rotation=60)
    ax.set_yticks(range(len(down)), [f"{v:g}" if isinstance(v, float) else str(v) for v in down])
    ax.set_xlabel(first)
    ax.set_ylabel(rows)


def _table(
    outcomes: Sequence[Outcome], name: str, first: str, across: Sequence[Any], rows: str, down: Sequence[Any]
) -> Array:
    cells: dict[tuple[Any, Any], list[float]] = {}
    for outcome in outcomes:
        cells.setdefault((_value(outcome, rows), _value(outcome, first)), []).append(getattr(outcome, name))
    return np.array([[_median(cells.get((row, column), [])) for column in across] for row in down])


def _median(errors: Sequence[float]) -> float:
    """The median; NaN when half or more of the trials diverged and it would be infinite."""
    figures = np.nan_to_num(np.array(errors), nan=np.inf, posinf=np.inf)
    middle = float(np.median(figures)) if len(figures) else np.nan
    return middle if np.isfinite(middle) else np.nan


def _value(outcome: Outcome, field: str) -> Any:
    return outcome.trial.seed if field == "seed" else getattr(outcome.trial.recipe, field)


def _values(outcomes: Sequence[Outcome], field: str) -> list[Any]:
    return sorted({_value(outcome, field) for outcome in outcomes})
