"""Charts of the main job: the forecasts, their errors, the fit epoch by epoch, the loss, the data."""

from collections.abc import Iterator, Sequence

import numpy as np

from artifacts.plots.axis import Axis
from artifacts.plots.figures import spoken
from artifacts.reports.pipeline_run import PipelineRun
from artifacts.reports.yardstick import yardstick
from artifacts.web.blocks import Section, Stat
from artifacts.web.chart import Chart, Line, Mark
from artifacts.web.pages import short
from artifacts.web.phrases import REPEATS, count
from artifacts.web.scales import Scale
from artifacts.web.scrubber import Scrubber
from rnn.arrays import Array
from rnn.forecast import Forecast
from rnn.recipes import is_windowed

BEFORE, FEWEST = 1.5, 40
"""The length of the series drawn before the forecast, as a multiple of the horizon, and in points at least."""

LONG = 300
"""A series of more points is drawn with its mean over a season, which is easier to follow."""

ENOUGH = 0.8
"""A 90 % interval that holds less than this share of the truth is marked as bad."""

PLAIN = Axis()

FIRST = ("served", "autoregressive", "article", "untuned")
"""The main method of a run is the first of these that it has: its intervals and figures are shown first."""


def main_method(methods: Sequence[str]) -> str:
    """The main method of a run: the first of FIRST among `methods`, or else the first of them."""
    return next((name for name in FIRST if name in methods), methods[0])


def sections(run: PipelineRun) -> list[Section]:
    """All sections of a run's page, in order."""
    return [_forecast(run), *_errors(run), *_training(run), _data(run)]


def stats(run: PipelineRun) -> list[Stat]:
    """The few figures at the top of the page."""
    method = main_method([forecast.method for forecast in run.forecasts])
    horizon, size = run.forecasts[0].x.shape
    length = Stat(
        "Horizon",
        count(horizon * size, "point"),
        f"{count(horizon, 'group')} of {size}, from a series of {len(run.series)}",
    )
    known = run.scores or run.hindsight
    if method not in known:
        return [length, Stat("Error", "not known yet", "what really follows has not arrived")]
    score, where = known[method], "over the whole horizon" if run.scores else "at earlier origins"
    bar = yardstick({name: each.rmse for name, each in known.items()})
    return [
        Stat(f"Error of {method}", short(score.rmse), f"RMSE {where}, in the unit of {run.axis.y_name}"),
        *([against_naive(bar.ratio(score.rmse), bar.naive)] if bar else []),
        *([inside90(score.intervals.coverage90)] if score.intervals else []),
        length,
    ]


def against_naive(ratio: float, naive: str) -> Stat:
    """A figure on an error's `ratio` to that of the best naive forecast, a method by name."""
    name = f"Against {REPEATS.get(naive, naive)}"
    if not np.isfinite(ratio):
        return Stat(name, "worse", f"use '{naive}'", "bad")
    if ratio < 1:
        return Stat(
            name, f"{short(1 / ratio)}× better" if ratio else "no error", f"{short(ratio)} of its error", "good"
        )
    return Stat(name, f"{short(ratio)}× its error", f"use '{naive}'", "bad")


def inside90(share: float) -> Stat:
    """A figure on the share of the truth within the 90 % intervals."""
    mood = "" if share >= ENOUGH else "bad"
    return Stat("Inside the 90 % interval", f"{share:.0%}", "of the points that really followed", mood)


def forecast_chart(
    x: Array,
    y: Array,
    forecasts: Sequence[Forecast],
    truth: Array | None,
    title: str,
    axis: Axis = PLAIN,
) -> Chart:
    """A chart of the series' end, the truth where it is known, and all forecasts; intervals of one at a time."""
    main = main_method([forecast.method for forecast in forecasts])
    ahead = forecasts[0].x
    span = float(ahead.max() - x[-1]) or 1.0
    near = x >= min(x[-1] - BEFORE * span, x[-min(FEWEST, len(x))])
    lines = [Line.of_data("data", x[near], y[near])]
    if truth is not None:
        lines.append(Line.of_data("truth", ahead, truth, "truth"))
    ordered = sorted(forecasts, key=lambda forecast: forecast.method != main)
    lines += [Line.of_method(f.method, f.x, f.y, f.intervals) for f in ordered]
    by = ", ".join(spoken(f.method) for f in ordered)
    drawn = f"The series up to {axis.x_name} = {axis.shown(float(x[-1]))} and {len(ahead)} groups of forecast by {by}"
    alt = f"{drawn}, and the truth." if truth is not None else f"{drawn}."
    marks = [Mark(float(x[-1]), "forecast →")]
    return Chart(
        title=title,
        alt=alt,
        lines=lines,
        x_label=axis.x_name,
        y_label=axis.y_name,
        marks=marks,
        y_range=_within(lines, ordered[0]),
        names=named(axis, lines),
        tall=True,
    )


def named(axis: Axis, lines: Sequence[Line]) -> dict[float, str] | None:
    """The label of each x of the lines, where the series has dates."""
    if axis.calendar is None:
        return None
    x = np.unique(np.concatenate([line.x for line in lines]))
    return dict(zip(x.tolist(), axis.calendar.shown(axis.calendar.times(x)), strict=True))


def _within(lines: Sequence[Line], main: Forecast) -> Scale:
    """The y axis: data, truth and the main forecast with its intervals fit on it, other forecasts up to a limit."""
    within = [line.y for line in lines if line.colour in {"data", "truth"}] + [main.y]
    if main.intervals:
        within += [main.intervals.lower90, main.intervals.upper90]
    inner = Scale.of(within, margin=0)
    reach = inner.high / 2 - inner.low / 2
    others = [
        np.clip(np.nan_to_num(line.y, posinf=inner.high), inner.low - reach, inner.high + reach) for line in lines
    ]
    return Scale.of([*within, *others])


def _forecast(run: PipelineRun) -> Section:
    title = f"{count(run.forecasts[0].x.size, 'point')} beyond the data"
    chart = forecast_chart(run.series.x, run.series.y, run.forecasts, run.truth, title, run.axis)
    return Section(
        "The forecast",
        "Point at the chart or use the arrow keys to read values. The names above it switch lines on and off.",
        [chart],
    )


def _errors(run: PipelineRun) -> Iterator[Section]:
    known = run.scores or run.hindsight
    main = main_method(list(known)) if known else ""
    if not known or len(known[main].by_step) < 2:  # of a single step the tables say it all
        return
    ordered = sorted(known, key=lambda method: (method != main, known[method].rmse))
    lines = [
        Line.of_method(method, np.arange(1.0, len(known[method].by_step) + 1), known[method].by_step)
        for method in ordered
    ]
    ends = "; ".join(f"{line.name} from {short(line.y[0])} to {short(line.y[-1])}" for line in lines)
    chart = Chart(
        title="Error by step",
        alt=f"RMSE by groups ahead, on a logarithmic axis: {ends}.",
        lines=lines,
        x_label="step",
        y_label="RMSE",
        log_y=True,
    )
    against = "the truth" if run.scores else f"the outcomes at {len(run.origins)} earlier origins of the series"
    yield Section("How far off it is", f"RMSE at each step of the forecast, against {against}.", [chart])


def _training(run: PipelineRun) -> Iterator[Section]:
    for name, trained in run.trained.items():
        recipe = run.recipes[name]
        if not is_windowed(recipe):
            continue
        points = trained.fits.shape[1] * trained.fits.shape[2]
        first = (recipe.window - 1) * trained.fits.shape[2]
        fits = trained.fits.reshape(len(trained.fits), -1)[:, first:]
        x, y = (values[len(run.series) - points :][first:] for values in (run.series.x, run.series.y))
        title = f"{name}, learning rate {recipe.lr:g}"
        yield Section(
            f"How {name} learned",
            f"The fit, epoch by epoch ({len(trained.fit_epochs)} of {recipe.epochs}): press play or move the slider.",
            [
                Scrubber(
                    title=title, method=name, x=x, y=y, epochs=trained.fit_epochs, fits=fits, loss=trained.epoch_loss
                )
            ],
        )
    networks = {name: model for name, model in run.ensembles.items() if len(model.loss)}
    if networks:
        lines = [
            Line.of_method(name, np.arange(1.0, len(model.loss) + 1), model.loss) for name, model in networks.items()
        ]
        ends = "; ".join(f"{line.name} from {short(line.y[0])} to {short(line.y[-1])}" for line in lines)
        chart = Chart(
            title="Loss",
            alt=f"Loss by iteration: {ends}.",
            lines=lines,
            x_label="iteration",
            y_label="mean squared one-step error, scaled",
            log_y=True,
        )
        title = f"How {' and '.join(networks)} learned"
        yield Section(
            title, "The recurrent networks' loss by iteration; the linear readouts are solved for at the end.", [chart]
        )


def _data(run: PipelineRun) -> Section:
    x, y, axis = run.series.x, run.series.y, run.axis
    ends = f"{axis.shown(float(x[0]))} to {axis.shown(float(x[-1]))}"
    alt = f"{len(x)} points, {axis.x_name} from {ends}; {axis.y_name} between {y.min():.4g} and {y.max():.4g}."
    lines = [Line.of_data("data", x, y), *_trend(run)]
    names = named(axis, lines)
    chart = Chart(
        title="The whole series",
        alt=alt,
        lines=lines,
        x_label=axis.x_name,
        y_label=axis.y_name,
        names=names,
        table=False,
    )
    return Section("The data", alt, [chart])


def _trend(run: PipelineRun) -> list[Line]:
    """The mean over a season, of a long series that has one: by itself it is a grey band from edge to edge."""
    x, y = run.series.x, run.series.y
    season = run.series.known_seasons.main(y)
    if len(y) <= LONG or season < 2 or season > len(y) // 2:
        return []
    mean = np.convolve(y, np.full(season, 1 / season), "valid")
    middle = x[season // 2 : season // 2 + len(mean)]
    return [Line.of_data(f"mean of {season} points", middle, mean, "truth")]
