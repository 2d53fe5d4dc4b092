"""The names of the task runners: settings need no more of them, and Prefect takes seconds to import."""

from typing import Literal, TypeAlias

RunnerName: TypeAlias = Literal["threads", "processes", "dask"]
