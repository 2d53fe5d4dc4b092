"""Tell Prefect's server something beside a run; the run goes on where the server does not answer."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import httpx
from prefect import get_run_logger

P = ParamSpec("P")
R = TypeVar("R")


def if_it_answers(tell: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
    """Make an artifact, or change one; a warning in the log, and None, where the server is not there to be told."""
    try:
        return tell(*args, **kwargs)
    except httpx.TransportError as error:
        said = " ".join(str(error).split()) or type(error).__name__
        get_run_logger().warning("Prefect's server does not answer (%s): an artifact is missing there", said)
        return None
