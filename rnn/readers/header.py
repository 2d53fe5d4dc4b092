"""Find the line in which a CSV file names its columns, below titles, notes or a separator."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rnn.readers.values import is_missing, is_number, is_time

MOST_TITLES = 50
"""So many lines may stand above the names of the columns."""

LOOKED_AT = 200
"""Lines that are looked at in search of them."""

AGREE = 0.8
"""This share of the rows below must have as many cells as the names."""

_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?\s*", re.IGNORECASE)


def separator_line(line: str) -> str | None:
    """The separator that Excel's own first line, such as "sep=;", gives; None when the line is none."""
    match = _SEPARATOR_LINE.fullmatch(line.rstrip("\r\n"))
    return match[1] if match else None


def lines_above_names(lines: Sequence[str], separators: Sequence[str]) -> int | None:
    """The number of lines above the names of the columns, 0 when there are none; None when no line looks like names.

    Names: two or more cells with text, and none a number or a time; the first cell is one of them, but for tables
    with bars around them and those below remarks behind a #; most rows below have as many
    cells, and the first of them has a number or a time.
    """
    for above, line in enumerate(lines[: MOST_TITLES + 1]):
        for separator in separators:
            names = next(iter(csv.reader([line], delimiter=separator)), [])
            given = [name for name in names if name.strip()]
            first = names[:1] == given[:1] or separator == "|" or (above > 0 and lines[above - 1].startswith("#"))
            are_names = first and len(given) > 1 and all(map(_is_name, given))
            if are_names and _has_rows(lines[above + 1 :], separator, len(names)):
                return above
    return None


def _is_name(cell: str) -> bool:
    return not (is_missing(cell) or is_number(cell, ".") or is_number(cell, ",") or is_time(cell))


def _has_rows(lines: Sequence[str], separator: str, width: int) -> bool:
    rows = [row for row in csv.reader(lines[:LOOKED_AT], delimiter=separator) if any(row)]
    agreeing = [row for row in rows if len(row) == width]
    if not agreeing or len(agreeing) < AGREE * len(rows):
        return False
    cells = Counter(is_number(cell, ".") or is_number(cell, ",") or is_time(cell) for cell in agreeing[0])
    return cells[True] > 0


FEWEST_ACROSS = 3
"""So many times side by side are the names of columns, and no data."""

FEWEST_YEARS = 4
"""Years may be numbers: it takes more of them."""

LONGEST_NAMES = 2**16
"""A line of more letters names no columns."""

_YEAR = re.compile(r"\D{0,2}((?:1[89]|20|21)\d\d)( \[YR\d{4}\])?\s*")
_PERIOD = re.compile(r"\d{4}年(\d{1,2}月)?|\d{4}[- ]?[QM]\d{1,2}|[A-Z][a-z]{2}[- ]\d{2,4}")


def times_across(lines: Sequence[str], separators: Sequence[str]) -> tuple[int, str] | None:
    """The first line, from 1, that has times side by side, in the order of time, and the first of them; else None.

    It is the first of the table: lines above it have half as many cells at most.
    """
    for separator in separators:
        widest = 0
        for at, line in enumerate(lines[: MOST_TITLES + 1], 1):
            if len(line) > LONGEST_NAMES:
                break
            cells = next(iter(csv.reader([line], delimiter=separator)), [])
            given = [cell.strip() for cell in cells if cell.strip()]
            if 2 * widest > len(given):
                continue
            across = [cell for cell in given if is_time(cell) or _PERIOD.fullmatch(cell)] or _years(given)
            if 2 * len(across) > len(given) and len(set(across)) == len(across) >= FEWEST_ACROSS:
                return at, across[0]
            widest = max(widest, len(given))
    return None


def _years(cells: Sequence[str]) -> list[str]:
    """The cells with years, where each is the one after, or before, that of the cell to its left."""
    found = [(cell, int(match[1])) for cell in cells if (match := _YEAR.fullmatch(cell))]
    steps = {other - one for (_, one), (_, other) in pairwise(found)}
    return [cell for cell, _ in found] if len(found) >= FEWEST_YEARS and steps in ({1}, {-1}) else []
