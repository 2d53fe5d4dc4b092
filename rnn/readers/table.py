"""The protocol of every kind of file: its columns by name, its first rows, and some of its columns block by block."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from rnn.readers.problems import Problem

BLOCK = 2**16
"""Rows that are read, checked and let go at a time."""

SAMPLE = 1000
"""Rows that are looked at to tell what a file is."""


class Table(Protocol):
    """A file of columns. `sample` has each column as an Arrow array, with its first rows where it is text."""

    url: str
    kind: str
    """The kind of file, in words."""
    decimal: str
    """The mark before decimals of numbers that are text."""
    sample: dict[str, Any]
    text_is_data: bool
    """Whether numbers and times may stand there as text."""
    is_ordered: bool
    """Whether the order of its rows says something; where it does not, they are put in the order of their times."""

    def head(self, name: str) -> Any:
        """The first cells of a column as an Arrow array, of whatever type they are."""
        ...

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names` as Arrow arrays, some rows at a time. Raises BadSource."""
        ...

    def problems(self) -> list[Problem]:
        """The problems of rows that no block has, once all blocks have been read."""
        ...

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """Where each record (from 0) is found by a person: "line 5" or "row 4"."""
        ...
