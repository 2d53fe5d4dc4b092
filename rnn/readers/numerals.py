"""Decimal and thousands marks: decide by a column's first cells whether "1,002" is a thousand and two or about one.

A mark groups digits only where exactly three digits stand behind every one of them. Where "1,002" could be a thousand
and two or one and two thousandths, the other cells decide; where they do not, the user must.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc

from rnn.arrays import Array
from rnn.readers.affixes import Affixes, affixes_of, bare
from rnn.readers.options import Source
from rnn.readers.problems import BadSource, short
from rnn.readers.values import GROUPING, NOTHING, grouped, is_missing, is_number, is_text

MOST = 0.8
"""So large a share of a column's first cells tell how it is written: the rest are mistakes."""

FAR = 30.0
"""Cells with and without a mark that differ so many times in size are not both read right: halfway, on a logarithmic
scale, between alike and a thousand times apart."""


class Numerals(NamedTuple):
    """The mark before decimals, and the one that groups digits by threes: "" where none does; and what is around."""

    decimal: str = "."
    thousands: str = ""
    affixes: Affixes = NOTHING

    @property
    def sentence(self) -> str:
        """The words for grouped digits, and for what is around numbers, in the description of a file."""
        words = {",": "commas", ".": "points", "space": "spaces", "'": "apostrophes"}
        grouped = f", with {words[self.thousands]} between thousands" if self.thousands else ""
        return grouped + self.affixes.sentence


def numerals_said(file: str, decimal: str, source: Source) -> Numerals | None:
    """The user's --decimal and --thousands, where --thousands settles both. Raises BadSource when they are the same."""
    if source.thousands is None:
        return None
    thousands = "" if source.thousands == "none" else source.thousands
    point = source.decimal or (_other(thousands) if thousands in {",", "."} else decimal)
    if point == thousands:
        raise BadSource(f"{file}: '{point}' cannot stand before decimals and between thousands: mend --thousands")
    return Numerals(point, thousands)


def numerals_of(file: str, column: str, sample: Mapping[str, Any], decimal: str, source: Source) -> Numerals:
    """Decide how the numbers of a column are written, by its first cells in `sample` and by those of other columns.

    `decimal`: what the file as a whole seems to have before decimals. What the user says is taken as it is. Raises
    BadSource where both readings are possible.
    """
    if not is_text(sample[column].type):
        return numerals_said(file, decimal, source) or Numerals(decimal)
    affixes = affixes_of(_given(sample[column]))
    if affixes != NOTHING:
        sample = {**sample, column: bare(sample[column], affixes)}
        decimal = _decimal_of(_given(sample[column]), decimal)
    return _marks_of(file, column, sample, decimal, source)._replace(affixes=affixes)


def _decimal_of(given: list[str], decimal: str) -> str:
    """What stands before decimals in cells that were no numbers to whoever looked at the file as a whole."""
    comma = all(is_number(cell, ",") for cell in given) and any("," in cell for cell in given)
    return "," if comma else decimal


def _marks_of(file: str, column: str, sample: Mapping[str, Any], decimal: str, source: Source) -> Numerals:
    """The marks in a column of numbers in text, around which nothing stands."""
    said = numerals_said(file, decimal, source)
    if said is not None:
        return said
    given = _given(sample[column])
    decimals = source.decimal or decimal
    for mark in ("space", "'"):
        for point in (decimals,) if source.decimal else (decimals, _other(decimals)):
            if _fit(given, mark, point):
                return Numerals(point, mark)
    if source.decimal is not None:
        other = _other(source.decimal)
        return Numerals(source.decimal, other if _fit(given, other, source.decimal) else "")
    for mark in (",", "."):
        if _fit(given, mark, _other(mark)):
            groups = _groups_thousands(given, mark, certain_decimal(sample))
            if groups is None:
                raise _doubt(file, column, next(cell for cell in given if mark in cell), mark)
            return Numerals(_other(mark), mark) if groups else Numerals(mark)
    return Numerals(_own_decimal(given, decimal))


def _own_decimal(given: list[str], decimal: str) -> str:
    """What stands before decimals in a column, which may be the other mark than in the rest of the file."""
    fits = {mark: sum(is_number(cell, mark) for cell in given) for mark in (decimal, _other(decimal))}
    other = _other(decimal)
    return other if fits[other] > fits[decimal] and fits[other] >= MOST * len(given) else decimal


def certain_decimal(sample: Mapping[str, Any]) -> str:
    """The mark that stands before decimals in some number of the file and can group no digits; "" where none does."""
    cells = [cell for column in sample.values() if is_text(column.type) for cell in _given(column)]
    certain = [mark for mark in (",", ".") if any(_only_decimal(cell, mark) for cell in cells)]
    return certain[0] if len(certain) == 1 else ""


def _only_decimal(cell: str, mark: str) -> bool:
    number = re.fullmatch(rf"[-+]?[0-9]*{re.escape(mark)}[0-9]+", cell)
    return number is not None and re.fullmatch(grouped(mark, _other(mark)), cell) is None


def _given(cells: Any) -> list[str]:
    return [cell.strip() for cell in cells.to_pylist() if cell is not None and not is_missing(cell)]


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def _fit(cells: list[str], mark: str, decimal: str) -> bool:
    """Whether some cells have the mark, and every mark has exactly three digits behind it."""
    marked = [cell for cell in cells if re.search(rf"[0-9]{GROUPING[mark]}[0-9]", cell)]
    return bool(marked) and all(re.fullmatch(grouped(mark, decimal), cell) for cell in marked)


def _groups_thousands(cells: list[str], mark: str, certain: str) -> bool | None:
    """Whether the mark, which has three digits behind it everywhere, groups digits; None when it may or may not."""
    other = _other(mark)
    marked = [cell for cell in cells if mark in cell]
    if certain == other or any(cell.count(mark) > 1 or other in cell for cell in marked):
        return True
    if certain == mark:
        return False
    bare = [abs(float(cell)) for cell in cells if re.fullmatch(r"[-+]?[0-9]+", cell)]
    as_decimals = [abs(float(cell.replace(mark, "."))) for cell in marked]
    if bare and float(np.median(bare)) >= FAR * float(np.median(as_decimals)):
        return True
    return False if mark == "." else None  # a point alone stands before decimals, in most of the world's files


def _doubt(file: str, column: str, cell: str, mark: str) -> BadSource:
    """The refusal of a column in which a mark may group digits or stand before decimals."""
    return BadSource(
        f"{file}: column '{short(column)}': {short(cell)!r} may be {cell.replace(mark, '')} or "
        f"{cell.replace(mark, '.')}: give --thousands {mark} or --decimal {mark}"
    )


class LateMarks:
    """Watches a column whose first cells were whole numbers for marks that come only later, and may group digits."""

    def __init__(self, file: str, column: str, sample: Mapping[str, Any], numerals: Numerals) -> None:
        self.file, self.column, self.mark = file, column, numerals.decimal
        self.watches = not numerals.thousands and is_text(sample[column].type)
        self.watches = self.watches and not any(self.mark in cell for cell in _given(sample[column]))
        self.example, self.marked, self.bare = "", [0, 0.0], [0, 0.0]

    def look(self, cells: Any, values: Array) -> None:
        """Look at a block of cells (rows,) and what they were read as."""
        if not self.watches:
            return
        plain = pc.utf8_trim_whitespace(cells)
        has = np.asarray(pc.fill_null(pc.match_substring(plain, self.mark), False))
        if has.any():
            shape = f"^{grouped(self.mark, _other(self.mark))}$"
            fits = np.asarray(pc.fill_null(pc.match_substring_regex(plain, shape), False))
            self.watches = bool((has <= fits).all())
            self.example = self.example or plain[int(np.argmax(has))].as_py()
        for total, which in ((self.marked, has), (self.bare, ~has)):
            known = np.abs(values[which & np.isfinite(values)])
            total[0], total[1] = total[0] + len(known), total[1] + float(known.sum())

    def check(self) -> None:
        """Raise BadSource when the marks were read as decimal, and the values are then a thousand times too small."""
        if self.watches and self.marked[0] and self.bare[0]:
            marked, bare = self.marked[1] / self.marked[0], self.bare[1] / self.bare[0]
            if bare >= FAR * marked:
                raise _doubt(self.file, self.column, self.example, self.mark)
