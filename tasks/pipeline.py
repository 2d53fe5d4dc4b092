"""The main job's own steps: earlier origins, forecasts, pictures, the run folder."""

from dataclasses import replace
from itertools import count
from typing import Any

from prefect import get_run_logger, task

from artifacts.files.forecasts import (
    FORECAST,
    HINDSIGHT,
    METRICS,
    REHEARSALS,
    WITHOUT,
    read_hindsight,
    read_rehearsals,
    write_forecasts,
    write_hindsight,
    write_metrics,
    write_rehearsals,
)
from artifacts.files.models import read_forecaster, read_trained
from artifacts.files.series import DATASET, FOUND, GROUPS, read_calendar, read_groups
from artifacts.reports.pipeline_run import read_pipeline_run
from artifacts.store.cache import Entry
from rnn.datasets.xsinx import curve
from rnn.errors import SeriesTooShort
from rnn.evaluation.backtest import Backtest, backtest_groups, score_backtests
from rnn.evaluation.forecast_all import forecast_all
from rnn.evaluation.methods import COMPARED, COMPARED_ON_OWN, make, of_recipe
from rnn.forecast import GridName
from rnn.forecaster import Forecaster
from rnn.kept_results import KeptResults
from rnn.metrics import fit_rmse, score
from rnn.origins import ORIGINS, rolling_origins
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, Recipe, is_windowed
from rnn.series import Groups, ungroup
from tasks.support.draw import drawn
from tasks.support.kept_parts import kept_parts
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, put_run
from tasks.support.step import cache_of, made_by, step


@step(name="forecast", task_run_name="forecast with every method")
def forecast(
    store: str,
    groups: Entry,
    models: dict[str, Entry],
    rehearsed: Entry,
    recipes: dict[str, Recipe],
    grid: GridName,
    horizon: int,
    seed: int,
    *,
    own: Entry | None = None,
) -> Entry:
    """Forecast with every model and what it is compared with; leave `forecast.parquet` and `metrics.json`.

    Of the user's `own` data nobody knows what follows: the metrics are those of earlier origins.
    """
    data = read_groups(groups / GROUPS)
    series = ungroup(data)
    trained = {name: read_forecaster(models[name].folder, one, series, name) for name, one in recipes.items()}
    errors = read_rehearsals(rehearsed / REHEARSALS)
    compared = {name: make(name, data.group_size, seed) for name in (COMPARED if own is None else COMPARED_ON_OWN)}
    forecasts = forecast_all(data, trained, compared, errors, grid, horizon)
    truth = curve(forecasts[0].x) if own is None else None
    calendar = None if own is None else read_calendar(own / DATASET)
    fits = {
        name: fit_rmse(read_trained(models[name].folder).fitted, data.y[:, :, 0], recipe.window)
        for name, recipe in recipes.items()
        if is_windowed(recipe)
    }
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECAST, forecasts, truth, calendar)
        scores = {} if truth is None else score(forecasts, truth)
        hindsight, origins = read_hindsight(rehearsed / HINDSIGHT)
        without, _ = read_hindsight(rehearsed / WITHOUT)
        write_metrics(folder / METRICS, scores, fits, hindsight, origins, without)
    return folder.entry


@step(name="rehearse", task_run_name="rehearse at earlier origins")
def rehearse(
    store: str,
    groups: Entry,
    recipes: dict[str, ArticleRecipe],
    horizon: int,
    seed: int,
    judged: dict[str, AutoregressiveRecipe] | None = None,
) -> Entry:
    """Backtest the windowed `recipes` and the methods that they are compared with; leave `rehearsals.npz`.

    Each fold is kept until the step has ended, so that a killed one goes on with the others. An ensemble rehearses in
    the course of its training. Where the truth will not be known the ensembles are `judged` by the same origins all the
    same, and how good everybody was there is left as `hindsight.json`; where inputs are known ahead, how good it would
    have been without them as `without_inputs.json`. A series that is too short leaves nothing, and says so.
    """
    data = read_groups(groups / GROUPS)
    size = data.group_size
    methods = {name: make(name, size, seed) for name in (COMPARED if judged is None else COMPARED_ON_OWN)}
    trained: dict[str, Recipe] = {**recipes, **(judged or {})}
    methods |= {name: of_recipe(recipe, size, seed, name) for name, recipe in trained.items()}
    kept = kept_parts(store, "rehearse", {"groups": groups, "recipes": trained, "horizon": horizon, "seed": seed})
    with cache_of(store).filling(made_by()) as folder:
        try:
            tests = _backtests(store, data, methods, horizon, kept)
        except SeriesTooShort as short:
            get_run_logger().warning("no intervals: %s", short)
            tests = {}
        known = {name: test.errors for name, test in tests.items() if name not in (judged or {})}
        write_rehearsals(folder / REHEARSALS, known)
        if judged is not None and tests:
            origins = [data.dropped + origin * size for origin in tests["persistence"].origins]
            write_hindsight(folder / HINDSIGHT, score_backtests(tests), origins)
            if data.known is not None:
                using = {name: methods[name] for name in ("persistence", "ridge autoregression", *judged)}
                plain = score_backtests(backtest_groups(replace(data, known=None), using, horizon))
                write_hindsight(folder / WITHOUT, {n: plain[n] for n in using if n != "persistence"}, origins)
    kept.remove()
    return folder.entry


def _backtests(
    store: str, data: Groups, methods: dict[str, Forecaster], horizon: int, kept: KeptResults
) -> dict[str, Backtest]:
    """The backtest of each method, with a bar. Raises SeriesTooShort."""
    folds = len(methods) * len(rolling_origins(len(data), horizon, ORIGINS))
    with progress("rehearsal", store, "forecasting from earlier origins", folds) as advance:
        done = count(1)
        return backtest_groups(data, methods, horizon, kept, lambda name: advance(next(done), name))


@step(name="draw", task_run_name="draw the pictures")
def draw(store: str, data: Entry, models: dict[str, Entry], forecast: Entry, recipes: dict[str, Recipe]) -> Entry:
    """Draw all pictures of the main job."""
    from artifacts.reports.pipeline_pictures import pictures  # Matplotlib takes a second to import

    folders = {name: entry.folder for name, entry in models.items()}
    return drawn(store, pictures(read_pipeline_run(data.folder, folders, forecast.folder, recipes)))


@task(name="publish", task_run_name="publish the run", **PUBLISHING)
def publish(
    store: str,
    data: Entry,
    models: dict[str, Entry],
    rehearsed: Entry,
    forecast: Entry,
    pictures: Entry,
    recipes: dict[str, Recipe],
    config: dict[str, Any],
) -> str:
    """Put the main job's run folder in place and publish its report; returns where the folder is."""
    from artifacts.reports import pipeline

    run = read_pipeline_run(
        data.folder, {name: entry.folder for name, entry in models.items()}, forecast.folder, recipes
    )
    trainings = {f"train {name}": entry for name, entry in models.items()}
    first = "read" if FOUND in run.made else "generate"
    steps = {first: data, **trainings, "rehearse": rehearsed, "forecast": forecast, "draw": pictures}
    parts = {"": [data, forecast], "plots": [pictures], **{f"models/{n}": [e] for n, e in models.items()}}
    kernels = {name: trained.kernel for name, trained in run.trained.items()} | dict.fromkeys(run.ensembles, "lockstep")
    return put_run(store, pipeline.report(run, config), parts, steps, kernels, ("report", "forecast-error"))
