"""The step that writes what is served, its outcomes and verdicts into a database; tried again where that may help."""

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from artifacts.lifecycle.sink import write_latest, write_outcomes, write_verdicts
from artifacts.store.store import Store
from rnn.readers.databases import NotReached, database_name
from tasks.support.blocks import url_in_block


def _may_pass(_: Any, __: Any, state: State[Any]) -> bool:
    return isinstance(state.result(raise_on_failure=False), NotReached)


@task(
    name="send",
    task_run_name="write into the database",
    cache_policy=NO_CACHE,
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=_may_pass,
)
def send(store: str, sink: str, **tables: str | None) -> None:
    """Write into the database `sink` what its `tables` are for: forecasts, outcomes, verdicts; None for none.

    Each table is written in one transaction; what is there already stays as it is. Raises BadSource, and NoForecast
    where nothing is served.
    """
    runs, url = Store(store), url_in_block(sink)
    written = {}
    if table := tables.get("forecasts"):
        written[table] = write_latest(runs, url, table)
    if table := tables.get("outcomes"):
        written[table] = write_outcomes(runs, url, table)
    if table := tables.get("verdicts"):
        written[table] = write_verdicts(runs, url, table)
    for table, rows in written.items():
        get_run_logger().info("%d rows written into '%s' of %s", rows, table, database_name(url))
