"""Choose the columns: those that the user names, else the only ones that fit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import pyarrow as pa

from rnn.readers.affixes import affixes_of, bare_cell
from rnn.readers.month_names import in_english
from rnn.readers.number_times import compact_format
from rnn.readers.odd_cells import advice, is_written_as, spelled_format, texts
from rnn.readers.options import Source
from rnn.readers.period_labels import LABELS, way_by_name
from rnn.readers.problems import COMMANDS, BadSource, short
from rnn.readers.table import Table
from rnn.readers.time_names import (
    LOCAL_TIME_NAMES,
    OTHER_TIME_NAMES,
    TIME_NAMES,
    beginning_of_two,
    part_of_date,
    speaks_of_time,
)
from rnn.readers.time_parts import parts_of, refuse_parts, second_part
from rnn.readers.trimmed_times import are_trimmed, trimmed
from rnn.readers.values import GROUPING, NOTHING, grouped, is_missing, is_number, is_time

MOST = 0.8
"""A text column is what so large a share of its first cells are: the rest are mistakes, to be told with their rows."""

_LABELLED = re.compile(
    r"\d{4}[- /]?[Qq][1-4]|[Qq][1-4][- /]?\d{4}|\d{4}-?[Ww]\d{2}(-?[1-7])?"
    r"|\d{4}/\d{1,2}|[A-Za-z]{3,9}[- ](\d{1,2}, )?\d{4}|\d{4}-[A-Za-z]{3}|\d{1,2} [A-Za-z]{3,9} \d{4}"
    r"|\d{8}T\d{4}(\d{2})?|\d{1,2}[-./]\d{4}"
)
_RARER = re.compile(
    "|".join(re.sub("[?]P<[a-z]+>", "?:", way).strip("^$") for way in LABELS.values())
    + r"|FY ?\d{4}|\d{4}[.]\d{2}[.]\d{2}[.]|(\d{1,2}[.] ){2}\d{4}|\d{4}([.] \d{1,2}){2}[.]"
    r"|\d{4}[年년]( ?\d{1,2}[月월]( ?\d{1,2}[日일]( ?\d{1,2}[:时].*)?)?)?"
)
"""Times that are looked for where no column has others."""
_PLAIN = re.compile(r"FY ?\d{4}|\d{4}年\d{1,2}月(\d{1,2}日)?")
"""Those of them that nothing else is called by."""
_DAY_OF_YEAR = re.compile(r"\d{4}-\d{3}")
_NAMED_MONTH = re.compile(r"(\d{1,2}[- ])?[A-Z][a-z]{2}[- ]\d{4}( \d.*)?|\d{4}[- ][A-Z][a-z]{2}( \d{1,2})?")
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


def choose(name: str, table: Table, source: Source) -> Chosen:
    """The columns of `table`, the file `name`, that `source` names or that can be inferred. Raises BadSource."""
    if odd := next((column for column in table.sample if COMMANDS.search(column)), None):
        raise BadSource(f"{name}: the name of a column, {short(odd)!r}, has letters in it that command a terminal or "
                        "turn the direction of text: rename it")  # fmt: skip
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
    by_local = [column for column in numbers if column.strip().lower() in LOCAL_TIME_NAMES]
    only, named = "the only one with dates or timestamps", "by its name"
    for columns, how in ((times, only), (by_name, named), (written, only), (by_other, named)):
        if len(columns) == 1 and not (columns is not by_name and len(times) > 1):
            return columns[0], how
    if not times and not by_name:
        held = {column: table.sample[column] for column in free if kinds[column] == "text"}
        for columns, why in chain(_rarer(held, source.time_format), [(by_local, named)]):
            if len(columns) == 1:
                return columns[0], why
    elif not by_name:
        varying = [column for column in times if varies(table.sample[column])]
        begins = beginning_of_two(varying)
        if len(varying) == 1 or begins:
            return begins or varying[0], "the one with the beginnings" if begins else f"{only} that differ"
    raise _no_times(name, free, times, by_name or by_local, table)


def _rarer(held: dict[str, Any], given: str | None) -> Iterator[tuple[list[str], str]]:
    """Columns of text that have times of rarer kinds, with why they are taken, the likelier kinds first.

    `held`: the first cells of each; `given`: the user's format.
    """
    cells = {column: texts(first) for column, first in held.items()}
    if given is not None:
        yield [column for column in cells if is_written_as(given, cells[column])], "the only one with dates"
    yield [column for column in cells if _is_plain_date(cells[column])], "the only one with dates"
    yield [column for column in cells if spelled_format(cells[column]) is not None], "the only one with dates"
    labelled = [column for column in held if is_rarely_labelled(column, held[column])]
    yield labelled, "the only one with dates or timestamps"
    yield [column for column in cells if _is_time_when_trimmed(column, cells[column])], "the only one with dates"


def _is_time_when_trimmed(column: str, cells: list[str]) -> bool:
    """Whether cells are times once what stands around their dates is left out."""
    given = [cell for cell in cells if not is_missing(cell)]
    if not are_trimmed(given):
        return False
    bare = trimmed(pa.array(given, pa.string()))
    return kind_of(bare, ".") == "time" or is_labelled(column, bare) or is_rarely_labelled(column, bare)


def _no_times(name: str, free: dict[str, str], times: list[str], by_name: list[str], table: Table) -> BadSource:
    """The refusal of a file in which no column, or more than one, can be the times."""
    parts = parts_of(free)
    if not times and "year" in parts and second_part(parts["year"], free) is not None:
        refuse_parts(name, parts["year"], free, table)
    if not times and set(parts) >= {"year", "month", "day"}:
        return BadSource(f"{name}: year, month and day stand in three columns: write them into one, such as 2026-03-01")
    others = times or by_name or [column for column in free if free[column] == "number"]
    if len(others) > 1:
        return BadSource(f"{name}: several columns can be the times, of {_list(others)}: name one with --time-column")
    held = {column: texts(table.sample[column]) for column in list(free)[:4]}
    shown = ", ".join(f"{short(column)!r} with {short(cells[0])!r}" for column, cells in held.items() if cells)
    odd = next(filter(None, map(advice, held.values())), "")
    instead = f"{odd}, or " if odd else ""
    how = "" if odd else ", and say how its times are written with --time-format"
    return BadSource(f"{name}: no column looks like times, of {shown or _list(list(free))}: {instead}name one with "
                     f"--time-column{how}")  # fmt: skip


_MONTH = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|q[1-4]|m?(0?[1-9]|1[0-2])", re.IGNORECASE
)


def _value(name: str, kinds: dict[str, str], table: Table, source: Source, times: set[str]) -> tuple[str, str]:
    if source.value_column is not None:
        return source.value_column, "as given"
    free = [column for column in kinds if column not in {*times, *source.known_ahead, "", "Unnamed: 0"}]
    numbers = [column for column in free if kinds[column] == "number" and column not in source.conditions]
    others = [column for column in free if kinds[column] == "text" and _has_other_mark(table, column)]
    if numbers and others:
        numbers = _by_decimals(name, numbers, others, table.decimal, source.decimal)
    dressed = [column for column in free if kinds[column] == "text" and _is_grouped(table.sample[column])]
    if len(numbers) == 1 and dressed:
        return numbers[0], f"the only other one with plain numbers; {_list(dressed)} has signs or marks in them"
    numbers = numbers or dressed
    if len(numbers) == 1:
        return numbers[0], "the only other one with numbers"
    differing = [column for column in numbers if varies(table.sample[column]) and not _counts_rows(table, column)]
    if len(differing) == 1:
        return differing[0], "the only other one with numbers that differ, and are no count of rows"
    if len(numbers) >= 4 and all(_MONTH.fullmatch(column.strip()) for column in numbers):
        raise BadSource(f"{name}: the times run across the columns, {_list(numbers, 4)}: turn the table, so that each "
                        "row has one time and one value")  # fmt: skip
    if numbers:
        if len(times) == 1:
            refuse_parts(name, next(iter(times)), kinds, table)
        raise BadSource(f"{name}: several columns hold numbers, {_list(numbers)}: name one with --value-column")
    others = [column for column in kinds if column not in times]
    time = next(column for column in kinds if column in times)
    held = {column: texts(table.sample[column]) for column in others[:4]}
    shown = ", ".join(f"{short(column)!r} with {short(cells[0])!r}" for column, cells in held.items() if cells)
    if not any(not is_missing(cell) for cells in held.values() for cell in cells):
        raise BadSource(f"{name}: no column beside {short(time)!r} holds numbers: the first rows of {_list(others)} "
                        "have no values: give a file with some")  # fmt: skip
    odd = next(filter(None, map(advice, held.values())), "")
    raise BadSource(f"{name}: no column beside {short(time)!r} holds numbers, of {shown or _list(others)}: "
                    f"{odd + ', or ' if odd else ''}name one with --value-column")  # fmt: skip


def _has_other_mark(table: Table, column: str) -> bool:
    """Whether a column of text holds numbers with another mark before decimals than the file as a whole."""
    return kind_of(table.sample[column], "." if table.decimal == "," else ",") == "number"


def _by_decimals(name: str, usual: list[str], others: list[str], decimal: str, given: str | None) -> list[str]:
    """The columns whose decimals stand behind the `given` mark. Raises BadSource where none is given."""
    if given is not None:
        return usual if given == decimal else others
    words = {".": "a decimal point", ",": "a decimal comma"}
    other = "." if decimal == "," else ","
    raise BadSource(f"{name}: several columns hold numbers, {_list(usual)} with {words[decimal]}, {_list(others)} with "
                    f"{words[other]}: name one with --value-column, or give --decimal")  # fmt: skip


_COUNTERS = ("id", "index", "idx", "no", "no.", "nr", "nr.", "row", "#", "序号", "№")


def _counts_rows(table: Table, column: str) -> bool:
    """Whether a column with such a name holds whole numbers that count the rows."""
    if column.strip().lower() not in _COUNTERS:
        return False
    cells = [str(cell).strip().removesuffix(".0") for cell in table.head(column).to_pylist()]
    if len(cells) < 2 or not all(cell.isascii() and cell.isdigit() for cell in cells):
        return False
    return all(int(b) == int(a) + 1 for a, b in pairwise(cells))


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
    if given and way_by_name(column, given):
        return True
    if compact_format(given, speaks_of_time(column) and column.strip().lower() not in LOCAL_TIME_NAMES) is not None:
        return True
    return bool(given) and sum(_LABELLED.fullmatch(cell.strip()) is not None for cell in given) >= MOST * len(given)


def _is_plain_date(cells: list[str]) -> bool:
    """Whether cells are years such as FY2024, Chinese dates, or dates that are offered a format, all without doubt."""
    given = [cell.strip() for cell in cells if not is_missing(cell)]
    plain = sum(_PLAIN.fullmatch(cell) is not None for cell in given)
    return bool(given) and (plain >= MOST * len(given) or spelled_format(given, english=True) is not None)


def is_rarely_labelled(column: str, cells: Any) -> bool:
    """Whether a column of text holds other periods, years such as 1990/91, or months with names of any language.

    2024-001 is a day where the column's name speaks of times, and else more likely an invoice.
    """
    given = _texts(cells)
    named_like_times = speaks_of_time(column) or part_of_date(column) != ""
    if not named_like_times and any(_DAY_OF_YEAR.fullmatch(cell.strip()) for cell in given):
        return False
    if sum(_RARER.fullmatch(cell.strip()) is not None for cell in given) >= MOST * len(given):
        return bool(given)
    english = in_english(pa.array(given, pa.string()), full=False).to_pylist()
    return sum(_NAMED_MONTH.fullmatch(cell or "") is not None for cell in english) >= MOST * len(given)


def varies(cells: Any) -> bool:
    """Whether not all of a column's first cells are the same."""
    return len(set(cells.to_pylist())) != 1


def is_clock(cells: Any) -> bool:
    """Whether a column of text holds times of day without a date."""
    given = _texts(cells)
    return bool(given) and all(_CLOCK.fullmatch(cell.strip()) for cell in given)


def _is_grouped(cells: Any) -> bool:
    """Whether a column of text holds numbers whose digits are grouped, or that have something around them."""
    shapes = [grouped(mark, decimal) for mark in GROUPING for decimal in ",." if mark != decimal]
    number = re.compile("|".join(shapes))
    given = _texts(cells)
    affixes = affixes_of(given)
    marks = "." if affixes == NOTHING else ".,"
    given = given if affixes == NOTHING else [bare_cell(cell, affixes) for cell in given]
    fits = sum(
        number.fullmatch(cell.strip()) is not None or any(is_number(cell, mark) for mark in marks) for cell in given
    )
    return bool(given) and fits >= MOST * len(given)


def _texts(cells: Any) -> list[str]:
    return [cell for cell in cells.to_pylist() if isinstance(cell, str) and not is_missing(cell)]


def _list(columns: list[str], most: int = 8) -> str:
    names = ", ".join(repr(short(column)) for column in columns[:most])
    return f"{names} and {len(columns) - most} more" if len(columns) > most else names
