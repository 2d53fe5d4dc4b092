"""Readings that may be meant otherwise, though nothing in the file says so: told by the doctor, and by every run."""

import re
from typing import Any

import numpy as np

from rnn.calendar import Calendar
from rnn.readers.affixes import bare
from rnn.readers.numerals import Numerals
from rnn.readers.table import Table
from rnn.readers.values import grouped, is_text

GREGORIAN = (1600, 2400)
"""Years outside of which a date is more likely of another calendar: 1403 in Iran, 1446 in Arabia, 2567 in Thailand."""


def doubts(
    table: Table, time: str, value: str, way: str, numerals: Numerals, calendar: Calendar | None, ends: tuple[Any, Any]
) -> list[str]:
    """A sentence for each doubt about columns `time` and `value`, whose times are written in that `way`.

    `ends`: the first and the last time, microseconds where there is a `calendar`.
    """
    told = [_years_that_look_like_months(table, time, way, calendar), _points(table, value, numerals)]
    if calendar is not None and (year := _odd_year(*ends)) is not None:
        told.append(
            f"The times lie in the years around {year}: if these are of another calendar, such as Thailand's (543 "
            "years ahead) or Iran's, write them in the Gregorian one."
        )
    return [doubt for doubt in told if doubt]


def _odd_year(first: Any, last: Any) -> int | None:
    years = [int(str(np.datetime64(int(end), "us").astype("datetime64[Y]"))) for end in (first, last)]
    return next((year for year in years if not GREGORIAN[0] <= year < GREGORIAN[1]), None)


def _years_that_look_like_months(table: Table, time: str, way: str, calendar: Calendar | None) -> str:
    """Months that are all thirteen apart, which may be years such as 2010-11."""
    if way != "%Y-%m" or calendar is None or not calendar.frequency.startswith("13M"):
        return ""
    first = str(table.sample[time][0].as_py()).strip()
    return (
        f"Times such as {first} are read as months, each 13 after the one before: if they are years that begin in "
        "one year and end in the next, give --time-format split_year."
    )


def _points(table: Table, value: str, numerals: Numerals) -> str:
    """Points in a file of semicolons, where points often group digits."""
    if "semicolon" not in table.kind or (numerals.decimal, numerals.thousands) != (".", ""):
        return ""
    column = table.sample[value]
    shown = bare(column, numerals.affixes) if is_text(column.type) else column
    cells = [str(cell).strip() for cell in shown.to_pylist() if "." in str(cell)]
    if not cells or not all(re.fullmatch(grouped(".", ","), cell) for cell in cells):
        return ""
    return f"Numbers such as {cells[0]} are read with a decimal point: if it groups digits, give --thousands ."
