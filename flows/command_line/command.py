"""A function as a command: its settings as flags, a user's mistake as one line and exit code 2, the result last.

A flow and a plain function follow the same rules: the last parameter is the settings, a model each of whose fields
becomes a flag; parameters before it, positional only, are arguments. This module imports nothing of Prefect, which
takes seconds, unless a flow is called: for that one it starts a server first (tasks/support/embedded_server.py).
"""

import inspect
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, TextIO

from cyclopts import App, CycloptsError, Parameter, UnknownCommandError, UnknownOptionError, UnusedCliTokensError
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from flows.command_line.checks import check
from flows.settings.deploy import ScheduleSettings
from flows.settings.panels import SHORT, grouped, plain
from rnn.errors import WavecastError
from rnn.readers.problems import harmless
from rnn.readers.urls import redacted
from tasks.support.credentials import with_references
from tasks.support.interruption import interruptible
from tasks.support.reading_bar import reading_shown

DIFFERENT, MISTAKE, INTERRUPTED = 1, 2, 130

Command = Callable[..., "str | Answer | None"]
"""What can be a command: a flow or a function."""


@dataclass(frozen=True)
class Answer:
    """What a command prints at its end, and an exit code of its own."""

    text: str
    code: int = 0


def run_from_command_line(
    function: Command, settings: type[BaseModel] | None = None, arguments: list[str] | None = None
) -> None:
    """Run a flow or function with arguments and settings read from the command line, and exit.

    `settings` is the model of its last parameter, when that does not say so itself.
    Exit code 0 with what it returned as the last line, 2 with one line on standard error for a mistake that the user
    can mend, 130 or 143 with one line when interrupted by Ctrl-C or SIGTERM.
    """
    app = App(
        name=f"python flows/{function.__name__}.py",
        help=inspect.getdoc(function),
        version_flags=[],
        result_action="return_value",
    )
    app.default(as_command(function, settings))
    answer(app, arguments)


def answer(app: App, arguments: Sequence[str] | None = None) -> None:
    """Call an app whose commands `as_command` made, print its result, and exit unless the exit code is 0."""
    logging.getLogger("prefect").addFilter(_is_worth_a_last_line)
    typed = _with_standard_input(arguments)
    try:
        result = app(typed, exit_on_error=False, print_error=False)
    except (CycloptsError, ValidationError, WavecastError) as error:
        _print(f"wavecast: {one_line(error, typed)}", sys.stderr)
        sys.exit(MISTAKE)
    except RuntimeError as error:
        advice = next((advice for begin, advice in _NO_SERVER.items() if str(error).startswith(begin)), None)
        if advice is None:
            raise
        _print(f"wavecast: {str(error).rstrip('./')}: {advice}", sys.stderr)
        sys.exit(MISTAKE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    last = result if isinstance(result, Answer) else Answer("" if result is None else str(result))
    if last.text:
        _print(last.text, sys.stdout)
    if last.code:
        sys.exit(last.code)


def _print(text: str, to: TextIO) -> None:
    """Print with escapes in the place of letters that the terminal does not have, and of those that command it.

    Whoever reads, such as `head`, may have seen enough: the rest goes nowhere.
    """
    letters = to.encoding or "utf-8"
    try:
        print(harmless(text).encode(letters, "backslashreplace").decode(letters), file=to, flush=True)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, to.fileno())  # what lies ready is written when Python ends
        os.close(nowhere)


def _with_standard_input(arguments: Sequence[str] | None) -> list[str]:
    """The words of the command line, `--data -` and a file named `-` as one word: a lone hyphen is none to Cyclopts."""
    words: list[str] = []
    for word in sys.argv[1:] if arguments is None else arguments:
        if word == "-" and words and words[-1].startswith("--") and "=" not in words[-1]:
            words[-1] += "=-"
        elif word == "-":
            words.append("--data=-")
        else:
            words.append(word)
    return words


_NO_SERVER = {
    "Failed to reach API": "start the server (make server), or unset PREFECT_API_URL to do without one",
    "Timed out while attempting to connect to ephemeral": "the machine may be busy; try again, or start a server "
    "(make server) and set PREFECT_API_URL",
}
"""Prefect's words, by their beginning, for a server that is not there, and what to do then."""


def _is_worth_a_last_line(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Stopping temporary server")


def as_command(function: Command, settings: type[BaseModel] | None = None) -> Callable[..., Any]:
    """The function as Cyclopts takes it: its positional parameters as they are, then a flag for each field.

    What can be known to fail is told before the function is called, since a flow takes seconds to start.
    """
    *arguments, last = inspect.signature(function, eval_str=True).parameters.values()
    model: type[BaseModel] = settings or last.annotation
    flags_model = grouped(model)

    def command(*words: Any, **named: Any) -> Any:
        # Behind an argument that was left out, Cyclopts gives the settings by their name.
        flags = named.get("settings") or (words[len(arguments)] if len(words) > len(arguments) else flags_model())
        given = [*words[: len(arguments)], *(argument.default for argument in arguments[len(words) :])]
        settings = plain(flags, model)
        if not isinstance(settings, ScheduleSettings):  # the worker would not know what this process hands on
            settings = with_references(settings)
        with interruptible(_what_is_kept(settings)), reading_shown():
            check(settings)
            return on_a_server(function, settings) if hasattr(function, "fn") else function(*given, settings)

    as_flags = Parameter(name="*", consume_multiple=True, negative=(), show_default=_as_typed)
    flags = Annotated[flags_model, as_flags]  # type: ignore[valid-type]
    of_settings = inspect.Parameter(
        "settings", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=flags_model(), annotation=flags
    )
    command.__signature__ = inspect.Signature([*arguments, of_settings])  # type: ignore[attr-defined]
    command.__annotations__ = {**{one.name: one.annotation for one in arguments}, "settings": flags}
    return command


def on_a_server(flow: Command, settings: BaseModel) -> Any:
    """Call a flow with a Prefect server to talk to, which imports what comes later while it starts."""
    from tasks.support.embedded_server import embedded_server

    with embedded_server(getattr(sys.modules.get(flow.__module__), "LATER", ())):
        return flow(settings)


def _what_is_kept(settings: BaseModel) -> str:
    """The line that an interrupted command ends with."""
    store = getattr(settings, "store", None)
    if store is None or hasattr(settings, "interrupted"):
        return str(getattr(settings, "interrupted", "interrupted"))
    again = "" if getattr(settings, "fresh_seed", False) else ", and the same command goes on from there"
    return f"interrupted: runs and steps that were finished are kept in {redacted(str(store))}{again}"


def _as_typed(default: Any) -> str:
    return " ".join(map(str, default)) if isinstance(default, tuple) else str(default)


def one_line(error: Exception, typed: Sequence[str] = ()) -> str:
    """A mistake in one line: for settings, which flag, what is wrong with its value, and where help is.

    `typed`: the words of the command line, where a flag that has two names stands by one of them.
    """
    cause = error.__cause__ if isinstance(error.__cause__, ValidationError) else error
    if isinstance(cause, ValidationError):
        first_by_flag = {_flag(details, typed): details for details in reversed(cause.errors())}
        return "; ".join(f"{flag}{_problem(details)}" for flag, details in first_by_flag.items()) + _HELP
    if isinstance(cause, UnknownCommandError):  # its own text would import every verb
        given = (cause.unused_tokens or [""])[0]
        near = get_close_matches(given, list(cause.app or ()), 1)
        return f"there is no verb {_shown(given)}" + (f": did you mean {near[0]!r}? See --help" if near else _HELP)
    if isinstance(cause, UnusedCliTokensError):
        return f"{_shown(cause.unused_tokens or [])} belongs to no flag" + _HELP
    if isinstance(cause, UnknownOptionError):
        given = (cause.token.keyword or cause.token.value).partition("=")[0]
        verb = (cause.command_chain or ("",))[-1]
        if (verb, given) in ELSEWHERE:
            return f"wavecast {verb} takes no {given}: {ELSEWHERE[verb, given]}"
    if isinstance(cause, CycloptsError):
        message = " ".join(str(cause).split()).removesuffix(".")
        return f"{message} See --help" if message.endswith("?") else message + _HELP
    return " ".join(str(cause).split())


_HELP = "; see --help"

_TRAINED = "the champion forecasts as it was trained to; `wavecast retrain {flag} …` trains one that does otherwise"
_FORECAST = "it looks at what was forecast, as far as that goes; `wavecast retrain {flag} …` decides it"

ELSEWHERE = {
    **{("forecast", flag): _TRAINED.format(flag=flag) for flag in ("--horizon", "--group-size", "--seed", "--recipes")},
    **{("monitor", flag): _FORECAST.format(flag=flag) for flag in ("--horizon", "--group-size")},
    ("run", "--to"): "the run folder has forecast.csv; `wavecast forecast --to …` writes what a store serves",
    ("void", "--data"): "the scores are those of the store's own series",
}
"""Flags that people look for in a verb that has none such, and where to find what they mean."""

_PLAINLY = {
    "int_parsing": "must be an integer",
    "int_from_float": "must be an integer",
    "float_parsing": "must be a number",
    "model_type": "has fields of its own, each with a flag",
}
"""pydantic's messages that speak of Python's types, in a user's words."""


def _flag(details: ErrorDetails, typed: Sequence[str]) -> str:
    names = [str(part).replace("_", "-") for part in details["loc"] if isinstance(part, str)]
    short = SHORT.get(str(details["loc"][0])) if len(names) == 1 else None
    if short and any(word.partition("=")[0] == f"--{short}" for word in typed):
        names = [short]
    return f"--{'.'.join(names)}: " if names else ""


def _problem(details: ErrorDetails) -> str:
    if details["type"] == "too_short":
        return "give at least one value"
    message = details["msg"].removeprefix("Value error, ")
    problem = _PLAINLY.get(details["type"], message[0].lower() + message[1:])
    return f"{problem}, not {_shown(details['input'])}" if details["loc"] else problem


def _shown(given: Any) -> str:
    """What was given, for people: without passwords, several words as the user typed them."""
    if isinstance(given, (list, tuple)):
        return " ".join(map(_shown, given))
    return repr(redacted(given) if isinstance(given, str) else given)
