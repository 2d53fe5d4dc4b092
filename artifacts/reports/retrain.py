"""The report of a retraining: the verdict, the errors by fold, and the forecast that is served."""

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
from artifacts.plots.figures import Picture, spoken
from artifacts.reports.anatomy import ensemble_sections
from artifacts.reports.known_inputs import known_tables
from artifacts.reports.pipeline_charts import forecast_chart
from artifacts.reports.pipeline_run import axis_of
from artifacts.reports.report import Report, Table, file_table
from artifacts.web.blocks import Section
from artifacts.web.chart import Chart, Line
from artifacts.web.phrases import count
from rnn.ensemble.model import TrainedEnsemble
from rnn.forecast import Forecast
from rnn.lifecycle.folds import Fold
from rnn.lifecycle.gate import Verdict
from rnn.series import Series, group, newest


@dataclass(frozen=True)
class Retraining:
    """A retraining. `made`: the metadata of its data set. `begins`: the beginning of each fold, as text."""

    series: Series
    made: Mapping[str, Any]
    axis: Axis
    forecasts: list[Forecast]
    verdict: Verdict
    begins: list[str]


def read_retraining(data: Path, forecast: Path, verdict: Path) -> Retraining:
    """Read a retraining from the folders of its steps."""
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


def report(retraining: Retraining, challenger: TrainedEnsemble, config: Mapping[str, Any]) -> Report:
    """A retraining's report: the decision in one sentence, the folds that oppose it, every fold, all pictures.

    Its anatomy is that of the `challenger` that it trained.
    """
    folds = Table(
        "RMSE on each fold, in the unit of the series, oldest first: each model learns from the points before the fold "
        "begins and forecasts those after it",
        fold_table(retraining),
    )
    file = Table("The file", file_table(retraining.made))
    return Report(
        flow="retrain",
        title=headline(retraining),
        sentences=[retraining.verdict.sentence, *dissent(retraining)],
        tables=[folds, *known_tables({"challenger": challenger}, {}, {}), file],
        pictures=pictures(retraining),
        config=config,
        sections=sections(retraining),
        anatomy=anatomy(retraining, challenger, config.get("newest")),
    )


def headline(retraining: Retraining) -> str:
    """The decision in a few words."""
    naive = retraining.verdict.evidence.naive
    decisions = {"promote": "The new model is promoted", "keep": "The champion is kept"}
    return decisions.get(retraining.verdict.decision, f"{naive.capitalize()} is served: nothing learned is better")


def sections(retraining: Retraining) -> list[Section]:
    """Charts of the forecast that is served, and of the errors by fold."""
    title = f"{count(retraining.forecasts[0].x.size, 'point')} beyond the data"
    forecast = forecast_chart(
        retraining.series.x, retraining.series.y, retraining.forecasts, None, title, retraining.axis
    )
    errors = errors_by_fold(retraining)
    numbers = np.arange(1.0, len(retraining.begins) + 1)
    lines = [Line.of_method(name, numbers, np.array(values)) for name, values in errors.items()]
    alt = f"RMSE of {', '.join(errors)} on each of {len(numbers)} folds, on a logarithmic axis."
    names = dict(zip(numbers.tolist(), retraining.begins, strict=True))
    folds = Chart(
        title="Error by fold", alt=alt, lines=lines, x_label="fold begins", y_label="RMSE", log_y=True, names=names
    )
    return [
        Section("The forecast", "The forecast that is served from now on, and those it was compared with.", [forecast]),
        Section("Fold by fold", "Each model learned from the points before the fold begins.", [folds]),
    ]


def anatomy(retraining: Retraining, challenger: TrainedEnsemble, points: int | None) -> list[Section]:
    """The challenger's anatomy over the newest `points` that it learned from (None: all) and over its own forecast."""
    horizon, size = retraining.forecasts[0].x.shape
    fate = {
        "promote": "was promoted: it became the champion",
        "keep": "was not promoted: the champion stays",
        "serve naive": f"was not promoted: '{retraining.verdict.evidence.naive}' is served",
    }[retraining.verdict.decision]
    learned, lead = group(newest(retraining.series, points), size), f"The challenger, which this run trained, {fate}. "
    return list(ensemble_sections("challenger", challenger, learned, horizon, retraining.axis, lead))


def errors_by_fold(retraining: Retraining) -> dict[str, list[float]]:
    """The RMSE on each fold, by name: challenger, champion if there is one, naive forecasts."""
    folds = retraining.verdict.evidence.folds
    errors = {"challenger": [fold.challenger for fold in folds]}
    if retraining.verdict.evidence.champion is not None:
        errors["champion"] = [fold.champion or 0.0 for fold in folds]
    return errors | {name: [fold.naive[name] for fold in folds] for name in folds[0].naive}


def fold_table(retraining: Retraining) -> list[dict[str, str]]:
    """One row a fold, rounded for reading."""
    return [
        {
            "fold begins": begins,
            "challenger": f"{fold.challenger:.4g}",
            "champion": "–" if fold.champion is None else f"{fold.champion:.4g}",
            "champion was": fold.champion_was or "–",
            **{name: f"{error:.4g}" for name, error in fold.naive.items()},
        }
        for begins, fold in zip(retraining.begins, retraining.verdict.evidence.folds, strict=True)
    ]


def dissent(retraining: Retraining) -> list[str]:
    """A sentence on the folds that, taken alone, oppose the decision; none when all agree."""
    evidence, decision = retraining.verdict.evidence, retraining.verdict.decision
    if decision != "promote" and evidence.beats_naive and evidence.not_worse:
        return []  # the same model as the champion's is not promoted whatever the folds say

    def against(fold: Fold) -> bool:
        better_than_naive = fold.challenger < fold.naive[evidence.naive]
        no_worse = fold.champion is None or fold.challenger <= fold.champion
        return (better_than_naive and no_worse) != (decision == "promote")

    others = [begins for begins, fold in zip(retraining.begins, evidence.folds, strict=True) if against(fold)]
    if not others:
        return []
    which = ", ".join(others)
    return [f"{len(others)} of {len(evidence.folds)} folds, taken alone, would decide otherwise: {which}."]


def pictures(retraining: Retraining) -> list[Picture]:
    """The forecast, its intervals, and the errors by fold."""
    x, y, shown = retraining.series.x, retraining.series.y, {spoken(f.method): f for f in retraining.forecasts}
    axis = retraining.axis
    steps = len(retraining.forecasts[0].x)
    title = f"Forecast, {steps} groups beyond the data"
    made = [
        Picture(
            "forecast.png",
            f"The end of the series, and the forecasts by: {', '.join(shown)}.",
            lambda path: figures.draw_forecast(path, x, y, None, shown, title, axis=axis),
        ),
        Picture(
            "verdict.png",
            "RMSE of challenger, champion and naive forecasts on each fold, on a logarithmic scale.",
            lambda path: draw_folds(path, retraining),
        ),
    ]
    if any(f.intervals for f in retraining.forecasts):
        intervals = Picture(
            "intervals.png",
            "Each forecast with its 50 % and 90 % intervals.",
            lambda path: figures.draw_intervals(
                path, x, y, None, retraining.forecasts, "Where the truth should lie", axis
            ),
        )
        made.insert(1, intervals)
    return made


def draw_folds(path: Path, retraining: Retraining) -> None:
    """Draw the RMSE by fold, one line each for challenger, champion and the naive forecasts."""
    lines = errors_by_fold(retraining)
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
        ax.set_xticks(np.arange(len(retraining.begins)), retraining.begins, rotation=30, ha="right", fontsize=8.5)
        figures.log_y(ax)
        figures.finish(ax, "Error by fold", "the fold begins after", "RMSE")
