"""`wavecast`: one console command for all that Wavecast does, each verb with the flags of the file it stands for.

A verb's module is imported when the verb is used: most need no Prefect, and `wavecast --help` needs none of them.
"""

from importlib import import_module
from importlib.metadata import version
from typing import Any

from cyclopts import App

from flows.command_line import answer, as_command

VERBS = {
    "run": ("flows.pipeline:pipeline", "The main job: data, training, forecast, and a run folder with a report."),
    "sweep": ("flows.sweep:sweep", "Train a recipe with every combination of some of its fields, over several seeds."),
    "evaluate": ("flows.evaluate:evaluate", "Compare the network with its peers on series that others know."),
    "doctor": ("flows.doctor:doctor", "Look a file over: what is wrong with it, and which settings suit it."),
    "retrain": ("flows.retrain:retrain", "Train a challenger, promote it if it deserves it, and forecast."),
    "monitor": ("flows.monitor:monitor", "Score past forecasts by what has arrived, and look for drift."),
    "replay": ("flows.replay:replay", "Replay a year day by day, and compare policies of retraining."),
    "history": ("flows.history:history", "Say who was the champion, since when, and why."),
    "promote": ("flows.promote:promote", "Make a run the champion by hand."),
    "rollback": ("flows.rollback:rollback", "Go back to the champion before this one."),
    "explain": ("flows.explain:explain", "Say where a run came from, and what differs from the one before."),
    "browse": ("flows.browse:browse", "Build the gallery of all runs, and open it in the browser."),
    "verify": ("flows.verify:verify", "Check a run's files, train again from its manifest, and compare every byte."),
}
"""Each verb: the flow or function that does it, as module:name, and what it does in a line.

Its last parameter is its settings; another verb is one line more.
"""


def main(arguments: list[str] | None = None) -> None:
    """Do what the command line says, and exit: see `flows.command_line`."""
    answer(console(), arguments)


def console() -> App:
    """The command with all its verbs, none of them imported."""
    app = App(
        name="wavecast",
        help="A forecasting workflow that stays fresh and is honestly judged.",
        version=version("wavecast"),
        result_action="return_value",
    )
    for place, (verb, (_, says)) in enumerate(VERBS.items()):
        app.command(f"{__name__}:{verb}", name=verb, help=says, sort_key=place)
    app.register_install_completion_command(help="Let the shell complete verbs and flags, and exit.")
    return app


def __getattr__(verb: str) -> Any:
    """The command of a verb: Cyclopts asks for it when it is needed."""
    if verb not in VERBS:
        raise AttributeError(f"module {__name__!r} has no attribute {verb!r}")
    module, _, name = VERBS[verb][0].partition(":")
    return as_command(getattr(import_module(module), name))


if __name__ == "__main__":
    main()
