"""The parts of a page: sections with a few sentences, and charts, tables and pictures in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from artifacts.web.pages import render


class Block(Protocol):
    """Anything that can be part of a page."""

    def html(self) -> Markup:
        """The block as HTML."""


@dataclass(frozen=True)
class Section:
    """A heading, a sentence or two, and the blocks below them."""

    title: str
    text: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Stat:
    """One figure in large type with its name and a note.

    `mood` colours it: "good", "bad" or "". With `when` (UTC, ISO) the page shows how long ago that was instead.
    """

    name: str
    figure: str
    note: str = ""
    mood: str = ""
    when: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values in two columns."""

    rows: Sequence[tuple[str, str]]

    def html(self) -> Markup:
        """As a description list."""
        return render("facts.html.j2", rows=self.rows)


@dataclass(frozen=True)
class Beside:
    """Blocks in a grid, beside each other where there is room, of a width for heat maps and small charts."""

    blocks: Sequence[Block]

    def html(self) -> Markup:
        """The grid."""
        return render("beside.html.j2", blocks=self.blocks)
