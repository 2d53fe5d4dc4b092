"""Explain a run's origin and its differences from the run before, or why the forecast moved. See `wavecast explain`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

from cyclopts import Parameter
from pydantic import Field

from artifacts.store.atomic import CannotWrite, replace_file
from artifacts.store.existing import existing_store
from artifacts.store.store import Store
from flows.command_line.command import run_from_command_line
from flows.command_line.places import refuse_over_own, require_folder
from flows.command_line.verbs import settings_of
from flows.settings.base import StoreSettings
from flows.settings.sink import without_sink
from rnn.errors import WavecastError

if TYPE_CHECKING:
    from artifacts.lineage.forecast_change import ForecastChange

A_RUN = "The run: its name or the beginning of it, its path or URL, or 'latest', the store's newest."
ANOTHER = "With --forecast, another run to compare its forecast with; by default the one before, and of all the newest."


class NothingToExplain(WavecastError):
    """No run was named, or a flag or a run makes no sense without another."""


class ExplainSettings(StoreSettings):
    """How much is told of a run, and in which form; or why the served forecast moved."""

    all: bool = Field(False, description="Show all settings and steps, not only those that say most.")
    as_json: Annotated[bool, Parameter(name="--json")] = Field(False, description="Print JSON, for machines.")
    forecast: bool = Field(
        False, description="Say why the served forecast moved: how much comes from which cause; see docs/explaining.md."
    )
    at: str | None = Field(None, min_length=1, description="With --forecast, explain this time alone.")
    to: str | None = Field(
        None, pattern=r"\.html$", description="With --forecast, write the page there too, as one file: FILE.html."
    )


DEFAULT = ExplainSettings()


def explain(
    run: Annotated[str | None, Parameter(help=A_RUN)] = None,
    other: Annotated[str | None, Parameter(help=ANOTHER)] = None,
    /,
    settings: ExplainSettings = DEFAULT,
) -> str:
    """Say which data, settings, code and champion made a run, what was cached, and what differs from the run before.

    With --forecast: how much of the change between two served forecasts comes from new points, revised points, another
    champion, the seed, settings, and code. Its page is kept in the store's gallery.
    """
    if settings.forecast:
        return _forecast(tuple(each for each in (run, other) if each is not None), settings)
    if run is None:
        raise NothingToExplain(
            "name a RUN, such as 'latest', or --forecast to see why the forecast moved: wavecast explain --help"
        )
    if other is not None or settings.at is not None or settings.to is not None:
        raise NothingToExplain("a second run, --at and --to are for --forecast: give it too, or leave them out")
    from artifacts.lineage import explain as lineage_explain
    from artifacts.lineage.explain_text import as_text
    from artifacts.store.runs import find_run

    past = find_run(settings.store, run)
    found = lineage_explain.explain(past, defaults(past.flow))
    return json.dumps(asdict(found), indent=2) if settings.as_json else as_text(found, settings.all)


def _forecast(runs: tuple[str, ...], settings: ExplainSettings) -> str:
    """Why the forecast moved, as text or JSON."""
    from artifacts.lineage.forecast_change import explain_forecast, place_of, two_served
    from artifacts.lineage.forecast_change_text import as_json, as_text

    store = existing_store(settings.store)
    if settings.to is not None:
        require_folder(settings.to)
        refuse_over_own(settings.to, settings.store)
    change = explain_forecast(store, *two_served(store, runs), _tell, settings.at)
    place = None if settings.at is None else place_of(change, settings.at)
    text = as_json(change, place) if settings.as_json else as_text(change, place)
    kept = _keep(store, change)
    if settings.to is None:
        return text if settings.as_json or kept is None else f"{text}\n\nThe same as a page of the gallery: {kept}"
    from artifacts.lineage.forecast_change_page import as_page

    page = as_page(change, place).encode()
    try:
        replace_file(Path(settings.to), lambda file: _put(file, page))
    except CannotWrite as error:
        raise NothingToExplain(f"--to: {error}".replace("--store", "--to")) from None
    return text if settings.as_json else f"{text}\n\nThe same as a page: {settings.to}"


def _tell(doing: str) -> None:
    print(f"{doing} …", file=sys.stderr)  # noqa: T201


def _keep(store: Store, change: "ForecastChange") -> str | None:
    """Keep the page of the change in the gallery; where it is. None where the store cannot be written, told in a line.

    What was asked for is the explanation, which is good without its page.
    """
    from artifacts.gallery.build import build
    from artifacts.gallery.forecast_changes import keep_change

    try:
        place = keep_change(store, change)
        build(store)
    except (WavecastError, OSError) as error:
        print(f"wavecast: the page is not kept in the gallery: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        return None
    return place


def _put(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def defaults(flow: str) -> dict[str, Any] | None:
    """A flow's settings when none are given, by field; None for a flow that this Wavecast does not know."""
    model = settings_of(flow)
    return without_sink(model().model_dump(mode="json")) if model else None


if __name__ == "__main__":
    run_from_command_line(explain, ExplainSettings)
