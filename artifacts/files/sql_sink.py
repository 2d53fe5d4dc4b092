"""A table in a database that Wavecast writes: made when it is missing, and filled in one transaction, all or nothing.

Rows are known by a key: written again, they replace themselves, so that a retry changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from rnn.readers.databases import BUSY, NotReached, connected, database_name, is_absent_file
from rnn.readers.problems import BadSource, short
from rnn.readers.urls import is_database

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy import Connection

MYSQL = ("mysql", "mariadb")
WRITABLE = ("postgresql", "sqlite", *MYSQL)
"""The databases whose way of replacing rows by their key is known here."""

KEY_LENGTH = 190
"""Characters of a text in a key in MySQL and MariaDB: of four bytes each, four of them may make an index."""

IN_UTC = ("ds_utc", "made")
"""Columns of moments, which a database that knows zones keeps as such; other times are those of the series' clock."""


@dataclass(frozen=True)
class Layout:
    """The table `name` (or schema.name): its `columns` by name, each text, number, integer or time, and its `key`.

    `scope`: columns of the key whose rows belong together: what is written replaces all rows with the same. Empty:
    what is there and not written again stays.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    scope: tuple[str, ...] = ()


def sql_name(column: str) -> str:
    """A column's name as SQL takes it without quotes: wavecast-lo-90 becomes wavecast_lo_90."""
    return column.replace("-", "_")


def layout_of(rows: pa.Table, name: str, key: tuple[str, ...], scope: tuple[str, ...] = ()) -> Layout:
    """The layout of a table that holds `rows`."""
    return Layout(name, {sql_name(field.name): _kind(field.type) for field in rows.schema}, key, scope)


def write(url: str, layout: Layout, rows: pa.Table) -> int:
    """Write `rows`, replacing those with the same key, in one transaction; returns how many were written.

    Raises BadSource, and nothing is changed then: the database cannot be reached, allows no writing, or has a table of
    that name with other columns.
    """
    cells = _rows(rows)
    with connected(_checked(url), reads_only=False) as connection:
        table = _ready(connection, layout, url)
        if cells:
            connection.execute(upsert(connection.dialect.name, table, layout), cells)
        for scope in {tuple(row[name] for name in layout.scope) for row in cells if layout.scope}:
            _remove_others(connection, table, layout, scope, cells)
    return len(cells)


def check_writable(url: str, *layouts: Layout) -> None:
    """Try what `write` does, with a table of one of these layouts, without writing anything. Raises BadSource.

    Without a layout: try to connect. SQLite's file is not made, either.
    """
    import sqlalchemy

    if is_absent_file(_checked(url)):
        return
    if not layouts:
        with connected(_checked(url), reads_only=False) as connection:
            connection.rollback()
        return
    refused: list[BadSource] = []
    for layout in layouts:
        try:
            with connected(_checked(url), reads_only=False) as connection:
                if connection.dialect.name in MYSQL and not _is_there(connection, layout):
                    return  # a table that is made there stays, whatever becomes of the transaction
                table = _ready(connection, layout, url)
                nothing = sqlalchemy.select(*table.columns).where(sqlalchemy.false())
                connection.execute(table.insert().from_select(list(layout.columns), nothing))
                connection.rollback()
            return
        except NotReached:
            raise
        except BadSource as error:
            refused.append(error)
    raise refused[0]


def read_back(url: str, layout: Layout, names: Sequence[str], unique_id: str) -> list[tuple[Any, ...]]:
    """The columns `names` of a series' rows; none where there is no table yet. Raises BadSource."""
    import sqlalchemy

    with connected(_checked(url), reads_only=False) as connection:
        table = _ready(connection, layout, url)
        asked = sqlalchemy.select(*(table.c[name] for name in names)).where(table.c.unique_id == unique_id)
        return [tuple(row) for row in connection.execute(asked)]


def _checked(url: str) -> str:
    if not is_database(url) or not url.startswith((*WRITABLE, "postgres:")):
        raise BadSource(f"{database_name(url)}: --sink is a database, such as sqlite:///forecasts.db or "
                        "postgresql://me@host/db: PostgreSQL, SQLite, MySQL or MariaDB")  # fmt: skip
    return url


def _ready(connection: "Connection", layout: Layout, url: str) -> "sqlalchemy.Table":
    """The table, made if it is missing. Whoever else writes it waits until this transaction ends."""
    import sqlalchemy

    if connection.dialect.name == "postgresql":
        connection.execute(sqlalchemy.text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": layout.name})
    elif connection.dialect.name in MYSQL:  # the connection ends with the transaction, and the lock with it
        connection.execute(sqlalchemy.text("select get_lock(sha1(:name), :wait)"), {"name": layout.name, "wait": BUSY})
    schema, _, name = layout.name.rpartition(".")
    table = table_of(layout)
    inspector = sqlalchemy.inspect(connection)
    if inspector.has_table(name, schema or None):
        wrong = _difference(inspector, name, schema or None, layout)
        if wrong:
            raise BadSource(f"{database_name(url)}: table '{short(layout.name)}' {wrong}: name another, and it is made")
    else:
        table.create(connection)
    return table


def table_of(layout: Layout) -> "sqlalchemy.Table":
    """The table of a layout, as SQLAlchemy describes it for every database."""
    import sqlalchemy

    schema, _, name = layout.name.rpartition(".")
    return sqlalchemy.Table(
        name,
        sqlalchemy.MetaData(),
        *(
            sqlalchemy.Column(column, _type(column, kind, column in layout.key), nullable=column not in layout.key)
            for column, kind in layout.columns.items()
        ),
        sqlalchemy.PrimaryKeyConstraint(*layout.key),
        schema=schema or None,
        **_OPTIONS,
    )


_OPTIONS: dict[str, Any] = {
    f"{name}_{option}": value for name in MYSQL for option, value in (("engine", "InnoDB"), ("charset", "utf8mb4"))
}
"""A table of MySQL and MariaDB that knows transactions and all letters."""


def _is_there(connection: "Connection", layout: Layout) -> bool:
    import sqlalchemy

    schema, _, name = layout.name.rpartition(".")
    return bool(sqlalchemy.inspect(connection).has_table(name, schema or None))


def _difference(inspector: Any, name: str, schema: str | None, layout: Layout) -> str | None:
    """In what a table differs from the layout so that it cannot be written; None where it can."""
    there = {column["name"]: column for column in inspector.get_columns(name, schema)}
    missing = [column for column in layout.columns if column not in there]
    if missing:
        return f"has no column '{missing[0]}', but {', '.join(repr(short(column)) for column in list(there)[:8])}"
    for column, kind in layout.columns.items():
        if not _can_hold(there[column]["type"], column, kind):
            wanted = _type(column, kind, column in layout.key)
            return f"has column '{column}' of type {there[column]['type']}, which is to be {wanted}"
    for column, about in there.items():
        needed = not about["nullable"] and about.get("default") is None and not about.get("identity")
        if column not in layout.columns and needed:
            return f"has a column '{short(column)}' that must have a value and gets none"
    keys = [inspector.get_pk_constraint(name, schema).get("constrained_columns") or []]
    keys += [unique["column_names"] for unique in inspector.get_unique_constraints(name, schema)]
    if not any(set(key) == set(layout.key) for key in keys):
        return f"has no primary key ({', '.join(layout.key)})"
    return None


def upsert(dialect: str, table: "sqlalchemy.Table", layout: Layout) -> Any:
    """The statement that inserts a row, or replaces the one with the same key."""
    from sqlalchemy.dialects import mysql, postgresql, sqlite

    others = [name for name in layout.columns if name not in layout.key]
    if dialect in MYSQL:
        into = mysql.insert(table)
        return into.on_duplicate_key_update({name: into.inserted[name] for name in others})
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    return insert.on_conflict_do_update(
        index_elements=list(layout.key), set_={name: insert.excluded[name] for name in others}
    )


def _remove_others(
    connection: "Connection", table: "sqlalchemy.Table", layout: Layout, scope: tuple[Any, ...], cells: list[Any]
) -> None:
    """Remove the rows of a scope that were not written now, such as those of a longer horizon."""
    import sqlalchemy

    (own,) = [name for name in layout.key if name not in layout.scope]
    kept = [row[own] for row in cells if tuple(row[name] for name in layout.scope) == scope]
    same = [table.c[name] == value for name, value in zip(layout.scope, scope, strict=True)]
    there = connection.execute(sqlalchemy.select(table.c[own]).where(*same)).scalars().all()
    gone = [moment for moment in there if _plain(moment) not in set(map(_plain, kept))]
    if gone:
        connection.execute(table.delete().where(*same, table.c[own].in_(gone)))


def _plain(moment: Any) -> Any:
    """A moment without its zone, which is UTC: SQLite gives back none."""
    return moment.astimezone(UTC).replace(tzinfo=None) if getattr(moment, "tzinfo", None) else moment


def _rows(rows: pa.Table) -> list[dict[str, Any]]:
    """The rows as SQLAlchemy takes them."""
    return [
        {
            sql_name(name): value.replace(tzinfo=UTC) if name in IN_UTC and value is not None else value
            for name, value in row.items()
        }
        for row in rows.to_pylist()
    ]


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "time"
    if pa.types.is_integer(kind):
        return "integer"
    return "number" if pa.types.is_floating(kind) else "text"


def _type(column: str, kind: str, of_key: bool) -> Any:
    """A column's type. MySQL and MariaDB have keys of limited length, of times in whole seconds if not asked."""
    import sqlalchemy
    from sqlalchemy.dialects import mysql

    if kind == "time":
        return sqlalchemy.DateTime(timezone=column in IN_UTC).with_variant(mysql.DATETIME(fsp=6), *MYSQL)
    if kind == "text" and of_key:
        return sqlalchemy.Text().with_variant(mysql.VARCHAR(KEY_LENGTH, collation="utf8mb4_bin"), *MYSQL)
    return {"number": sqlalchemy.Double(), "integer": sqlalchemy.BigInteger(), "text": sqlalchemy.Text()}[kind]


def _can_hold(kind: Any, column: str, wanted: str) -> bool:
    """Whether a column of such a type can hold what is written. SQLite knows no zones of its times."""
    import sqlalchemy
    from sqlalchemy.dialects.postgresql import TIMESTAMP

    if wanted == "time":
        return isinstance(kind, sqlalchemy.DateTime) and (
            not isinstance(kind, TIMESTAMP) or kind.timezone == (column in IN_UTC)
        )
    kinds = {"number": (sqlalchemy.Numeric,), "integer": (sqlalchemy.Integer,), "text": (sqlalchemy.String,)}
    return isinstance(kind, kinds[wanted])
