"""Is every cell a time or a number that can be computed with? One schema, held against each block of rows.

pandera does the checking: it says of every cell that fails which check it failed, and goes on to the others.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from rnn.arrays import AnyArray, Array
from rnn.scaling import LARGEST
from rnn.source.times import NOT_A_TIME

FIRST, LAST = (int(np.datetime64(year, "us").astype(np.int64)) for year in ("0001", "9999"))
"""Years that can be written with four digits."""


class Checks:
    """The schema of a block: a time, known and of our era, and a value, known, finite and not huge."""

    def __init__(self) -> None:
        # Imported here, since it takes most of a second, and not every run reads a file.
        import pandera.pandas as pandera

        self._error = pandera.errors.SchemaErrors
        check: Callable[..., Any] = pandera.Check
        time = pandera.Column(nullable=False, checks=[check(_is_known, name="missing"), check(_in_reach, name="reach")])
        value = pandera.Column(
            float, nullable=False, checks=[check(np.isfinite, name="finite"), check(_not_huge, name="reach")]
        )
        self._schema = pandera.DataFrameSchema({"time": time, "value": value})

    def failures(self, times: AnyArray, values: Array) -> Iterator[tuple[int, str, str]]:
        """Each cell that fails: its row (from 0) of the block, its column ("time" or "value"), and the check."""
        frame = pd.DataFrame({"time": times, "value": values}, copy=False)
        try:
            self._schema.validate(frame, lazy=True)
        except self._error as found:
            cases = found.failure_cases.drop_duplicates(["index", "column"]).sort_values("index", kind="stable")
            yield from zip(cases["index"].astype(int), cases["column"], cases["check"], strict=True)


def _is_known(times: Any) -> Any:
    return times != NOT_A_TIME if times.dtype.kind == "i" else np.isfinite(times)


def _in_reach(times: Any) -> Any:
    if times.dtype.kind == "i":
        return ((times >= FIRST) & (times <= LAST)) | (times == NOT_A_TIME)
    return np.isfinite(times) | np.isnan(times)


def _not_huge(values: Any) -> Any:
    return ~(np.abs(values) > LARGEST)
