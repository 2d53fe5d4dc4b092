"""The forecast on the front page: the newest that a retraining served, or else the newest of any run."""

from collections.abc import Sequence

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.files.parquet import read_table
from artifacts.files.series import CALENDAR, DATASET
from artifacts.gallery.summary import Summary
from artifacts.lifecycle.served import FLOWS
from artifacts.plots.axis import Axis
from artifacts.reports.pipeline_charts import forecast_chart, main_method
from artifacts.reports.pipeline_run import axis_of
from artifacts.store.store import Store
from artifacts.web.chart import Chart
from artifacts.web.phrases import count
from rnn.calendar import Calendar

BESIDE = ("persistence", "seasonal naive", "article")
"""Methods that the front page draws beside the main forecast, where the run has them."""


def newest(runs: Sequence[Summary], retrained: bool) -> Summary | None:
    """The newest run whose forecast can be shown; with a champion (`retrained`) one that serves, if any."""
    with_forecast = [run for run in runs if run.forecasts]
    first = [run for run in with_forecast if run.flow in FLOWS] if retrained else []
    return next(iter([*first, *with_forecast]), None)


def axis_in(store: Store, run: Summary) -> Axis:
    """The axes of the series that a run has learned from."""
    _, made = read_table(store.run(run.name).read(DATASET), ["x"])
    return axis_of(made, Calendar(**made[CALENDAR]) if made.get(CALENDAR) else None)


def chart(store: Store, run: Summary) -> Chart:
    """The run's main forecast with intervals, a few others, and the truth where it is known.

    Raises what reading the files raises (`artifacts.gallery.summary.UNREADABLE`).
    """
    folder = store.run(run.name)
    forecasts, truth = read_forecasts(folder.read(FORECAST))
    series, made = read_table(folder.read(DATASET), ["x", "y"])
    calendar = Calendar(**made[CALENDAR]) if made.get(CALENDAR) else None
    main = main_method([forecast.method for forecast in forecasts])
    shown = [forecast for forecast in forecasts if forecast.method == main or forecast.method in BESIDE]
    title = f"{'The forecast' if main == 'served' else main}, {count(forecasts[0].x.size, 'point')} ahead"
    return forecast_chart(series["x"], series["y"], shown, truth, title, axis_of(made, calendar))
