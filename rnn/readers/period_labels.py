"""Labels of periods as times: quarters such as 2020Q1, ISO weeks such as 2024-W05, years such as 1990/91."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rnn.arrays import AnyArray
from rnn.readers.time_names import QUARTERS, WEEKS

NOT_A_TIME = np.iinfo(np.int64).min
"""The value that stands for no time among microseconds, as in NumPy."""

_YEAR, _PART = "(?P<year>[0-9]{4})", "(?P<part>[0-9]{1,2})"

LABELS = {
    "quarter": rf"^{_YEAR}[- /]?[QqTt](?P<part>[1-4])$",
    "quarter first": rf"^[QqTt](?P<part>[1-4])[- /]?{_YEAR}$",
    "quarter's number first": (
        rf"^(?P<part>[1-4])[.]? ?(?:[QqTt]|[Qq]uarter|[Qq]uartal|(?:er|e|[ºª])? ?[Tt]rimestre)(?: de)?[- /]?{_YEAR}$"
    ),
    "quarter's letter last": rf"^{_YEAR}[- /]?(?P<part>[1-4])[Qq]$",
    "quarter in Chinese": rf"^{_YEAR}年 ?第?(?P<part>[1-4一二三四])季度?$",
    "half": rf"^{_YEAR}[- /]?[HhSs](?P<part>[12])$",
    "half first": rf"^[HhSs](?P<part>[12])[- /]?{_YEAR}$",
    "month": rf"^{_YEAR}[- /]?[Mm]{_PART}$",
    "week": rf"^{_YEAR}[- /]?(?:[Ww]|KW ?){_PART}(?:-?(?P<day>[1-7]))?$",
    "week first": rf"^(?:[Ww]|[Ww]k|[Ww]eek|KW|CW)[ -]?{_PART}[- /]+{_YEAR}$",
    "week in Chinese": rf"^{_YEAR}年 ?第?{_PART}[周週]$",
    "day of the year": rf"^{_YEAR}-(?P<part>[0-9]{{3}})$",
    "split_year": rf"^(?:FY ?)?{_YEAR} ?[-/–] ?(?P<part>[0-9]{{4}}|[0-9]{{2}})$",
    "split_year of two digits": r"^FY ?(?P<year>[0-9]{2}) ?[-/–] ?(?P<part>[0-9]{2})$",
}
"""Ways of writing a period, as regular expressions."""

BY_NAME = {
    "week by name": rf"^{_YEAR}[-/. ]?{_PART}$",
    "quarter by name": rf"^{_YEAR}[-/. ]?(?P<part>[1-4])$",
}
"""Ways that would be months or numbers, were not the column called a week or a quarter."""

_CALLED = {
    "week by name": {*WEEKS, "weeks", "wk", "yearweek", "isoweek", "yyyyww", "jahrwoche", "uge", "uke", "周次", "年周"},
    "quarter by name": {*QUARTERS, "quarters", "yearquarter"},
}
_FISCAL = {"fiscal", "fy", "retail", "nrf"}
"""Weeks and quarters of such years begin where the company says."""

FEWEST_WEEKS = 10
"""So many numbers that go on as weeks of a year do are no chance."""

SPLIT_YEARS = tuple(way for way in LABELS if way.startswith("split_year"))
"""Years that begin in one calendar year and end in the next, such as 1990/91. Months may be written alike: 2010-11."""

_MONTHS_IN = {"quarter": 3, "half": 6, "month": 1}
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}
_TURN_OF_CENTURY = 69
"""The first year of two digits that is one of the last century, as in POSIX."""


def way_by_name(column: str, cells: Sequence[str]) -> str:
    """The way in BY_NAME in which all `cells` are written, where the column is called so; "" for none.

    Numbers such as 202301 are weeks whatever the column is called, where they go on from 52 or 53 to the next year's 1.
    """
    given = pa.array([cell.strip().removesuffix(".0") for cell in cells], pa.string())
    words = set(re.split(r"[\W\d_]+", column.strip().lower()))
    called = [way for way, names in _CALLED.items() if words & names] if not words & _FISCAL else []
    called += ["week by name"] if _go_on_as_weeks(given.to_pylist()) else []
    return next((way for way in called if _are_all(given, way)), "")


def _are_all(cells: pa.Array, way: str) -> bool:
    times = label_times(cells, way)
    years = times[times != NOT_A_TIME].astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + 1970
    return bool(len(cells)) and len(years) == len(cells) and bool(((years >= 1799) & (years < 2200)).all())


def _go_on_as_weeks(cells: list[str]) -> bool:
    """Whether cells are years and weeks in six digits, each the one after the one before."""
    if len(cells) < FEWEST_WEEKS or not all(re.fullmatch("[0-9]{6}", cell) for cell in cells):
        return False
    weeks = [divmod(int(cell), 100) for cell in cells]
    after = all(
        (year, week + 1) == then or (week >= 52 and then == (year + 1, 1)) for (year, week), then in pairwise(weeks)
    )
    return after and any(week > 12 for _, week in weeks)


def label_times(cells: pa.Array, way: str) -> AnyArray:
    """The beginnings of labelled periods (rows,) in microseconds since 1970, NOT_A_TIME for other cells.

    A month, quarter or half begins with its first month; a week of ISO 8601 with its Monday, unless a day of it is
    named. A split year begins with the first of its two years, and the second must be the next one.
    """
    parts = pc.extract_regex(cells, LABELS.get(way) or BY_NAME[way])
    fits = np.asarray(pc.is_valid(parts).to_numpy(zero_copy_only=False), dtype=bool)
    year, part = _whole(parts, "year", 1970), _whole(parts, "part", 1)
    if way == "split_year of two digits":
        year = year + np.where(year < _TURN_OF_CENTURY, 2000, 1900)
    fits &= year >= 1
    year = np.where(fits, year, 1970)
    kind = way.partition(" ")[0].partition("'")[0]
    if kind == "week":
        monday = _first_monday(year)
        fits &= (part >= 1) & (monday + 7 * (part - 1) < _first_monday(year + 1))
        days = monday + 7 * (part - 1) + _whole(parts, "day", 1) - 1
    elif kind == "day":
        days = _first_day((year - 1970) * 12) + part - 1
        fits &= (part >= 1) & (days < _first_day((year - 1969) * 12))
    elif kind == "split_year":
        fits &= (part == year + 1) | ((part < 100) & (part == (year + 1) % 100))
        days = _first_day((year - 1970) * 12)
    else:
        months = _MONTHS_IN[kind]
        fits &= (part >= 1) & (part <= 12 // months)
        days = _first_day((year - 1970) * 12 + months * (part - 1))
    return np.where(fits, days * 86_400_000_000, NOT_A_TIME)


def _first_day(month: AnyArray) -> AnyArray:
    """The first day of months that are counted from January 1970, in days since then."""
    return month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _whole(parts: pa.Array, name: str, otherwise: int) -> AnyArray:
    """A part of each label as a whole number; `otherwise` where it has none."""
    if parts.type.get_field_index(name) < 0:
        return np.full(len(parts), otherwise, dtype=np.int64)
    text = pc.fill_null(pc.struct_field(parts, name), "")
    for numeral, digit in _CHINESE.items():
        text = pc.replace_substring(text, numeral, digit)
    given = pc.if_else(pc.equal(text, ""), str(otherwise), text)
    return np.asarray(pc.cast(given, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _first_monday(year: AnyArray) -> AnyArray:
    """The Monday of a year's first ISO week, the one with its 4th of January, in days since 1970."""
    fourth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 3
    return np.asarray(fourth - (fourth + 3) % 7)  # 1970 began on a Thursday
