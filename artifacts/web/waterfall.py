"""A waterfall: from one value to another by the parts between them, each bar beginning where the one before ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from artifacts.web.pages import render

MARGIN = 0.04
"""The room on either side of the bars, as a share of the distance between the outermost ends."""


@dataclass(frozen=True)
class Bar:
    """A bar from `begin` to `end` with a `name`, a `figure` as text and a `note` on it.

    `whole`: one that stands for a value, not for a change of it.
    """

    name: str
    begin: float
    end: float
    figure: str
    note: str = ""
    whole: bool = False

    @property
    def colour(self) -> str:
        """The CSS class of its colour; a change of nothing has none."""
        if self.whole or self.begin == self.end:
            return "truth" if self.whole else "none"
        return "plus" if self.end > self.begin else "minus"


@dataclass(frozen=True)
class Waterfall:
    """Bars below each other, on an axis that shows all their ends but not the distance to 0.

    It is a table with the bars in a column, so that its text keeps its size on a phone.
    """

    title: str
    bars: Sequence[Bar]

    def html(self) -> Markup:
        """The picture as HTML; places and widths are in percent of the bars' column."""
        ends = [value for bar in self.bars for value in (bar.begin, bar.end)]
        low, span = min(ends), (max(ends) - min(ends)) or 1.0

        def place(value: float) -> float:
            return round(100 * (MARGIN + (1 - 2 * MARGIN) * (value - low) / span), 2)

        rows = [
            {
                "bar": bar,
                "left": min(place(bar.begin), place(bar.end)),
                "width": round(abs(place(bar.end) - place(bar.begin)), 2),
                "begin": place(bar.begin),
                "end": place(bar.end),
            }
            for bar in self.bars
        ]
        return render("waterfall.html.j2", title=self.title, rows=rows)
