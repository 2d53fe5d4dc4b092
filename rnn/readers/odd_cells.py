"""Advice on cells that a person takes for times or numbers and the reader refuses."""

import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rnn.readers.affixes import affix_of
from rnn.readers.month_names import english_format, in_english, name_a_month, speaks_of_months
from rnn.readers.problems import short
from rnn.readers.values import is_missing

SPELLED = (
    *("%a %d.%m.%Y", "%a, %d.%m.%Y", "%a %d/%m/%Y", "%a %m/%d/%Y", "%a %Y-%m-%d", "%a, %d %b %Y", "%a %d %b %Y"),
    *("%A, %B %d, %Y", "%A, %d %B %Y", "%A %d %B %Y", "%a %b %d %Y", "%a, %b %d, %Y"),
    *("%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S UTC %Y"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%b-%y", "%b-%y", "%b %y"),
    *("%d-%m-%y", "%m-%d-%y", "%y/%m/%d", "%y.%m.%d", "%d.%m.%y %H:%M", "%d.%m.%y %H:%M:%S", "%d-%b-%y %H:%M"),
    *(f"{day} {clock}" for day in ("%d/%m/%y", "%m/%d/%y") for clock in ("%H:%M", "%H:%M:%S", "%I:%M %p")),
    *("FY%y", "FY %y", "FY'%y", "%H:%M %d.%m.%Y", "%H:%M:%S %d.%m.%Y", "%d%b%Y", "%d%b%Y:%H:%M:%S"),
)
"""Formats of times that are offered, not taken: some of them are rare, and years of two digits a doubt."""

MOST = 0.8
LOOKED_AT = 200

FAR = 20
"""Where the years of a format that begins with them are so many times as far apart, they are days."""

_RANGE = re.compile(r".*\d\s*(-|–|—|to|bis|until|\.\.)\s+.*\d|.*\d\s*(–|—|/)\s*\d{4}.*\d", re.DOTALL)
_FLAGS = {
    *("true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "ja", "nein", "wahr", "falsch"),
    *("oui", "non", "vrai", "faux", "si", "sí", "verdadero", "falso"),
}
_SCALED = re.compile(r"[-+]?[0-9.,]+ ?(k|K|M|m|Mio|Mrd|Tsd|bn|B|千|万|萬|亿|億)\.?")
_DURATION = re.compile(r"P(?=[\dT])(\d+[YMWD])*(T(\d+([.]\d+)?[HMS])+)?|\d+:\d{2}:\d{2}([.,]\d+)?")


def spelled_format(cells: Sequence[str], english: bool = False) -> str | None:
    """The one format of SPELLED that most cells are written in; None when there is none, or more than one.

    `english`: leave out names of months in other languages, and FY24, since products are called Set 24 and Pro 24 too.
    """
    fits = spelled_formats(cells, english)
    return fits[0] if len(fits) == 1 else None


def spelled_formats(cells: Sequence[str], english: bool = False) -> list[str]:
    """The formats of SPELLED that most cells are written in: of several those by which no time is out of order."""
    given = [cell.strip() for cell in islice((cell for cell in cells if not is_missing(cell)), LOOKED_AT)]
    if not given:
        return []
    forms = [form for form in SPELLED if not (english and form.startswith("FY"))]
    named = not english and name_a_month(given)
    read = {form: _read(form, given, named) for form in forms}
    shares = {form: float(times.notna().mean()) for form, times in read.items()}
    best = max(shares.values())
    fits = [form for form in forms if shares[form] == best >= MOST]
    if len(fits) < 2:
        return fits
    fits = [form for form in fits if _are_in_order(read[form].dropna())] or fits
    spans = {form: read[form].max() - read[form].min() for form in fits}
    nearest = min(fits, key=lambda form: spans[form])
    return [form for form in fits if _begin_alike(form, nearest) or spans[form] <= FAR * spans[nearest]]


def _begin_alike(one: str, other: str) -> bool:
    """Whether the year comes first in both formats, or in none."""
    return one.startswith("%y") == other.startswith("%y")


def _are_in_order(times: Any) -> bool:
    return bool(times.is_monotonic_increasing or times.is_monotonic_decreasing)


def is_written_as(form: str, cells: Sequence[str]) -> bool:
    """Whether most cells are written in a format of strptime; False where it is none."""
    given = [cell.strip() for cell in islice((cell for cell in cells if not is_missing(cell)), LOOKED_AT)]
    try:
        return bool(given) and _share(form, given) >= MOST
    except (ValueError, TypeError, re.error):
        return False


def _share(form: str, given: list[str], named: bool = True) -> float:
    """The share of cells that are written so; `named`: with names of months in other languages too."""
    return float(_read(form, given, named).notna().mean())


def _read(form: str, given: list[str], named: bool) -> Any:
    """The cells as a pandas Series of times, NaT for what is written otherwise."""
    import pandas as pd

    times = pd.to_datetime(pd.Series(given, dtype=object), format=form, errors="coerce", utc=True)
    if named and speaks_of_months(form) and not times.notna().all():
        english = in_english(pa.array(given, pa.string()), "%B" in form).to_pandas().astype(object)
        times = times.fillna(pd.to_datetime(english, format=english_format(form), errors="coerce", utc=True))
    return times


def advice(cells: Sequence[str]) -> str:
    """What makes cells odd, in words, with what to do; "" where nothing is known."""
    given = [cell.strip() for cell in islice((cell for cell in cells if not is_missing(cell)), LOOKED_AT)]
    if not given:
        return ""
    if _most(given, lambda cell: cell[:1] in {"'", '"', "=", "’"}):
        return "take the quotation marks, or the formula, off its cells"
    if _most(given, lambda cell: _RANGE.fullmatch(cell) is not None and len(cell) > len("2024-01-01")):
        return "these are spans of time: write the beginning of each alone"
    if len(set(map(str.lower, given))) <= 2 and _most(given, lambda cell: cell.lower() in _FLAGS):
        return "write 1 and 0 for them"
    comma, point = (sum(bool(re.fullmatch(rf"[-+]?\d+{mark}\d+", cell)) for cell in given) for mark in (",", "[.]"))
    if comma and point and comma + point >= MOST * len(given):
        one, other = (next(cell for cell in given if mark in cell) for mark in ",.")
        return f"some numbers have a decimal comma ({short(one)}), others a point ({short(other)}): write all alike"
    shapes = (
        (_SCALED, "write the numbers in full, without letters that multiply them"),
        (_DURATION, "these are lengths of time: write them as numbers, such as minutes"),
    )
    told = (what for shape, what in shapes if sum(map(bool, map(shape.fullmatch, given))) >= MOST * len(given))
    return next(told, "") or _mixed(given)


def _mixed(given: list[str]) -> str:
    """What to do with numbers of which some have another currency or unit than others, or none; "" for all others."""
    first: dict[str, str] = {}
    for cell in given:
        if (affix := affix_of(cell)) is not None:
            first.setdefault(affix, cell)
    if len(first) < 2 or not _most(given, lambda cell: affix_of(cell) is not None):
        return ""
    one, other = list(first.values())[:2]
    return f"some numbers are written as {short(one)!r}, others as {short(other)!r}: write all with the same unit"


def _most(given: list[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, given)) >= MOST * len(given)


def texts(cells: pa.Array) -> list[str]:
    """The first cells of a column as text, those without content left out."""
    return [str(cell) for cell in pc.drop_null(cells.slice(0, LOOKED_AT)).to_pylist()]
