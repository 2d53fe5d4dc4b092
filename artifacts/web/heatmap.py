"""Heat maps: one hue for positive numbers, another for negative ones, the more opaque the larger.

The picture is a small PNG, a pixel a cell, that the page enlarges. Its colours are transparent towards zero, so that it
suits a light page and a dark one.
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
"""Columns at most: of more, neighbours are averaged."""


@dataclass(frozen=True)
class HeatMap:
    """`values` (rows, columns) as colours, opaque at the size `full`; `alt`: a description of it in words.

    `rows` and `columns`: the names of a row and a column ("hidden unit", "group"). `mark`: a column before which a line
    is drawn, and its label.
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
        """The map as HTML."""
        every = -(-self.values.shape[1] // MOST_COLUMNS)
        values = averaged(self.values, every)
        mark = (self.mark[0] / self.values.shape[1], self.mark[1]) if self.mark else None
        cells = {"v": [numbers(row, 2) for row in values], "every": every, "rows": self.rows, "columns": self.columns}
        return render("heatmap.html.j2", map=self, picture=picture(values, self.full), mark=mark, cells=cells)


def averaged(values: Array, every: int) -> Array:
    """The means of `every` neighbouring columns at a time; the last mean is over the columns that remain."""
    starts = np.arange(0, values.shape[1], every)
    counts = np.diff([*starts, values.shape[1]])
    return np.asarray(np.add.reduceat(values, starts, axis=1) / counts)


def picture(values: Array, full: float) -> str:
    """The cells' colours as a PNG in a data: URI. The same values give the same bytes."""
    share = np.clip(np.abs(np.nan_to_num(values)) / (full or 1.0), 0, 1)
    pixels = np.where((values >= 0)[..., np.newaxis], POSITIVE, NEGATIVE)
    rgba = np.concatenate([pixels, np.round(255 * share)[..., np.newaxis]], axis=2).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(rgba, "RGBA").save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
