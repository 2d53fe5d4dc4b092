"""Digits of any script as 0 to 9, and text without marks that nobody sees: so is each cell read, whoever typed it.

Unicode has the digits of some seventy scripts, each with the value of one of ours: reading them needs no guess. Marks
for the direction of text stand around dates that browsers wrote, and spaces without width around what was copied.
"""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

_UNSEEN = "[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_OTHER_DIGITS = r"[^\P{Nd}0-9]"
"""As RE2 has it: a decimal digit of whatever script, and none of ours."""

_MARKS = str.maketrans({"／": "/", "－": "-", "：": ":", "．": ".", "，": ",", "\u3000": " ", "٫": "."})
"""Marks that belong to such digits, full-width or Arabic, and ours for them."""

_ARABIC_GROUPS = re.compile(r"(?<=[0-9])٬(?=[0-9]{2,3}(?:[^0-9]|$))")
"""The Arabic mark between thousands, which is nothing else."""


def plain(cells: pa.Array) -> pa.Array:
    """The cells (rows,) of Arrow text with digits 0 to 9, and without marks that nobody sees; others as they are."""
    if pc.all(pc.string_is_ascii(cells)).as_py() is not False:
        return cells
    if pc.any(pc.match_substring_regex(cells, _UNSEEN)).as_py():
        cells = pc.replace_substring_regex(cells, _UNSEEN, "")
    if not pc.any(pc.match_substring_regex(cells, _OTHER_DIGITS)).as_py():
        return cells
    words = pc.dictionary_encode(cells)
    read = pa.array([word if word is None else plain_cell(word) for word in words.dictionary.to_pylist()], pa.string())
    return pc.take(read, words.indices)


def plain_cell(cell: str) -> str:
    """One cell, as `plain` has it."""
    cell = re.sub(_UNSEEN, "", cell)
    if not any(letter.isdecimal() and not letter.isascii() for letter in cell):
        return cell
    read = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in cell)
    return _ARABIC_GROUPS.sub("", read).translate(_MARKS)
