"""Times of which a part stands in a column of its own: year and month, year and week, date and hour."""

import shlex
from collections.abc import Mapping
from typing import Any

from rnn.readers.problems import BadSource
from rnn.readers.table import Table
from rnn.readers.time_names import part_of_date, two_columns

HOURS = ("hour", "hours", "hr", "h", "he", "stunde", "heure", "hora", "uur", "ora", "时", "時", "小时")


def parts_of(columns: Mapping[str, Any]) -> dict[str, str]:
    """The column of each part of a date that some column is called by."""
    return {part: column for column in columns if (part := part_of_date(column))}


def second_part(year: str, kinds: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    """The part of the year that another column than `year` has, and the settings with which both are read.

    `kinds`: of each column, as `kind_of` has it. None where there is no such part, or where it takes three columns.
    """
    parts = parts_of(kinds)
    found = [part for part in ("month", "week", "quarter") if part in parts]
    if "day" in parts or len(found) != 1 or part_of_date(year) != "year":
        return None
    part, column = found[0], parts[found[0]]
    if part == "month":
        return part, two_columns(year, column, kinds[column])
    return part, {"time_column": (year, column)}


def in_words(cure: Mapping[str, Any]) -> str:
    """The flags that say so."""
    form = f" --time-format '{cure['time_format']}'" if "time_format" in cure else ""
    return f"--time-column {' '.join(map(shlex.quote, cure['time_column']))}{form}"


def hours_of(table: Table, taken: list[str]) -> tuple[str, bool] | None:
    """The column not `taken` with the hour as a number, and whether hours count from 1 to 24; None where none has."""
    for name in table.sample:
        if name in taken or name.strip().lower() not in HOURS:
            continue
        text = [str(cell).strip().removesuffix(".0") for cell in table.sample[name].to_pylist() if cell is not None]
        if text and all(cell.isascii() and cell.isdigit() and int(cell[:3]) <= 24 for cell in text):
            hours = {int(cell) for cell in text}
            return (name, 24 in hours) if not hours >= {0, 24} else None
    return None


def refuse_parts(name: str, time: str, kinds: Mapping[str, str], table: Table) -> None:
    """Raise BadSource where the column `time` has years or days, and another the part or the hour of each."""
    if (second := second_part(time, kinds)) is not None:
        part, cure = second
        raise BadSource(f"{name}: year and {part} stand in two columns: give {in_words(cure)}", cure)
    hours = hours_of(table, [time])
    cells = [str(cell) for cell in table.sample[time].to_pylist() if cell is not None]
    if hours is None or hours[1] or any(":" in cell and "00:00" not in cell for cell in cells):
        return
    if len(set(cells)) < len(cells):
        cure = {"time_column": (time, hours[0])}
        raise BadSource(f"{name}: date and hour stand in two columns: give {in_words(cure)}", cure)
