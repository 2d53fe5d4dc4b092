"""The last step: the run folder, whole, and its report as Prefect artifacts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from artifacts import evaluation_findings, findings, replay, retraining, sweep
from artifacts.cache import Cache, Entry
from artifacts.contents import FOUND, read_contents, read_ensemble
from artifacts.evaluation import read_evaluation
from artifacts.evaluation_pictures import OVERVIEWS
from artifacts.mirror import NotMirrored, mirror
from artifacts.registry import ChampionChanged, Promotion, Registry
from artifacts.report import Report, markdown
from artifacts.run_folder import put_run_folder
from artifacts.store import Store
from artifacts.verdict_file import VERDICT, read_serves
from rnn.recipes import ArticleRecipe, Recipe
from rnn.replay import Plan
from tasks.events import announce_promotion
from tasks.gallery import renew_gallery
from tasks.steps import made_by

PUBLISHING: dict[str, Any] = {"cache_policy": NO_CACHE, "retries": 2, "retry_delay_seconds": [2, 10]}
"""A store may be out of reach for a moment."""


def _may_pass(_: Any, __: Any, state: State[Any]) -> bool:
    """Whether trying again may help: not where somebody else was promoted meanwhile."""
    return not isinstance(state.result(raise_on_failure=False), ChampionChanged)


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
    run = read_contents(data.folder, {name: entry.folder for name, entry in models.items()}, forecast.folder, recipes)
    trainings = {f"train {name}": entry for name, entry in models.items()}
    first = "read" if FOUND in run.made else "generate"
    steps = {first: data, **trainings, "rehearse": rehearsed, "forecast": forecast, "draw": pictures}
    parts = {"": [data, forecast], "plots": [pictures], **{f"models/{n}": [e] for n, e in models.items()}}
    kernels = {name: trained.kernel for name, trained in run.trained.items()} | dict.fromkeys(run.ensembles, "lockstep")
    return _put(store, findings.report(run, config), parts, steps, kernels, ("report", "forecast-error"))


@task(name="publish-sweep", task_run_name="publish the sweep", **PUBLISHING)
def publish_sweep(
    store: str,
    blocks: list[Entry],
    ranked: Entry,
    pictures: Entry,
    base: ArticleRecipe,
    over: dict[str, list[Any]],
    config: dict[str, Any],
) -> str:
    """Put a sweep's run folder in place and publish its report; returns where the folder is."""
    outcomes, made = sweep.read_outcomes(ranked / sweep.OUTCOMES, type(base))
    steps = {**{f"block {i}": block for i, block in enumerate(blocks, 1)}, "rank": ranked, "draw": pictures}
    parts = {"": [ranked], "plots": [pictures]}
    kernels = {made["recipe"]: made["kernel"]}
    return _put(store, sweep.report(outcomes, over, config), parts, steps, kernels, ("sweep", "leaderboard"))


@task(name="publish-evaluation", task_run_name="publish the evaluation", **PUBLISHING)
def publish_evaluation(
    store: str,
    exams: dict[str, Entry],
    answered: dict[str, Entry],
    compared: Entry,
    pictures: Entry,
    config: dict[str, Any],
) -> str:
    """Put an evaluation's run folder in place and publish its report; returns where the folder is."""
    found = read_evaluation({name: entry.folder for name, entry in exams.items()}, compared.folder)
    steps = {**{f"set {name}": e for name, e in exams.items()}, **answered, "compare": compared, "draw": pictures}
    parts = {"": [compared], "plots": [pictures], **{f"series/{name}": [entry] for name, entry in exams.items()}}
    kernels = {"article": "exact", "autoregressive": "lockstep"}
    report, keys = evaluation_findings.report(found, config), ("evaluation", "comparison")
    return _put(store, report, parts, steps, kernels, keys, shown=OVERVIEWS)


@task(name="publish-retraining", retry_condition_fn=_may_pass, **PUBLISHING)
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
    """Put a retraining's run folder in place, and whom its verdict serves into office; returns where the folder is.

    Both while nobody else does. Raises ChampionChanged when somebody has: then the verdict is no longer about the
    champion.
    """
    found = retraining.read_retraining(data.folder, forecast.folder, verdict.folder)
    serves, registry, name = read_serves(verdict / VERDICT), Registry(Store(store)), run_name()
    steps = {"data": data, "train challenger": challenger, "gate": verdict, "serve": forecast, "draw": pictures}
    parts = {"": [data, verdict, forecast], "plots": [pictures], "models/autoregressive": [challenger]}
    report = retraining.report(found, read_ensemble(challenger.folder), config)
    parent = champion.run if champion else None
    office = (
        registry.unchanged(name, champion)
        if serves["run"] is not None
        else registry.promoting(name, serves["method"], "gate", found.verdict.sentence, champion)
    )
    with office:
        kernels = {"autoregressive": "lockstep"}
        put_run_folder(Store(store), name, parts, report, kernels, _execution(name, steps), parent)
    if serves["run"] is None:
        announce_promotion(store, name, serves["method"], found.verdict.sentence)
    place = _announce(Store(store), name, report, pictures, ("verdict", "folds"))
    try:
        mirror(Store(store), name)
    except NotMirrored as error:  # the run is whole, and the champion in office
        get_run_logger().warning(str(error))
    return place


@task(name="publish-replay", **PUBLISHING)
def publish_replay(store: str, data: Entry, done: Entry, pictures: Entry, plan: Plan, config: dict[str, Any]) -> str:
    """Put a replay's run folder in place and publish its report; returns where the folder is."""
    found = replay.read_replayed(data.folder, done.folder, plan)
    parts, steps = {"": [data, done], "plots": [pictures]}, {"data": data, "replay": done, "draw": pictures}
    report = replay.report(found, config)
    return _put(store, report, parts, steps, {"autoregressive": "lockstep"}, ("replay", "policies"))


def run_name() -> str:
    """The name of this flow run's folder: when it was to start, and the beginning of its id."""
    return f"{flow_run.scheduled_start_time:%Y%m%dT%H%M%SZ}-{made_by()[:6]}"


def _put(
    store: str,
    report: Report,
    parts: dict[str, list[Entry]],
    steps: Mapping[str, Entry],
    kernels: dict[str, str],
    keys: Sequence[str],
    shown: int | None = None,
) -> str:
    """The folder of a run, and its artifacts under the two `keys`."""
    runs, name = Store(store), run_name()
    put_run_folder(runs, name, parts, report, kernels, _execution(name, steps))
    (pictures,) = parts["plots"]
    return _announce(runs, name, report, pictures, keys, shown)


def _announce(
    runs: Store, name: str, report: Report, pictures: Entry, keys: Sequence[str], shown: int | None = None
) -> str:
    """The artifacts of a run: the report and its first table under the two `keys`; returns where its folder is.

    Of the pictures, the report has the first `shown`: Prefect announces none that is larger than 1.5 MB.
    """
    place = runs.place(name)
    Cache(runs.workspace).prune()
    renew_gallery(runs)
    verdict, brief = " ".join(report.verdict), replace(report, pictures=report.pictures[:shown])
    table = next(table for table in report.tables if table.rows)
    create_table_artifact([dict(row) for row in table.rows], key=keys[1], description=verdict)
    create_markdown_artifact(markdown(pictures.folder, brief, place), key=keys[0], description=verdict)
    logger = get_run_logger()
    for sentence in report.verdict:
        logger.info(sentence)
    logger.info("look at %s/report.html", place)
    logger.info("or, in Prefect's UI (make server), at the artifacts '%s' and '%s'", *keys)
    return place


def _execution(name: str, steps: Mapping[str, Entry]) -> dict[str, Any]:
    """What differs between two runs of the same: name, times, which steps were found in the cache, and their keys."""
    return {
        "run": name,
        "published": datetime.now(UTC).isoformat(timespec="seconds"),
        "flow_run": made_by(),
        "steps": {
            step: {
                "seconds": entry.seconds,
                "cached": entry.made_by != made_by(),
                "made_by": entry.made_by,
                "when": entry.when,
                "key": entry.key,
            }
            for step, entry in steps.items()
        },
    }
