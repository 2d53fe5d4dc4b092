"""A waterfall: from one value to another by the parts between them, each bar beginning where the one before ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from artifacts.web.pages import render

ROW = 30
"""The height of a bar with the room around it, in the drawing's units."""

LEFT, WIDTH, RIGHT = 170, 420, 110
"""The room for names, for bars and for figures, in the drawing's units."""


@dataclass(frozen=True)
class Bar:
    """A bar from `begin` to `end` with a `name` and a `figure` as text; `whole`: one that stands for a value."""

    name: str
    begin: float
    end: float
    figure: str
    whole: bool = False


@dataclass(frozen=True)
class Waterfall:
    """Bars below each other, on an axis that shows all their ends but not the distance to 0. `alt`: it in words."""

    title: str
    alt: str
    bars: Sequence[Bar]

    def html(self) -> Markup:
        """The picture as HTML."""
        ends = [value for bar in self.bars for value in (bar.end, bar.end if bar.whole else bar.begin)]
        low, span = min(ends), (max(ends) - min(ends)) or 1.0
        low, span = low - 0.06 * span, 1.12 * span

        def place(value: float) -> float:
            return round(LEFT + WIDTH * (value - low) / span, 2)

        rows = [
            {
                "name": bar.name,
                "figure": bar.figure,
                "top": k * ROW,
                "left": min(place(bar.begin), place(bar.end)) if not bar.whole else place(bar.end) - 2,
                "width": max(abs(place(bar.end) - place(bar.begin)), 1.5) if not bar.whole else 4,
                "colour": "truth" if bar.whole else "plus" if bar.end >= bar.begin else "minus",
                "end": place(bar.end),
            }
            for k, bar in enumerate(self.bars)
        ]
        size = {"width": LEFT + WIDTH + RIGHT, "height": ROW * len(rows), "left": LEFT}
        return render("waterfall.html.j2", picture=self, rows=rows, **size)
