"""Charts as SVG in the page's colours: lines, intervals around them, dots, and marks on the x axis.

The drawing is stretched to the room on the page; axis labels are text beside it, so that they keep their size on a
phone. The values are included as JSON, for the script that shows them under the pointer (templates/script.js.j2).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from artifacts.plots.figures import spoken
from artifacts.web.downsampling import thin
from artifacts.web.pages import numbers, render, short
from artifacts.web.palette import dashes, slot
from artifacts.web.scales import Scale, decimals
from rnn.arrays import Array
from rnn.intervals import BOUNDS, Intervals

SIZE = 1000
"""The width and height of the drawing, in its own units."""

MOST = 480
"""Points of a line that are drawn at most."""

APART = 0.27
"""The least distance of names on the x axis, as a share of its length."""

LETTER = 0.024
"""The width of a letter of a label, as a share of the axis' length, on a phone 360 pixels wide."""

LEFT = 0.75
"""The name of a mark beyond this share of the axis stands to the left of it."""

ROWS = 200
"""Rows of a chart's table at most."""


@dataclass(frozen=True)
class Line:
    """A line through `x` and `y` (points,), with intervals if any; `drawn`: visible until it is switched off.

    `colour`: a CSS class (see palette.slot), "data" or "truth". `dashes`: other ones than the method's (see
    palette.dashes). With `dots`, dots instead of a line.
    """

    name: str
    x: Array
    y: Array
    colour: str = ""
    intervals: Intervals | None = None
    drawn: bool = True
    dots: bool = False
    dashes: str = ""

    @classmethod
    def of_method(
        cls, method: str, x: Array, y: Array, intervals: Intervals | None = None, drawn: bool = True, dots: bool = False
    ) -> "Line":
        """A line in the method's colour, under the name that people call it by, downsampled if it is long."""
        x, y = np.ravel(x), np.ravel(y)
        kept = thin(y, MOST)
        if intervals is not None:
            intervals = Intervals(*(np.ravel(getattr(intervals, bound))[kept] for bound in BOUNDS))
        return cls(spoken(method), x[kept], y[kept], slot(method), intervals, drawn, dots)

    @classmethod
    def of_data(cls, name: str, x: Array, y: Array, colour: str = "data") -> "Line":
        """The line of the observed data, in grey, or of the truth, in black."""
        kept = thin(np.ravel(y), MOST)
        return cls(name, np.ravel(x)[kept], np.ravel(y)[kept], colour)


@dataclass(frozen=True)
class Mark:
    """A vertical line at `x` with a label."""

    x: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Lines on one pair of axes. `alt`: a description for readers who do not see them.

    `y_range` replaces the y axis on which all values fit. `names`: labels of some x instead of the numbers. `links`:
    addresses to open by a click on the dot at an x.
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
        """The x axis, with room for the marks."""
        marks = np.array([mark.x for mark in self.marks])
        return Scale.of([*(line.x for line in self.lines), marks], self.log_x, margin=0.012)

    @property
    def y_axis(self) -> Scale:
        """The y axis."""
        return self.y_range or Scale.of([line.y for line in self.lines], self.log_y)

    def html(self) -> Markup:
        """The chart as HTML."""
        return render("chart.html.j2", chart=self, **self.view())

    def view(self) -> dict[str, Any]:
        """The values for the template."""
        x, y = self.x_axis, self.y_axis
        ticks = [(place, text) for value, text in self._x_ticks() if 0 <= (place := float(x.place(value))) <= 1]
        lines = [
            {
                "name": line.name,
                "colour": line.colour,
                "dashes": line.dashes or dashes(line.name),
                "drawn": line.drawn,
                "path": dots(line, x, y) if line.dots or len(line.x) == 1 else path(line.x, line.y, x, y),
                "dots": line.dots or len(line.x) == 1,
                "bands": bands(line, x, y),
            }
            for line in self.lines
        ]
        crowded = crowding(ticks)
        marks = [(float(x.place(mark.x)), mark.text) for mark in self.marks]
        covered = covering(marks)
        first = next((line["name"] for line in lines if line["bands"] and line["drawn"]), None)
        return {
            "lines": lines,
            "banded": first,
            "x_ticks": [(place, text, place in crowded, side(place, text)) for place, text in ticks],
            "y_ticks": [(float(y.place(value)), text) for value, text in y.ticks(5)],
            "marks": [(place, text, place in covered) for place, text in marks],
            "left": LEFT,
            "values": self._values(x, y),
            "rows": self._rows() if self.table else None,
        }

    def _x_ticks(self) -> list[tuple[float, str]]:
        if not self.names:
            whole = all(bool((line.x == np.round(line.x)).all()) for line in self.lines)
            ticks = self.x_axis.ticks(8, whole)
            return [tick for tick in ticks if tick[0] == round(tick[0])] if whole else ticks
        named: list[tuple[float, str]] = []
        for x in sorted({x for line in self.lines for x in line.x.tolist()} & set(self.names)):
            if not named or float(self.x_axis.place(x) - self.x_axis.place(named[-1][0])) > APART:
                named.append((x, self.names[x]))
        return named

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
        """For each x with a name or a link: x, its name, its link."""
        names, links = self.names or {}, self.links or {}
        known = sorted({x for line in self.lines for x in line.x.tolist()} & {*names, *links})
        return [(numbers([x], 10)[0], names.get(x, ""), links.get(x, "")) for x in known] or None

    def _rows(self) -> list[list[str]]:
        """The values as a table, the header first: a row for each x, a column for each line except the data.

        A line with intervals has two columns more, for the bounds of 90 %.
        """
        shown = [line for line in self.lines if line.colour != "data"] or list(self.lines)
        columns = [column for line in shown for column in _columns(line)]
        write = short if self.log_y else _writer([values for _, _, values in columns])
        by_x = [dict(zip(x.tolist(), values.tolist(), strict=True)) for _, x, values in columns]
        xs = sorted(set().union(*by_x))
        xs = [xs[k] for k in np.unique(np.linspace(0, len(xs) - 1, ROWS).astype(int))] if xs else []
        names = self.names or {}
        rows = [[names.get(x) or f"{x:.6g}", *(write(values.get(x)) for values in by_x)] for x in xs]
        return [[self.x_label, *(name for name, _, _ in columns)], *rows]


def _columns(line: Line) -> list[tuple[str, Array, Array]]:
    """The columns of a line in the table, each with its name, x and values (points,)."""
    columns = [(line.name, line.x, line.y)]
    if line.intervals is not None:
        bounds = line.intervals
        columns += [(f"{line.name}, 5 %", line.x, bounds.lower90), (f"{line.name}, 95 %", line.x, bounds.upper90)]
    return columns


def _writer(columns: Sequence[Array]) -> Callable[[float | None], str]:
    """How the values of a table are written: with digits of the typical column's spread, however large they are."""
    whole = all(bool((values == np.round(values)).all()) for values in columns)
    places = 0 if whole else int(np.median([decimals([values], 4) for values in columns]))

    def write(value: float | None) -> str:
        if value is None or not 1e-3 <= abs(value) < 1e7:
            return short(value)
        return f"{value:.{places}f}"

    return write


def side(place: float, text: str) -> str:
    """Where a label lies at its tick: "l" begins there, "r" ends there, "" is centred, as it fits on a phone."""
    half = LETTER * len(text) / 2
    if place < max(0.05, half - 0.1):  # beside the axis there is room, for the labels of y
        return "l"
    return "r" if len(text) > 6 and place > min(0.9, 1.02 - half) else ""


def crowding(ticks: Sequence[tuple[float, str]]) -> set[float]:
    """The places of labels that would overlap others on a phone; those that stay are chosen from the left.

    `ticks`: their places, from 0 to 1, and labels.
    """
    crowded: set[float] = set()
    end = -1.0
    for place, text in ticks:
        width = LETTER * len(text)
        start = place - {"l": 0.0, "r": width, "": width / 2}[side(place, text)]
        if start < end:
            crowded.add(place)
        else:
            end = start + width + LETTER
    return crowded


def covering(marks: Sequence[tuple[float, str]]) -> set[float]:
    """The places of marks whose names would overlap a later one's on a phone. `marks`: their places and names."""
    covered: set[float] = set()
    begin = float("inf")
    for place, text in sorted(marks, reverse=True):
        width = LETTER * len(text)
        start = place - width if place > LEFT else place  # as in the template
        if start + width > begin:
            covered.add(place)
        else:
            begin = start - LETTER
    return covered


def path(x: Array, y: Array, x_axis: Scale, y_axis: Scale) -> str:
    """A line as SVG path data, interrupted where a value is missing."""
    parts, pen = [], "M"
    for px, py in places(x, y, x_axis, y_axis):
        if px is None:
            pen = "M"
        else:
            parts.append(f"{pen}{px:g} {py:g}")
            pen = "L"
    return "".join(parts)


def dots(line: Line, x_axis: Scale, y_axis: Scale) -> str:
    """Dots as SVG path data: lines of no length, whose round ends are visible."""
    points = places(line.x, line.y, x_axis, y_axis)
    return "".join(f"M{px:g} {py:g}h0" for px, py in points if px is not None)


def bands(line: Line, x_axis: Scale, y_axis: Scale) -> list[tuple[str, str]]:
    """The areas of the intervals, the wider first: CSS class and SVG path data."""
    if line.intervals is None:
        return []
    bounds = line.intervals
    areas = []
    for name, lower, upper in (("b90", bounds.lower90, bounds.upper90), ("b50", bounds.lower50, bounds.upper50)):
        upper_edge = path(line.x, upper, x_axis, y_axis)
        lower_edge = path(line.x[::-1], lower[::-1], x_axis, y_axis).replace("M", "L", 1)
        if upper_edge and lower_edge:
            areas.append((name, f"{upper_edge}{lower_edge}Z"))
    return areas


def places(x: Array, y: Array, x_axis: Scale, y_axis: Scale) -> list[tuple[float | None, float | None]]:
    """The places of points on the drawing, to a tenth of its units, clipped far outside; None for missing values."""
    px = np.round(SIZE * x_axis.place(x), 1)
    py = np.round(np.clip(SIZE * (1 - y_axis.place(y)), -5 * SIZE, 6 * SIZE), 1)
    known = np.isfinite(px) & np.isfinite(py)
    return [(a, b) if ok else (None, None) for a, b, ok in zip(px.tolist(), py.tolist(), known.tolist(), strict=True)]
