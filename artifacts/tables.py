"""Parquet files, written so that the same table gives the same bytes and its metadata says how it was made."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

METADATA = b"wavecast"


def write_table(path: Path, columns: dict[str, Any], made: dict[str, Any] | None = None) -> None:
    """Write `columns` (arrays or lists of one length, by name); `made` goes into the file's metadata as JSON."""
    table = pa.table(columns)
    if made is not None:
        table = table.replace_schema_metadata({METADATA: json.dumps(made, sort_keys=True)})
    pq.write_table(table, path, compression="zstd")


def read_table(path: Path) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """The columns as arrays by name, and what `made` was."""
    table = pq.read_table(path)
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    return columns, json.loads((table.schema.metadata or {}).get(METADATA, b"{}"))
