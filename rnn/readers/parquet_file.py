"""A Parquet file as a table, read by column and row group: however large it is, a block is held at a time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from rnn.readers.files import named, opened, reading
from rnn.readers.problems import BadSource, Problem, short
from rnn.readers.table import BLOCK, SAMPLE

MAGIC = b"PAR1"
BUFFER = 2**20
"""Bytes read of a column at a time; without it, a row group's whole column."""


class ParquetTable:
    """A Parquet file. Raises BadSource when it is none, or has no rows."""

    def __init__(self, url: str) -> None:
        self.url, self.kind, self.decimal = url, "Parquet", "."
        with self._file() as file:
            self.rows = file.metadata.num_rows
            names = file.schema_arrow.names
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise BadSource(f"{named(url)}: two columns are called {short(twice[0])!r}: rename one")
            self.sample = {field.name: pa.array([], field.type) for field in file.schema_arrow}
            for name in names:  # only text must be looked at to tell what it is
                if _is_text(self.sample[name].type) and self.rows:
                    first = next(file.iter_batches(SAMPLE, columns=[name], use_threads=False))
                    self.sample[name] = _decoded(first.column(name))

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names` as they are stored, categories as what they stand for."""
        with self._file() as file:
            for batch in file.iter_batches(BLOCK, columns=list(dict.fromkeys(names)), use_threads=False):
                yield [_decoded(batch.column(name)) for name in names]

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """Rows, counted from 1."""
        return {record: f"row {record + 1}" for record in records}

    def problems(self) -> list[Problem]:
        """Rows of a Parquet file have as many cells as it has columns."""
        return []

    @contextmanager
    def _file(self) -> Iterator[pq.ParquetFile]:
        with opened(self.url) as file, reading(self.url):
            try:
                with pq.ParquetFile(file, pre_buffer=False, buffer_size=BUFFER) as parquet:
                    yield parquet
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
                reason = short(" ".join(str(error).split()), 120)
                raise BadSource(
                    f"{named(self.url)}: cannot be read as Parquet, it is damaged or cut off ({reason}): write it anew"
                ) from None


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(inner) or pa.types.is_large_string(inner) or pa.types.is_string_view(inner))


def _decoded(column: Any) -> Any:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
