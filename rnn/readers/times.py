"""The cells of the time column: numbers as they are, dates and timestamps as microseconds since 1970.

One way of writing is chosen for a column, by its type or its first cells. A cell written in another way is no time.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import AnyArray
from rnn.readers.columns import MOST
from rnn.readers.month_names import english_format, in_english, name_a_month, speaks_of_months
from rnn.readers.number_times import COMPACT, EPOCHS, EXCEL, EXCEL_1970, compact_format
from rnn.readers.odd_cells import advice, spelled_formats
from rnn.readers.period_labels import BY_NAME, LABELS, NOT_A_TIME, SPLIT_YEARS, label_times, way_by_name
from rnn.readers.problems import BadSource, short
from rnn.readers.time_names import speaks_of_time
from rnn.readers.trimmed_times import are_buddhist, are_trimmed, in_our_years, trimmed
from rnn.readers.values import is_missing, is_number, is_text, numbers

ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?$"
ISO_IN_ZONE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})$"

MIDNIGHT = r"([T ])24:00((:00)?([.]0+)?(Z|[+-]\d{2}:?\d{2})?)$"
DAY = 86_400_000_000

MOST_DAYS = 3_000_000
"""Day numbers of a spreadsheet end before the year 10000."""

_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H")
_HALVES = (" %I:%M %p", " %I:%M:%S %p")
FORMATS = (
    *(
        day + clock
        for day in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%b-%Y", "%d %b %Y")
        for clock in _CLOCKS
    ),
    "%Y-%m",
    "%Y/%m",
    *(day + clock for day in ("%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y") for clock in _HALVES),
    *("%b %Y", "%B %Y", "%b-%Y", "%Y-%b", "%b %d, %Y", "%B %d, %Y", "%d %B %Y", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M"),
    *("%m/%Y", "%m-%Y", "%m.%Y"),
    *("%Y.%m.%d.", "%d. %m. %Y", "%Y. %m. %d.", "%Y %b", "%Y %B", "%Y %b %d", "%Y %B %d", "FY%Y", "FY %Y"),
    *(f"%Y年%m月%d日{clock}" for clock in (*_CLOCKS, "%H:%M", "%H:%M:%S", "%H时", " %H时", "%H时%M分", " %H时%M分")),
    *("%Y年%m月", "%Y年", "%Y년 %m월 %d일", "%Y년 %m월", "%Y년"),
    "%d %b %Y %H:%M:%S %z",
)

WAYS = ("iso", "iso in zone", *(way for way in LABELS if way not in SPLIT_YEARS), *FORMATS, *SPLIT_YEARS)
"""The ways in which text can be read, the likelier first: 2010-11 is a month sooner than a year."""


@dataclass(frozen=True)
class Writing:
    """The way a column's times are written.

    `way`: "number", "iso", "iso in zone", "typed", a unit that counts from 1970 such as "epoch_s", a label of periods
    such as "quarter", or else a format of strptime. `zone`: the time zone of a typed column, None where times have
    none; those of text that has offsets are UTC. `names`: whether months have names that are not those of strptime.
    `trims`: whether more stands around a date than `way` knows. `buddhist`: whether years are 543 ahead of ours.
    """

    way: str
    zone: str | None = None
    names: bool = False
    trims: bool = False
    buddhist: bool = False

    @property
    def in_zone(self) -> bool:
        """Whether the times come with a zone or an offset of their own."""
        return self.way == "iso in zone" or self.zone is not None or "%z" in self.way

    @property
    def note(self) -> str:
        """How times are read that may be meant otherwise, in words; "" for all others."""
        if self.buddhist:
            return "Buddhist years, 543 ahead of ours"
        if self.trims:
            return "without what stands around them"
        if self.way in BY_NAME:
            return f"each taken for a {self.way.partition(' ')[0]}{' of ISO 8601' * self.way.startswith('week')}"
        if self.way in SPLIT_YEARS:
            return "each a year that begins in the first of its two"
        return "each taken for the year of its number" if self.way.startswith("FY") else ""


def writing(name: str, column: str, cells: Any, decimal: str, given: str | None) -> Writing:
    """Decide how the times in `cells`, the first of a column, are written; `given`: the user's format.

    Raises BadSource when they are no times, or may be either of two.
    """
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return Writing("typed", getattr(kind, "tz", None))
    is_numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if not is_numeric and not is_text(kind):
        what = "booleans" if pa.types.is_boolean(kind) else f"values of type {short(str(kind), 60)}"
        raise BadSource(f"{name}: column '{short(column)}' holds {what}, no times: name another with --time-column")
    if is_numeric:
        cells = _as_text(cells)
    first = [cell for cell in cells.to_pylist() if cell is not None and not is_missing(cell)]
    if given is not None:
        return _given(name, column, first, given)
    if by_name := way_by_name(column, first):
        return Writing(by_name)
    if are_buddhist(column, first):
        return replace(_inferred(name, column, in_our_years(pa.array(first, pa.string())).to_pylist()), buddhist=True)
    if not first or is_numeric or sum(is_number(cell, decimal) for cell in first) >= MOST * len(first):
        return Writing(compact_format(first, speaks_of_time(column)) or "number")
    return _inferred(name, column, first)


def _given(name: str, column: str, first: list[str], given: str) -> Writing:
    """The user's format, if it is one and some cell is written so."""
    if given in EPOCHS or given in SPLIT_YEARS:
        return Writing(given)
    place = f"{name}: column '{short(column)}': --time-format {short(given)!r}"
    for directive, cure in (("%s", "for seconds since 1970 give --time-format epoch_s"),
                              ("%q", "quarters such as 2020Q1 are read without a format")):  # fmt: skip
        if re.search(rf"(?<!%)(%%)*{directive}", given):
            raise BadSource(f"{place}: {directive} is no directive: {cure}")
    how = Writing(given)
    try:
        how = max((how, *_named([given]), Writing(given, trims=True)), key=lambda how: _share(how, first))
        fits = _share(how, first) if first else 1.0
    except (ValueError, TypeError, re.error) as error:
        reason = short(" ".join(str(error).split()), 80)
        raise BadSource(f"{place} is no format of times ({reason}): give one such as %d/%m/%Y") from None
    if not fits:
        raise BadSource(f"{place} fits none of the first cells, such as {short(first[0])!r}: mend it or leave it out")
    return how


def _inferred(name: str, column: str, first: list[str]) -> Writing:
    """The way in which most of the first cells are written."""
    share = _shares(first)
    fits = [how for how in share if share[how] >= MOST]
    if not fits and are_trimmed(first):
        bare = trimmed(pa.array(first, pa.string())).to_pylist()
        if max(_shares(bare).values()) >= MOST:
            return replace(_inferred(name, column, bare), trims=True)
    if not fits:
        spelled, odd = spelled_formats(first), advice(first)
        if spelled:
            shown = " or ".join(map(shlex.quote, spelled[:3]))
            raise BadSource(
                f"{name}: column '{short(column)}' holds times such as {short(first[0])!r}: give --time-format {shown} "
                "if that is how they are written",
                {"time_format": spelled[0]} if len(spelled) == 1 else {},
            )
        if odd:
            raise BadSource(f"{name}: column '{short(column)}' holds {short(first[0])!r} for its first time: {odd}")
        raise BadSource(
            f"{name}: column '{short(column)}' holds no times that are understood, such as {short(first[0])!r}: write "
            "them as 2026-03-01 or 2026-03-01T12:00:00Z, say how they are written with --time-format, or name another "
            "column"
        )
    best = max(fits, key=lambda how: share[how])  # the first of equals
    swapped = best.way.replace("%d/%m", "%m/%d")
    if swapped != best.way and _share(Writing(swapped), first) == share[best]:
        raise BadSource(
            f"{name}: column '{short(column)}': in {short(first[0])!r} day and month cannot be told apart: give "
            f"--time-format '{best.way}' or '{swapped}'"
        )
    return best


def _shares(first: list[str]) -> dict[Writing, float]:
    """The share of the first cells that each way of writing fits."""
    share: dict[Writing, float] = {}
    for how in map(Writing, WAYS):
        share[how] = _share(how, first)
        if share[how] == 1:  # of equals the first is taken
            break
    if max(share.values()) < 1 and name_a_month(first):
        share |= {how: _share(how, first) for how in _named(FORMATS)}
    return share


def _named(formats: Iterable[str]) -> list[Writing]:
    """The formats that have the name of a month, for names in any language."""
    return [Writing(form, names=True) for form in formats if speaks_of_months(form)]


def _share(how: Writing, first: list[str]) -> float:
    return float(np.mean(moments(pa.array(first, pa.string()), how) != NOT_A_TIME)) if first else 0.0


def _as_text(cells: Any) -> Any:
    """Numbers as text, whole ones without a point, so that 202401.0 is written as in a CSV file."""
    if pa.types.is_floating(cells.type):
        return pc.replace_substring_regex(pc.cast(cells, pa.string()), r"[.]0+$", "")
    return pc.cast(cells, pa.string())


def joined(date: Any, clock: Any | None = None) -> Any:
    """The column of times (rows,); dates and times of day in two columns as one of text, null where one is missing."""
    if clock is None:
        return date
    if pa.types.is_timestamp(date.type):
        date = pc.cast(date, pa.date32(), safe=False)
    day, time = (cells if is_text(cells.type) else pc.cast(cells, pa.string()) for cells in (date, clock))
    return pc.binary_join_element_wise(pc.utf8_trim_whitespace(day), pc.utf8_trim_whitespace(time), " ")


def read_times(cells: Any, how: Writing, decimal: str) -> AnyArray:
    """The cells (rows,) as float64, NaN for what is no number, or as int64 microseconds, NOT_A_TIME for no time."""
    return numbers(cells, decimal) if how.way == "number" else moments(cells, how)


def moments(cells: Any, how: Writing) -> AnyArray:
    """Dates or timestamps (rows,) as int64 microseconds since 1970, in UTC where they have a zone."""
    if how.way == "typed":
        return _microseconds(_to_microseconds(cells))
    if how.way in EPOCHS:
        return _days(cells) if how.way == EXCEL else _counted(cells, how.way)
    cells = pc.utf8_trim_whitespace(cells if is_text(cells.type) else _as_text(cells))
    cells = in_our_years(cells) if how.buddhist else cells
    return _of_text(trimmed(cells) if how.trims else cells, how)


def _of_text(plain: Any, how: Writing) -> AnyArray:
    """Text without spaces around it as microseconds."""
    late = pc.match_substring_regex(plain, MIDNIGHT)
    if pc.any(late).as_py():  # the end of a day, as ISO 8601 writes it: the next day's first moment
        begun = pc.replace_substring_regex(plain, MIDNIGHT, r"\100:00\2")  # RE2 takes one digit: group 1, then 00:00
        times = _of_text(begun, how)
        is_late = np.asarray(pc.fill_null(late, False).to_numpy(zero_copy_only=False), dtype=bool)
        return np.where(is_late & (times != NOT_A_TIME), times + DAY, times)
    if how.way in LABELS or how.way in BY_NAME:
        return label_times(plain, how.way)
    if not how.way.startswith("iso"):
        if how.names:
            return _formatted(in_english(plain, "%B" in how.way), english_format(how.way))
        return _formatted(plain, how.way)
    plain = pc.replace_substring_regex(plain, r"([.][0-9]{6})0+", r"\1")
    zone = "UTC" if how.way == "iso in zone" else None
    if zone:
        plain = pc.replace_substring_regex(plain, r" ?UTC$", "Z")
        plain = pc.replace_substring_regex(plain, r" +([+-][0-9]{2}:?[0-9]{2})$", r"\1")
        plain = pc.replace_substring_regex(plain, r"(:[0-9]{2}([.][0-9]+)?) ?([+-][0-9]{2})$", r"\1\3:00")
    strict = pc.match_substring_regex(plain, ISO_IN_ZONE if zone else ISO)
    try:
        return _microseconds(pc.cast(pc.if_else(strict, plain, None), pa.timestamp("us", zone)))
    except pa.ArrowInvalid:  # such as the 30th of February
        kept = pc.if_else(strict, plain, None).to_pandas()
        read = pd.to_datetime(kept, format="ISO8601", errors="coerce", utc=True)
        return np.asarray(read.dt.tz_localize(None).to_numpy().astype("datetime64[us]").view(np.int64))


def _formatted(plain: Any, way: str) -> AnyArray:
    """Text in a format of strptime; years beyond what pandas can hold are no times."""
    if way in COMPACT.values():  # written as a number with decimals, by a program that had gaps in the column
        plain = pc.replace_substring_regex(plain, "[.]0+$", "")
    read = pd.to_datetime(plain.to_pandas().astype(object), format=way, errors="coerce", utc="%z" in way)
    if read.dt.tz is not None:
        read = read.dt.tz_convert("UTC").dt.tz_localize(None)
    return np.asarray(read.to_numpy().astype("datetime64[us]").view(np.int64))


def _days(cells: Any) -> AnyArray:
    """Day numbers of a spreadsheet as microseconds, to the second: its clock is no finer."""
    days = numbers(cells, ".") - EXCEL_1970
    near = np.abs(days) < MOST_DAYS  # NaN is not
    seconds = np.rint(np.where(near, days, 0) * 86_400)
    return np.where(near, seconds.astype(np.int64) * 1_000_000, NOT_A_TIME)


def _counted(cells: Any, way: str) -> AnyArray:
    """Counts since 1970, whole or with decimals, as microseconds; exact where they are whole."""
    size = EPOCHS[way]
    text = cells if is_text(cells.type) else _as_text(cells)
    whole = pc.match_substring_regex(pc.utf8_trim_whitespace(text), "^[-+]?[0-9]{1,18}$")
    counts = pc.cast(pc.if_else(whole, pc.utf8_trim_whitespace(text), None), pa.int64())
    exact = np.asarray(pc.fill_null(whole, False).to_numpy(zero_copy_only=False), dtype=bool)
    held = np.asarray(pc.fill_null(counts, 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    floats = numbers(text, ".") * size
    near = np.isfinite(floats) & (np.abs(floats) < 2.0**62)
    rounded = np.rint(np.where(near, floats, 0)).astype(np.int64)
    whole_size = int(size) if size >= 1 else 1
    micros = held * whole_size if size >= 1 else held // round(1 / size)
    if size < 1 and bool((held % round(1 / size))[exact].any()):
        exact &= held % round(1 / size) == 0  # finer than a microsecond is no time here, as in Parquet
        near &= exact
    return np.where(near, np.where(exact, micros, rounded), NOT_A_TIME)


def _to_microseconds(cells: Any) -> Any:
    kind = pa.timestamp("us", getattr(cells.type, "tz", None))
    try:
        return pc.cast(cells, kind)
    except pa.ArrowInvalid:  # finer than that, or beyond what it can hold
        back = pc.cast(pc.cast(cells, kind, safe=False), cells.type, safe=False)
        return pc.cast(pc.if_else(pc.equal(back, cells), cells, None), kind)


def _microseconds(times: Any) -> AnyArray:
    whole = pc.cast(times, pa.int64()) if not pa.types.is_date(times.type) else times
    return np.asarray(pc.fill_null(whole, NOT_A_TIME).to_numpy(zero_copy_only=False), dtype=np.int64)
