"""A run of the main job, read from the files of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from artifacts.files.forecasts import (
    FORECAST,
    METRICS,
    read_forecasts,
    read_hindsight,
    read_metrics,
    read_without_inputs,
)
from artifacts.files.models import read_model
from artifacts.files.series import DATASET, FOUND, read_calendar, read_made, read_series
from artifacts.plots.axis import Axis
from rnn.arrays import Array
from rnn.calendar import Calendar
from rnn.elman.training import Trained
from rnn.ensemble.model import TrainedEnsemble
from rnn.forecast import Forecast
from rnn.metrics import Score
from rnn.recipes import Recipe
from rnn.series import Series


@dataclass(frozen=True)
class PipelineRun:
    """A run with everything that its pictures and report show. `truth` (horizon, group_size), None if not known.

    For a series that was read, `made` holds the summary of the file, `calendar` the calendar of its times if they are
    dates, and `hindsight` each method's scores at earlier `origins`, in points of the series; `without` has those of
    the methods that use inputs known ahead, without these.
    """

    series: Series
    recipes: Mapping[str, Recipe]
    models: Mapping[str, Trained | TrainedEnsemble]
    forecasts: list[Forecast]
    truth: Array | None
    scores: Mapping[str, Score]
    fits: Mapping[str, float]
    made: Mapping[str, Any] = field(default_factory=dict)
    calendar: Calendar | None = None
    hindsight: Mapping[str, Score] = field(default_factory=dict)
    origins: tuple[int, ...] = ()
    without: Mapping[str, Score] = field(default_factory=dict)

    @property
    def axis(self) -> Axis:
        """The axes of the run's pictures."""
        return axis_of(self.made, self.calendar)

    @property
    def trained(self) -> dict[str, Trained]:
        """The networks that were trained window by window, as in the article."""
        return {name: model for name, model in self.models.items() if isinstance(model, Trained)}

    @property
    def ensembles(self) -> dict[str, TrainedEnsemble]:
        """The ensembles, which are fed their own forecasts."""
        return {name: model for name, model in self.models.items() if isinstance(model, TrainedEnsemble)}


def axis_of(made: Mapping[str, Any], calendar: Calendar | None) -> Axis:
    """The axes of a series' pictures, named as the columns of its file."""
    summary: dict[str, Any] = made.get(FOUND, {})
    return Axis(calendar, summary.get("time_column", "x"), summary.get("value_column", "y"))


def read_pipeline_run(
    data: Path, models: Mapping[str, Path], forecast: Path, recipes: Mapping[str, Recipe]
) -> PipelineRun:
    """Read a run from the folders of its steps."""
    forecasts, truth = read_forecasts(forecast / FORECAST)
    scores, fits = read_metrics(forecast / METRICS)
    trained = {name: read_model(folder, recipes[name]) for name, folder in models.items()}
    hindsight, origins = read_hindsight(forecast / METRICS)
    return PipelineRun(
        series=read_series(data / DATASET),
        recipes=recipes,
        models=trained,
        forecasts=forecasts,
        truth=truth,
        scores=scores,
        fits=fits,
        made=read_made(data / DATASET),
        calendar=read_calendar(data / DATASET),
        hindsight=hindsight,
        origins=origins,
        without=read_without_inputs(forecast / METRICS),
    )
