"""Affixes of numbers in text: a currency, a percent sign or a unit, and other signs for minus.

An affix is left out only where every number of a column has the same one, so that leaving it out changes no relation
between values. Parentheses, as accountants write them, a minus behind the number and the typographic minus all mean a
negative number.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pyarrow.compute as pc

MOST = 0.8
"""This share of a column's first cells must be numbers with what stands around them: the rest are mistakes."""

LONGEST = 80
"""No number has more letters."""

CURRENCIES = (
    r"[$€£¥₹₽₩₺₴₦฿₫₪₱]|[A-Z]{1,2}\$|EUR|USD|GBP|CHF|JPY|CNY|SEK|NOK|DKK|PLN|CZK|HUF|RON|AUD|CAD|NZD|INR|BRL|ZAR|TRY|"
    r"RUB|MXN|KRW|SGD|HKD|元|円|원|kr\.?|Kč|zł|Ft|Rs\.?|Fr\."
)
UNITS = rf"%|‰|°[CF]?|(?<=[\s\u00a0\u202f])[A-Za-zµ°][A-Za-zµ°²³./·-]{{0,11}}|{CURRENCIES}"
"""A unit in letters needs a space before it, as in 5 kWh: 5k may be five thousand."""

_SPACE = "[ \u00a0\u2009\u202f]?"
_DIGITS = r"(?:[0-9](?:[0-9.,'’ \u00a0\u2009\u202f]*[0-9.])?|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
_DRESSED = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−–])?{_SPACE}(?P<before>{CURRENCIES})?{_SPACE}(?P<second>[-+−–])?(?P<again>\()?"
    rf"{_DIGITS}{_SPACE}(?P<behind>{UNITS})?(?P<minus>-)?(?P<close>\))?(?P<late>{_SPACE}(?:{UNITS}))?"
)

PARENTHESES, BEHIND, TYPOGRAPHIC, APART = "()", "-", "−", "_"
_SIGNS = (PARENTHESES, BEHIND, TYPOGRAPHIC, APART)
_APART = re.compile(r"[-+−–][ \u00a0\u2009\u202f]+[0-9.,].*")


class Affixes(NamedTuple):
    """What stands around the numbers of a column: one affix or "", and other signs for minus, of `()`, `-`, `−`, `_`.

    The last stands for a minus with a space behind it.
    """

    around: str = ""
    minus: str = ""

    @property
    def sentence(self) -> str:
        """The words for it in the description of a file."""
        words = {PARENTHESES: "in parentheses", BEHIND: "with the minus behind them", TYPOGRAPHIC: "with a long minus",
                 APART: "with a space behind the minus"}  # fmt: skip
        found = [words[sign] for sign in _signs(self.minus)]
        text = f", numbers with {self.around!r}" if self.around else ""
        return text + (f", negative numbers {' or '.join(found)}" if found else "")


def affixes_of(cells: Iterable[str]) -> Affixes:
    """What stands around the numbers in a column's first cells, missing ones left out; nothing where they differ."""
    given = [cell.strip() for cell in cells]
    seen = [(affix, minus) for affix, minus in map(_around, given) if affix is not None]
    if not seen or len(seen) < MOST * len(given):
        return Affixes()
    affixes = {affix for affix, _ in seen}
    minus = "".join(sign for sign in _SIGNS if any(sign in found for _, found in seen))
    return Affixes(affixes.pop() or "" if len(affixes) == 1 else "", minus)


def affix_of(cell: str) -> str | None:
    """What stands around the number in a cell; "" where nothing does, None where the cell is no number at all."""
    return _around(cell.strip())[0]


def _around(cell: str) -> tuple[str | None, tuple[str, ...]]:
    """The affix of a cell, None where it is no number, and the signs for minus that it has."""
    match = _DRESSED.fullmatch(cell) if len(cell) <= LONGEST else None
    if match is None:
        return None, ()
    opened = match["open"] or match["again"]
    affixes = [affix.strip() for affix in (match["before"], match["behind"], match["late"]) if affix]
    signs = [sign for sign in (match["sign"], match["second"], match["minus"]) if sign]
    if bool(opened) != bool(match["close"]) or len(affixes) > 1 or len(signs) + bool(opened) > 1:
        return None, ()
    if match["open"] and match["again"]:
        return None, ()
    minus = [PARENTHESES] if opened else [BEHIND] if match["minus"] else []
    minus += [TYPOGRAPHIC] if {"−", "–"}.intersection(signs) else []
    minus += [APART] if _APART.fullmatch(cell) else []
    return (affixes[0] if affixes else ""), tuple(minus)


def bare(cells: Any, affixes: Affixes) -> Any:
    """The cells (rows,) of Arrow text without what stands around their numbers; others stay as they are."""
    plain = pc.utf8_trim_whitespace(cells)
    if affixes.around:
        plain = pc.utf8_trim_whitespace(_without(plain, affixes.around))
    signs = _signs(affixes.minus)
    if PARENTHESES in signs:
        plain = pc.replace_substring_regex(plain, r"^\(([^-+()]*)\)$", r"-\1")
    if BEHIND in signs:
        plain = pc.replace_substring_regex(plain, r"^([0-9][^-+]*)-$", r"-\1")
    if TYPOGRAPHIC in signs:
        plain = pc.replace_substring_regex(plain, "^[−–]", "-")
    if APART in signs:
        plain = pc.replace_substring_regex(plain, "^([-+])[ \u00a0\u2009\u202f]+([0-9.,])", r"\1\2")
    return plain


def _without(plain: Any, around: str) -> Any:
    """The cells without the affix; what lacks it becomes no number, as one of another unit would be."""
    has = pc.match_substring(plain, around)
    affix = re.escape(around)
    space = "[ \u00a0\u2009\u202f]*"
    left = pc.replace_substring_regex(plain, rf"^(\(?[-+−–]?){space}{affix}{space}", r"\1", max_replacements=1)
    left = pc.replace_substring_regex(left, rf"{space}{affix}([-)]?)$", r"\1", max_replacements=1)
    bad = pc.binary_join_element_wise(plain, "", "!")
    missing = pc.invert(pc.match_substring_regex(plain, "[0-9]"))
    return pc.if_else(pc.or_(has, missing), left, bad)


def bare_cell(cell: str, affixes: Affixes) -> str:
    """One cell without what stands around its number."""
    import pyarrow as pa

    return str(bare(pa.array([cell], pa.string()), affixes)[0].as_py())


def _signs(minus: str) -> list[str]:
    return [sign for sign in _SIGNS if sign in minus]
