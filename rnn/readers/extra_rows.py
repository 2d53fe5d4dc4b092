"""Rows of a table that are no observations: names of columns once more, units, totals, notes, empty rows at the end.

A row without a time is such a row where its first words say so, or where nothing but such rows lies between it and an
end of the file. A mistake in the midst of data is none, and neither is a time that begins with a digit.
"""

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from rnn.readers.columns import Chosen
from rnn.readers.problems import Problem, short
from rnn.readers.values import is_missing, is_number

REPAIR = "extra-rows"
LEFT_OUT = "rows that are no observations left out:"
REMEDY = f"have such rows left out (--repair {REPAIR})"

MOST_NOTED = 1000
"""More rows without a time are no notes."""

MOST_ABOVE = 3
"""So many rows of units or rules may stand between the names and the data."""

_TOTAL = re.compile(
    r"\W*(sub|grand[ -]?)?-?(totals?|sum|sums|average|mean|summe|gesamt|insgesamt|mittelwert|zwischensumme|somme|total"
    r"g[eé]n[eé]ral|moyenne|suma|totale|totaal|итого|всего|合計|小計|总计)\b.*",
    re.IGNORECASE | re.DOTALL,
)


class Row(NamedTuple):
    """A row without a time: its record, its cells in both columns, and what is wrong with them."""

    record: int
    time: Any
    value: Any
    problems: tuple[Problem, ...]


def reads_like_words(cell: Any) -> bool:
    """Whether a cell that is no time is no attempt at one either: it is missing, or does not begin like a number."""
    return cell is None or (isinstance(cell, str) and re.match(r"\s*[-+'\"=]*[0-9]", cell) is None)


class ExtraRows:
    """Notes rows without a time while a table is read, and tells at its end which are no observations."""

    def __init__(self, chosen: Chosen, repair: Collection[str]) -> None:
        self._names = " ".join(chosen.columns[:-1]), chosen.value
        self._column, self._is_asked = chosen.time, REPAIR in repair
        self._rows: list[Row] = []
        self.left_out = 0

    def takes(self, time: Any) -> bool:
        """Whether a row with this cell for its time is noted here."""
        return reads_like_words(time) and len(self._rows) < MOST_NOTED

    def note(self, record: int, time: Any, value: Any, problems: list[Problem]) -> None:
        """Note a row."""
        self._rows.append(Row(record, time, value, tuple(problems)))

    def sorted(self, rows: int, of_table: list[Problem]) -> list[Problem]:
        """The problems of the noted rows, and those `of_table` itself, of so many rows; `left_out` is counted."""
        at = {row.record: row for row in self._rows}
        below = _run(range(rows - 1, -1, -1), at)
        above = _run(range(min(rows, MOST_ABOVE)), at)
        second = self._second(at, below, len(above))
        if second is not None:
            return [second, *of_table]
        ends = {*above, *below}
        extra = [row for row in self._rows if row.record in ends or self._says_so(row)]
        others = [p for row in self._rows if row not in extra for p in row.problems]
        if self._is_asked:
            self.left_out = len(extra) + sum(p.count for p in of_table if p.repair == REPAIR)
            return [*others, *(p for p in of_table if p.repair != REPAIR)]
        return [*([self._problem(extra)] if extra else []), *others, *of_table]

    def _problem(self, extra: list[Row]) -> Problem:
        cell = extra[0].time
        if cell is None or is_missing(cell):
            what = "no time: the row seems to hold no observation"
        else:
            what = f"{short(repr(cell))} is no time: the row seems to hold no observation"
        return Problem("extra", what, len(extra), extra[0].record, self._column, REMEDY, REPAIR)

    def _says_so(self, row: Row) -> bool:
        return _TOTAL.fullmatch(row.time or "") is not None or self._is_header(row)

    def _is_header(self, row: Row) -> bool:
        return (row.time or "").strip() == self._names[0] and str(row.value).strip() == self._names[1]

    def _second(self, at: dict[int, Row], below: list[int], above: int) -> Problem | None:
        """The problem of a second table: names of other columns, and numbers in the rows below them."""
        for row in self._rows:
            follows = at.get(row.record + 1)
            data = (row.record not in below) if follows is None else _is_value(follows.value)
            if row.record >= above and data and _is_name(row.time) and _is_name(row.value) and not self._is_header(row):
                names = f"{short(row.time.strip())!r}, {short(str(row.value).strip())!r}"
                what = f"{names} read like the names of a second table's columns"
                remedy = "give each table a file of its own, or correct the row"
                return Problem("second table", what, 1, row.record, None, remedy)
        return None


def _is_name(cell: Any) -> bool:
    return isinstance(cell, str) and not is_missing(cell) and re.match(r"\s*[^\W\d_]", cell) is not None


def _is_value(cell: Any) -> bool:
    return isinstance(cell, float | int) or (isinstance(cell, str) and (is_number(cell, ".") or is_number(cell, ",")))


def _run(records: range, at: dict[int, Row]) -> list[int]:
    """The records from an end on that are all noted."""
    found: list[int] = []
    for record in records:
        if record not in at:
            break
        found.append(record)
    return found


def _are_split(whole: str, decimals: str) -> bool:
    """Whether two cells look like a number that a decimal comma has cut; 0 before it, and up to six digits behind."""
    return bool(re.fullmatch(r"\s*[-+]?[0-9]+", whole) and re.fullmatch(r"[0-9]{1,6}\s*", decimals))


class Ragged:
    """Looks at rows of another width than the table's: whether all are words at an end of it, or behind a #."""

    def __init__(self, width: int) -> None:
        self._width, self._rows, self._late = width, 0, False
        self.first: tuple[int, int] | None = None
        self.are_extra, self.split_decimals = True, False

    def look(self, line: int, row: list[str]) -> None:
        """Look at the next row, which ends in this line."""
        if len(row) == self._width:
            self._rows += 1
            self.are_extra = self.are_extra and not self._late
            return
        if self.first is None:
            self.first = (line, len(row))
            self.split_decimals = len(row) == self._width + 1 and _are_split(*row[-2:])
        self.are_extra = self.are_extra and reads_like_words(row[0])
        self._late = self._late or (self._rows > 0 and not row[0].lstrip().startswith("#"))

    @property
    def is_settled(self) -> bool:
        """Whether no later row changes what is known."""
        return self.first is not None and not self.are_extra
