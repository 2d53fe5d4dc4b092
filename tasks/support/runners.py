"""Task runners: threads, processes, or a Dask cluster."""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from prefect import context
from prefect.settings import PREFECT_API_URL, get_current_settings, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from rnn.errors import WavecastError
from tasks.support.runner_names import RunnerName

PATIENCE = 15.0
"""Seconds that a Dask scheduler may take to answer."""


class NoCluster(WavecastError):
    """The Dask cluster that was asked for cannot be had."""


@contextmanager
def runner(name: RunnerName, workers: int, dask_address: str | None) -> Iterator[TaskRunner[Any]]:
    """A task runner of that kind with so many workers, ready to be handed tasks; a flow's body is around it.

    With a `dask_address` it is that cluster, however many workers it has; otherwise Dask starts one on this machine.
    Raises NoCluster when Dask is not installed or does not answer.
    """
    with ExitStack() as stack:
        if name == "threads":
            yield stack.enter_context(ThreadPoolTaskRunner(max_workers=workers))
            return
        stack.enter_context(_one_server_for_all())
        if name == "processes":
            yield stack.enter_context(ProcessPoolTaskRunner(max_workers=workers))
        else:
            yield stack.enter_context(_dask(workers, dask_address))


@contextmanager
def _one_server_for_all() -> Iterator[None]:
    """Without a Prefect server of the user's, all that this run starts uses its own: each would start one otherwise.

    That is other processes, and the thread of a pool that hands on their events and logs: it was given no settings of
    a block, and knows the global ones alone.
    """
    url = get_current_settings().api.url
    if url is None:
        from prefect.server.api.server import SubprocessASGIServer

        url = SubprocessASGIServer().api_url
    before = context.GLOBAL_SETTINGS_CONTEXT
    with temporary_settings({PREFECT_API_URL: url}):
        context.GLOBAL_SETTINGS_CONTEXT = context.get_settings_context()
        try:
            yield
        finally:
            context.GLOBAL_SETTINGS_CONTEXT = before


def _dask(workers: int, address: str | None) -> TaskRunner[Any]:
    try:
        import distributed
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise NoCluster("runner 'dask' needs Dask, which is not installed: pip install -e '.[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.ERROR)  # it tells each coming and going of each of its parts
    if address is None:
        local = {
            "n_workers": workers,
            "threads_per_worker": 1,
            "dashboard_address": None,
            "silence_logs": logging.ERROR,
        }
        return DaskTaskRunner(cluster_kwargs=local)
    with ThreadPoolExecutor(1) as thread:  # the caller's own thread may have an event loop already
        asked = thread.submit(asyncio.run, _ask(address, distributed))
        try:
            asked.result()
        except Exception as error:
            told = f"no word within {PATIENCE:g} s" if isinstance(error, TimeoutError) else str(error)
            reason = " ".join(told.split()) or type(error).__name__
            raise NoCluster(
                f"no Dask scheduler answers at {address} ({reason}): start one, or leave out --dask-address"
            ) from None
    return DaskTaskRunner(address=address)


async def _ask(address: str, distributed: Any) -> None:
    """Ask the scheduler who it is. Dask's own timeouts leave out a host that takes the connection and says nothing."""
    security = distributed.Security().get_connection_args("client")
    async with asyncio.timeout(PATIENCE), distributed.rpc(address, connection_args=security) as scheduler:
        if (await scheduler.identity())["type"] != "Scheduler":
            raise ValueError("it is another part of Dask")
