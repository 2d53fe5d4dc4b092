"""The command that repeats a run: its settings as flags of `wavecast`, except those that are the defaults."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rnn.experiment import Experiment, Task
from rnn.readers.options import Reading
from rnn.readers.urls import SQLITE, from_root
from rnn.recipes import RECIPES

VERBS = {"pipeline": "run"}
"""The verb of a flow, where it is not the flow's own name."""

LEFT_OUT = {"fresh_seed", "store"}
"""Settings that the command does not repeat: the seed that was drawn is given, and the store is the reader's choice."""

FILES = {"data"}
"""Settings that may name a file on this disk: given from the root, so that the command works in any folder."""


def command(flow: str, config: Mapping[str, Any]) -> str:
    """`wavecast run --seed 7 …`, quoted for a shell. Settings that are None or empty are left out."""
    if flow == "serve" and config["how"] not in {"promote", "rollback"}:
        return shlex.join(["wavecast", "forecast", *_flag("data", _from_root(config.get("data")))])
    if flow == "serve":  # made by `promote` and `rollback`, which ask for less than the settings say
        named = [config["run"]] if config["how"] == "promote" else []
        return shlex.join(["wavecast", config["how"], *named, "--why", config["why"]])
    return shlex.join(["wavecast", VERBS.get(flow, flow), *_flags(config)])


def _flags(config: Mapping[str, Any]) -> Iterator[str]:
    defaults = {**Experiment().model_dump(mode="json"), **Reading().model_dump(mode="json")}
    if config.get("data"):  # what is not said of a file suits it, and may suit it otherwise another time
        defaults = {name: value for name, value in defaults.items() if name not in Task.model_fields}
    for name, value in config.items():
        if name in LEFT_OUT or (name in defaults and defaults[name] == value):
            continue
        if name in RECIPES and isinstance(value, Mapping):
            recipe = RECIPES[name]().model_dump(mode="json")
            for field, setting in value.items():
                if recipe.get(field) != setting:
                    yield from _flag(f"{name}.{field}", setting)
        elif name == "horizon" and config.get("data") and isinstance(value, int):  # of a file it is said in points
            yield from _flag(name, value * int(config.get("group_size") or 1))
        else:
            yield from _flag(name, _from_root(value) if name in FILES else value)


def _from_root(path: Any) -> Any:
    """The absolute path of a file or folder on this disk, or of SQLite's file; another URL as it is."""
    there = isinstance(path, str) and path and Path(path.removeprefix(SQLITE)).exists()
    return from_root(path) if there else path


def _flag(name: str, value: Any) -> Iterator[str]:
    flag = f"--{name.replace('_', '-')}"
    if value is None or value in ([], ()):
        return
    if isinstance(value, bool):
        yield f"{flag}={str(value).lower()}"
    elif isinstance(value, list | tuple):
        yield from [flag, *map(str, value)]
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flag(f"{name}.{key}", each)
    else:
        yield from [flag, str(value)]
