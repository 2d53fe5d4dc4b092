"""The steps of a retraining: check for news, the gate, the served forecast, pictures, the run folder."""

from itertools import count
from typing import Any

import numpy as np
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from artifacts.files.forecasts import FORECAST, write_forecasts
from artifacts.files.models import read_ensemble
from artifacts.files.series import DATASET, read_calendar, read_series, read_times
from artifacts.lifecycle.contender import load_champion
from artifacts.lifecycle.latest import renew_latest
from artifacts.lifecycle.mlflow_mirror import NotMirrored, mirror
from artifacts.lifecycle.registry import ChampionChanged, Promotion, Registry
from artifacts.lifecycle.served import newest_served, publishing_moment
from artifacts.lifecycle.verdict import VERDICT, read_serves, write_verdict
from artifacts.reports import retrain
from artifacts.reports.run_folder import put_run_folder
from artifacts.store.cache import Entry
from artifacts.store.digests import digest_files, digest_package
from artifacts.store.manifest import without_passwords
from artifacts.store.store import Store
from rnn.arrays import AnyArray
from rnn.calendar import Calendar
from rnn.lifecycle.folds import Contender, Terms, score_folds
from rnn.lifecycle.gate import judge
from rnn.lifecycle.serving import served_beside
from rnn.origins import fold_origins
from rnn.recipes import AutoregressiveRecipe
from tasks.support.draw import drawn
from tasks.support.events import announce_promotion
from tasks.support.kept_parts import kept_parts
from tasks.support.progress import progress
from tasks.support.publish import PUBLISHING, announce_run, execution, run_name
from tasks.support.step import cache_of, made_by, step


@task(name="nothing-new", task_run_name="look for new data", cache_policy=NO_CACHE)
def nothing_new(store: str, data: Entry, config: dict[str, Any]) -> str | None:
    """The place of the served forecast if the newest retraining had the same data, settings and code, else None.

    None too when another model than the champion made that forecast: the champion has changed and nothing of it is
    served yet.
    """
    runs = Store(store)
    newest = next((run for run in runs.readable_runs() if run.flow == "retrain"), None)
    if newest is None:
        return None
    learned_from = (newest.data, _lasting(newest.config), newest.code.get("rnn"))
    if learned_from != (digest_files(data.folder)[DATASET], _lasting(without_passwords(config)), digest_package("rnn")):
        return None
    served, champion = newest_served(runs), Registry(runs).champion()
    if served is None or champion is None or served.model != champion.model:
        return None
    get_run_logger().info("%s has the same data, settings and code: nothing is trained", newest.name)
    renew_latest(runs)  # unless a run was killed between publishing and this, it is so already
    return served.run.place


def _lasting(config: dict[str, Any]) -> dict[str, Any]:
    """The settings but for what is accepted once, and where the store is: one that was moved holds the same."""
    return {name: value for name, value in config.items() if name not in ("accept", "store")}


@task(name="champion", task_run_name="look up the champion", cache_policy=NO_CACHE)
def champion(store: str) -> Promotion | None:
    """The present champion."""
    promotion = Registry(Store(store)).champion()
    get_run_logger().info(f"the champion is {promotion.name}" if promotion else "there is no champion yet")
    return promotion


@step(name="gate", task_run_name="challenger against champion")
def gate(
    store: str,
    data: Entry,
    challenger: Entry,
    champion: Promotion | None,
    recipe: AutoregressiveRecipe,
    terms: Terms,
    seed: int,
) -> Entry:
    """Compare the `challenger` with the `champion`, if there is one; leave `verdict.json`.

    Each fold's training is kept until the step has ended, so that a killed gate goes on with the others.
    """
    series, times = read_series(data / DATASET), read_times(data / DATASET)
    trained = read_ensemble(challenger.folder)
    defender = load_champion(Store(store), champion, times, terms) if champion else None
    kept = kept_parts(store, "gate", {"data": data, "terms": terms})
    origins = fold_origins(len(series), terms.group_size, terms.horizon, terms.folds)
    with progress(
        "gate", store, "challenger against champion", len(origins) * (1 if champion is None else 2)
    ) as advance:
        done = count(1)
        trainings = terms.trainings(series, kept, lambda end: advance(next(done), f"after {end} points"))
        trainings.known[len(series), recipe, seed] = trained
        scored = score_folds(trainings, Contender("autoregressive", recipe, seed), defender, origins)
        advance(next(done), "")
    same = (
        defender is not None and defender.ensemble is not None and _equal(defender.ensemble.arrays(), trained.arrays())
    )
    verdict = judge(scored, champion.method if champion else None, terms.horizon, terms.margin, same)
    with cache_of(store).filling(made_by()) as folder:
        write_verdict(folder / VERDICT, verdict, champion, shown(times[origins], read_calendar(data / DATASET)))
    kept.remove()
    get_run_logger().info(verdict.sentence)
    return folder.entry


def shown(times: AnyArray, calendar: Calendar | None) -> list[str]:
    """Times as text: dates with a calendar, else numbers."""
    return [f"{x:g}" for x in times.tolist()] if calendar is None else calendar.shown(times)


def _equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    same = one.keys() == other.keys()
    return same and all(np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one)


@step(name="serve", task_run_name="forecast with the champion")
def serve(
    store: str,
    data: Entry,
    challenger: Entry,
    verdict: Entry,
    champion: Promotion | None,
    recipe: AutoregressiveRecipe,
    terms: Terms,
    seed: int,
) -> Entry:
    """Forecast with the model that the verdict serves; leave `forecast.parquet`."""
    series, serves = read_series(data / DATASET), read_serves(verdict / VERDICT)
    network = Contender("autoregressive", recipe, seed, read_ensemble(challenger.folder))
    served, others = network, {}
    if serves["run"] is not None and champion is not None:
        served = load_champion(Store(store), champion, read_times(data / DATASET), terms)
        others = {"challenger": network}
    elif serves["method"] != "autoregressive":
        served, others = Contender(serves["method"], recipe, seed), {"challenger": network}
    forecasts = served_beside(served, others, terms.trainings(series).groups(len(series)), terms.horizon)
    with cache_of(store).filling(made_by()) as folder:
        write_forecasts(folder / FORECAST, forecasts, None, read_calendar(data / DATASET))
    return folder.entry


@step(name="draw-retraining", task_run_name="draw the pictures")
def draw_retraining(store: str, data: Entry, forecast: Entry, verdict: Entry) -> Entry:
    """Draw all pictures of a retraining."""
    retraining = retrain.read_retraining(data.folder, forecast.folder, verdict.folder)
    return drawn(store, retrain.pictures(retraining))


def _may_pass(_: Any, __: Any, state: State[Any]) -> bool:
    """Whether a retry may help: not after another champion was promoted in the meantime."""
    return not isinstance(state.result(raise_on_failure=False), ChampionChanged)


@task(name="publish-retraining", task_run_name="publish the run", retry_condition_fn=_may_pass, **PUBLISHING)
def publish_retraining(
    store: str,
    data: Entry,
    challenger: Entry,
    verdict: Entry,
    forecast: Entry,
    pictures: Entry,
    champion: Promotion | None,
    config: dict[str, Any],
) -> str:
    """Publish the run folder, renew `latest/` and promote the model that is served, under one lock; returns the place.

    Raises ChampionChanged when another champion was promoted after the verdict, which is then no longer about the
    present one.
    """
    retraining = retrain.read_retraining(data.folder, forecast.folder, verdict.folder)
    serves, registry, name = read_serves(verdict / VERDICT), Registry(Store(store)), run_name()
    steps = {"data": data, "train challenger": challenger, "gate": verdict, "serve": forecast, "draw": pictures}
    parts = {"": [data, verdict, forecast], "plots": [pictures], "models/autoregressive": [challenger]}
    report = retrain.report(retraining, read_ensemble(challenger.folder), config)
    parent = champion.run if champion else None
    locked = (
        registry.unchanged(name, champion)
        if serves["run"] is not None
        else registry.promoting(name, serves["method"], "gate", retraining.verdict.sentence, champion)
    )
    with locked:
        kernels = {"autoregressive": "lockstep"}
        noted = execution(name, steps, publishing_moment(registry.store))
        put_run_folder(registry.store, name, parts, report, kernels, noted, parent)
        renew_latest(registry.store)
    if serves["run"] is None:
        announce_promotion(store, name, serves["method"], retraining.verdict.sentence)
    place = announce_run(Store(store), name, report, pictures, ("verdict", "folds"))
    try:
        mirror(Store(store), name)
    except NotMirrored as error:  # the run is published and its model promoted all the same
        get_run_logger().warning(str(error))
    return place
