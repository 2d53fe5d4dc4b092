"""What a cell of text is: nothing, a number, or a time."""

import re

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
