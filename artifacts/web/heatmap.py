"""A table of numbers as colours: one hue for positive, another for negative, the fuller the larger.

The picture is a tiny PNG that the page enlarges, a pixel a cell. Its colours are transparent towards zero, so that it
is right on a light page and on a dark one.
"""

import base64
import io
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from PIL import Image

from artifacts.web.pages import numbers, render
from rnn.arrays import Array

POSITIVE, NEGATIVE = (0xE0, 0x6A, 0x1A), (0x1F, 0x7F, 0xC4)

MOST_COLUMNS = 400
"""More columns than these are averaged together."""


@dataclass(frozen=True)
class HeatMap:
    """`values` (rows, columns) as colours, `full` the size at which one is fullest; `alt` says what it shows.

    `rows` and `columns` name what a row and a column is ("hidden unit", "group"). `mark`: a column before which a line
    is drawn, and what begins there.
    """

    title: str
    alt: str
    values: Array
    full: float
    rows: str
    columns: str
    mark: tuple[int, str] | None = None
    flat: bool = False

    def html(self) -> Markup:
        """The map as part of a page."""
        every = -(-self.values.shape[1] // MOST_COLUMNS)
        values = averaged(self.values, every)
        mark = (self.mark[0] / self.values.shape[1], self.mark[1]) if self.mark else None
        cells = {"v": [numbers(row, 2) for row in values], "every": every, "rows": self.rows, "columns": self.columns}
        return render("heatmap.html.j2", map=self, picture=picture(values, self.full), mark=mark, cells=cells)


def averaged(values: Array, every: int) -> Array:
    """Neighbouring columns averaged, `every` of them at a time, the last ones as many as are left."""
    starts = np.arange(0, values.shape[1], every)
    counts = np.diff([*starts, values.shape[1]])
    return np.asarray(np.add.reduceat(values, starts, axis=1) / counts)


def picture(values: Array, full: float) -> str:
    """The cells' colours as a PNG within a data: URI. The same values give the same bytes."""
    share = np.clip(np.abs(np.nan_to_num(values)) / (full or 1.0), 0, 1)
    pixels = np.where((values >= 0)[..., np.newaxis], POSITIVE, NEGATIVE)
    rgba = np.concatenate([pixels, np.round(255 * share)[..., np.newaxis]], axis=2).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(rgba, "RGBA").save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
