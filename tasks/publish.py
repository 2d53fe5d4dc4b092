"""The last step: the run folder, whole, and its report as Prefect artifacts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from artifacts import evaluation_findings, findings, sweep
from artifacts.cache import Cache, Entry
from artifacts.contents import read_contents
from artifacts.evaluation import read_evaluation
from artifacts.evaluation_pictures import OVERVIEWS
from artifacts.report import Report, markdown
from artifacts.run_folder import put_run_folder
from artifacts.store import Store
from rnn.recipes import ArticleRecipe, Recipe
from tasks.steps import made_by

PUBLISHING: dict[str, Any] = {"cache_policy": NO_CACHE, "retries": 2, "retry_delay_seconds": [2, 10]}
"""A store may be out of reach for a moment."""


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
    steps = {"generate": data, **trainings, "rehearse": rehearsed, "forecast": forecast, "draw": pictures}
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


def _put(
    store: str,
    report: Report,
    parts: dict[str, list[Entry]],
    steps: Mapping[str, Entry],
    kernels: dict[str, str],
    keys: Sequence[str],
    shown: int | None = None,
) -> str:
    """The folder of a run, and its artifacts: the report and its first table under the two `keys`.

    Of the pictures, the artifact has the first `shown`: Prefect announces none that is larger than 1.5 MB.
    """
    runs = Store(store)
    name = f"{flow_run.scheduled_start_time:%Y%m%dT%H%M%SZ}-{made_by()[:6]}"
    place = put_run_folder(runs, name, parts, report, kernels, _execution(name, steps))
    Cache(runs.workspace).prune()
    verdict, brief = " ".join(report.verdict), replace(report, pictures=report.pictures[:shown])
    table = next(table for table in report.tables if table.rows)
    (pictures,) = parts["plots"]
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
