"""The parts of a long step, kept in the store's cache while it is at work: a killed step goes on with the rest."""

from typing import Any

from prefect import get_run_logger

from artifacts.store.kept_arrays import KeptArrays
from tasks.support.step import cache_of, content_key


def kept_parts(store: str, step: str, arguments: dict[str, Any]) -> KeptArrays:
    """The place for the parts of a step called with these arguments, and with the code and libraries as they are."""
    return KeptArrays(cache_of(store).parts(content_key(step, arguments)), get_run_logger().info)
