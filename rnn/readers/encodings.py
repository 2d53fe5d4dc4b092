"""Encodings in which bytes that are no UTF-8 read like a language: they are offered with what they read like."""

import codecs
import re
from collections.abc import Callable

from rnn.readers.problems import BadSource, short

SINGLE = 0.5
"""Where so large a share of the letters beyond ASCII stand alone among others, the language has Latin letters."""

USUAL = 0.9
"""This share of the letters beyond ASCII must be usual ones."""


def _leads(encoding: str, *ranges: tuple[int, int]) -> Callable[[str], bool]:
    """Whether a letter's first byte is in one of the ranges, where an encoding has its usual letters."""

    def usual(letter: str) -> bool:
        first = letter.encode(encoding, "ignore")[:1]
        return bool(first) and any(low <= first[0] <= high for low, high in ranges)

    return usual


_CANDIDATES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("gbk", _leads("gbk", (0xA1, 0xA3), (0xB0, 0xD7))),
    ("big5", _leads("big5", (0xA1, 0xC6))),
    ("shift_jis", _leads("shift_jis", (0x81, 0x83), (0x88, 0x97))),
    ("euc_kr", _leads("euc_kr", (0xA1, 0xA3), (0xB0, 0xC8))),
    ("cp1251", lambda letter: "А" <= letter <= "я" or letter in "Ёё№«»—"),
)
"""Encodings, and which letters are usual in each."""


_WITH_ASCII = ("big5", "shift_jis")
"""Encodings in which the second byte of a letter may be one of ASCII."""


def likely_encodings(start: bytes) -> dict[str, str]:
    """The encodings that fit the first bytes of a file, each with the first line that is not ASCII as it reads then."""
    runs = re.findall(rb"[\x80-\xff]+", start)
    latin = sum(len(run) == 1 for run in runs) >= SINGLE * len(runs)
    found: dict[str, str] = {}
    for encoding, usual in _CANDIDATES if runs else ():
        if latin and encoding not in _WITH_ASCII:
            continue
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeError:
            continue
        letters = [letter for letter in text if not letter.isascii()]
        if sum(map(usual, letters)) >= USUAL * len(letters) and not _changes_case(text):
            found[encoding] = _first_line(text)
    return {**found, "latin-1": _first_line(start.decode("latin-1"))} if latin and found else found


def _first_line(text: str) -> str:
    return next(line for line in text.splitlines() if not line.isascii())


def _changes_case(text: str) -> bool:
    """Whether many letters are capitals behind small ones, as in no language."""
    return len(re.findall(r"[а-я][А-Я]", text)) > 0.05 * len(re.findall("[А-я]", text))


def wrong_encoding(name: str, encoding: str, line: int, start: bytes = b"") -> BadSource:
    """The refusal of bytes that are no letter in the file's encoding; `start`: the first of its bytes."""
    if encoding == "utf-16":
        return BadSource(f"{name}: line {line} is not written in UTF-16, or cut off: save the file as UTF-8")
    if not encoding.startswith("utf-8"):
        return BadSource(f"{name}: line {line} is not written in {encoding}: mend --encoding")
    likely = likely_encodings(start)
    if likely:
        read = ", ".join(f"{short(line.strip())!r} in {encoding}" for encoding, line in likely.items())
        first = next(iter(likely))
        cure = {"encoding": first} if len(likely) == 1 else {}
        return BadSource(f"{name}: line {line} is not written in UTF-8; it reads {read}: save the file as UTF-8, or "
                         f"give --encoding {' or '.join(likely)}", cure)  # fmt: skip
    return BadSource(
        f"{name}: line {line} is not written in UTF-8, perhaps in Latin-1 or Windows-1252: save the file as UTF-8, or "
        "give --encoding latin-1"
    )
