"""The summary of a file: what the series is made of, and what was done to it."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class FileSummary:
    """A file's outline in words and numbers.

    `file`: its name, without passwords. `rows`: how many it has. `columns`: their names. `time_how` and `value_how`:
    why these two were taken. `spacing`, `first`, `last`: of the times, as a person writes them. `points`: of the
    series. `period`: points in a season, 1 for none (of the newest points alone, when there are very many). `gaps`: how
    many gaps in the times there were. `repairs`: by what was done, how often; only what was. `ahead`: how many points
    beyond the last all inputs are known; None without inputs. `ends`: the last time, and row, of each such column.
    `doubts`: what ought to be checked of these, a sentence a column.
    """

    file: str
    kind: str
    rows: int
    columns: tuple[str, ...]
    time_column: str
    value_column: str
    time_how: str
    value_how: str
    spacing: str
    first: str
    last: str
    points: int
    period: int
    gaps: int
    repairs: dict[str, int]
    ahead: int | None = None
    ends: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As JSON has it; without inputs, as it always was."""
        left_out = set() if self.ahead is not None else {"ahead", "ends"}
        left_out |= set() if self.doubts else {"doubts"}
        return {name: value for name, value in asdict(self).items() if name not in left_out}

    def sentences(self) -> list[str]:
        """All of it in plain sentences: what the file is, what was read of it, and what was mended."""
        lines = [
            f"{self.file}: {self.kind}, {self.rows} rows, columns {', '.join(map(repr, self.columns[:12]))}"
            f"{' and more' if len(self.columns) > 12 else ''}.",
            f"Times are column '{self.time_column}' ({self.time_how}), values column '{self.value_column}' "
            f"({self.value_how}).",
            f"{self.points} points from {self.first} to {self.last}, {self.spacing}.",
        ]
        if self.ahead is not None:
            columns = ", ".join(f"'{column}' up to {end}" for column, end in self.ends.items())
            lines.append(f"Known ahead for {self.ahead} points{f': {columns}' if columns else ' (holidays)'}.")
        lines += self.doubts
        if self.repairs:
            lines.append(f"Mended, as asked: {', '.join(f'{what} {times}' for what, times in self.repairs.items())}.")
        return lines
