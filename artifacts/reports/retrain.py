"""What a retraining has to say: the verdict, fold by fold, and the forecast that is served."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from artifacts.files.forecasts import FORECAST, read_forecasts
from artifacts.files.series import DATASET, read_calendar, read_made, read_series
from artifacts.lifecycle.verdict import VERDICT, read_verdict
from artifacts.plots import figures
from artifacts.plots.axis import Axis
from artifacts.plots.figures import Picture
from artifacts.reports.anatomy import ensemble_sections
from artifacts.reports.pipeline_charts import forecast_chart
from artifacts.reports.pipeline_run import axis_of
from artifacts.reports.report import Report, Table, file_table
from artifacts.web.blocks import Section
from artifacts.web.chart import Chart, Line
from rnn.ensemble.model import TrainedEnsemble
from rnn.forecast import Forecast
from rnn.lifecycle.folds import Fold
from rnn.lifecycle.gate import Verdict
from rnn.series import Series, group, newest


@dataclass(frozen=True)
class Retraining:
    """All that a retraining found out. `made`: what the data set says of itself. `begins`: when each fold begins."""

    series: Series
    made: Mapping[str, Any]
    axis: Axis
    forecasts: list[Forecast]
    verdict: Verdict
    begins: list[str]


def read_retraining(data: Path, forecast: Path, verdict: Path) -> Retraining:
    """Read what the steps left in their folders."""
    forecasts, _ = read_forecasts(forecast / FORECAST)
    made, calendar = read_made(data / DATASET), read_calendar(data / DATASET)
    decided, begins = read_verdict(verdict / VERDICT)
    return Retraining(
        series=read_series(data / DATASET),
        made=made,
        axis=axis_of(made, calendar),
        forecasts=forecasts,
        verdict=decided,
        begins=begins,
    )


def report(found: Retraining, challenger: TrainedEnsemble, config: Mapping[str, Any]) -> Report:
    """A retraining's report: the decision in one sentence, who dissents, every fold, all pictures.

    Its anatomy is that of the `challenger` which it has trained.
    """
    folds = Table(
        "RMSE of each on every fold, in the unit of the series, oldest first: what was known when the fold begins is "
        "learned from, what came after it is forecast",
        fold_table(found),
    )
    sentences, file = [found.verdict.sentence, *dissent(found)], Table("The file", file_table(found.made))
    shown = pictures(found)
    inside = anatomy(found, challenger, config.get("newest"))
    return Report(
        flow="retrain",
        title=headline(found),
        verdict=sentences,
        tables=[folds, file],
        pictures=shown,
        config=config,
        sections=sections(found),
        anatomy=inside,
    )


def headline(found: Retraining) -> str:
    """The decision in a few words."""
    naive = found.verdict.evidence.naive
    said = {"promote": "The new network is promoted", "keep": "The champion is kept"}
    return said.get(found.verdict.decision, f"{naive.capitalize()} is served: nothing learned is better")


def sections(found: Retraining) -> list[Section]:
    """The forecast that is served, and the errors by fold, as charts."""
    steps = len(found.forecasts[0].x)
    title = f"{steps} group{'s' if steps > 1 else ''} beyond the data"
    forecast = forecast_chart(found.series.x, found.series.y, found.forecasts, None, title, found.axis)
    errors = errors_by_fold(found)
    numbers = np.arange(1.0, len(found.begins) + 1)
    lines = [Line.of_method(name, numbers, np.array(values)) for name, values in errors.items()]
    alt = f"RMSE of {', '.join(errors)} on each of {len(numbers)} folds, on a logarithmic axis."
    names = dict(zip(numbers.tolist(), found.begins, strict=True))
    folds = Chart(
        title="Error by fold", alt=alt, lines=lines, x_label="fold begins", y_label="RMSE", log_y=True, names=names
    )
    return [
        Section("The forecast", "What is served from now on, beside what it was weighed against.", [forecast]),
        Section("Fold by fold", "Each learned from what was known when the fold begins.", [folds]),
    ]


def anatomy(found: Retraining, challenger: TrainedEnsemble, points: int | None) -> list[Section]:
    """The challenger from within, over the newest `points` that it learned from (None: all) and its own forecast."""
    horizon, size = found.forecasts[0].x.shape
    fate = {
        "promote": "was promoted: it became the champion",
        "keep": "was not promoted: the champion stays",
        "serve naive": f"was not promoted: '{found.verdict.evidence.naive}' is served",
    }[found.verdict.decision]
    learned, lead = group(newest(found.series, points), size), f"The challenger, which this run trained, {fate}. "
    return list(ensemble_sections("challenger", challenger, learned, horizon, found.axis, lead))


def errors_by_fold(found: Retraining) -> dict[str, list[float]]:
    """The RMSE on each fold of the challenger, the champion if there is one, and the naive forecasts."""
    folds = found.verdict.evidence.folds
    errors = {"challenger": [fold.challenger for fold in folds]}
    if found.verdict.evidence.champion is not None:
        errors["champion"] = [fold.champion or 0.0 for fold in folds]
    return errors | {name: [fold.naive[name] for fold in folds] for name in folds[0].naive}


def fold_table(found: Retraining) -> list[dict[str, str]]:
    """One row a fold, rounded for reading."""
    return [
        {
            "fold begins": begins,
            "challenger": f"{fold.challenger:.4g}",
            "champion": "–" if fold.champion is None else f"{fold.champion:.4g}",
            "champion was": fold.champion_was or "–",
            **{name: f"{error:.4g}" for name, error in fold.naive.items()},
        }
        for begins, fold in zip(found.begins, found.verdict.evidence.folds, strict=True)
    ]


def dissent(found: Retraining) -> list[str]:
    """The folds that speak against the decision, in a sentence; none when all agree."""
    evidence, decision = found.verdict.evidence, found.verdict.decision

    def against(fold: Fold) -> bool:
        better_than_naive = fold.challenger < fold.naive[evidence.naive]
        no_worse = fold.champion is None or fold.challenger <= fold.champion
        return (better_than_naive and no_worse) != (decision == "promote")

    others = [begins for begins, fold in zip(found.begins, evidence.folds, strict=True) if against(fold)]
    if not others:
        return []
    which = ", ".join(others)
    return [f"{len(others)} of {len(evidence.folds)} folds, taken alone, would decide otherwise: {which}."]


def pictures(found: Retraining) -> list[Picture]:
    """The forecast, its intervals, and the errors by fold."""
    x, y, shown = found.series.x, found.series.y, {f.method: f for f in found.forecasts}
    axis = found.axis
    steps = len(found.forecasts[0].x)
    title = f"Forecast, {steps} groups beyond the data"
    made = [
        Picture(
            "forecast.png",
            f"The end of the series, and what is said of the time after it by: {', '.join(shown)}.",
            lambda path: figures.draw_forecast(path, x, y, None, shown, title, axis=axis),
        ),
        Picture(
            "verdict.png",
            "RMSE of challenger, champion and naive forecasts on each fold, on a logarithmic scale.",
            lambda path: draw_folds(path, found),
        ),
    ]
    if any(f.intervals for f in found.forecasts):
        intervals = Picture(
            "intervals.png",
            "Each forecast with its 50 % and 90 % intervals.",
            lambda path: figures.draw_intervals(path, x, y, None, found.forecasts, "Where the truth should lie", axis),
        )
        made.insert(1, intervals)
    return made


def draw_folds(path: Path, found: Retraining) -> None:
    """RMSE by fold, one line each for challenger, champion and the naive forecasts."""
    lines = errors_by_fold(found)
    with figures.picture(path) as axes:
        ax = axes[0, 0]
        for name, errors in lines.items():
            style = figures.LINES.get(name, "-")
            ax.plot(
                np.arange(len(errors)),
                errors,
                style,
                color=figures.colour_of(name),
                label=name,
                marker="o",
                markersize=4,
            )
        ax.set_xticks(np.arange(len(found.begins)), found.begins, rotation=30, ha="right", fontsize=8.5)
        figures.log_y(ax)
        figures.finish(ax, "Error by fold", "the fold begins after", "RMSE")
