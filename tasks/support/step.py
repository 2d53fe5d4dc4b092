"""What all steps share: they are cached by content, and a user's mistake is told in one line."""

import functools
import inspect
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

from prefect import Task, task
from prefect.context import TaskRunContext
from prefect.runtime import deployment, flow_run
from prefect.states import Failed
from pydantic import BaseModel

from artifacts.store.cache import Cache, Entry
from artifacts.store.digests import digest_json, digest_package
from artifacts.store.manifest import library_versions
from artifacts.store.store import Store
from rnn.errors import WavecastError
from tasks.support.credentials import refuse_passwords
from tasks.support.lost_store import refuse_lost_store

P = ParamSpec("P")
R = TypeVar("R")

REMEMBERED = timedelta(days=30)
"""How long Prefect remembers that some inputs lead to an entry of the cache; entries are kept longer."""


def in_one_line(flow: Callable[P, R]) -> Callable[P, R]:
    """Make a WavecastError in a flow's body the message of its Failed state, as it is.

    A deployment's run with a password among its parameters, which Prefect keeps, is such an error, and so is one whose
    store is not where earlier runs had it.
    """

    @functools.wraps(flow)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            for given in (*args, *kwargs.values()):
                if isinstance(given, BaseModel) and deployment.id:
                    refuse_passwords(given)
                    refuse_lost_store(given, str(deployment.id))
            return flow(*args, **kwargs)
        except WavecastError as error:
            return cast(R, Failed(message=str(error), data=error))

    return told


def _is_no_traceback_of_a_mistake(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], WavecastError))


# Prefect logs an exception with its traceback for each of the task, the flow and a worker's process, and as the message
# of the final state. For a mistake that the user can mend, the last is enough.
for _told_by in ("prefect.task_runs", "prefect.flow_runs", "prefect.engine"):
    logging.getLogger(_told_by).addFilter(_is_no_traceback_of_a_mistake)


def by_content(context: TaskRunContext, arguments: dict[str, Any]) -> str:
    """A step's cache key: its name, its arguments with each Entry as its digest, and the code and libraries it runs.

    Prefect's own TASK_SOURCE knows the lines of the task alone; an edit elsewhere in `rnn` would go unnoticed.
    """
    return content_key(context.task.name, arguments)


def content_key(step: str, arguments: dict[str, Any]) -> str:
    """The key of a step's call: the same key, the same result."""
    return digest_json({"step": step, "parts": key_parts(arguments)})


def key_parts(arguments: dict[str, Any]) -> dict[str, str]:
    """What decides a step's result, each part as a digest: every argument, the code, the libraries' versions."""
    return {
        **{name: digest_json(_plain(value)) for name, value in arguments.items()},
        "source code": digest_json({name: digest_package(name) for name in ("rnn", "artifacts", "tasks")}),
        "library versions": _digest_of_libraries(),
    }


@functools.cache
def _digest_of_libraries() -> str:
    """Looking their versions up takes 30 ms, and none changes while a process runs."""
    return digest_json(library_versions())


def _plain(value: Any) -> Any:
    if isinstance(value, Entry):
        return value.digest
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return [[key, _plain(item)] for key, item in value.items()]  # models and forecasts keep their order
    return value


def step(**options: Any) -> Callable[[Callable[P, Entry]], Task[P, Entry]]:
    """A Prefect task that is not repeated while its inputs and the code are the same. Options are `prefect.task`'s."""
    caching: dict[str, Any] = {"cache_key_fn": by_content, "cache_expiration": REMEMBERED, "persist_result": True}

    def decorate(function: Callable[P, Entry]) -> Task[P, Entry]:
        return cast(Task[P, Entry], task(**caching, result_serializer="json", **options)(_on_record(function)))

    return decorate


class Removed(WavecastError):
    """Files that a step needs were there, and are not any more."""


def refuse_what_was_removed(arguments: Mapping[str, Any]) -> None:
    """Raise Removed when the folder of an Entry among a step's arguments is gone."""
    for given in arguments.values():
        for one in given.values() if isinstance(given, dict) else given if isinstance(given, list) else [given]:
            if isinstance(one, Entry) and not one.folder.is_dir():
                raise Removed(
                    f"{one.folder} was removed while the run was at work, or with it the whole store: start it again"
                )


SHORT = 12
"""So many letters of a digest are enough to see what has changed."""


def _on_record(function: Callable[P, Entry]) -> Callable[P, Entry]:
    """The same, its Entry knowing how long it took, when, and what from: a later run can tell why it was cached."""

    @functools.wraps(function)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> Entry:
        call = inspect.signature(function).bind(*args, **kwargs)
        call.apply_defaults()
        started = time.perf_counter()
        try:
            entry = function(*args, **kwargs)
        except FileNotFoundError:
            refuse_what_was_removed(call.arguments)
            raise
        seconds = round(time.perf_counter() - started, 3)
        parts = key_parts(call.arguments)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        key = {name: part[:SHORT] for name, part in parts.items()}
        return entry.model_copy(update={"seconds": seconds, "when": now, "key": key})

    return recorded


def made_by() -> str:
    """The id of the flow run that a step works for, for the record of who made what."""
    return str(flow_run.id or "")


def cache_of(store: str) -> Cache:
    """The cache that belongs to a store."""
    return Cache(Store(store).workspace)
