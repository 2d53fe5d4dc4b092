"""Step 6: the run folder, whole, and its report as Prefect artifacts."""

from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from artifacts import findings
from artifacts.cache import Cache, Entry
from artifacts.contents import read_contents
from artifacts.report import markdown
from artifacts.run_folder import put_run_folder
from artifacts.store import Store
from rnn.recipes import ArticleRecipe
from tasks.steps import made_by


@task(name="publish", task_run_name="publish the run", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=[2, 10])
def publish(
    store: str,
    data: Entry,
    models: dict[str, Entry],
    forecast: Entry,
    pictures: Entry,
    recipes: dict[str, ArticleRecipe],
    config: dict[str, Any],
) -> str:
    """Put the run's folder in place and publish its report; returns where the folder is."""
    runs = Store(store)
    run = read_contents(data.folder, {name: entry.folder for name, entry in models.items()}, forecast.folder, recipes)
    name = f"{flow_run.scheduled_start_time:%Y%m%dT%H%M%SZ}-{made_by()[:6]}"
    steps = {"generate": data, **{f"train {n}": e for n, e in models.items()}, "forecast": forecast, "draw": pictures}
    parts = {"": [data, forecast], "plots": [pictures], **{f"models/{n}": [e] for n, e in models.items()}}
    report = findings.report(run, config)
    place = put_run_folder(runs, name, parts, report, _execution(name, steps))
    Cache(runs.workspace).prune()
    verdict = " ".join(report.verdict)
    table = next(table for table in report.tables if table.rows)
    create_table_artifact([dict(row) for row in table.rows], key="forecast-error", description=verdict)
    create_markdown_artifact(markdown(pictures.folder, report, place), key="report", description=verdict)
    logger = get_run_logger()
    for sentence in report.verdict:
        logger.info(sentence)
    logger.info("look at %s/report.html", place)
    logger.info("or, in Prefect's UI (make server), at the artifacts 'report' and 'forecast-error'")
    return place


def _execution(name: str, steps: dict[str, Entry]) -> dict[str, Any]:
    """What differs between two runs of the same: name, times, and which steps were found in the cache."""
    return {
        "run": name,
        "published": datetime.now(UTC).isoformat(timespec="seconds"),
        "flow_run": made_by(),
        "steps": {
            step: {"seconds": entry.seconds, "made_by": entry.made_by, "cached": entry.made_by != made_by()}
            for step, entry in steps.items()
        },
    }
