"""Which columns are meant: those that the user names, else the only ones that can be."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from rnn.readers.options import Source
from rnn.readers.problems import BadSource, short
from rnn.readers.table import Table
from rnn.readers.values import is_missing, is_number, is_time

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


@dataclass(frozen=True)
class Chosen:
    """The column of times, that of values, and how each came to be chosen, in words."""

    time: str
    value: str
    time_how: str
    value_how: str


def choose(name: str, table: Table, source: Source) -> Chosen:
    """The columns of `table`, the file `name`, that `source` names or that can be inferred. Raises BadSource."""
    kinds = {column: kind_of(cells, table.decimal) for column, cells in table.sample.items()}
    for given, flag in ((source.time_column, "--time-column"), (source.value_column, "--value-column")):
        if given is not None and given not in kinds:
            raise BadSource(f"{name}: there is no column {short(given)!r}, but {_list(list(kinds))}: mend {flag}")
    if len(kinds) < 2:
        raise BadSource(f"{name}: only one column, {_list(list(kinds))}: times and values need one each")
    if source.time_column is not None and source.time_column == source.value_column:
        raise BadSource(f"{name}: column {short(source.time_column)!r} cannot be both times and values: name another")
    time, time_how = _time(name, kinds, source)
    value, value_how = _value(name, kinds, source, time)
    return Chosen(time, value, time_how, value_how)


def _time(name: str, kinds: dict[str, str], source: Source) -> tuple[str, str]:
    if source.time_column is not None:
        return source.time_column, "as given"
    free = {column: kind for column, kind in kinds.items() if column != source.value_column}
    times = [column for column, kind in free.items() if kind == "time"]
    numbers = [column for column, kind in free.items() if kind == "number"]
    by_name = [column for column in numbers if column.strip().lower() in TIME_NAMES]
    for found, how in ((times, "the only one with dates or timestamps"), (by_name, "by its name")):
        if len(found) == 1:
            return found[0], how
    others = times or numbers or list(free)
    why = "several columns can be the times" if len(others) > 1 else "no column looks like times"
    raise BadSource(f"{name}: {why}, of {_list(others)}: name one with --time-column")


def _value(name: str, kinds: dict[str, str], source: Source, time: str) -> tuple[str, str]:
    if source.value_column is not None:
        return source.value_column, "as given"
    numbers = [column for column, kind in kinds.items() if kind == "number" and column not in {time, "", "Unnamed: 0"}]
    if len(numbers) == 1:
        return numbers[0], "the only other one with numbers"
    if numbers:
        raise BadSource(f"{name}: several columns hold numbers, {_list(numbers)}: name one with --value-column")
    others = [column for column in kinds if column != time]
    raise BadSource(f"{name}: no column beside {short(time)!r} holds numbers, of {_list(others)}: name one with "
                    "--value-column")  # fmt: skip


def kind_of(cells: Any, decimal: str) -> str:
    """What a column holds, by its type or its first cells: "number", "time", "text", or whatever Arrow calls it."""
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


def _list(columns: list[str], most: int = 8) -> str:
    told = ", ".join(repr(short(column)) for column in columns[:most])
    return f"{told} and {len(columns) - most} more" if len(columns) > most else told
