"""Animate training: the fit after each of some epochs, as a GIF."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from artifacts.plots.figures import COLOURS, DATA, STYLE, pixels, render
from rnn.arrays import Array

FRAMES = 16
"""Epochs that are shown at the most."""

SIZE, DPI = (6.5, 3.25), 80
INK = 24
"""Colours of the whole animation: lines and letters need no more, and every one costs bytes."""

LINGER = 2200
"""Milliseconds that the last frame stays."""


def draw_training(path: Path, x: Array, y: Array, fits: Mapping[int, Array], title: str, recipe: str) -> None:
    """The fits, by epoch, each (points,), over the data `x`, `y` (points,), one after the other.

    The same fits give the same bytes.
    """
    frames = list(_frames(x, y, fits, title, recipe))
    palette = frames[-1].quantize(INK)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    times = [130] * (len(drawn) - 1) + [LINGER]
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn[0].save(path, "GIF", save_all=True, append_images=drawn[1:], duration=times, loop=0, optimize=True)


def _frames(x: Array, y: Array, fits: Mapping[int, Array], title: str, recipe: str) -> Iterator[Image.Image]:
    spread = float(np.ptp(y)) or 1.0
    with matplotlib.style.context(STYLE, after_reset=True):
        figure = Figure(figsize=SIZE, dpi=DPI)
        FigureCanvasAgg(figure)
        ax = figure.subplots()
        ax.plot(x, y, color=DATA, linewidth=5, alpha=0.55, label="data")
        (line,) = ax.plot(x, y, color=COLOURS[recipe], label="fitted")
        ax.set_ylim(y.min() - 0.6 * spread, y.max() + 0.6 * spread)
        heading = ax.set_title(title)
        legend = ax.legend(loc="lower left", fontsize=9.5)
        render(figure)
        figure.set_layout_engine("none")  # from here on nothing moves but the line
        # What a frame changes, and what lies above it, in the order of drawing. The rest is drawn once.
        above = [line, *ax.spines.values(), heading, legend]
        for artist in above:
            artist.set_animated(True)
        render(figure)
        canvas: Any = figure.canvas  # an Agg one, whose methods have no types
        below = canvas.copy_from_bbox(figure.bbox)
        for epoch, fit in fits.items():
            fitted = np.clip(fit, -1e100, 1e100)
            line.set_ydata(fitted)
            heading.set_text(f"{title}: epoch {epoch}, RMSE {float(np.sqrt(np.mean((fitted - y) ** 2))):.3g}")
            canvas.restore_region(below)
            for artist in above:
                ax.draw_artist(artist)
            yield pixels(figure).convert("RGB")
