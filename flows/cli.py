"""`wavecast`: one console command for all that Wavecast does, each verb with the flags of the file it stands for.

A verb's settings are imported when it is used, and its flow only once they are valid: a mistake, and `--help`, are
answered before Prefect is imported.
"""

from importlib.metadata import version
from typing import Any, get_args

from cyclopts import App, Group

from flows.command_line.command import answer, as_command, on_a_server
from flows.command_line.verbs import VERBS, Audience, Verb

WHO: dict[Audience, str] = {
    "Forecast a series": "For whoever has a series in a file, and for a first look at the article's experiment.",
    "Keep it fresh": "For the operator, who leaves a series on a schedule.",
    "Look into a run": "For whoever asks where a forecast came from.",
    "Experiment": "For the reader of the article, and for whoever compares methods.",
}
"""Who needs the verbs of each panel."""


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line says, and exit: see `flows.command_line.command`."""
    answer(console(), arguments)


def console() -> App:
    """The command with all its verbs, none of them imported."""
    app = App(
        name="wavecast",
        help="Forecast a series, keep the forecast fresh, and see whether it is any good.\n\n"
        "Begin with `wavecast run` for the article's experiment, or `wavecast doctor FILE` for a series of your own.",
        version=version("wavecast"),
        group_commands=Group("Help", sort_key=len(get_args(Audience))),
        result_action="return_value",
    )
    groups = {title: Group(title, help=WHO[title], sort_key=place) for place, title in enumerate(get_args(Audience))}
    for place, (name, verb) in enumerate(VERBS.items()):
        app.command(
            f"{__name__}:{name}",
            name=name,
            help=verb.summary,
            group=groups[verb.audience],
            sort_key=place,
            help_epilogue=examples(verb),
        )
    app.register_install_completion_command(help="Let the shell complete verbs and flags, and exit.")
    return app


def examples(verb: Verb) -> str:
    """The examples that end the verb's help, each in a line of its own that can be copied."""
    return "\n\n".join(f"Example: {line}" for line in verb.examples)


def __getattr__(name: str) -> Any:
    """The command of a verb: Cyclopts asks for it when it is needed."""
    if name not in VERBS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    verb = VERBS[name]
    return as_command(_when_valid(verb) if verb.flow else verb.function(), verb.settings())


def _when_valid(verb: Verb) -> Any:
    """The flow, imported at the moment when its settings are known to be valid."""

    def run(settings: Any) -> Any:
        return on_a_server(verb.function(), settings)

    return run


if __name__ == "__main__":
    main()
