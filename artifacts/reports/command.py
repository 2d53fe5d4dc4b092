"""The command that makes a run again: its settings as flags, without those that are the defaults anyway."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from rnn.experiment import Experiment
from rnn.recipes import RECIPES

SETTLED = {"fresh_seed": "the seed that was drawn is given", "store": "where to is for whoever repeats it to say"}
"""Settings that are left out, and why."""

VERBS = {"pipeline": "run"}
"""The verb of a flow, where it is not the flow's own name."""


def command(flow: str, config: Mapping[str, Any]) -> str:
    """`wavecast <verb> --seed 7 …`, quoted for a shell. What is None or empty is left out."""
    return " ".join(["wavecast", shlex.quote(VERBS.get(flow, flow)), *map(shlex.quote, _flags(config))])


def _flags(config: Mapping[str, Any]) -> Iterator[str]:
    plain = Experiment().model_dump(mode="json")
    for name, value in config.items():
        if name in SETTLED or (name in plain and plain[name] == value):
            continue
        if name in RECIPES and isinstance(value, Mapping):
            usual = RECIPES[name]().model_dump(mode="json")
            for field, setting in value.items():
                if usual.get(field) != setting:
                    yield from _flag(f"{name}.{field}", setting)
        else:
            yield from _flag(name, value)


def _flag(name: str, value: Any) -> Iterator[str]:
    flag = f"--{name.replace('_', '-')}"
    if value is None or value in ([], ()):  # nothing, as by default
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
