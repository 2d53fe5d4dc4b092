"""A Parquet file as a table, read by column and row group: however large it is, a block is held at a time."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from rnn.readers.files import named, reading, unpacked
from rnn.readers.problems import BadSource, Problem, short
from rnn.readers.table import BLOCK, SAMPLE
from rnn.readers.values import is_text

MAGIC = b"PAR1"
BUFFER = 2**20
"""Bytes read of a column at a time; without it, a row group's whole column."""


class ParquetTable:
    """A Parquet file. Raises BadSource when it is none, or has no rows."""

    text_is_data = False
    is_ordered = True

    def __init__(self, url: str) -> None:
        self.url, self.kind, self.decimal = url, "Parquet", "."
        with self._file() as file:
            self.rows = file.metadata.num_rows
            schema = file.schema_arrow
            twice = sorted({name for name in schema.names if schema.names.count(name) > 1})
            if twice:
                raise BadSource(f"{named(url)}: two columns are called {short(twice[0])!r}: rename one")
            self._periods = {field.name: freq for field in schema if (freq := period_frequency(field))}
            self.sample = {field.name: self._read(field.name, pa.array([], _storage(field.type))) for field in schema}
            for name in schema.names:  # only text must be looked at to tell what it is
                if is_text(_values(self.sample[name].type)) and self.rows:
                    self.sample[name] = self._first(file, name)

    def head(self, name: str) -> Any:
        """The first cells of a column; none of one of fractions, which are numbers whatever they are."""
        cells = self.sample[name]
        if len(cells) or not self.rows or pa.types.is_floating(cells.type):
            return self.sample[name]
        with self._file() as file:
            return self._first(file, name)

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names` as they are stored, categories as what they stand for, periods as their beginnings."""
        with self._file() as file:
            for batch in file.iter_batches(BLOCK, columns=list(dict.fromkeys(names)), use_threads=False):
                yield [self._read(name, batch.column(name)) for name in names]

    def _first(self, file: pq.ParquetFile, name: str) -> Any:
        batch = next(file.iter_batches(SAMPLE, columns=[name], use_threads=False))
        return self._read(name, batch.column(name))

    def _read(self, name: str, cells: Any) -> Any:
        cells = cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells
        return beginnings(cells, self._periods[name]) if name in self._periods else cells

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """Rows, counted from 1."""
        return {record: f"row {record + 1}" for record in records}

    def problems(self) -> list[Problem]:
        """Rows of a Parquet file have as many cells as it has columns."""
        return []

    @contextmanager
    def _file(self) -> Iterator[pq.ParquetFile]:
        with unpacked(self.url) as file, reading(self.url):
            try:
                with pq.ParquetFile(file, pre_buffer=False, buffer_size=BUFFER) as parquet:
                    yield parquet
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
                reason = short(" ".join(str(error).split()), 120)
                raise BadSource(
                    f"{named(self.url)}: cannot be read as Parquet, it is damaged or cut off ({reason}): write it anew"
                ) from None


def period_frequency(column: pa.Field) -> str | None:
    """The frequency of a column of pandas' periods, such as "D" or "Q-DEC"; None for any other column.

    pandas writes a period as a whole number that counts steps since 1970; the frequency stands beside it.
    """
    if hasattr(column.type, "freq"):  # pandas has told pyarrow of its type, if it was asked for its own arrays before
        return str(column.type.freq)
    about = column.metadata or {}
    if about.get(b"ARROW:extension:name") != b"pandas.period":
        return None
    return str(json.loads(about.get(b"ARROW:extension:metadata", b"{}")).get("freq", "")) or None


def beginnings(cells: Any, frequency: str) -> Any:
    """Periods (rows,), counted since 1970 in steps of `frequency`, as the timestamps at which they begin."""
    counts = cells.storage if isinstance(cells, pa.ExtensionArray) else cells
    ordinals = counts.to_pandas().astype("Int64")
    known = ordinals.dropna().astype("int64")
    starts = pd.Series(pd.NaT, index=ordinals.index, dtype="datetime64[us]")
    index: Any = pd.PeriodIndex  # whose stubs lack this constructor
    starts[known.index] = index.from_ordinals(known.to_numpy(), freq=frequency).to_timestamp().as_unit("us")
    return pa.Array.from_pandas(starts, type=pa.timestamp("us"))


def _storage(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _values(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
