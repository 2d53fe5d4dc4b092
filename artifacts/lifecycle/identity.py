"""The identity of a store's series: its columns, calendar, unit and past. `<store>/series.json`.

Beside it `series.parquet` holds the values that were last seen, so that changes of the past are counted point by point.
The digests in series.json tell whether it is whole; without it the newest retraining's data stand in.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
from fsspec.implementations.local import LocalFileSystem
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from artifacts.files.parquet import NotAFile, read_table, write_table
from artifacts.lifecycle.ledger import Ledger, read_ledger
from artifacts.store.store import Store
from rnn.calendar import Calendar
from rnn.errors import WavecastError
from rnn.lifecycle.identity import Seen
from rnn.lifecycle.outcomes import Scored
from rnn.lifecycle.restatement import block_digests
from rnn.readers.files import STANDARD_INPUT
from rnn.readers.options import Source
from rnn.readers.urls import from_root, redacted

SERIES, VALUES = "series.json", "series.parquet"
FORMAT = 1

KEPT = 100
"""Restatements, and acceptances, that are remembered: the newest."""


class CorruptIdentity(WavecastError):
    """The identity of the store's series cannot be read."""


class Restated(BaseModel):
    """A restatement: at `when` (UTC, ISO) it was seen that `points` of the `known` values had changed.

    `first`, `last`: the times of the changed values; `blocks` the numbers of their blocks, `before` the digests that
    these had. `typical`, `largest`: by how much. `factor`: new over old, where constant. `run`: as runs are named, when
    it was seen. `marked`: how many lines of the ledger had been scored by such values.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    when: str
    run: str
    points: int
    known: int
    first: str
    last: str
    blocks: tuple[int, ...]
    before: dict[int, str]
    typical: float
    largest: float
    factor: float | None = None
    marked: int = 0
    sentence: str = ""


class Noted(BaseModel):
    """Something that was accepted or refused at `when` (UTC, ISO): the `words` after --accept, and the `sentence`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    when: str
    words: tuple[str, ...] = ()
    sentence: str


class Identity(BaseModel):
    """The identity of a store's series. Times are as the series' calendar shows them.

    `unique_id` is `named` where the user has said it. `begun`: the runs from this name on are about these values.
    `source`: the file and how it is read, as settings that are not the defaults, `given` as the user gave its path;
    None for generated data. `lowest` … `spread` (standard deviation): of the values, in their own unit. `offset`: the
    place of the first point, of which the store's very first had 0; `digests` are of blocks of `block` points.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = FORMAT
    unique_id: str
    named: bool = False
    since: str
    begun: str = ""
    source: dict[str, Any] | None
    given: str | None = None
    time_column: str
    value_column: str
    calendar: dict[str, Any] | None
    step: float
    lowest: float
    highest: float
    median: float
    spread: float
    first: str
    last: str
    points: int
    offset: int = 0
    block: int
    digests: dict[int, str]
    task: dict[str, int | str] = Field(default_factory=dict)
    revise_within: str | None = None
    restatements: tuple[Restated, ...] = ()
    accepted: tuple[Noted, ...] = ()
    refused: Noted | None = None

    @property
    def file(self) -> str:
        """The name of its file for messages."""
        return "generated data" if self.source is None else str(self.source["data"])

    @property
    def readable_source(self) -> dict[str, Any] | None:
        """The settings to read its file again; None where there is none, or only with a password that is not kept."""
        if self.source is None or "…" in self.file or self.file == STANDARD_INPUT:
            return None
        same = self.given is not None and str(Path(self.given).absolute()) == self.file
        return {**self.source, "data": self.given if same else self.file}


def read_identity(store: Store) -> Identity | None:
    """Read the identity of the store's series; None where it is not written yet. Raises CorruptIdentity."""
    try:
        return _identity(store.read(SERIES))
    except (NotAFile, ValueError, KeyError, TypeError, RecursionError, ValidationError):
        raise CorruptIdentity(
            f"{store.place(SERIES)} is damaged: move it away, and it is made again from the newest retraining"
        ) from None


def counted(store: Store, ledger: Ledger | None = None) -> Scored:
    """The lines of a store's ledger that count: not voided, and about the series as it is. Raises CorruptLedger."""
    identity = read_identity(store)
    return (ledger or read_ledger(store)).counted(identity.begun if identity else "")


def look_up(url: str) -> Identity | None:
    """The same of the store at `url`, a path or URL, of which nothing is made; None where it cannot be read."""
    try:
        files, root = fsspec.core.url_to_fs(url)
        path = f"{root}/{SERIES}"
        if isinstance(files, LocalFileSystem) and not Path(path).is_file():
            return None
        return _identity(files.cat_file(path))
    except Exception:  # out of reach, damaged: whoever opens the store says so
        return None


def _identity(content: bytes | None) -> Identity | None:
    if content is None:
        return None
    read = json.loads(content)
    if read["format"] > FORMAT:
        raise CorruptIdentity(f"{SERIES} was written by a newer Wavecast: update this one")
    return Identity.model_validate(read)


def write_identity(store: Store, identity: Identity) -> None:
    """Write series.json, whole."""
    store.replace(SERIES, (identity.model_dump_json(indent=2) + "\n").encode())


def write_values(store: Store, seen: Seen) -> None:
    """Write series.parquet, whole: the moments and the values that were last seen."""
    buffer = io.BytesIO()
    write_table(buffer, {"at": seen.at, "y": seen.y})
    store.replace(VALUES, buffer.getvalue())


def read_values(store: Store, identity: Identity) -> Seen | None:
    """The series as it was last seen; None where its values are gone, or not those of the digests."""
    try:
        columns, _ = read_table(store.read(VALUES) or b"")
        at, y = columns["at"], columns["y"]
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
    if block_digests(at, y, identity.offset) != identity.digests:
        return None
    calendar = None if identity.calendar is None else Calendar(**identity.calendar)
    return Seen(
        time=identity.time_column, value=identity.value_column, at=at, y=y, step=identity.step, calendar=calendar
    )


def source_to_keep(source: Source) -> dict[str, Any] | None:
    """The file and how it is read, for the record: an absolute path, no passwords; None without a file."""
    if source.data is None:
        return None
    said: Mapping[str, Any] = source.model_dump(mode="json", exclude_defaults=True)
    return {**said, "data": absolute(source.data)}


def absolute(data: str) -> str:
    """A path from the root, a URL without passwords, standard input as it is."""
    return data if data == STANDARD_INPUT else redacted(from_root(data))
