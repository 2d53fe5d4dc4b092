"""The result of a query as a table, fetched once in a read-only transaction and held as Arrow columns.

What is read must be what its digest was made of, and a table may change between two queries: so the rows of which the
digest was asked for are kept until they are read.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from rnn.readers.database_cells import alike, as_cells
from rnn.readers.databases import NAMES, connected, database_name
from rnn.readers.options import Source
from rnn.readers.problems import BadSource, Problem, short
from rnn.readers.statements import one_reading_statement
from rnn.readers.table import BLOCK, SAMPLE
from rnn.readers.watching import all_read, rows_read, waiting

if TYPE_CHECKING:
    from sqlalchemy import Connection

SHOWN = 8
"""Names of tables that a message lists at most."""

_asked: dict[Source, "Result"] = {}
"""The one result of which a digest was asked for last, until it is read."""


class Result:
    """The rows of a query. Raises BadSource when it fails, returns no rows, or names no columns.

    `is_ordered`: False, since the rows of a database have no order of their own. `is_whole`: whether these are all
    rows, where `most` were asked for.
    """

    decimal = "."
    text_is_data = True
    is_ordered = False

    def __init__(self, source: Source, most: int | None = None) -> None:
        self.url = source.data or ""
        name = database_name(self.url)
        wrong = one_reading_statement(source.query) if source.query is not None else None
        if wrong:
            raise BadSource(f"{name}: --query {wrong}")
        with waiting(name, "the database's first row"), connected(self.url) as connection:
            what, columns, chunks, self.is_whole = _fetched(name, connection, source, most)
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise BadSource(f"{name}: two columns are called {short(twice[0])!r}: rename one with AS")
        if not chunks:
            raise BadSource(f"{name}: {what} returns no rows, only columns {', '.join(map(repr, columns[:SHOWN]))}")
        self.kind = f"{NAMES.get(connection.dialect.name, connection.dialect.name)}, {what}"
        held = [alike([chunk[place] for chunk in chunks]) for place in range(len(columns))]
        self._columns: dict[str, list[Any]] = dict(zip(columns, held, strict=True))
        self.sample = {column: cells[0].slice(0, SAMPLE) for column, cells in self._columns.items()}

    def head(self, name: str) -> Any:
        """The first cells of a column."""
        return self.sample[name]

    def blocks(self, names: list[str]) -> Iterator[list[Any]]:
        """The columns `names`, as many rows at a time as were fetched at once."""
        for cells in zip(*(self._columns[name] for name in names), strict=True):
            yield list(cells)

    def problems(self) -> list[Problem]:
        """Rows of a result have as many cells as it has columns."""
        return []

    def places(self, records: Iterable[int]) -> dict[int, str]:
        """Rows of the result, counted from 1."""
        return {record: f"row {record + 1}" for record in records}

    def digest(self) -> str:
        """The SHA-256 of names, types and cells, in hex."""
        whole = hashlib.sha256()
        for name, cells in self._columns.items():
            for chunk in cells:
                whole.update(f"{name} {chunk.type} {len(chunk)}\n".encode())
                sink = pa.BufferOutputStream()
                batch = pa.record_batch([chunk], names=["cells"])
                with pa.ipc.new_stream(sink, batch.schema) as stream:
                    stream.write_batch(batch)
                whole.update(sink.getvalue())
        return whole.hexdigest()


def query_digest(source: Source) -> str:
    """The digest of what the query of `source` returns now; its rows are kept for `query_result`. Raises BadSource."""
    _asked.clear()
    _asked[source] = Result(source)
    return _asked[source].digest()


def query_result(source: Source) -> Result:
    """The rows whose digest was asked for just now, or else what the query returns now. Raises BadSource."""
    return _asked.pop(source, None) or Result(source)


def _fetched(
    name: str, connection: "Connection", source: Source, most: int | None
) -> tuple[str, list[str], list[list[Any]], bool]:
    """What was asked, the names of its columns, its cells by block and column, and whether these are all rows."""
    import sqlalchemy

    streaming = connection.execution_options(stream_results=True, yield_per=BLOCK)
    if source.query is not None:
        what = f"the query '{short(' '.join(source.query.split()), 80)}'"
        cursor = streaming.exec_driver_sql(source.query, execution_options={"no_parameters": True})
    elif source.table is not None:
        what = f"table '{short(source.table)}'"
        schema, _, table = source.table.rpartition(".")
        if not sqlalchemy.inspect(connection).has_table(table, schema=schema or None):
            raise BadSource(f"{name}: {_tables(connection, f'there is no {what}')}")
        chosen = sqlalchemy.table(table, schema=schema or None)
        cursor = streaming.execute(sqlalchemy.select(sqlalchemy.text("*")).select_from(chosen))
    else:
        raise BadSource(f"{name}: {_tables(connection, 'this is a database')}")
    if not cursor.returns_rows:
        raise BadSource(f"{name}: {what} returns nothing: give a SELECT")
    columns, chunks, fetched = list(map(str, cursor.keys())), [], 0
    for rows in cursor.partitions(BLOCK):
        chunks.append([as_cells(cells, source.time_zone) for cells in zip(*rows, strict=True)])
        fetched += len(rows)
        rows_read(name, fetched)
        if most is not None and fetched >= most:
            cursor.close()
            return what, columns, chunks, False
    all_read(name)
    return what, columns, chunks, True


def _tables(connection: "Connection", why: str) -> str:
    """What there is to choose from, where neither a query nor a table that is there is named."""
    import sqlalchemy

    inspector = sqlalchemy.inspect(connection)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    if not names:
        return "a database without tables: name another, or one of another schema with --table schema.table"
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    few = ", ".join(repr(short(name)) for name in names[:SHOWN])
    return f"{why}: name a table with --table (there is {few}{more}), or give a SELECT with --query"
