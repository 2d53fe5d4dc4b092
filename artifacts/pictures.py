"""Which pictures a run gets, in the order in which they tell its story, each with the words that go with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artifacts import plots
from artifacts.contents import Contents

ZOOM = 3
"""Groups of the forecast that the zoomed picture shows."""


@dataclass(frozen=True)
class Picture:
    """A picture of a run: its file's name, what it shows in words (`alt`), and how to draw it to a path."""

    name: str
    alt: str
    draw: Callable[[Path], None]


def pictures(run: Contents) -> list[Picture]:
    """All pictures of a run."""
    fits = [picture for recipe in run.trained for picture in _fit(run, recipe)]
    return [*_forecast(run), *fits, _loss(run)]


def _forecast(run: Contents) -> list[Picture]:
    def label(method: str) -> str:
        return f"{method}, RMSE {run.scores[method].rmse:.2f}" if run.scores else method

    x, y, truth = run.series.x, run.series.y, run.truth
    forecasts = {label(f.method): f for f in run.forecasts}
    steps = len(run.forecasts[0].x)
    zoom = min(ZOOM, steps)
    methods = "; ".join(forecasts)
    title, zoomed = f"Forecast, {steps} groups beyond the data", f"The first {zoom} groups of the forecast"
    made = [
        Picture(
            "forecast.png",
            f"The end of the series, the truth, and the forecasts: {methods}.",
            lambda path: plots.draw_forecast(path, x, y, truth, forecasts, title),
        ),
        Picture(
            "forecast-zoom.png",
            "The same forecasts, close up on where the data end.",
            lambda path: plots.draw_forecast(path, x, y, truth, forecasts, zoomed, zoom),
        ),
    ]
    if run.scores:
        errors = {method: score.by_step for method, score in run.scores.items()}
        by_step = f"Error by forecast step, {steps} groups ahead"
        made.append(
            Picture(
                "error-by-step.png",
                f"RMSE by step of {', '.join(errors)}, on a logarithmic scale.",
                lambda path: plots.draw_error_by_step(path, errors, by_step),
            )
        )
    return made


def _fit(run: Contents, recipe: str) -> list[Picture]:
    settings, trained = run.recipes[recipe], run.trained[recipe]
    fits = dict(zip(trained.fit_epochs, (fit.ravel() for fit in trained.fits), strict=True))
    fitted = fits[settings.epochs]
    dropped = len(run.series) - len(fitted)
    x, y = run.series.x[dropped:], run.series.y[dropped:]
    first = (settings.window - 1) * run.forecasts[0].x.shape[1]
    some = {epoch: fits[epoch] for epoch in some_epochs(trained.fit_epochs)}
    setting = f"{recipe}: learning rate {settings.lr:g}"
    title = f"Fit, {setting}, {settings.epochs} epochs: RMSE {run.fits[recipe]:.2f}"
    by_epoch = f"Fit epoch by epoch, {setting}"
    return [
        Picture(
            f"fit-{recipe}.png",
            f"The data and what the network of recipe {recipe} gave for them in its last epoch.",
            lambda path: plots.draw_fit(path, x, y, fitted, first, title, recipe),
        ),
        Picture(
            f"fit-by-epoch-{recipe}.png",
            f"The same fit after epochs {', '.join(map(str, some))}.",
            lambda path: plots.draw_fit_by_epoch(path, x, y, some, first, by_epoch, recipe),
        ),
    ]


def some_epochs(kept: tuple[int, ...], count: int = 6) -> list[int]:
    """At most `count` of the kept epochs, about evenly spread on a logarithmic scale, the first and last among them."""
    wanted = np.geomspace(kept[0], kept[-1], count)
    return sorted({min(kept, key=lambda epoch: abs(epoch - want)) for want in wanted})


def _loss(run: Contents) -> Picture:
    losses = {recipe: trained.epoch_loss for recipe, trained in run.trained.items()}
    title = "Loss by epoch"
    ends = "; ".join(f"{recipe} from {loss[0]:.3g} to {loss[-1]:.3g}" for recipe, loss in losses.items())
    return Picture("loss.png", f"Mean window loss by epoch: {ends}.", lambda path: plots.draw_loss(path, losses, title))
