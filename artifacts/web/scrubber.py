"""A chart with a slider: the fit epoch by epoch on one pair of axes, beside the loss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from artifacts.web.chart import SIZE, Chart, Line
from artifacts.web.downsampling import thin
from artifacts.web.pages import numbers, render
from artifacts.web.palette import slot
from artifacts.web.scales import Scale
from rnn.arrays import Array

FRAME_POINTS = 240
"""Points of a fit that are drawn at most: the page holds those of fifty epochs."""


@dataclass(frozen=True)
class Scrubber:
    """The data `x`, `y` (points,) and one of `fits` (frames, points) at a time, each after its epoch of `epochs`.

    The `loss` (all epochs,) is drawn beside it, with a line at the epoch shown.
    """

    title: str
    method: str
    x: Array
    y: Array
    epochs: Sequence[int]
    fits: Array
    loss: Array

    def html(self) -> Markup:
        """The two charts and the slider as HTML."""
        fit, frames = self._fit()
        return render("scrubber.html.j2", scrubber=self, fit=fit, loss=self._loss(), frames=frames)

    def errors(self) -> Array:
        """The RMSE of each fit (frames,)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.sqrt(np.mean((self.fits - self.y) ** 2, axis=1)))

    def _fit(self) -> tuple[Chart, dict[str, object]]:
        spread = float(np.ptp(self.y)) or 1.0
        y_axis = Scale(float(self.y.min()) - 0.35 * spread, float(self.y.max()) + 0.35 * spread)
        kept, errors = thin(self.y, FRAME_POINTS), self.errors()
        lines = [
            Line.of_data("data", self.x, self.y),
            Line(name=self.method, x=self.x[kept], y=self.fits[-1][kept], colour=slot(self.method)),
        ]
        alt = (
            f"The data and the network's fit, which a slider moves through {len(self.epochs)} of the epochs "
            f"{self.epochs[0]} to {self.epochs[-1]}. RMSE {errors[0]:.3g} at first, {errors[-1]:.3g} at the end."
        )
        chart = Chart(title=self.title, alt=alt, lines=lines, y_label="y", y_range=y_axis, table=False)
        heights = np.round(np.clip(SIZE * (1 - y_axis.place(self.fits[:, kept])), -SIZE, 2 * SIZE))
        across = np.round(SIZE * chart.x_axis.place(self.x[kept]), 1)
        frames = {
            "epochs": list(self.epochs),
            "errors": numbers(errors, 3),
            "x": across.tolist(),
            "y": np.nan_to_num(heights).astype(int).tolist(),
        }
        return chart, frames

    def _loss(self) -> Chart:
        epochs = np.arange(1, len(self.loss) + 1, dtype=float)
        line = Line.of_method(self.method, epochs, self.loss)
        alt = f"Loss by epoch, from {self.loss[0]:.3g} to {self.loss[-1]:.3g}, on logarithmic axes."
        return Chart(
            title="Loss",
            alt=alt,
            lines=[line],
            x_label="epoch",
            y_label="Σ(y − target)², mean of a window",
            log_x=True,
            log_y=True,
            table=False,
        )
