"""The panels of `--help`: the flags of a command, grouped by what they are about."""

from typing import Any

from cyclopts import Group, Parameter
from pydantic import BaseModel

from flows.settings.base import FeedSettings, FlowSettings, GateSettings, RecipeSettings, StoreSettings
from flows.settings.deploy import ScheduleSettings
from flows.settings.sink import ForecastSink, OutcomeSink, SinkSettings
from rnn.experiment import AskedTask, Generated, Grid, Task
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.readers.options import Data, Reading

USUAL = "A series of your own"
FIRST = ("data", "time_column", "value_column", "time_zone", "season", "repair", "horizon", "store")
"""The fields that a file needs first: they make the first panel, whichever model has them."""

PANELS: dict[str, tuple[type[BaseModel], ...]] = {
    USUAL: (),
    "More on the file": (Data, Reading, FeedSettings),
    "Forecast": (AskedTask, Task, Grid),
    "Options": (),
    "The store's series": (SeriesOfStore,),
    "Schedule": (ScheduleSettings,),
    "Store and seed": (FlowSettings, StoreSettings),
    "Generated data, without a file": (Generated,),
    "Champion and challenger": (GateSettings,),
    "Into a database": (SinkSettings, ForecastSink, OutcomeSink),
}
"""Each panel in its place, and the models whose fields it holds; a command's own fields are its options."""

OWN = "Options"

SHORT = {"known_ahead": "known", "days": "nights"}
"""Fields whose flags have another name too, in commands without a field of that name."""

FILE = "data"
"""The field that is an argument too."""


def grouped(model: type[BaseModel]) -> type[BaseModel]:
    """The same model, for the command line: each field knows the panel that shows its flag.

    A file needs no flag: `wavecast run sales.csv` is `wavecast run --data sales.csv`.
    """
    flags = type(model.__name__, (model,), {"__doc__": model.__doc__, "__module__": model.__module__})
    for name, field in flags.model_fields.items():  # type: ignore[attr-defined]
        quiet = [Parameter(show_default=False)] if field.default in (None, ()) else []  # nothing is no news
        names = _names(model, name)
        named = [Parameter(name=names)] if names else []  # a name of None would take away one that a field brings
        field.metadata = [*field.metadata, *quiet, *named, Parameter(group=_panel(model, name))]
        field.kw_only = name != FILE
    return flags


def _names(model: type[BaseModel], name: str) -> tuple[str, ...] | None:
    """The flags of a field, where they are not just its name."""
    short = SHORT.get(name)
    if short is None or short in model.model_fields:
        return None
    return f"--{short}", f"--{name.replace('_', '-')}"


def plain(settings: BaseModel, model: type[BaseModel]) -> BaseModel:
    """Settings of a grouped model as those of the `model` itself, which flows and tests know."""
    values: dict[str, Any] = dict(settings)
    return model.model_construct(settings.model_fields_set, **values)


def _panel(model: type[BaseModel], name: str) -> Group:
    if name in RecipeSettings.model_fields:
        place = len(PANELS) + list(RecipeSettings.model_fields).index(name)
        return Group(f"Recipe {name}", help=model.model_fields[name].description or "", sort_key=place)
    if name in FIRST and FILE in model.model_fields:
        return Group(USUAL, sort_key=0)
    declares = next(base for base in reversed(model.__mro__) if name in getattr(base, "model_fields", ()))
    title = next((title for title, models in PANELS.items() if declares in models), OWN)
    return Group(title, sort_key=list(PANELS).index(title))
