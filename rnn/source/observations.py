"""A file's two columns, read and checked block by block: times and values, and what is wrong with which cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.source.cells import is_missing
from rnn.source.checks import Checks
from rnn.source.choosing import Chosen
from rnn.source.growing import Growing
from rnn.source.problems import Problem, Problems, short
from rnn.source.table import Table
from rnn.source.times import Writing, read_times
from rnn.source.values import numbers

FILL = "complete the file, or have gaps filled (--fill-gaps)"


@dataclass(frozen=True)
class Observations:
    """Times `t` (points,), float64 or int64 microseconds, and values `y` (points,), NaN where one is missing.

    `records`: which record of the file each is, None when they are all of them in their order.
    """

    t: AnyArray
    y: Array
    records: AnyArray | None = None

    def __len__(self) -> int:
        return len(self.t)

    def record(self, at: int) -> int:
        """The record of the file that point `at` is."""
        return at if self.records is None else int(self.records[at])

    def some(self, which: AnyArray) -> "Observations":
        """Those that an index or a mask names, in its order."""
        records = np.arange(len(self)) if self.records is None else self.records
        return Observations(self.t[which], self.y[which], records[which])


def observe(
    table: Table, chosen: Chosen, writing: Writing, fills: bool, problems: Problems
) -> tuple[Observations, int]:
    """All that the table's two columns say, and its number of rows. Cells that say nothing are noted in `problems`.

    Rows without a time are left out; what is no value is NaN. With `fills`, a missing value is no problem.
    Memory: the two arrays, and a block.
    """
    checks = Checks()
    t, y = Growing(np.float64 if writing.way == "number" else np.int64), Growing(np.float64)
    timeless: list[int] = []
    rows = 0
    for cells in table.blocks([chosen.time, chosen.value]):
        times, values = read_times(cells[0], writing, table.decimal), numbers(cells[1], table.decimal)
        for row, column, check in checks.failures(times, values):
            problem = _problem(check, cells[column == "value"][row].as_py(), column, chosen, rows + row)
            if not (fills and problem.kind == "missing" and column == "value"):
                problems.add(problem)
                if column == "time":
                    timeless.append(rows + row)
        t.extend(times)
        y.extend(values)
        rows += len(times)
    for problem in table.problems():
        problems.add(problem)
    found = Observations(t.array(), y.array())
    if timeless:
        known = np.ones(rows, dtype=bool)
        known[timeless] = False
        found = found.some(known)
    return found, rows


def _problem(check: str, cell: Any, column: str, chosen: Chosen, record: int) -> Problem:
    """In words, what is wrong with a cell that did not pass a check."""
    name = chosen.time if column == "time" else chosen.value
    noun = "time" if column == "time" else "value"
    text = isinstance(cell, str)
    if cell is None or (text and is_missing(cell)) or (isinstance(cell, float) and np.isnan(cell)):
        remedy = "give each row its time" if noun == "time" else FILL
        return Problem("missing", f"no {noun}", 1, record, name, remedy, "" if noun == "time" else "fill")
    shown = short(repr(cell) if text else f"{cell}")
    if check == "finite" or (check == "missing" and isinstance(cell, float)):
        return Problem("finite", f"{shown} is not finite", 1, record, name, "leave out or correct what is infinite")
    if check == "reach":
        why = "beyond what can be computed with" if noun == "value" else "not between the years 1 and 9999"
        return Problem("reach", f"{shown} is {why}", 1, record, name, "correct it or change the unit")
    if not text:
        why = "finer than a microsecond" if noun == "time" else "a whole number beyond 2⁵³, not exactly a float"
        return Problem("exact", f"{shown} is {why}", 1, record, name, "round it")
    if noun == "time":
        what = f"{shown} is no time written like the first ones"
        return Problem("text", what, 1, record, name, "write all times alike")
    return Problem("text", f"{shown} is no number", 1, record, name, "correct or complete the cell")
