"""What a cell of text is: nothing, a number, or a time."""

import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import Array
from rnn.readers.problems import BadSource, short

MISSING = ("", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "#n/a", "#na", "<na>", "nat", ".")
"""What stands for no value, in small letters."""

NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?inf(inity)?"
"""A number with a point, as a regular expression for any case."""

_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_TIME = re.compile(
    r"\d{4}-\d{1,2}(-\d{1,2})?([T ].*)?|\d{1,4}[./]\d{1,2}[./]\d{1,4}([T ,].*)?|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}.*"
)


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value."""
    return cell.strip().lower() in MISSING


def is_number(cell: str, decimal: str) -> bool:
    """Whether the cell is a number, with `decimal` before its decimals."""
    plain = cell.strip()
    if decimal == ",":
        if "." in plain:
            return False
        plain = plain.replace(",", ".")
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


def numbers(cells: Any, decimal: str) -> Array:
    """The cells (rows,) as floats: NaN where they are missing, no number, or not exactly a float."""
    if is_text(cells.type):
        cells = _of_text(cells, decimal)
    elif pa.types.is_integer(cells.type):
        cells = _of_integers(cells)
    return np.asarray(pc.cast(cells, pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=float)


def _of_text(cells: Any, decimal: str) -> Any:
    plain = pc.utf8_trim_whitespace(cells)
    if decimal == ",":  # a dot before three digits may part thousands: it is not taken for either
        plain = pc.replace_substring(pc.replace_substring(plain, ".", "!"), ",", ".")
    try:
        return pc.cast(plain, pa.float64())
    except pa.ArrowInvalid:
        is_number = pc.match_substring_regex(plain, f"^({NUMBER})$", ignore_case=True)
        return pc.cast(pc.if_else(is_number, plain, None), pa.float64())


def _of_integers(cells: Any) -> Any:
    floats = pc.cast(cells, pa.float64(), safe=False)
    try:
        return pc.cast(cells, pa.float64())
    except pa.ArrowInvalid:
        return pc.if_else(pc.less_equal(pc.abs(floats), float(EXACT)), floats, None)
