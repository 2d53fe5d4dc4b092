"""The rows that the user wants: those whose columns have a given content, such as store=A."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import AnyArray
from rnn.readers.files import named
from rnn.readers.plain_text import plain_cell
from rnn.readers.problems import BadSource, short
from rnn.readers.table import Table

MOST_TOLD = 8


class RowFilter:
    """Leaves out, block by block, the rows in which a column of `where` has another content."""

    def __init__(self, table: Table, where: Mapping[str, str]) -> None:
        self.columns, self.seen = list(where), 0
        self._file, self._where, self._kept = named(table.url), where, 0
        self._contents: dict[str, None] = {}

    def rows(self, cells: list[Any], others: int, before: int) -> tuple[AnyArray, list[Any]]:
        """The records of the rows that are kept, of a block behind `before` rows, and the first `others` columns."""
        count = len(cells[0])
        self.seen = before + count
        records = np.arange(before, before + count)
        if not self.columns:
            return records, cells
        keep = np.ones(count, dtype=bool)
        for column, content in zip(cells[others:], self._where.values(), strict=True):
            keep &= has_content(column, content)
        if len(self._contents) < MOST_TOLD:
            self._contents |= dict.fromkeys(str(cell) for cell in cells[others].unique().to_pylist())
        self._kept += int(keep.sum())
        mask = pa.array(keep)
        return records[keep], [pc.filter(column, mask) for column in cells[:others]]

    def check(self) -> None:
        """Raise BadSource when no row was kept although there were rows."""
        if self.columns and self.seen and not self._kept:
            said = " ".join(f"{column}={content}" for column, content in self._where.items())
            held = ", ".join(map(short, list(self._contents)[:MOST_TOLD]))
            column = short(self.columns[0])
            raise BadSource(f"{self._file}: no row has {short(said, 80)}; column '{column}' holds {held}: mend --where")


def has_content(cells: Any, content: str) -> AnyArray:
    """Whether each cell (rows,) is `content`: as text without spaces around it, or as the same number."""
    if pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type):
        try:
            same = pc.equal(pc.cast(cells, pa.float64(), safe=False), float(content))
        except ValueError:
            return np.zeros(len(cells), dtype=bool)
    else:
        same = pc.equal(pc.utf8_trim_whitespace(pc.cast(cells, pa.string())), plain_cell(content).strip())
    return np.asarray(pc.fill_null(same, False).to_numpy(zero_copy_only=False), dtype=bool)
