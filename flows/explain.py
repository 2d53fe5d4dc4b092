"""Where a run came from, and what differs from the run before. Try `wavecast explain --help`."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from cyclopts import Parameter
from pydantic import Field

from flows.command_line import run_from_command_line
from flows.settings.base import RunName, StoreSettings
from flows.verbs import settings_of


class ExplainSettings(StoreSettings):
    """How much is told of a run, and in which form."""

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
    """A flow's settings when none are given, by field; None for a flow that this Wavecast does not know."""
    model = settings_of(flow)
    return model().model_dump(mode="json") if model else None


if __name__ == "__main__":
    run_from_command_line(explain, ExplainSettings)
