"""The settings that say which file is read, and how: every flow shares them, and each field is a flag."""

import codecs
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    field_serializer,
    field_validator,
    model_validator,
)

from rnn.readers.urls import BLOCK, is_database, redacted
from rnn.written_as import COUNTRY

Repair: TypeAlias = Literal["sort", "duplicates", "trim-ends", "round-times", "extra-rows"]

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1)]


def _columns(given: Any) -> Any:
    return () if given is None else (given,) if isinstance(given, str) else given


def _as_given(columns: tuple[str, ...]) -> str | list[str] | None:
    return list(columns) if len(columns) > 1 else next(iter(columns), None)


TimeColumns: TypeAlias = Annotated[
    tuple[Name, ...],
    BeforeValidator(_columns),
    PlainSerializer(_as_given),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"}]}),
]
"""One name or two. A single name is written and read as plain text, as configurations have always had it."""


class Data(BaseModel):
    """The file, or none. Written as JSON, as into a manifest or Prefect's records, its URL loses its passwords."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str | None = Field(
        None,
        min_length=1,
        description="A series of your own: a CSV file, Parquet file or workbook, or a folder of them, as a path or an "
        "fsspec URL; a database, such as sqlite:///sales.db or postgresql://me@host/sales; block:NAME, a Secret block "
        "of Prefect that keeps such a URL; - reads standard input.",
    )

    @field_serializer("data", when_used="json-unless-none")
    def _without_passwords(self, data: str) -> str:
        return redacted(data)


class Reading(BaseModel):
    """The way a file is read: its rows and columns, how times and numbers are written, and what may be mended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: str | None = Field(
        None, min_length=1, description='What to read from a database, such as "select day, amount from sales".'
    )
    table: str | None = Field(
        None, min_length=1, description="The table or view to read from a database, such as sales or public.sales."
    )
    time_column: TimeColumns = Field(
        (),
        max_length=2,
        description="Its column of times: numbers, dates or timestamps; or two, a date and a time of day. Inferred "
        "where only one holds times.",
    )
    value_column: str | None = Field(
        None, min_length=1, description="Its column of values to forecast. Inferred where only one holds numbers."
    )
    time_zone: str | None = Field(
        None,
        min_length=1,
        description="Time zone of times that have none, such as Europe/Berlin; without it they are taken as UTC.",
    )
    time_format: str | None = Field(
        None,
        min_length=1,
        description="How times are written, such as %d/%m/%Y, where days and months look alike; or epoch_s, epoch_ms, "
        "epoch_us, epoch_ns for numbers that count from 1970; or excel for a spreadsheet's day numbers; or split_year "
        "for years such as 2010-11.",
    )
    where: tuple[str, ...] = Field(
        (), description="Read only rows with this content, such as store=A; several must all hold."
    )
    decimal: Literal[".", ","] | None = Field(None, description="What stands before the decimals of numbers in text.")
    thousands: Literal[",", ".", "space", "'", "none"] | None = Field(
        None, description="What groups the digits of numbers in text by threes; 'none' where nothing does."
    )
    missing: tuple[Name, ...] = Field(
        (),
        description="What stands for a missing value, such as -9999 or unavailable; 'none' where all are values.",
    )
    encoding: str | None = Field(
        None, min_length=1, description="Encoding of a CSV file, such as latin-1, where it is not Unicode."
    )
    skip_rows: int = Field(0, ge=0, le=1_000_000, description="Lines above the names of the columns to leave out.")
    sheet: str | None = Field(None, min_length=1, description="Sheet of a workbook; the first that is not empty.")
    repair: tuple[Repair, ...] = Field(
        (),
        description="What to mend: 'sort' rows that are out of order, drop exact 'duplicates', 'trim-ends' without "
        "values, 'round-times' that miss even steps by little, leave out 'extra-rows' such as totals and notes. "
        "By default none of these.",
    )
    hold_back: int = Field(
        0, ge=0, le=100_000, description="Leave out so many of the newest rows, which are not final yet."
    )
    fill_gaps: int = Field(
        0, ge=0, le=1000, description="Fill gaps of at most so many steps by a straight line; 0 fills none."
    )
    season: tuple[int | Literal["none"], ...] = Field(
        (),
        description="Points in a season, one or several, such as 24 168; 'none' for no season. Without it the calendar "
        "proposes, and the values decide.",
    )
    lower: float | None = Field(
        None, description="Forecasts and intervals never lie below it. Without it, not below 0 where no value is."
    )
    upper: float | None = Field(None, description="Forecasts and intervals never lie above it.")
    known_ahead: tuple[Name, ...] = Field(
        (),
        description="Columns of numbers that are known ahead, such as price promotion: the file has them in rows "
        "beyond the last value, as far as is to be forecast.",
    )
    holidays: Annotated[str, COUNTRY] | None = Field(
        None,
        description="Public holidays as an input known ahead: a country such as DE, or one with a part such as DE-BY.",
    )

    @field_validator("known_ahead")
    @classmethod
    def _names_each_once(cls, known_ahead: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(known_ahead)) < len(known_ahead):
            raise ValueError("names a column twice")
        return known_ahead

    @field_validator("season")
    @classmethod
    def _is_a_season(cls, season: tuple[int | str, ...]) -> tuple[int | str, ...]:
        if "none" in season and len(season) > 1:
            raise ValueError("is 'none' or one or several lengths, not both")
        if any(isinstance(length, int) and length < 2 for length in season):
            raise ValueError("must be at least 2 points long; 'none' says that there is no season")
        return season

    @field_validator("lower", "upper")
    @classmethod
    def _is_a_number(cls, bound: float | None) -> float | None:
        if bound is not None and not isfinite(bound):  # which JSON does not have either
            raise ValueError("must be a finite number, one far away, such as -1e300 or 1e300, for no bound")
        return bound

    @model_validator(mode="after")
    def _are_bounds(self) -> Self:
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError(f"--lower {self.lower:g} is not below --upper {self.upper:g}")
        return self

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        from zoneinfo import ZoneInfo

        try:
            return zone and ZoneInfo(zone).key
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone, such as Europe/Berlin or UTC") from None

    @field_validator("encoding")
    @classmethod
    def _is_an_encoding(cls, encoding: str | None) -> str | None:
        if encoding is None:
            return None
        try:
            b"a".decode(encoding, "ignore")  # refuses codecs that do not make text, such as base64
            return codecs.lookup(encoding).name
        except (LookupError, ValueError, TypeError):
            raise ValueError("must be an encoding of text, such as latin-1 or cp1252") from None

    @field_validator("where")
    @classmethod
    def _names_a_column(cls, where: tuple[str, ...]) -> tuple[str, ...]:
        if not all(condition.partition("=")[0] and "=" in condition for condition in where):
            raise ValueError("must be column=value, such as store=A")
        return where

    @property
    def conditions(self) -> Mapping[str, str]:
        """The content that each column of `where` must have."""
        return {column: content for column, _, content in (condition.partition("=") for condition in self.where)}


class Source(Reading, Data):
    """A file or what a database is asked for, and how it is read."""

    @model_validator(mode="after")
    def _is_asked_what_it_knows(self) -> Self:
        if self.query is not None and self.table is not None:
            raise ValueError("--query and --table: give one of them")
        asked = "--query" if self.query is not None else "--table" if self.table is not None else ""
        if asked and self.data is not None and not (is_database(self.data) or self.data.startswith(BLOCK)):
            raise ValueError(f"{asked} is for a database, such as sqlite:///sales.db: leave it out, or mend --data")
        return self
