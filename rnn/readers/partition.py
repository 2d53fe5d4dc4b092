"""A file of a partitioned data set: columns that the names of its folders give stand beside its own.

Each file is read as any other, so that a problem is told with its file and row; pyarrow's datasets, and DuckDB, would
give the rows of all files without saying where they are.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa

from rnn.readers.files import partition_of
from rnn.readers.options import Source
from rnn.readers.problems import Problem
from rnn.readers.table import Table
from rnn.readers.values import is_number

NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""The content that stands for none."""


class Partition:
    """The table `part`, with a column of text for each folder such as store=A between it and the folder `root`.

    A column of numbers, such as month=3, is left out unless `source` names it: it repeats what the times say.
    """

    def __init__(self, part: Table, root: str, source: Source) -> None:
        self._part, self.url, self.kind, self.decimal = part, part.url, part.kind, part.decimal
        self.text_is_data, self.is_ordered = part.text_is_data, part.is_ordered
        asked = {*source.time_column, source.value_column, *source.conditions, *source.known_ahead}
        self._contents = {
            column: None if content == NOTHING else content
            for column, content in partitions(part.url, root)
            if column not in part.sample and (column in asked or not is_number(content, "."))
        }
        self.sample = dict(part.sample) | {name: self._cells(name, 1) for name in self._contents}

    def head(self, name: str) -> Any:
        """The first cells of a column; one cell of a partition's."""
        return self.sample[name] if name in self._contents else self._part.head(name)

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names`, block by block."""
        own = [name for name in names if name not in self._contents] or list(self._part.sample)[:1]
        for cells in self._part.blocks(own):
            held = dict(zip(own, cells, strict=True))
            yield [held[name] if name in held else self._cells(name, len(cells[0])) for name in names]

    def problems(self) -> list[Problem]:
        """The problems of the file's rows."""
        return self._part.problems()

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """The places in the file."""
        return self._part.places(records)

    def _cells(self, name: str, rows: int) -> Any:
        return pa.array([self._contents[name]] * rows, pa.string())


def partitions(url: str, root: str) -> list[tuple[str, str]]:
    """The columns and contents of a file's folders below `root`."""
    folders = PurePosixPath(url.removeprefix(root.rstrip("/") + "/")).parts[:-1]
    return [partition for folder in folders if (partition := partition_of(folder)) is not None]
