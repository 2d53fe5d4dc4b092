"""Cells of text: whether one is missing, a number or a time; and columns of any type as floats."""

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import Array
from rnn.readers.affixes import Affixes, bare, bare_cell
from rnn.readers.problems import BadSource, short

MISSING = ("", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "#n/a", "#na", "<na>", "nat", ".")
"""Cells that stand for no value, in small letters."""

NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?inf(inity)?"
"""A number with a point, as a regular expression for any case."""

GROUPING = {",": ",", ".": "[.]", "space": "[ \u00a0\u2009\u202f]", "'": "['’]"}
"""Marks that group digits by threes, as regular expressions, by the name that --thousands has for them."""

NOTHING = Affixes()
"""Nothing stands around a number."""

_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_TIME = re.compile(
    r"\d{4}-\d{1,2}(-\d{1,2})?([T ].*)?|\d{1,4}[./]\d{1,2}[./]\d{1,4}([T ,].*)?|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}.*"
)


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value."""
    return cell.strip().lower() in MISSING


def grouped(thousands: str, decimal: str) -> str:
    """A number whose digits are grouped by threes, as a regular expression; it has at least one mark.

    With commas India groups a thousand and then by twos: 12,34,500.
    """
    mark = GROUPING[thousands]
    groups = f"[1-9][0-9]{{0,2}}({mark}[0-9]{{3}})+"
    if thousands == ",":
        groups = f"(?:{groups}|[1-9][0-9]?(?:,[0-9]{{2}})+,[0-9]{{3}})"
    return f"[-+]?{groups}({re.escape(decimal)}[0-9]*)?"


def is_number(cell: str, decimal: str, thousands: str = "", affixes: Affixes = NOTHING) -> bool:
    """Whether the cell is a number, with `decimal` before its decimals and `thousands` (or none) between its digits.

    `affixes`: what stands around it.
    """
    plain = cell.strip() if affixes == NOTHING else bare_cell(cell, affixes)
    if thousands and re.fullmatch(grouped(thousands, decimal), plain):
        return True
    if decimal == ",":
        if "." in plain:
            return False
        plain = plain.replace(",", ".")
    elif thousands == "," and "," in plain:
        return False
    return bool(_NUMBER.fullmatch(plain))


def is_time(cell: str) -> bool:
    """Whether the cell looks like a date or a timestamp."""
    return bool(_TIME.fullmatch(cell.strip()))


EXACT = 2**53
"""Larger whole numbers are not all floats."""


def refuse_values(name: str, column: str, kind: Any, text_allowed: bool) -> None:
    """Raise BadSource unless a column of Arrow type `kind` can hold values: numbers, or text where all cells are."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return
    if is_text(kind):
        if text_allowed:
            return
        what = "text"
    else:
        what = "booleans" if pa.types.is_boolean(kind) else f"values of type {short(str(kind), 60)}"
    raise BadSource(f"{name}: column '{short(column)}' holds {what}, no numbers: store numbers, or name another column")


def is_text(kind: Any) -> bool:
    """Whether an Arrow type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def numbers(cells: Any, decimal: str, thousands: str = "", affixes: Affixes = NOTHING) -> Array:
    """The cells (rows,) as floats: NaN where they are missing, no number, or a whole number that no float equals."""
    if is_text(cells.type):
        cells = cells if affixes == NOTHING else bare(cells, affixes)
        return _of_text(cells, decimal, thousands)
    if pa.types.is_integer(cells.type):
        cells = _of_integers(cells)
    elif pa.types.is_decimal(cells.type):
        return _of_decimals(cells)
    return _floats(cells)


def _floats(cells: Any) -> Array:
    return np.asarray(pc.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=float)


def _of_text(cells: Any, decimal: str, thousands: str) -> Array:
    plain = pc.utf8_trim_whitespace(cells)
    if thousands:
        plain = _without_marks(plain, decimal, thousands)
    if decimal == ",":  # a point in such a number may group its digits: it is not taken for either
        plain = pc.replace_substring(pc.replace_substring(plain, ".", "!"), ",", ".")
    try:
        floats = _floats(pc.cast(plain, pa.float64()))
    except pa.ArrowInvalid:
        fits = pc.match_substring_regex(plain, f"^({NUMBER})$", ignore_case=True)
        floats = _floats(pc.cast(pc.if_else(fits, plain, None), pa.float64()))
    large = np.flatnonzero((np.abs(floats) >= EXACT) & np.isfinite(floats))
    if len(large):
        floats = floats.copy()
        for row in large:
            text = plain[int(row)].as_py()
            if re.fullmatch(r"[-+]?[0-9]+", text) and int(text) != int(floats[row]):
                floats[row] = np.nan
    return floats


def _without_marks(plain: Any, decimal: str, thousands: str) -> Any:
    """The cells without the marks that group digits; where marks stand elsewhere the cell becomes no number."""
    fits = pc.match_substring_regex(plain, f"^{grouped(thousands, decimal)}$")
    bare = pc.replace_substring_regex(plain, GROUPING[thousands], "")
    other = pc.replace_substring_regex(plain, GROUPING[thousands], "!")
    return pc.if_else(fits, bare, other)


def _of_decimals(cells: Any) -> Array:
    floats = _floats(cells)
    large = np.flatnonzero(np.abs(floats) >= EXACT)
    if len(large):
        floats = floats.copy()
        for row in large:
            number = cells[int(row)].as_py()
            if number == number.to_integral_value() and int(number) != int(floats[row]):
                floats[row] = np.nan
    return floats


def _of_integers(cells: Any) -> Any:
    floats = pc.cast(cells, pa.float64(), safe=False)
    try:
        return pc.cast(cells, pa.float64())
    except pa.ArrowInvalid:
        return pc.if_else(pc.equal(pc.cast(floats, cells.type, safe=False), cells), floats, None)
