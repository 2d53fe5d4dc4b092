"""Charts as SVG, drawn here, whose colours are the page's: lines, bands around them, dots, and marks on the x axis.

The drawing is stretched to whatever room the page gives; axis labels are text of the page beside it, so that they keep
their size on a phone. The values travel along as JSON for the script that reads them off (templates/script.js.j2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from artifacts.web.downsampling import thin
from artifacts.web.pages import numbers, render, short
from artifacts.web.palette import dashes, slot
from artifacts.web.scales import Scale
from rnn.arrays import Array
from rnn.intervals import BOUNDS, Intervals

SIZE = 1000
"""The drawing's own width and height."""

MOST = 480
"""Points of a line that are drawn at the most."""

APART = 0.27
"""Names on the x axis are at least so far from each other, as a share of it."""

ROWS = 200
"""Rows of the table beside a chart at the most."""


@dataclass(frozen=True)
class Line:
    """A line to draw: `x` and `y` (points,), the intervals around it if any, and whether it is `drawn` at first.

    `colour` is a CSS class (see palette.slot) or "data" or "truth". With `dots`, dots instead of a line.
    """

    name: str
    x: Array
    y: Array
    colour: str = ""
    intervals: Intervals | None = None
    drawn: bool = True
    dots: bool = False

    @classmethod
    def of_method(
        cls, method: str, x: Array, y: Array, intervals: Intervals | None = None, drawn: bool = True, dots: bool = False
    ) -> "Line":
        """A line in the method's own colour, thinned if it is long."""
        x, y = np.ravel(x), np.ravel(y)
        kept = thin(y, MOST)
        if intervals is not None:
            intervals = Intervals(*(np.ravel(getattr(intervals, bound))[kept] for bound in BOUNDS))
        return cls(method, x[kept], y[kept], slot(method), intervals, drawn, dots)

    @classmethod
    def of_data(cls, name: str, x: Array, y: Array, colour: str = "data") -> "Line":
        """The observed, in grey, or the truth, in black."""
        kept = thin(np.ravel(y), MOST)
        return cls(name, np.ravel(x)[kept], np.ravel(y)[kept], colour)


@dataclass(frozen=True)
class Mark:
    """A vertical line at `x` with a few words."""

    x: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Lines on one pair of axes. `alt` says what they show, for those who do not see them.

    `y_range` replaces the axis that all values would fit on. `names`: what to write for an x instead of the number.
    `links`: where the point at an x of a line of dots leads.
    """

    title: str
    alt: str
    lines: Sequence[Line]
    x_label: str = "x"
    y_label: str = ""
    marks: Sequence[Mark] = ()
    log_x: bool = False
    log_y: bool = False
    y_range: Scale | None = None
    names: Mapping[float, str] | None = None
    links: Mapping[float, str] | None = None
    table: bool = True
    tall: bool = False

    @property
    def x_axis(self) -> Scale:
        """The x axis."""
        return Scale.of([line.x for line in self.lines], self.log_x, margin=0.012)

    @property
    def y_axis(self) -> Scale:
        """The y axis."""
        return self.y_range or Scale.of([line.y for line in self.lines], self.log_y)

    def html(self) -> Markup:
        """The chart as part of a page."""
        return render("chart.html.j2", chart=self, **self.view())

    def view(self) -> dict[str, Any]:
        """What the template needs of it."""
        x, y = self.x_axis, self.y_axis
        ticks = [(place, text) for value, text in self._x_ticks() if 0 <= (place := float(x.place(value))) <= 1]
        lines = [
            {
                "name": line.name,
                "colour": line.colour,
                "dashes": dashes(line.name),
                "drawn": line.drawn,
                "path": dots(line, x, y) if line.dots or len(line.x) == 1 else path(line.x, line.y, x, y),
                "dots": line.dots or len(line.x) == 1,
                "bands": bands(line, x, y),
            }
            for line in self.lines
        ]
        first = next((line["name"] for line in lines if line["bands"] and line["drawn"]), None)
        return {
            "lines": lines,
            "banded": first,
            "x_ticks": ticks,
            "y_ticks": [(float(y.place(value)), text) for value, text in y.ticks(5)],
            "marks": [(float(x.place(mark.x)), mark.text) for mark in self.marks],
            "values": self._values(x, y),
            "rows": self._rows() if self.table else None,
        }

    def _x_ticks(self) -> list[tuple[float, str]]:
        if not self.names:
            whole = all(bool((line.x == np.round(line.x)).all()) for line in self.lines)
            ticks = self.x_axis.ticks(8, whole)
            return [tick for tick in ticks if tick[0] == round(tick[0])] if whole else ticks
        found: list[tuple[float, str]] = []
        for x in sorted({x for line in self.lines for x in line.x.tolist()} & set(self.names)):
            if not found or float(self.x_axis.place(x) - self.x_axis.place(found[-1][0])) > APART:
                found.append((x, self.names[x]))
        return found

    def _values(self, x: Scale, y: Scale) -> dict[str, Any]:
        """The values for the script; lines of the same x share them."""
        xs: list[list[float | None]] = []
        lines = []
        for line in self.lines:
            mine = numbers(line.x, 10)
            if mine not in xs:
                xs.append(mine)
            band = line.intervals
            more = {"lo": numbers(band.lower90), "hi": numbers(band.upper90)} if band else {}
            lines.append({"x": xs.index(mine), "y": numbers(line.y), **more})
        return {
            "xs": xs,
            "lines": lines,
            "fx": [x.low, x.high, int(x.log)],
            "fy": [y.low, y.high, int(y.log)],
            "xl": self.x_label,
            "words": self._words(),
        }

    def _words(self) -> list[tuple[float | None, str, str]] | None:
        """For each x that has them: the text to write for it, and where a click leads."""
        names, links = self.names or {}, self.links or {}
        every = sorted({x for line in self.lines for x in line.x.tolist()} & {*names, *links})
        return [(numbers([x], 10)[0], names.get(x, ""), links.get(x, "")) for x in every] or None

    def _rows(self) -> list[list[str]]:
        """The values as a table: a row for each x, a column for each line but the data, the header first."""
        shown = [line for line in self.lines if line.colour != "data"] or list(self.lines)
        by_x = [dict(zip(line.x.tolist(), line.y.tolist(), strict=True)) for line in shown]
        every = sorted(set().union(*by_x))
        every = [every[k] for k in np.unique(np.linspace(0, len(every) - 1, ROWS).astype(int))] if every else []
        names = self.names or {}
        rows = [[names.get(x) or f"{x:.6g}", *(short(values.get(x)) for values in by_x)] for x in every]
        return [[self.x_label, *(line.name for line in shown)], *rows]


def path(x: Array, y: Array, x_axis: Scale, y_axis: Scale) -> str:
    """A line as SVG's path data, interrupted where a value is missing."""
    parts, pen = [], "M"
    for px, py in places(x, y, x_axis, y_axis):
        if px is None:
            pen = "M"
        else:
            parts.append(f"{pen}{px:g} {py:g}")
            pen = "L"
    return "".join(parts)


def dots(line: Line, x_axis: Scale, y_axis: Scale) -> str:
    """Dots as path data: lines without length whose round ends are what one sees."""
    found = places(line.x, line.y, x_axis, y_axis)
    return "".join(f"M{px:g} {py:g}h0" for px, py in found if px is not None)


def bands(line: Line, x_axis: Scale, y_axis: Scale) -> list[tuple[str, str]]:
    """The areas of the intervals, the wider first: each its CSS class and path data."""
    if line.intervals is None:
        return []
    bounds = line.intervals
    found = []
    for name, lower, upper in (("b90", bounds.lower90, bounds.upper90), ("b50", bounds.lower50, bounds.upper50)):
        there = path(line.x, upper, x_axis, y_axis)
        back = path(line.x[::-1], lower[::-1], x_axis, y_axis).replace("M", "L", 1)
        if there and back:
            found.append((name, f"{there}{back}Z"))
    return found


def places(x: Array, y: Array, x_axis: Scale, y_axis: Scale) -> list[tuple[float | None, float | None]]:
    """Where points are on the drawing, to a tenth of its units; far outside is cut off, None is a missing value."""
    px = np.round(SIZE * x_axis.place(x), 1)
    py = np.round(np.clip(SIZE * (1 - y_axis.place(y)), -5 * SIZE, 6 * SIZE), 1)
    sound = np.isfinite(px) & np.isfinite(py)
    return [(a, b) if ok else (None, None) for a, b, ok in zip(px.tolist(), py.tolist(), sound.tolist(), strict=True)]
