"""Parquet files: the same table gives the same bytes, and its metadata records how it was made.

A table may be longer than memory: it is written from blocks, row group by row group.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rnn.arrays import AnyArray

METADATA = b"wavecast"

ROW_GROUP = 2**18
"""Rows of a row group: a few megabytes, held by a writer or reader at a time. Another number gives other bytes."""

SMALL, TIMES_PACKED = 2**28, 200
"""A table may take so many bytes of memory, or so many times the bytes of its file if that is more."""

WIDTH = 8
"""Bytes of a value, at least, in memory."""


class TooLarge(ValueError):
    """A small file would fill the memory."""


class NotAFile(OSError):
    """A folder, a pipe or a device is in the place of a file."""


Columns: TypeAlias = dict[str, AnyArray]
"""Arrays of one length (rows,), by column name."""


def write_table(path: Path | BinaryIO, columns: dict[str, Any], made: dict[str, Any] | None = None) -> None:
    """Write `columns` (arrays or lists of one length, by name); `made` goes into the file's metadata as JSON."""
    write_blocks(path, [columns], made)


def clock_times(times: AnyArray) -> pa.Array:
    """Times as clocks show them (rows,), datetime64, as a column without a time zone."""
    return pa.array(times, pa.timestamp("us"))


def unknown(rows: int) -> pa.Array:
    """A column of numbers none of which is known."""
    return pa.nulls(rows, pa.float64())


def write_blocks(path: Path | BinaryIO, blocks: Iterable[dict[str, Any]], made: dict[str, Any] | None = None) -> None:
    """Write one table from `blocks`, each a dict as `write_table` takes it, all with the columns of the first.

    The file's bytes do not depend on how the rows are cut into blocks. A block's arrays must not change after it was
    handed on. Memory: a few row groups and a block. Raises ValueError when there is no block.
    """
    row_groups = _row_groups(blocks)
    first = next(row_groups, None)
    if first is None:
        raise ValueError(f"no rows to write to {path}: give at least one block, if need be an empty one")
    schema = first.schema.with_metadata(None if made is None else {METADATA: json.dumps(made, sort_keys=True)})
    with pq.ParquetWriter(path, schema, compression="zstd", **_encodings(schema)) as writer:
        for row_group in chain([first], row_groups):
            # In one piece, or a page would end at the end of each block.
            writer.write_table(row_group.combine_chunks(), ROW_GROUP)


def _row_groups(blocks: Iterable[dict[str, Any]]) -> Iterator[pa.Table]:
    """The rows of all blocks in tables of ROW_GROUP rows; the last one holds the rest."""
    pending: list[pa.Table] = []
    rows = 0
    for block in blocks:
        pending.append(pa.table({name: _column(values) for name, values in block.items()}))
        rows += pending[-1].num_rows
        while rows > ROW_GROUP:
            table = pa.concat_tables(pending)
            yield table.slice(0, ROW_GROUP)
            pending = [table.slice(ROW_GROUP)]
            rows -= ROW_GROUP
    if pending:
        yield pa.concat_tables(pending)


def _column(values: Any) -> pa.Array:
    """Values as an Arrow array, which one may be already; datetime64 is UTC.

    Floats are wrapped in place: Arrow's own conversion imports pandas, 40 MB.
    """
    if isinstance(values, pa.Array):
        return values
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        return pa.Array.from_buffers(pa.float64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return pa.array(values, pa.timestamp("us", "UTC"))
    return pa.array(values)


def _encodings(schema: pa.Schema) -> dict[str, Any]:
    """Byte stream split for float64 columns, the encoding by which measurements shrink most; dictionaries for others.

    A dictionary of floats would hold nearly every number of the column.
    """
    floats = [field.name for field in schema if field.type == pa.float64()]
    return {
        "column_encoding": dict.fromkeys(floats, "BYTE_STREAM_SPLIT"),
        "use_dictionary": [name for name in schema.names if name not in floats],
    }


def read_table(source: Path | BinaryIO | bytes, columns: list[str] | None = None) -> tuple[Columns, dict[str, Any]]:
    """Read a table from a path, an open file or a file's bytes: its columns, or those that are named, and `made`.

    Raises TooLarge before a small file fills the memory, and NotAFile.
    """
    _refuse_what_is_no_file(source)
    with pq.ParquetFile(pa.BufferReader(source) if isinstance(source, bytes) else source) as file:
        _refuse_too_large(file.metadata, _size(source))
        table = file.read(
            columns=columns, use_threads=False
        )  # for small files, starting threads takes most of the time
    return _arrays(table), _made(table.schema)


def read_outline(path: Path) -> tuple[int, dict[str, Any]]:
    """The number of rows of a table, and `made`, without reading its columns."""
    _refuse_what_is_no_file(path)
    with pq.ParquetFile(path) as file:
        return file.metadata.num_rows, _made(file.schema_arrow)


def _refuse_what_is_no_file(source: Path | BinaryIO | bytes) -> None:
    """Raise NotAFile for a folder or a pipe, which would be waited for."""
    if isinstance(source, Path) and source.exists() and not source.is_file():
        raise NotAFile(f"{source.name} is not a file")


def _refuse_too_large(table: pq.FileMetaData, size: int) -> None:
    """Raise TooLarge when a table, by its metadata, takes far more memory than its file of so many bytes explains."""
    packed = sum(table.row_group(i).total_byte_size for i in range(table.num_row_groups))
    needed = max(packed, table.num_rows * table.num_columns * WIDTH)
    if needed > max(SMALL, TIMES_PACKED * size):
        raise TooLarge(f"a file of {size:,} bytes would fill {needed:,} bytes of memory")


def _size(source: Path | BinaryIO | bytes) -> int:
    if isinstance(source, bytes):
        return len(source)
    if isinstance(source, Path):
        return source.stat().st_size
    place, size = source.tell(), source.seek(0, 2)
    source.seek(place)
    return size


def _arrays(table: pa.Table) -> Columns:
    return {name: _values(table.column(name)) for name in table.column_names}


def _values(column: pa.ChunkedArray) -> AnyArray:
    if column.type != pa.float64() or column.null_count or not column.num_chunks:
        return np.asarray(column.to_numpy())
    parts = [np.from_dlpack(chunk) for chunk in column.chunks]  # without pandas, as above
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _made(schema: pa.Schema) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((schema.metadata or {}).get(METADATA, b"{}"))
    return made
