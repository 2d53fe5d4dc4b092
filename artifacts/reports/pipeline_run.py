"""What a run's files hold, written and read back: one pair of functions for each file that a step leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from artifacts.files.forecasts import FORECAST, METRICS, read_forecasts, read_hindsight, read_metrics
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
    """All that a run found out, as its pictures and its report need it. `truth` is (horizon, group_size), or None.

    Of a series that was read: `made` tells of the file, `calendar` of its times where they are no numbers, `hindsight`
    how good each method was at earlier `origins`, in points of the series.
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

    @property
    def axis(self) -> Axis:
        """What the x axis of pictures shows."""
        return axis_of(self.made, self.calendar)

    @property
    def trained(self) -> dict[str, Trained]:
        """The networks that were trained window by window, as the article's is."""
        return {name: model for name, model in self.models.items() if isinstance(model, Trained)}

    @property
    def ensembles(self) -> dict[str, TrainedEnsemble]:
        """The others: ensembles that are fed their own forecasts."""
        return {name: model for name, model in self.models.items() if isinstance(model, TrainedEnsemble)}


def axis_of(made: Mapping[str, Any], calendar: Calendar | None) -> Axis:
    """What the axes of a series' pictures show, from what its own file says of it."""
    found: dict[str, Any] = made.get(FOUND, {})
    return Axis(calendar, found.get("time_column", "x"), found.get("value_column", "y"))


def read_pipeline_run(
    data: Path, models: Mapping[str, Path], forecast: Path, recipes: Mapping[str, Recipe]
) -> PipelineRun:
    """Read what the steps left in their folders."""
    forecasts, truth = read_forecasts(forecast / FORECAST)
    scores, fits = read_metrics(forecast / METRICS)
    read = {name: read_model(folder, recipes[name]) for name, folder in models.items()}
    hindsight, origins = read_hindsight(forecast / METRICS)
    return PipelineRun(
        series=read_series(data / DATASET),
        recipes=recipes,
        models=read,
        forecasts=forecasts,
        truth=truth,
        scores=scores,
        fits=fits,
        made=read_made(data / DATASET),
        calendar=read_calendar(data / DATASET),
        hindsight=hindsight,
        origins=origins,
    )
