"""The file of a year with faults: a line of JSON a night, so that a year that is killed keeps what it has."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rnn.lifecycle.faults import Fault
from rnn.lifecycle.nights import Night

NIGHTS, PLAN = "nights.jsonl", "plan.json"


def add_night(path: Path, night: Night) -> None:
    """Add a night at the end of the file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(night), ensure_ascii=False) + "\n")


def write_nights(path: Path, nights: Sequence[Night]) -> None:
    """Write all nights."""
    path.write_text("".join(json.dumps(asdict(night), ensure_ascii=False) + "\n" for night in nights), encoding="utf-8")


def read_nights(path: Path) -> list[Night]:
    """Read the nights that were written, as far as they are whole."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else [""]
    return [_night(line) for line in lines[:-1]]


def _night(line: str) -> Night:
    content = json.loads(line)
    fault = Fault(**content["fault"]) if content["fault"] else None
    lists = {name: tuple(content[name]) for name in ("alarms", "lost", "by_hand")}
    return Night(**{**content, **lists, "fault": fault})
