"""The columns that are meant: those that the user names, else the only ones that can be."""

import re
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from rnn.readers.number_times import compact_format
from rnn.readers.options import Source
from rnn.readers.period_labels import LABELS
from rnn.readers.problems import BadSource, short
from rnn.readers.table import Table
from rnn.readers.values import GROUPING, grouped, is_missing, is_number, is_time

MOST = 0.8
"""A text column is what so large a share of its first cells are: the rest are mistakes, to be told with their rows."""

TIME_NAMES = (
    "time",
    "date",
    "datetime",
    "timestamp",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "ds",
    "t",
    "x",
)
"""A column of numbers with one of these names can be the times."""

OTHER_TIME_NAMES = ("ts", "epoch", "unix", "unixtime", "unix_time", "period", "yearmonth", "year_month", "yyyymm")
"""So can one with these, where no column has one of those."""

_LABELLED = re.compile(
    "|".join(re.sub("[?]P<[a-z]+>", "?:", way).strip("^$") for way in LABELS.values())
    + r"|\d{4}/\d{1,2}|[A-Za-z]{3,9}[- ](\d{1,2}, )?\d{4}|\d{4}-[A-Za-z]{3}|\d{1,2} [A-Za-z]{3,9} \d{4}"
    r"|\d{8}T\d{4}(\d{2})?|\d{1,2}[-./]\d{4}"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.]\d+)?)?( ?[AaPp][Mm])?")


@dataclass(frozen=True)
class Chosen:
    """The column of times, that of values, and how each came to be chosen, in words.

    `clock`: a second column with the time of day, where the times stand in two.
    """

    time: str
    value: str
    time_how: str
    value_how: str
    clock: str | None = None

    @property
    def columns(self) -> list[str]:
        """The columns to read: those of the times, then that of the values."""
        return [self.time, *([self.clock] if self.clock else []), self.value]


def speaks_of_time(column: str) -> bool:
    """Whether a column's name says that it holds times."""
    words = re.split(r"[^a-z]+", column.strip().lower())
    return any(word in TIME_NAMES[:-2] or word in OTHER_TIME_NAMES for word in words)


def choose(name: str, table: Table, source: Source) -> Chosen:
    """The columns of `table`, the file `name`, that `source` names or that can be inferred. Raises BadSource."""
    kinds = {column: kind_of(cells, table.decimal) for column, cells in table.sample.items()}
    given = [(column, "--time-column") for column in source.time_column]
    given += [(column, "--value-column") for column in [source.value_column] if column is not None]
    given += [(column, "--where") for column in source.conditions]
    given += [(column, "--known") for column in source.known_ahead]
    for column, flag in given:
        if column not in kinds:
            raise BadSource(f"{name}: there is no column {short(column)!r}, but {_list(list(kinds))}: mend {flag}")
    if len(kinds) < 2:
        raise BadSource(f"{name}: only one column, {_list(list(kinds))}: times and values need one each")
    if source.value_column in source.time_column:
        raise BadSource(f"{name}: column {short(source.value_column or '')!r} cannot be both times and values: name "
                        "another")  # fmt: skip
    if both := {source.value_column, *source.time_column}.intersection(source.known_ahead):
        raise BadSource(f"{name}: column {short(both.pop() or '')!r} cannot be known ahead and times or values too: "
                        "mend --known")  # fmt: skip
    if len(set(source.time_column)) < len(source.time_column):
        raise BadSource(f"{name}: --time-column names {short(source.time_column[0])!r} twice: give a date and a time")
    time, time_how = _time(name, kinds, table, source)
    clock = source.time_column[1] if len(source.time_column) > 1 else None
    value, value_how = _value(name, kinds, table, source, {time, clock or time})
    return Chosen(time, value, time_how, value_how, clock)


def _time(name: str, kinds: dict[str, str], table: Table, source: Source) -> tuple[str, str]:
    if source.time_column:
        return source.time_column[0], "as given"
    free = {column: kind for column, kind in kinds.items() if column not in {source.value_column, *source.known_ahead}}
    times = [column for column, kind in free.items() if kind == "time"]
    numbers = [column for column, kind in free.items() if kind == "number"]
    by_name = [column for column in numbers if column.strip().lower() in TIME_NAMES]
    written = [column for column in free if is_labelled(column, table.sample[column])]
    by_other = [column for column in numbers if column.strip().lower() in OTHER_TIME_NAMES]
    only, named = "the only one with dates or timestamps", "by its name"
    for columns, how in ((times, only), (by_name, named), (written, only), (by_other, named)):
        if len(columns) == 1 and not (columns is not by_name and len(times) > 1):
            return columns[0], how
    others = times or numbers or list(free)
    why = "several columns can be the times" if len(others) > 1 else "no column looks like times"
    raise BadSource(f"{name}: {why}, of {_list(others)}: name one with --time-column")


def _value(name: str, kinds: dict[str, str], table: Table, source: Source, times: set[str]) -> tuple[str, str]:
    if source.value_column is not None:
        return source.value_column, "as given"
    free = [column for column in kinds if column not in {*times, *source.known_ahead, "", "Unnamed: 0"}]
    numbers = [column for column in free if kinds[column] == "number" and column not in source.conditions]
    numbers = numbers or [column for column in free if kinds[column] == "text" and _is_grouped(table.sample[column])]
    if len(numbers) == 1:
        return numbers[0], "the only other one with numbers"
    if numbers:
        raise BadSource(f"{name}: several columns hold numbers, {_list(numbers)}: name one with --value-column")
    others = [column for column in kinds if column not in times]
    time = next(column for column in kinds if column in times)
    raise BadSource(f"{name}: no column beside {short(time)!r} holds numbers, of {_list(others)}: name one with "
                    "--value-column")  # fmt: skip


def kind_of(cells: Any, decimal: str) -> str:
    """The kind of a column, by its type or its first cells: "number", "time", "text", or whatever Arrow calls it."""
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "time"
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return str(kind)
    given = [cell for cell in cells.to_pylist() if cell is not None and not is_missing(cell)]
    if given and sum(is_time(cell) for cell in given) >= MOST * len(given):
        return "time"
    if given and sum(is_number(cell, decimal) for cell in given) >= MOST * len(given):
        return "number"
    return "text"


def is_labelled(column: str, cells: Any) -> bool:
    """Whether a column of text holds quarters, weeks, months, or dates without marks."""
    given = _texts(cells)
    if compact_format(given, speaks_of_time(column)) is not None:
        return True
    return bool(given) and sum(_LABELLED.fullmatch(cell.strip()) is not None for cell in given) >= MOST * len(given)


def is_clock(cells: Any) -> bool:
    """Whether a column of text holds times of day without a date."""
    given = _texts(cells)
    return bool(given) and all(_CLOCK.fullmatch(cell.strip()) for cell in given)


def _is_grouped(cells: Any) -> bool:
    """Whether a column of text holds numbers whose digits are grouped, beside others."""
    shapes = [grouped(mark, decimal) for mark in GROUPING for decimal in ",." if mark != decimal]
    number = re.compile("|".join(shapes))
    given = _texts(cells)
    fits = sum(number.fullmatch(cell.strip()) is not None or is_number(cell, ".") for cell in given)
    return bool(given) and fits >= MOST * len(given)


def _texts(cells: Any) -> list[str]:
    return [cell for cell in cells.to_pylist() if isinstance(cell, str) and not is_missing(cell)]


def _list(columns: list[str], most: int = 8) -> str:
    names = ", ".join(repr(short(column)) for column in columns[:most])
    return f"{names} and {len(columns) - most} more" if len(columns) > most else names
