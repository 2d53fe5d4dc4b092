"""The last step: the run folder, whole, and its report as Prefect artifacts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from artifacts.store.cache import Cache, Entry
from artifacts.store.runs import find_run
from artifacts.store.store import Store
from tasks.support.answers import if_it_answers
from tasks.support.gallery import renew_gallery
from tasks.support.step import made_by

if TYPE_CHECKING:  # reports draw on Matplotlib, which takes a second to import
    from artifacts.reports.report import Report

PUBLISHING: dict[str, Any] = {"cache_policy": NO_CACHE, "retries": 2, "retry_delay_seconds": [2, 10]}
"""A store may be out of reach for a moment."""


def run_name() -> str:
    """The name of this flow run's folder: when it was to start, and the beginning of its id."""
    return f"{flow_run.scheduled_start_time:%Y%m%dT%H%M%SZ}-{made_by()[:6]}"


def put_run(
    store: str,
    report: "Report",
    parts: dict[str, list[Entry]],
    steps: Mapping[str, Entry],
    kernels: dict[str, str],
    keys: Sequence[str],
    shown: int | None = None,
) -> str:
    """The folder of a run, and its artifacts under the two `keys` (see `announce_run`)."""
    from artifacts.reports.run_folder import put_run_folder

    runs, name = Store(store), run_name()
    put_run_folder(runs, name, parts, report, kernels, execution(name, steps))
    (pictures,) = parts["plots"]
    return announce_run(runs, name, report, pictures, keys, shown)


def announce_run(
    runs: Store, name: str, report: "Report", pictures: Entry, keys: Sequence[str], shown: int | None = None
) -> str:
    """The artifacts of a run: the report and its first table; returns where its folder is.

    Their keys are the two `keys` with the store's id: each key's page in Prefect is the history of one store.

    Of the pictures, the report has the first `shown`: Prefect announces none that is larger than 1.5 MB.
    """
    from artifacts.reports.report import markdown
    from artifacts.web.pages import as_text

    place, keys = runs.place(name), [f"{key}-{runs.id}" for key in keys]
    Cache(runs.workspace).prune()
    renew_gallery(runs)
    summary, brief = as_text(" ".join(report.sentences)), replace(report, pictures=report.pictures[:shown])
    table = next(table for table in report.tables if table.rows)
    if_it_answers(create_table_artifact, [dict(row) for row in table.rows], key=keys[1], description=summary)
    page, title = markdown(pictures.folder, brief, place), as_text(report.title)  # it begins with the sentences
    if_it_answers(create_markdown_artifact, page, key=keys[0], description=title)
    logger = get_run_logger()
    for sentence in report.sentences:
        logger.info(sentence)
    logger.info("look at %s/report.html", place)
    logger.info("or, in Prefect's UI (make server), at the artifacts '%s' and '%s'", *keys)
    return place


def tell_forecast(place: str) -> None:
    """Log the first rows of the forecast to use of the run at `place`, as a table."""
    from artifacts.reports.forecast_to_use import as_table, forecast_to_use

    get_run_logger().info("%s", as_table(forecast_to_use(find_run("", place).read), place))


def execution(name: str, steps: Mapping[str, Entry], published: datetime | None = None) -> dict[str, Any]:
    """The execution of a run, which differs between repetitions: name, times, cached steps, and their keys.

    `published`: the time to note, if not that of now.
    """
    return {
        "run": name,
        "published": (published or datetime.now(UTC)).isoformat(timespec="seconds"),
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
