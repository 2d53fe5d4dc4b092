"""Check the parameters of prefect.yaml's deployments, before `make deploy` hands them to Prefect.

Prefect answers a setting that a flow does not have with pages of traceback; here that is one line.
"""

import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from flows.command_line import MISTAKE
from flows.verbs import settings_of
from rnn.errors import WavecastError

FILE = Path(__file__).parents[1] / "prefect.yaml"


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
    """Check the settings in every deployment and schedule of a prefect.yaml. Raises BadDeployment at the first."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        deployments = [(str(each["name"]), str(each["entrypoint"]), each) for each in content["deployments"]]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise BadDeployment(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
    for name, entrypoint, deployment in deployments:
        model = settings_of(entrypoint.rpartition(":")[2])
        if model is not None:
            for where, parameters in _parameters(name, deployment):
                _check(f"{path.name}, {where}", parameters, model)


def _parameters(name: str, deployment: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield f"deployment '{name}'", deployment.get("parameters")
    schedules = deployment.get("schedules")
    for schedule in schedules if isinstance(schedules, list) else []:
        if isinstance(schedule, dict):
            yield f"deployment '{name}', schedule '{schedule.get('slug', '')}'", schedule.get("parameters")


def _check(where: str, parameters: Any, model: type[BaseModel]) -> None:
    """Raise BadDeployment, beginning with `where`, if `parameters` hold anything but settings that `model` takes."""
    given = {} if parameters is None else parameters
    if not isinstance(given, dict) or set(given) - {"settings"}:
        raise BadDeployment(f"{where}: under 'parameters' there is only 'settings', and the flow's settings under that")
    try:
        model.model_validate(given.get("settings") or {})
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
