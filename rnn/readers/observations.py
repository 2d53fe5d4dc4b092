"""The checked times and values of a file: each block of rows is held against one schema.

pandera does the checking: it says of every cell that fails which check it failed, and goes on to the others.
"""

import re
import shlex
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from rnn.arrays import AnyArray, Array
from rnn.readers.affixes import affix_of
from rnn.readers.columns import Chosen
from rnn.readers.extra_rows import ExtraRows
from rnn.readers.missing_marks import WORDS, MissingMarks
from rnn.readers.numerals import LateMarks, Numerals
from rnn.readers.period_labels import NOT_A_TIME
from rnn.readers.problems import Problem, Problems, short
from rnn.readers.row_filter import RowFilter
from rnn.readers.table import Table
from rnn.readers.times import Writing, joined, read_times
from rnn.readers.values import is_missing, is_number, numbers
from rnn.scaling import LARGEST

FIRST, LAST = (int(np.datetime64(year, "us").astype(np.int64)) for year in ("0001", "9999"))
"""Years that can be written with four digits."""


class Checks:
    """The schema of a block: a time, known and of our era, and a value, known, finite and not huge."""

    def __init__(self) -> None:
        # Imported here, since it takes most of a second, and not every run reads a file.
        import pandera.pandas as pandera

        self._error = pandera.errors.SchemaErrors
        check: Callable[..., Any] = pandera.Check
        time = pandera.Column(nullable=False, checks=[check(_is_known, name="missing"), check(_in_reach, name="reach")])
        value = pandera.Column(
            float, nullable=False, checks=[check(np.isfinite, name="finite"), check(_not_huge, name="reach")]
        )
        self._schema = pandera.DataFrameSchema({"time": time, "value": value})

    def failures(self, times: AnyArray, values: Array) -> Iterator[tuple[int, str, str]]:
        """Each cell that fails: its row (from 0) of the block, its column ("time" or "value"), and the check."""
        frame = pd.DataFrame({"time": times, "value": values}, copy=False)
        try:
            self._schema.validate(frame, lazy=True)
        except self._error as error:
            cases = error.failure_cases.drop_duplicates(["index", "column"]).sort_values("index", kind="stable")
            yield from zip(cases["index"].astype(int), cases["column"], cases["check"], strict=True)


def _is_known(times: Any) -> Any:
    return times != NOT_A_TIME if times.dtype.kind == "i" else np.isfinite(times)


def _in_reach(times: Any) -> Any:
    if times.dtype.kind == "i":
        return ((times >= FIRST) & (times <= LAST)) | (times == NOT_A_TIME)
    return np.isfinite(times) | np.isnan(times)


def _not_huge(values: Any) -> Any:
    return ~(np.abs(values) > LARGEST)


CODES = {np.dtype(np.float64): "d", np.dtype(np.int64): "q"}


class GrowableArray:
    """Numbers of one type, added block by block. Appending many arrays and joining them would hold them twice."""

    def __init__(self, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._held = array(CODES[self._dtype])

    def extend(self, block: AnyArray) -> None:
        """Add a block (rows,)."""
        self._held.frombytes(np.ascontiguousarray(block, self._dtype).view(np.uint8).data)

    def array(self) -> AnyArray:
        """All that was added (rows,), without copying it. Nothing can be added afterwards."""
        return np.frombuffer(self._held, self._dtype) if len(self._held) else np.empty(0, self._dtype)


CORRECT = "correct or complete the cell"
COMPLETE = "complete the file"
FILL = f"{COMPLETE}, or have gaps filled (--fill-gaps)"


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
    table: Table,
    chosen: Chosen,
    writing: Writing,
    fills: bool,
    problems: Problems,
    numerals: Numerals | None = None,
    where: Mapping[str, str] | None = None,
    extra: ExtraRows | None = None,
    *,
    marks: MissingMarks | None = None,
) -> tuple[Observations, int]:
    """The times and values in the chosen columns, and the number of rows of the table. Bad cells go to `problems`.

    Rows without a time are left out, as are those whose columns have not the content that `where` names; what is no
    value is NaN, as is one of the `marks`. With `fills`, a missing value is no problem. Memory: the two arrays, and a
    block. Raises BadSource when marks in late rows make a number's meaning doubtful, and when none is as `where` says.
    """
    numerals, marks = numerals or Numerals(table.decimal), marks or MissingMarks()
    checks, keep = Checks(), RowFilter(table, where or {})
    late = LateMarks(table.url, chosen.value, table.sample, numerals) if table.text_is_data else None
    t, y = GrowableArray(np.float64 if writing.way == "number" else np.int64), GrowableArray(np.float64)
    kept = GrowableArray(np.int64)
    timeless: list[int] = []
    rows = 0
    for block in table.blocks([*chosen.columns, *keep.columns]):
        records, cells = keep.rows(block, len(chosen.columns), rows)
        rows = keep.seen
        time = joined(*cells[: len(chosen.columns) - 1])
        values = marks.without(cells[-1], numbers(cells[-1], *numerals))
        times = read_times(time, writing, table.decimal)
        if late is not None:
            late.look(cells[-1], values)
        for row, failed in groupby(checks.failures(times, values), key=lambda failure: failure[0]):
            found, record = [], int(records[row])
            for _, column, check in failed:
                cell = (cells[-1] if column == "value" else time)[row].as_py()
                cell = None if column == "value" and marks.holds(cell) else cell
                problem = _problem(check, cell, column, chosen, record, numerals)
                if not (fills and problem.kind == "missing" and column == "value"):
                    found.append(problem)
                if column == "time":
                    timeless.append(record)
            if timeless and timeless[-1] == record and extra is not None and extra.takes(time[row].as_py()):
                extra.note(record, time[row].as_py(), cells[-1][row].as_py(), found)
            else:
                _add_all(problems, found)
        t.extend(times)
        y.extend(values)
        kept.extend(records) if keep.columns else None
    keep.check()
    if late is not None:
        late.check()
    _add_all(problems, extra.sorted(rows, table.problems()) if extra is not None else table.problems())
    observed = Observations(t.array(), y.array(), kept.array() if keep.columns else None)
    if timeless:
        bad = np.array(timeless)
        records = np.arange(rows) if observed.records is None else observed.records
        observed = observed.some(~np.isin(records, bad))
    return observed, rows


def _add_all(problems: Problems, found: Iterable[Problem]) -> None:
    for problem in found:
        problems.add(problem)


def _problem(check: str, cell: Any, column: str, chosen: Chosen, record: int, numerals: Numerals) -> Problem:
    """The problem of a cell that did not pass a check, in words."""
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
    return _of_wrong_kind(cell, shown, noun, record, name, numerals)


def _of_wrong_kind(cell: Any, shown: str, noun: str, record: int, name: str, numerals: Numerals) -> Problem:
    """The problem of a cell that cannot be read as what its column holds."""
    if not isinstance(cell, str):
        why = "finer than a microsecond" if noun == "time" else "a whole number beyond 2⁵³, not exactly a float"
        return Problem("exact", f"{shown} is {why}", 1, record, name, "round it")
    if noun == "time":
        what = f"{shown} is no time written like the first ones"
        return Problem("text", what, 1, record, name, "write all times alike")
    if is_number(cell, *numerals):
        what = f"{shown} is a whole number beyond 2⁵³, not exactly a float"
        return Problem("exact", what, 1, record, name, "round it")
    affix, around = affix_of(cell), numerals.affixes.around
    if affix is not None and affix != around:
        what = f"{shown} is no number like the others, which have {around!r}"
        if not around:
            what = f"{shown} is a number with {affix!r}, and not all of the column are"
        return Problem("text", what, 1, record, name, "write all numbers of the column alike")
    remedy, cure = _remedy(cell)
    return Problem("text", f"{shown} is no number", 1, record, name, remedy, "cure" if cure else "", cure=cure)


def _remedy(cell: str) -> tuple[str, dict[str, Any]]:
    """What may be done about a cell that is no number, in words, and the settings that do it."""
    plain = cell.strip()
    if plain.lower() in WORDS:
        return f"if it stands for no value give --missing {shlex.quote(plain)}", {"missing": (plain,)}
    if re.match(r"[<>≤≥]\s*[0-9]", plain):
        left_out = f"have it left out (--missing {shlex.quote(plain)})"
        return f"write what such a value counts as, such as 0, or {left_out}", {}
    grouped = re.search("[0-9][,.' ’\u00a0\u2009\u202f][0-9]{3}(?![0-9])", cell)
    return "correct the cell, or say what groups its digits (--thousands)" if grouped else CORRECT, {}
