"""What a user says of a file with a series of their own: the settings that every flow shares."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator

from rnn.readers.files import redacted

Repair: TypeAlias = Literal["sort", "duplicates"]


class Data(BaseModel):
    """Which file, or none. Written as JSON, as into a manifest or Prefect's records, its URL loses its passwords."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str | None = Field(
        None, min_length=1, description="A series of your own: a CSV or Parquet file, as a path or an fsspec URL."
    )

    @field_serializer("data", when_used="json-unless-none")
    def _without_passwords(self, data: str) -> str:
        return redacted(data)


class Reading(BaseModel):
    """How a file is read: which columns, how times are meant, and what may be mended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_column: str | None = Field(
        None, min_length=1, description="Its column of times: numbers, dates or timestamps. Inferred where one is."
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
        description="How times are written in a CSV file, such as %d/%m/%Y; needed where days and months look alike.",
    )
    repair: tuple[Repair, ...] = Field(
        (),
        description="What to mend: 'sort' rows that are out of order, drop exact 'duplicates'. Nothing by default.",
    )
    fill_gaps: int = Field(
        0, ge=0, le=1000, description="Fill gaps of at most so many steps by a straight line; 0 fills none."
    )

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        from zoneinfo import ZoneInfo

        try:
            return zone and ZoneInfo(zone).key
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone, such as Europe/Berlin or UTC") from None


class Source(Reading, Data):
    """A file, and how it is read."""
