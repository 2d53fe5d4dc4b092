"""What is wrong with a file, told in one line: where, the first of each kind, how many more, and what would mend it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rnn.errors import WavecastError


class BadSource(WavecastError):
    """A file that cannot be used as it is. Its text names the file, the row and the column."""


@dataclass(frozen=True)
class Problem:
    """One kind of problem: the `record` (from 0) where it is first seen, or None for the file as a whole.

    `count` is how often it is seen, `remedy` what would mend it. `repair` names the setting that would, if one does,
    and `widest` how many steps that fills at once.
    """

    kind: str
    what: str
    count: int = 1
    record: int | None = None
    column: str | None = None
    remedy: str = ""
    repair: str = ""
    widest: int = 0


class Problems:
    """What was found so far, one `Problem` of a kind and column: the first, and how often."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None], Problem] = {}

    def add(self, problem: Problem) -> None:
        """Note a problem; one of a kind that is known already is counted."""
        key = problem.kind, problem.column
        known = self._found.get(key)
        if known is None:
            self._found[key] = problem
        else:
            self._found[key] = Problem(
                known.kind, known.what, known.count + problem.count, known.record, known.column, known.remedy,
                known.repair, max(known.widest, problem.widest),
            )  # fmt: skip

    @property
    def found(self) -> list[Problem]:
        """Every kind, in the order in which they came up."""
        return list(self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)


def sentences(problems: Sequence[Problem], places: Callable[[Iterable[int]], dict[int, str]]) -> list[str]:
    """Each problem in words, without its remedy; `places` tells what a record is called, such as "line 5"."""
    where = places(sorted({p.record for p in problems if p.record is not None}))
    told = []
    for p in problems:
        place = [] if p.record is None else [where[p.record]]
        column = [] if p.column is None else [f"column '{short(p.column)}'"]
        more = f", and {p.count - 1} more like it" if p.count > 1 else ""
        told.append(": ".join([*filter(None, [", ".join([*place, *column])]), p.what + more]))
    return told


def one_line(name: str, problems: Sequence[Problem], places: Callable[[Iterable[int]], dict[int, str]]) -> str:
    """All of `problems` of the file `name` in one line, each remedy once."""
    remedies = dict.fromkeys(p.remedy for p in problems if p.remedy)
    told = "; ".join(sentences(problems, places))
    return " ".join(f"{name}: {told}{': ' if remedies else ''}{', and '.join(remedies)}".split())


def short(text: str, most: int = 40) -> str:
    """A user's text as it may stand in a line: without control characters, and not too much of it."""
    plain = "".join(letter if letter.isprintable() else "·" for letter in text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"
