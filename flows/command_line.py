"""A flow as a command: its settings as flags, a user's mistake as one line and exit code 2, the result as last line."""

import logging
import sys
from collections.abc import Callable
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError
from prefect import Flow
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rnn.errors import WavecastError

MISTAKE, INTERRUPTED = 2, 130


def run_from_command_line(flow: Flow[..., str], settings: type[BaseModel], arguments: list[str] | None = None) -> None:
    """Run `flow(settings)` with settings read from the command line, and exit.

    Exit code 0 with what the flow returned as the last line, 2 with one line on standard error for a mistake that the
    user can mend, 130 when interrupted.
    """
    logging.getLogger("prefect").addFilter(_is_worth_a_last_line)
    name = f"python flows/{flow.name}.py"
    app = App(name=name, help=flow.description, version_flags=[], result_action="return_value")
    app.default(_command(flow, settings))
    try:
        result = app(arguments, exit_on_error=False, print_error=False)
    except (CycloptsError, ValidationError, WavecastError) as error:
        print(f"wavecast: {one_line(error)}", file=sys.stderr)  # noqa: T201
        sys.exit(MISTAKE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    if result is not None:
        print(result)  # noqa: T201


def _is_worth_a_last_line(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Stopping temporary server")


def _command(flow: Flow[..., str], settings: type[BaseModel]) -> Callable[..., str]:
    def command(*, given: Any) -> str:
        return flow(given)

    flags = Parameter(name="*", consume_multiple=True, negative=(), show_default=_as_typed)
    command.__annotations__ = {"given": Annotated[settings, flags], "return": str}
    command.__kwdefaults__ = {"given": settings()}
    return command


def _as_typed(default: Any) -> str:
    return " ".join(map(str, default)) if isinstance(default, tuple) else str(default)


def one_line(error: Exception) -> str:
    """A mistake in one line: for settings, which flag, what is wrong with its value, and where help is."""
    cause = error.__cause__ if isinstance(error.__cause__, ValidationError) else error
    if isinstance(cause, ValidationError):
        first_by_flag = {_flag(details): details for details in reversed(cause.errors())}
        return "; ".join(f"{flag}{_problem(details)}" for flag, details in first_by_flag.items()) + _HELP
    if isinstance(cause, UnusedCliTokensError):
        return f"{' '.join(cause.unused_tokens or [])!r} belongs to no flag" + _HELP
    if isinstance(cause, CycloptsError):
        told = " ".join(str(cause).split()).removesuffix(".")
        return f"{told} See --help" if told.endswith("?") else told + _HELP
    return " ".join(str(cause).split())


_HELP = "; see --help"

_PLAINLY = {
    "int_parsing": "must be an integer",
    "int_from_float": "must be an integer",
    "float_parsing": "must be a number",
    "model_type": "has fields of its own, each with a flag",
}
"""pydantic's messages that speak of Python's types, in a user's words."""


def _flag(details: ErrorDetails) -> str:
    names = [str(part).replace("_", "-") for part in details["loc"] if isinstance(part, str)]
    return f"--{'.'.join(names)}: " if names else ""


def _problem(details: ErrorDetails) -> str:
    if details["type"] == "too_short":
        return "give at least one value"
    message = details["msg"].removeprefix("Value error, ")
    problem = _PLAINLY.get(details["type"], message[0].lower() + message[1:])
    return f"{problem}, not {details['input']!r}" if details["loc"] else problem
