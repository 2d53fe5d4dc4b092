"""Find the line in which a CSV file names its columns, below titles, notes or a separator."""

import csv
import re
from collections import Counter
from collections.abc import Sequence

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

    Names: two or more cells with text, the first among them, and none a number or a time; most rows below have as many
    cells, and the first of them has a number or a time.
    """
    for above, line in enumerate(lines[: MOST_TITLES + 1]):
        for separator in separators:
            names = next(iter(csv.reader([line], delimiter=separator)), [])
            given = [name for name in names if name.strip()]
            are_names = names[:1] == given[:1] and len(given) > 1 and all(map(_is_name, given))
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
