"""The step that writes what is served, its outcomes and verdicts into a database; tried again where that may help."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from artifacts.lifecycle.sink import write_latest, write_outcomes, write_verdicts
from artifacts.store.store import Store
from rnn.readers.databases import NotReached, database_name
from tasks.support.blocks import url_in_block

P = ParamSpec("P")
R = TypeVar("R")


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


def sends_what_is_served(flow: Callable[P, R]) -> Callable[P, R]:
    """Let a flow end by writing what its store serves into the database that its settings name, if they name one.

    So it does when it fails, since another forecast may be served then; its error stays the flow's.
    """

    @functools.wraps(flow)
    def sending(*args: P.args, **kwargs: P.kwargs) -> R:
        call = inspect.signature(flow).bind(*args, **kwargs)
        call.apply_defaults()
        settings: Any = call.arguments["settings"]
        try:
            result = flow(*args, **kwargs)
        except Exception:
            try:
                _send(settings)
            except Exception as error:
                get_run_logger().warning("nothing is written into the database: %s", " ".join(str(error).split()))
            raise
        _send(settings)
        return result

    return sending


def _send(settings: Any) -> None:
    if settings.sink is not None:
        tables = {"forecasts": "sink_table", "outcomes": "sink_outcomes", "verdicts": "sink_verdicts"}
        send(settings.store, settings.sink, **{what: getattr(settings, name, None) for what, name in tables.items()})
