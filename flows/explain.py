"""Where a run came from, and what differs from the run before. Try `python flows/explain.py --help`."""

import json
from dataclasses import asdict
from importlib import import_module
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic import Field

from flows.command_line import run_from_command_line
from flows.settings.base import InStore

SETTINGS = {
    "pipeline": "flows.settings.pipeline:PipelineSettings",
    "sweep": "flows.settings.sweep:SweepSettings",
    "evaluate": "flows.settings.evaluate:EvaluateSettings",
    "retrain": "flows.settings.retrain:RetrainSettings",
}
"""The settings of each flow, for their defaults; of a flow that is not here, all settings are shown."""

RunName = Annotated[
    str, Parameter(help="The run: its name or the beginning of it, its path or URL, or 'latest', the store's newest.")
]


class ExplainSettings(InStore):
    """How a run is explained."""

    all: bool = Field(False, description="Show all settings and steps, not only those that say most.")
    as_json: Annotated[bool, Parameter(name="--json")] = Field(False, description="As JSON, for machines.")


def explain(run: RunName, /, settings: ExplainSettings) -> str:
    """Say which data, settings, code and champion made a run, what was cached, and what differs from the run before."""
    from artifacts.lineage import explain as lineage_explain
    from artifacts.lineage.explain_text import as_text
    from artifacts.store.runs import find_run

    past = find_run(settings.store, run)
    found = lineage_explain.explain(past, defaults(past.flow))
    return json.dumps(asdict(found), indent=2) if settings.as_json else as_text(found, settings.all)


def defaults(flow: str) -> dict[str, Any] | None:
    """The settings of a flow when none are given, or None when they are not known."""
    if flow not in SETTINGS:
        return None
    module, _, name = SETTINGS[flow].partition(":")
    values: dict[str, Any] = getattr(import_module(module), name)().model_dump(mode="json")
    return values


if __name__ == "__main__":
    run_from_command_line(explain, ExplainSettings)
