"""Connect to databases through SQLAlchemy within a bounded time, and tell an error in one line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rnn.readers.problems import BadSource, short
from rnn.readers.urls import filled_in, redacted, without_secrets

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql", "mariadb": "pymysql"}
"""The driver where a URL names none, or one for asyncio."""
ASYNCHRONOUS = ("asyncpg", "aiosqlite", "aiomysql", "asyncmy")

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}

CONNECTING = 10
"""Seconds after which a server that does not answer is called missing."""
BUSY = 60
"""Seconds to wait for whoever has locked what is needed."""
AT_WORK = 600
"""Seconds that a server may take for one statement."""

_ADVICE = {
    "42501": "let this user do it (GRANT)",
    "42P01": "mend the name",
    "42703": "mend the name",
    "28P01": "mend user and password, or set PGPASSWORD",
    "28000": "mend user and password",
    "3D000": "mend the name of the database",
    "25006": "give a query that only reads",
    "57014": f"it takes longer than {AT_WORK} s: make it simpler, or add an index",
    "55P03": "somebody holds it locked: try again",
    "53300": "too many are connected: try again",
}
"""What to do about an error of PostgreSQL, by its code (docs, appendix A)."""

_MYSQL_ADVICE = {
    1044: "let this user do it (GRANT)",
    1142: "let this user do it (GRANT)",
    1049: "mend the name of the database",
    1054: "mend the name",
    1146: "mend the name",
}
"""The same of MySQL and MariaDB, by their numbers (Server Error Message Reference), where codes say less."""


class NotReached(BadSource):
    """A database that is away, or busy, at the moment: trying again may help."""


_PASSING = ("08", "40", "53", "55P", "57P")
"""Codes of PostgreSQL that begin so pass: connection lost, conflict, too many, locked, shutting down."""


def database_name(url: str) -> str:
    """The database in messages: its URL without password and query, in one line."""
    return short(redacted(url), 200)


@contextmanager
def connected(url: str, reads_only: bool = True) -> Iterator["Connection"]:
    """One transaction in the database at `url`: committed at the end of the block, or rolled back if it only reads.

    One that only reads sees the database as it was at its beginning, where the database can do that. Raises BadSource,
    in one line and without passwords, for whatever the database says.
    """
    with database_errors(url):
        engine = _engine(url, reads_only)
        try:
            with engine.connect() as connection:
                _begin(connection, reads_only)
                yield connection
                connection.rollback() if reads_only else connection.commit()
        finally:
            engine.dispose()


@contextmanager
def database_errors(url: str) -> Iterator[None]:
    """Turn what a database says into BadSource, in one line and without passwords."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError, SQLAlchemyError

    name = database_name(url)
    try:
        yield
    except (NoSuchModuleError, ImportError) as error:
        raise BadSource(f"{name}: {_no_driver(url, error)}") from None
    except (ArgumentError, ValueError) as error:
        reason = without_secrets(_first_line(error), filled_in(url))
        raise BadSource(f"{name}: this is no URL of a database ({short(reason, 120)}): mend it") from None
    except (DBAPIError, SQLAlchemyError, OSError) as error:
        original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        advice = _advice(original, isinstance(error, OperationalError), url)
        reason = short(without_secrets(_first_line(original), filled_in(url)), 240)
        kind = NotReached if _may_pass(original, isinstance(error, OperationalError)) else BadSource
        raise kind(": ".join([name, reason, *filter(None, [advice])])) from None


def _engine(url: str, reads_only: bool) -> "Engine":
    import sqlalchemy

    address = _with_driver(sqlalchemy.make_url(filled_in(url)))
    dialect = address.get_backend_name()
    options: dict[str, Any] = {"poolclass": sqlalchemy.NullPool}
    if dialect == "sqlite":
        path = _sqlite_file(url, address, reads_only)
        mode = "ro" if reads_only else "rwc"
        options["creator"] = lambda: sqlite3.connect(f"file:{quote(path)}?mode={mode}", uri=True, timeout=BUSY)
    elif dialect == "postgresql":
        given = {"connect_timeout": CONNECTING, "keepalives_idle": 30, "tcp_user_timeout": 1000 * BUSY}
        given["application_name"] = "wavecast"  # type: ignore[assignment]
        options["connect_args"] = {name: value for name, value in given.items() if name not in address.query}
    elif dialect in ("mysql", "mariadb"):
        options["connect_args"] = {"connect_timeout": CONNECTING}
    return sqlalchemy.create_engine(address, **options)


def is_absent_file(url: str) -> bool:
    """Whether the URL names a file of SQLite that could be made. Raises BadSource for one that could not."""
    import sqlalchemy

    with database_errors(url):
        address = sqlalchemy.make_url(filled_in(url))
    is_file = address.get_backend_name() == "sqlite"
    return is_file and not Path(_sqlite_file(url, address, reads_only=False)).exists()


def _with_driver(address: "URL") -> "URL":
    """The URL with a driver: the usual one where none is named, or one that Prefect's own URLs name, for asyncio."""
    backend = "postgresql" if address.get_backend_name() == "postgres" else address.get_backend_name()
    driver = address.drivername.partition("+")[2]
    if not driver or driver in ASYNCHRONOUS:
        driver = DRIVERS.get(backend, "")
    return address.set(drivername="+".join(filter(None, [backend, driver])))


def _sqlite_file(url: str, address: "URL", reads_only: bool) -> str:
    """The path of SQLite's file: connecting would make an empty one."""
    path = address.database or ""
    if path in ("", ":memory:") or path.startswith("file:"):
        raise BadSource(f"{database_name(url)}: name a file, such as sqlite:///sales.db")
    if reads_only and not Path(path).is_file():
        what = "this is a folder" if Path(path).is_dir() else "there is no such file"
        raise BadSource(f"{database_name(url)}: {what}: check the path (sqlite:///relative, sqlite:////absolute)")
    if not Path(path).parent.is_dir():
        raise BadSource(f"{database_name(url)}: there is no folder {Path(path).parent}: make it, or mend the path")
    return path


def _begin(connection: "Connection", reads_only: bool) -> None:
    """Begin the transaction, with the limits of time that the database knows."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        if reads_only:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            # Were the transaction ended by what is executed, the next one would not write either.
            connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {1000 * AT_WORK}")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {1000 * BUSY}")
    elif dialect == "sqlite":
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
    elif dialect in ("mysql", "mariadb") and reads_only:
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.commit()


def _may_pass(error: BaseException, is_of_connection: bool) -> bool:
    code = str(getattr(error, "sqlstate", None) or "")
    if isinstance(error, sqlite3.Error):
        return "locked" in str(error)
    return code.startswith(_PASSING) if code else is_of_connection


def _advice(error: BaseException, is_of_connection: bool, url: str) -> str:
    code, number = str(getattr(error, "sqlstate", None) or ""), _number(error)
    if number in _MYSQL_ADVICE:
        return _MYSQL_ADVICE[number]
    if code:
        return _ADVICE.get(code, "mend the query")
    if isinstance(error, sqlite3.Error):
        said = str(error)
        if said.startswith(("no such", "near ", "ambiguous", "incomplete", "unrecognized", "wrong number", "misuse")):
            return "mend the query"
        return "try again" if "locked" in said else "check the file"
    return "check that the server is there and lets this user in" if is_of_connection else ""


def _no_driver(url: str, error: Exception) -> str:
    backend = url.partition("://")[0].partition("+")[0]
    if backend.startswith("postgres"):
        return "PostgreSQL needs its driver: pip install 'wavecast[sql]'"
    package = DRIVERS.get(backend)
    advice = f"pip install {package}" if package else "install the driver that SQLAlchemy names for it"
    return f"there is no driver for this database here ({short(_first_line(error), 80)}): {advice}"


def _number(error: BaseException) -> int | None:
    """The number of an error of MySQL or MariaDB, whose drivers give it with the text; None for others."""
    is_numbered = len(error.args) == 2 and isinstance(error.args[0], int) and not isinstance(error, OSError)
    return error.args[0] if is_numbered else None


def _first_line(error: BaseException) -> str:
    """The first sentence of what a database says; what follows repeats the statement, or points into it."""
    diagnosis = getattr(getattr(error, "diag", None), "message_primary", None)
    if _number(error) is not None:
        diagnosis = error.args[1]
    text = str(diagnosis or error).strip() or type(error).__name__
    return " ".join(text.splitlines()[0].split())
