"""Check the parameters of prefect.yaml's deployments, before `make deploy` hands them to Prefect.

Prefect answers a setting that a flow does not have with pages of traceback; here that is one line. And it cannot know
that retraining and monitor of a store must read the same file in the same way.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from flows.command_line.command import MISTAKE
from flows.command_line.verbs import settings_of
from flows.settings.sink import without_sink
from rnn.errors import WavecastError
from rnn.readers.urls import redacted
from tasks.support.credentials import PasswordInParameters, refuse_passwords

FILE = Path(__file__).parents[2] / "prefect.yaml"


class BadDeployment(WavecastError):
    """A deployment's parameters are not what its flow takes."""


def main(path: Path = FILE) -> None:
    """Exit with code 2 and one line on standard error if a deployment would be refused."""
    try:
        check_deployments(path)
    except WavecastError as error:
        print(f"wavecast: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(MISTAKE)


def check_deployments(path: Path) -> None:
    """Check the settings in every deployment and schedule of a prefect.yaml, and that they agree with each other.

    Raises BadDeployment at the first mistake.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        deployments = [(str(each["name"]), str(each["entrypoint"]), each) for each in content["deployments"]]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise BadDeployment(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
    by_flow: dict[str, list[_Read]] = {}
    for name, entrypoint, deployment in deployments:
        flow = entrypoint.rpartition(":")[2]
        model = settings_of(flow)
        if model is not None:
            for where, parameters in _parameters(name, deployment):
                settings = _check(f"{path.name}, {where}", parameters, model)
                by_flow.setdefault(flow, []).append(_Read(where, settings))
    for watching in by_flow.get("monitor", []):
        _check_agreement(path.name, watching, by_flow.get("retrain", []))


def _parameters(name: str, deployment: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield f"deployment '{name}'", deployment.get("parameters")
    schedules = deployment.get("schedules")
    for schedule in schedules if isinstance(schedules, list) else []:
        if isinstance(schedule, dict) and schedule.get("parameters"):
            yield f"deployment '{name}', schedule '{schedule.get('slug', '')}'", schedule.get("parameters")


@dataclass(frozen=True)
class _Read:
    """Settings, and where in the file they are."""

    where: str
    settings: Any


def _check_agreement(file: str, monitor: _Read, retrainings: list[_Read]) -> None:
    """Raise BadDeployment if the monitor's store is retrained from another file, or read otherwise, or not at all."""
    if not retrainings:
        return
    store = monitor.settings.store
    same = [each for each in retrainings if each.settings.store == store]
    if not same:
        stores = ", ".join(sorted({f"'{each.settings.store}'" for each in retrainings}))
        raise BadDeployment(
            f"{file}, {monitor.where}: store is '{store}', which nothing retrains: it is {stores} there"
        )
    for each in same:
        shared = [name for name in type(monitor.settings).model_fields if name in type(each.settings).model_fields]
        for name in without_sink(dict.fromkeys(shared)):
            mine, others = getattr(monitor.settings, name), getattr(each.settings, name)
            if mine != others:
                said = f"{redacted(repr(mine))}, but {redacted(repr(others))} in {each.where}"
                raise BadDeployment(f"{file}, {monitor.where}: {name} is {said}: the two must agree")


def _check(where: str, parameters: Any, model: type[BaseModel]) -> BaseModel:
    """The settings in `parameters`. Raises BadDeployment, beginning with `where`, if `model` does not take them."""
    given = {} if parameters is None else parameters
    if not isinstance(given, dict) or set(given) - {"settings"}:
        raise BadDeployment(f"{where}: under 'parameters' there is only 'settings', and the flow's settings under that")
    try:
        settings = model.model_validate(given.get("settings") or {})
        refuse_passwords(settings)
        return settings
    except PasswordInParameters as error:
        raise BadDeployment(f"{where}: {error}") from None
    except ValidationError as error:
        raise BadDeployment(f"{where}: {_problem(error.errors()[0], model)}") from None


def _problem(details: ErrorDetails, model: type[BaseModel]) -> str:
    name = ".".join(map(str, details["loc"]))
    if details["type"] != "extra_forbidden":
        problem = details["msg"].removeprefix("Value error, ")
        return f"{name}: {problem}, not {details['input']!r}" if name else problem
    near = get_close_matches(name, model.model_fields, 1)
    return f"its flow has no setting '{name}'; " + (
        f"did you mean '{near[0]}'?" if near else f"it has: {', '.join(model.model_fields)}"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
