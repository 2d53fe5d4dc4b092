"""Values that stand for none, such as -9999: left out where the user says so, told where they look like it.

Nothing is guessed: a value of nines far outside of the rest is a doubt, which --missing settles.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import Array
from rnn.readers.problems import Problem
from rnn.readers.values import is_number, is_text

NO_MARKS = "none"
"""What --missing says where every value is one."""

LEFT_OUT = "marks for a missing value left out:"

NINES = tuple(
    sign * float(text)
    for text in ("999", "9999", "99999", "999999", "9999999", "99.9", "999.9", "9999.9", "99.99", "999.99", "9999.99")
    for sign in (-1, 1)
)
"""Numbers that loggers and agencies write where nothing was measured."""

FEWEST = 3
"""Fewer other values do not tell what is usual."""

WORDS = frozenset(
    {
        *("unavailable", "unknown", "missing", "no data", "nodata", "not available", "offline", "error", "n.d.", "nd"),
        *("#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!", "#error!", "1.#ind", "-1.#ind", "1.#qnan"),
        *("..", "…", "–", "—", "n/v", "tbd", "pending"),
        *("fehlt", "k.a.", "k. a.", "keine angabe", "n.v.", "s/d", "无", "缺失", "暂无", "欠測", "нет данных"),
    }
)
"""Words, in small letters, that people and programs write where there is no value."""


class MissingMarks:
    """The user's marks, numbers or words. `count`: how many cells, so far, were left out for one."""

    def __init__(self, marks: Sequence[str] = ()) -> None:
        given = [mark.strip() for mark in marks if mark != NO_MARKS]
        self._numbers = np.array([float(mark) for mark in given if is_number(mark, ".")])
        self._words = pa.array(given, pa.string())
        self.count = 0

    def without(self, cells: Any, values: Array) -> Array:
        """The `values` (rows,) that `cells` were read as, NaN where a cell has a mark."""
        if not len(self._words):
            return values
        marked = np.isin(values, self._numbers)
        if is_text(cells.type):
            words = pc.is_in(pc.utf8_trim_whitespace(cells), value_set=self._words)
            marked |= np.asarray(words.to_numpy(zero_copy_only=False), dtype=bool)
        self.count += int(marked.sum())
        return np.where(marked, np.nan, values)

    def holds(self, cell: Any) -> bool:
        """Whether a cell is one of the marks."""
        if isinstance(cell, str):
            plain = cell.strip()
            return plain in self._words.to_pylist() or (is_number(plain, ".") and float(plain) in self._numbers)
        return cell is not None and float(cell) in self._numbers


def doubtful_mark(y: Array, marks: Sequence[str]) -> tuple[float, int, int] | None:
    """A value that looks like a mark, how often it is among the values `y` (points,), and where first; else None.

    It is made of nines, and lies farther from the rest than that reaches; or comes again, below values that are never
    negative. `marks`: what the user has said of marks already.
    """
    if NO_MARKS in marks or not len(y):
        return None
    known = np.isfinite(y)
    for value in (float(np.min(y, initial=np.inf, where=known)), float(np.max(y, initial=-np.inf, where=known))):
        if value not in NINES:
            continue
        is_mark = y == value
        rest = known & ~is_mark
        if rest.sum() < FEWEST:
            continue
        low, high = float(y[rest].min()), float(y[rest].max())
        gap = low - value if value < low else value - high
        count = int(is_mark.sum())
        if gap > high - low or (value < 0 <= low and count > 1):
            return value, count, int(np.argmax(is_mark))
    return None


def problem_of(value: float, count: int, record: int, column: str) -> Problem:
    """The problem of a value that looks like a mark."""
    mark = f"{value:g}"
    what = f"{count} values are {mark}, which looks" if count > 1 else f"a value is {mark}, which looks"
    remedy = f"if {mark} stands for no value give --missing={mark}, if it is one --missing {NO_MARKS}"
    return Problem(
        "mark", f"{what} like a mark for a missing value", 1, record, column, remedy, "cure", cure={"missing": (mark,)}
    )
