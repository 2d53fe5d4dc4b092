"""Problems of a file in one line: where, the first of each kind, how many more, and what would mend it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rnn.errors import WavecastError

COMMANDS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udfff]"
)
"""Letters that command a terminal, or turn the direction of what follows: they are not seen, and what they do is."""


def harmless(text: str) -> str:
    """A text with escapes, in the place of letters that command a terminal."""
    text = text.replace("\r\n", "\n")
    return COMMANDS.sub(lambda letter: letter[0].encode("unicode_escape").decode(), text)


class BadSource(WavecastError):
    """A file that cannot be used as it is. Its text names the file, the row and the column.

    `cure`: the settings, by field, with which the file could be read, where they are known.
    """

    def __init__(self, text: str, cure: Mapping[str, Any] | None = None) -> None:
        super().__init__(harmless(text))
        self.cure = dict(cure or {})


@dataclass(frozen=True)
class Problem:
    """One kind of problem: the `record` (from 0) where it is first seen, or None for the file as a whole.

    `count` is how often it is seen, `remedy` what would mend it. `repair` names the setting that would, if one does:
    "fill", a word of --repair, or "cure" for the settings in `cure`. `widest`: how many steps "fill" fills at once.
    """

    kind: str
    what: str
    count: int = 1
    record: int | None = None
    column: str | None = None
    remedy: str = ""
    repair: str = ""
    widest: int = 0
    cure: Mapping[str, Any] = field(default_factory=dict)


class Problems:
    """The problems so far, one `Problem` of a kind and column: the first, and how often."""

    def __init__(self) -> None:
        self._by_kind: dict[tuple[str, str | None], Problem] = {}

    def add(self, problem: Problem) -> None:
        """Note a problem; one of a kind that is known already is counted."""
        key = problem.kind, problem.column
        known = self._by_kind.get(key)
        if known is None:
            self._by_kind[key] = problem
        else:
            count, widest = known.count + problem.count, max(known.widest, problem.widest)
            first = known if _place(known) <= _place(problem) else problem
            self._by_kind[key] = replace(first, count=count, widest=widest)

    def exchange(self, kind: str, column: str | None, *others: Problem) -> None:
        """Put others, or none, in the place of the problem of this kind and column, if there is one."""
        kept: dict[tuple[str, str | None], Problem] = {}
        for key, known in self._by_kind.items():
            for problem in others if key == (kind, column) else (known,):
                kept[problem.kind, problem.column] = problem
        self._by_kind = kept

    @property
    def found(self) -> list[Problem]:
        """Every kind, in the order in which they came up."""
        return list(self._by_kind.values())

    def __bool__(self) -> bool:
        return bool(self._by_kind)


def _place(problem: Problem) -> int:
    return -1 if problem.record is None else problem.record


def sentences(problems: Sequence[Problem], places: Callable[[Iterable[int]], dict[int, str]]) -> list[str]:
    """Each problem in words, without its remedy; `places` says what a record is called, such as "line 5"."""
    place_of = places(sorted({p.record for p in problems if p.record is not None}))
    texts = []
    for p in problems:
        place = [] if p.record is None else [place_of[p.record]]
        column = [] if p.column is None else [f"column '{short(p.column)}'"]
        more = f", and {p.count - 1} more like it" if p.count > 1 else ""
        texts.append(": ".join([*filter(None, [", ".join([*place, *column])]), p.what + more]))
    return texts


def one_line(name: str, problems: Sequence[Problem], places: Callable[[Iterable[int]], dict[int, str]]) -> str:
    """All of `problems` of the file `name` in one line, each remedy once."""
    remedies = dict.fromkeys(p.remedy for p in problems if p.remedy)
    text = "; ".join(sentences(problems, places))
    return " ".join(f"{name}: {text}{': ' if remedies else ''}{', and '.join(remedies)}".split())


def short(text: str, most: int = 40) -> str:
    """A user's text as it may stand in a line: without control characters, and at most so many letters of it."""
    plain = "".join(letter if letter.isprintable() else "·" for letter in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
