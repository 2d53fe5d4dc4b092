"""A folder of files as one table: each has the same columns, and they follow one another by their first times."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from rnn.readers.files import named, partition_of
from rnn.readers.problems import BadSource, Problem, short
from rnn.readers.table import SAMPLE, Table
from rnn.readers.values import is_text


class Folder:
    """The files of a folder, one below the other. Raises BadSource when their columns differ."""

    is_ordered = True

    def __init__(self, url: str, parts: list[Table]) -> None:
        first = parts[0]
        for part in parts:
            if set(part.sample) != set(first.sample):
                odd = next(iter(set(part.sample) ^ set(first.sample)))
                raise BadSource(
                    f"{named(url)}: column '{short(odd)}' is in one of {_name(first)} and {_name(part)} alone: give "
                    "files with the same columns"
                )
        self.url, self.parts = url, parts
        self.kind = f"{len(parts)} files, {re.sub(', with decimal commas$', '', first.kind)}"
        self.decimal = "," if any(part.decimal == "," for part in parts) else "."
        self.text_is_data = any(part.text_is_data for part in parts)
        self.sample = {name: self._joined([part.sample[name] for part in parts]) for name in first.sample}
        self._counts = [0] * len(parts)

    def head(self, name: str) -> Any:
        """The first cells of a column in each file. Raises BadSource when it is text in some and not in others."""
        cells = [part.head(name) for part in self.parts]
        if len({is_text(part.type) for part in cells}) > 1:
            raise BadSource(f"{named(self.url)}: column '{short(name)}' is text in some files only: write all alike")
        return self._joined(cells)

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names`, file by file."""
        for place, part in enumerate(self.parts):
            self._counts[place] = 0
            for cells in part.blocks(names):
                self._counts[place] += len(cells[0])
                yield cells

    def problems(self) -> list[Problem]:
        """The problems of rows that no block has, with the file where they are."""
        return [
            replace(problem, what=f"{_name(part)}: {problem.what}")
            for part in self.parts
            for problem in part.problems()
        ]

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """The file and the place in it of each record."""
        wanted, places, before = sorted(set(records)), {}, 0
        for part, count in zip(self.parts, self._counts, strict=True):
            here = [record - before for record in wanted if before <= record < before + count]
            places.update({record + before: f"{_name(part)}, {place}" for record, place in part.places(here).items()})
            before += count
        return places

    def in_order_of(self, first: Callable[[Table], Any]) -> None:
        """Put the files in the order of what `first` says of each, such as its first time."""
        self.parts.sort(key=first)

    def _joined(self, cells: list[Any]) -> Any:
        """Some first cells of every file, where all have one type; else those of the first file."""
        if len({part.type for part in cells}) > 1:
            return cells[0]
        each = max(SAMPLE // len(cells), 3)
        return pa.concat_arrays([part.slice(0, each) for part in cells])


def _name(part: Table) -> str:
    """The file's name, with those of its partitions."""
    *folders, name = PurePosixPath(named(part.url)).parts
    partitions = list(takewhile(partition_of, reversed(folders)))
    return short("/".join([*reversed(partitions), name]), 80)
