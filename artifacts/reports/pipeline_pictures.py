"""The pictures of a run of the main job, in the order in which the report shows them, each with its caption."""

import numpy as np

from artifacts.plots import figures
from artifacts.plots.animation import FRAMES, draw_training
from artifacts.plots.figures import Picture
from artifacts.reports.pipeline_run import PipelineRun
from rnn.arrays import Array
from rnn.elman.training import Trained
from rnn.recipes import ArticleRecipe, is_windowed

ZOOM = 3
"""Groups of the forecast that the zoomed picture shows."""


def pictures(run: PipelineRun) -> list[Picture]:
    """All pictures of a run."""
    fits = []
    for name, trained in run.trained.items():
        recipe = run.recipes[name]
        if is_windowed(recipe):
            fits += _fit(run, name, recipe, trained)
    return [*_forecast(run), *fits, *_loss(run)]


def _forecast(run: PipelineRun) -> list[Picture]:
    def label(method: str) -> str:
        return f"{method}, RMSE {run.scores[method].rmse:.3g}" if run.scores else method

    x, y, truth = run.series.x, run.series.y, run.truth
    forecasts = {label(f.method): f for f in run.forecasts}
    axis, steps = run.axis, len(run.forecasts[0].x)
    zoom = min(ZOOM, steps)
    methods = "; ".join(forecasts)
    title, zoomed = f"Forecast, {steps} groups beyond the data", f"The first {zoom} groups of the forecast"
    made = [
        Picture(
            "forecast.png",
            f"The end of the series, the truth, and the forecasts: {methods}.",
            lambda path: figures.draw_forecast(path, x, y, truth, forecasts, title, axis=axis),
        ),
        Picture(
            "forecast-zoom.png",
            "The same forecasts, close up on where the data end.",
            lambda path: figures.draw_forecast(path, x, y, truth, forecasts, zoomed, zoom, axis=axis),
        ),
    ]
    if any(f.intervals for f in run.forecasts):
        made.append(
            Picture(
                "intervals.png",
                f"Each method's forecast with its 50 % and 90 % intervals{_held(run)}.",
                lambda path: figures.draw_intervals(
                    path, x, y, truth, run.forecasts, "Where the truth should lie", run.axis
                ),
            )
        )
    return [*made, *_by_step(run)]


def _by_step(run: PipelineRun) -> list[Picture]:
    """The errors by step ahead: against the truth where it is known, else at earlier origins."""
    made, steps = [], len(run.forecasts[0].x)
    if run.scores:
        errors = {method: score.by_step for method, score in run.scores.items()}
        by_step = f"Error by forecast step, {steps} groups ahead"
        made.append(
            Picture(
                "error-by-step.png",
                f"RMSE by step of {', '.join(errors)}, on a logarithmic scale.",
                lambda path: figures.draw_error_by_step(path, errors, by_step),
            )
        )
    if run.hindsight:
        were = {method: score.by_step for method, score in run.hindsight.items()}
        count = len(run.origins)
        earlier = f"Error by forecast step, at {count} earlier origin{'s'[: count > 1]}"
        made.append(
            Picture(
                "error-by-step.png",
                f"RMSE by step of {', '.join(were)} at earlier origins, on a logarithmic scale.",
                lambda path: figures.draw_error_by_step(path, were, earlier, "RMSE against what came"),
            )
        )
    return made


def _held(run: PipelineRun) -> str:
    """How many points of the truth lie within the 90 % intervals, in words."""
    held = [f"{method} {s.intervals.coverage90:.0%}" for method, s in run.scores.items() if s.intervals]
    return f"; the 90 % interval holds so many points of the truth: {', '.join(held)}" if held else ""


def _fit(run: PipelineRun, name: str, recipe: ArticleRecipe, trained: Trained) -> list[Picture]:
    fits = dict(zip(trained.fit_epochs, (fit.ravel() for fit in trained.fits), strict=True))
    fitted = fits[recipe.epochs]
    dropped = len(run.series) - len(fitted)
    x, y, labels = run.axis(run.series.x[dropped:]), run.series.y[dropped:], run.axis.labels
    first = (recipe.window - 1) * run.forecasts[0].x.shape[1]
    some = {epoch: fits[epoch] for epoch in some_epochs(trained.fit_epochs)}
    moving = {epoch: fits[epoch][first:] for epoch in some_epochs(trained.fit_epochs, FRAMES)}
    setting = f"{name}: learning rate {recipe.lr:g}"
    title = f"Fit, {setting}, {recipe.epochs} epochs: RMSE {run.fits[name]:.2f}"
    by_epoch = f"Fit epoch by epoch, {setting}"
    return [
        Picture(
            f"fit-{name}.png",
            f"The data and what the network of recipe {name} gave for them in its last epoch.",
            lambda path: figures.draw_fit(path, x, y, fitted, first, title, name, labels=labels),
        ),
        Picture(
            f"fit-by-epoch-{name}.png",
            f"The same fit after epochs {', '.join(map(str, some))}.",
            lambda path: figures.draw_fit_by_epoch(path, x, y, some, first, by_epoch, name),
        ),
        Picture(
            f"training-{name}.gif",
            f"The same fit as it changes from epoch to epoch: {len(moving)} of them, one after the other.",
            lambda path: draw_training(path, x[first:], y[first:], moving, setting, name),
        ),
    ]


def some_epochs(kept: tuple[int, ...], count: int = 6) -> list[int]:
    """At most `count` of the kept epochs, about evenly spread on a logarithmic scale, the first and last among them."""
    wanted = np.geomspace(kept[0], kept[-1], count)
    return sorted({min(kept, key=lambda epoch: abs(epoch - want)) for want in wanted})


def _loss(run: PipelineRun) -> list[Picture]:
    """The two kinds of recipe measure different things, so each has a picture of its own."""
    windowed = {name: model.epoch_loss for name, model in run.trained.items()}
    fed_back = {name: model.loss for name, model in run.ensembles.items() if len(model.loss)}
    kinds = [
        ("loss.png", windowed, "Loss by epoch", "epoch", "mean loss of a window, Σ(y − target)²"),
        ("loss-ensemble.png", fed_back, "Loss by iteration", "iteration", "mean squared one-step error, scaled"),
    ]
    return [_loss_picture(*kind) for kind in kinds if kind[1]]


def _loss_picture(file: str, losses: dict[str, Array], title: str, time: str, unit: str) -> Picture:
    ends = "; ".join(f"{recipe} from {loss[0]:.3g} to {loss[-1]:.3g}" for recipe, loss in losses.items())
    return Picture(file, f"{title}: {ends}.", lambda path: figures.draw_loss(path, losses, title, time, unit))
