"""Numbers that are times: compact dates such as 20240131, and what counts seconds or less from 1970."""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array

EXCEL = "excel"
"""What --time-format calls the day numbers of a spreadsheet, which count from the end of 1899."""

EPOCHS = {"epoch_s": 1e6, "epoch_ms": 1e3, "epoch_us": 1.0, "epoch_ns": 1e-3, EXCEL: 86_400e6}
"""Microseconds of one count, by the name that --time-format has for it."""

EXCEL_1970 = 25_569
"""The day number of a spreadsheet for the first day of 1970."""

EPOCH_WORDS = {"epoch_s": "seconds", "epoch_ms": "milliseconds", "epoch_us": "microseconds", "epoch_ns": "nanoseconds"}

EARLIEST, LATEST = (float(np.datetime64(year, "s").astype(np.int64)) for year in ("1990", "2100"))
"""Counts that stand for other years are taken for something else."""

COMPACT = {6: "%Y%m", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
"""Formats of dates without marks, by their digits."""

SURE = 10
"""So many whole numbers that are all dates are no chance: of numbers with six digits one in eight ends like a month."""


@dataclass(frozen=True)
class Span:
    """A unit in which numbers may count time: its --time-format, and what the first of them is as a date."""

    name: str
    first: str

    @property
    def sentence(self) -> str:
        """A description of such a column, to follow "Times"."""
        if self.name == EXCEL:
            return f"seem to be day numbers of a spreadsheet, the first of them {self.first}"
        return f"seem to be {EPOCH_WORDS[self.name]} since 1970, the first of them {self.first}"


def epoch_of(times: Array, named_like_times: bool = False) -> Span | None:
    """The unit in which numbers (rows,) seem to count time, if all lie between 1990 and 2100; else None.

    Days of a spreadsheet are small numbers, which may be anything: the column's name must speak of times.
    """
    known = times[np.isfinite(times)]
    if not len(known):
        return None
    for name, size in EPOCHS.items():
        if name == EXCEL and not named_like_times:
            continue
        since = known - EXCEL_1970 if name == EXCEL else known
        seconds = since * (size / 1e6)
        if seconds.min() >= EARLIEST and seconds.max() <= LATEST:
            first = np.datetime64(round(float(since[0]) * size), "us").astype("datetime64[s]")
            return Span(name, str(first).replace("T", " "))
    return None


def compact_format(cells: list[str], named_like_times: bool) -> str | None:
    """The format of dates written as whole numbers, such as %Y%m of 202401; None when they are just numbers.

    All cells must be dates of the years 1800 to 2199, and be many, or stand in a column whose name speaks of times.
    """
    given = [cell.strip().removesuffix(".0") for cell in cells]
    digits = {len(cell) for cell in given}
    if len(digits) != 1 or not all(cell.isascii() and cell.isdigit() for cell in given):
        return None
    length = digits.pop()
    if length not in COMPACT or not (named_like_times or len(set(given)) >= SURE):
        return None
    return COMPACT[length] if all(map(_is_date, given)) else None


def _is_date(digits: str) -> bool:
    padded = digits + "01" * (len(digits) == 6)
    date = f"{padded[:4]}-{padded[4:6]}-{padded[6:8]}"
    clock = digits[8:].ljust(6, "0")
    try:
        np.datetime64(f"{date}T{clock[:2]}:{clock[2:4]}:{clock[4:]}")
    except ValueError:
        return False
    return "1800" <= digits[:4] < "2200"
