"""The forecast that is served, read once as a whole, and its answers: JSON and CSV."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from artifacts.files.forecast_table import from_parquet, to_csv, to_rows
from artifacts.lifecycle.latest import read_latest
from artifacts.service.questions import Media, Question, chosen
from artifacts.store.digests import digest_json
from artifacts.store.store import Store

KEPT, KEPT_BYTES = 128, 2**18
"""So many answers of a forecast are kept, each of at most so many bytes."""

NOT_TOLD = ("files", "columns", "forecast")
"""What is only about the files of `latest/`, and what each answer has of its own."""


@dataclass(frozen=True)
class ServedForecast:
    """One forecast: what `forecast.json` says of it, its table, and a digest of both; all of one moment.

    `answers`: what was answered already. They go with the forecast when there is another one.
    """

    told: dict[str, Any]
    table: pa.Table
    digest: str
    answers: dict[tuple[Question, Media], bytes] = field(default_factory=dict, compare=False)

    def answer(self, question: Question, media: Media) -> bytes:
        """The answer to a question as JSON or CSV. Raises BadQuestion and NoSuchSeries."""
        key = (question, media)
        kept = self.answers.get(key)
        if kept is not None:
            return kept
        made = _WRITERS[media](self, chosen(self.table, question))
        if len(self.answers) < KEPT and len(made) <= KEPT_BYTES:
            self.answers[key] = made
        return made

    def has(self, question: Question, media: Media) -> bool:
        """Whether the answer is there already, so that it takes no time."""
        return (question, media) in self.answers


def read_served(store: Store) -> ServedForecast:
    """The forecast in `latest/`, whole. Raises NoForecast."""
    told, content = read_latest(store)
    return ServedForecast(told, from_parquet(content), digest_json(told))


def _as_json(served: ServedForecast, table: pa.Table) -> bytes:
    """What is told of the forecast, then its rows, a row a line."""
    about = {name: value for name, value in served.told.items() if name not in NOT_TOLD}
    head = json.dumps({**about, "columns": table.column_names}, ensure_ascii=False, allow_nan=False)
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in to_rows(table))
    return (f'{head[:-1]}, "forecast": [\n' + rows + "\n]}\n").encode()


def _as_csv(_: ServedForecast, table: pa.Table) -> bytes:
    return to_csv(table).encode()


_WRITERS: dict[Media, Callable[[ServedForecast, pa.Table], bytes]] = {"json": _as_json, "csv": _as_csv}
