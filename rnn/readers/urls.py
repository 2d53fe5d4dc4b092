"""URLs with credentials: shown without them, handed on with references in their place, and filled in when used.

A reference is the name of a variable of the environment, such as `$PGPASSWORD` in
`postgresql://me:$PGPASSWORD@host/sales`. A URL whose credentials are references may stand in a log, a manifest or
Prefect's records; only whoever opens it, in a process that has the variable, sees what it stands for.
"""

import os
import re
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from urllib.parse import quote, unquote

from rnn.readers.problems import BadSource, short

DATABASES = ("sqlite", "postgresql", "postgres", "mysql", "mariadb", "mssql", "oracle")
"""The schemes of URLs that name a database, as SQLAlchemy writes them."""

BLOCK = "block:"
"""The beginning of what names a block of Prefect that keeps a URL."""

_LOGIN = re.compile(r"(?<=://)(?:[^\s?#]*:[^\s?#]*|[^/\s?#]*)@")
"""User and password in a file's URL."""
_DATABASE_LOGIN = re.compile(r"(?<=://)([^:/@\s]*):((?:(?![?]\w+=).)*)@", re.DOTALL)
"""User and password in a database's URL: the last @ before the query ends them. A user alone opens nothing."""
_QUERY = re.compile(r"(?<=\?)[^#\s]*")
_SECRET_NAME = re.compile(r"[^=]*(pass|pwd|secret|token|key|sig|auth|credential)[^=]*=", re.IGNORECASE)
_REFERENCE = re.compile(r"\$(?:\{([A-Z_][A-Z0-9_]*)\}|([A-Z_][A-Z0-9_]*))")


def is_database(url: str | None) -> bool:
    """Whether the URL names a database, and not a file."""
    scheme, colon, _ = (url or "").partition("://")
    return bool(colon) and scheme.lower().partition("+")[0] in DATABASES


def is_reference(text: str) -> bool:
    """Whether the text is the name of a variable with a dollar sign before it, and nothing more."""
    return _REFERENCE.fullmatch(text) is not None


def redacted(url: str) -> str:
    """The URL without password and query, and without the user of a file's; references and paths stay as they are."""

    def shown(_: str, text: str) -> str:
        return text if is_reference(text) else "…"

    return _with_credentials(url, shown)


def without_credentials(url: str) -> str:
    """The same without references too: two ways to give one password lead to one name."""
    return _with_credentials(url, lambda _, text: "…")


def has_secret(url: str) -> bool:
    """Whether the URL holds a login, or a value in its query that is called so, unlike mere settings."""
    found: list[bool] = []

    def note(kind: str, text: str) -> str:
        parts = [text] if kind != "QUERY" else [part for part in text.split("&") if _SECRET_NAME.match(part)]
        found.extend(bool(part) and not is_reference(part.rpartition("=")[2]) for part in parts)
        return text

    _with_credentials(url, note)
    return any(found)


def in_environment(url: str, name: str, environment: MutableMapping[str, str] = os.environ) -> str:
    """The URL with references for its credentials, which are put into the environment under `name` and their kind.

    Of a database `name` + "_PASSWORD" holds the password itself; a file's "_LOGIN" and any "_QUERY" are as in the URL.
    """
    plain = is_database(url)

    def reference(kind: str, text: str) -> str:
        if not text or text == "…" or is_reference(text):
            return text
        variable = f"{name}_{kind}"
        environment[variable] = unquote(text) if plain and kind == "PASSWORD" else text
        return f"${variable}"

    return _with_credentials(url, reference)


def filled_in(url: str, environment: Mapping[str, str] = os.environ) -> str:
    """The URL with what its references stand for. Raises BadSource for a variable that is not set."""
    plain = is_database(url)

    def value(kind: str, text: str) -> str:
        if kind == "QUERY" and not is_reference(text):
            return re.sub(r"(?<==)[^&]*", lambda part: value("PART", part[0]), text)
        match = _REFERENCE.fullmatch(text)
        if match is None:
            return text
        variable = match[1] or match[2]
        if variable not in environment:
            raise BadSource(
                f"{short(redacted(url), 200)}: the environment has no variable {variable}, which this names: set it "
                "where Wavecast runs"
            )
        found = environment[variable]
        return quote(found, safe="") if plain and kind != "QUERY" else found

    return _with_credentials(url, value)


def secrets_of(url: str) -> list[str]:
    """What a message must not say of a URL that is filled in: its password, user and values, in both forms of each."""
    found: list[str] = []

    def note(_: str, text: str) -> str:
        found.extend(re.split("[:@&=]", text) if not is_database(url) else [text, *re.split("[&=]", text)])
        return text

    _with_credentials(url, note)
    forms = {form for secret in found for form in (secret, unquote(secret)) if len(form) > 2}
    return sorted(forms, key=len, reverse=True)


def without_secrets(text: str, url: str) -> str:
    """What a library says of the `url`, without the URL itself and its credentials."""
    text = text.replace(url, redacted(url))
    for secret in secrets_of(url):
        text = text.replace(secret, "…")
    return text


SQLITE = "sqlite:///"


def from_root(url: str) -> str:
    """A path, or the URL of SQLite's file, from the root of the file system; any other URL as it is."""
    if url.startswith(SQLITE):
        return f"{SQLITE}{Path(url.removeprefix(SQLITE)).absolute()}"
    return url if "://" in url or url.startswith(BLOCK) else str(Path(url).expanduser().absolute())


def _with_credentials(url: str, change: Callable[[str, str], str]) -> str:
    """The URL with each part that may open what it should not in the form that `change` gives it.

    `change` gets the kind of the part, PASSWORD, LOGIN or QUERY, and the part.
    """
    if "://" not in url:
        return url
    if is_database(url):
        login = _DATABASE_LOGIN.search(url)
        at = url.find("?", login.end() if login else 0)
        head, query = (url, "") if at < 0 else (url[:at], url[at:])
        if login:
            head = f"{head[: login.start(2)]}{change('PASSWORD', login[2])}{head[login.end(2) :]}"
    else:
        head, mark, rest = _LOGIN.sub(lambda login: change("LOGIN", login[0][:-1]) + "@", url).partition("?")
        query = mark + rest
    return head + _QUERY.sub(lambda part: change("QUERY", part[0]), query, count=1)
