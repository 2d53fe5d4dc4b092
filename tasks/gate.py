"""Challenger against champion: both scored anew on the same, newest folds, and the verdict."""

import numpy as np
from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from artifacts.cache import Entry
from artifacts.contents import DATASET, read_calendar, read_ensemble, read_series, read_times
from artifacts.registry import Promotion, Registry
from artifacts.standing import contender
from artifacts.store import Store
from artifacts.verdict_file import VERDICT, write_verdict
from rnn.arrays import AnyArray
from rnn.gate import judge
from rnn.gate_folds import Contender, Terms, fold_origins, score_folds
from rnn.recipes import AutoregressiveRecipe
from rnn.source.calendar import Calendar
from tasks.steps import cache_of, made_by, step


@task(name="champion", cache_policy=NO_CACHE)
def champion(store: str) -> Promotion | None:
    """Who is the champion now."""
    found = Registry(Store(store)).champion()
    get_run_logger().info("the champion is %s", found.name if found else "nobody yet")
    return found


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
    """Judge the `challenger` beside the `champion`, if there is one, and leave `verdict.json`."""
    series, times = read_series(data / DATASET), read_times(data / DATASET)
    trained = read_ensemble(challenger.folder)
    trainings = terms.trainings(series)
    trainings.known[len(series), recipe, seed] = trained
    defender = contender(Store(store), champion, times, terms) if champion else None
    origins = fold_origins(len(series), terms.group_size, terms.horizon, terms.folds)
    scored = score_folds(trainings, Contender("autoregressive", recipe, seed), defender, origins)
    same = (
        defender is not None and defender.ensemble is not None and _equal(defender.ensemble.arrays(), trained.arrays())
    )
    verdict = judge(scored, champion.method if champion else None, terms.horizon, terms.margin, same)
    with cache_of(store).filling(made_by()) as folder:
        write_verdict(folder / VERDICT, verdict, champion, shown(times[origins], read_calendar(data / DATASET)))
    get_run_logger().info(verdict.sentence)
    return folder.entry


def shown(times: AnyArray, calendar: Calendar | None) -> list[str]:
    """Times in words: as clocks show them, or the number."""
    return [f"{x:g}" for x in times.tolist()] if calendar is None else calendar.shown(times)


def _equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)
