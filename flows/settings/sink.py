"""The settings of a sink: the database that forecasts, outcomes and verdicts are written to, and their tables."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_serializer, model_validator

from rnn.readers.urls import BLOCK, is_database, redacted


class SinkSettings(BaseModel):
    """The database, and the table of verdicts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sink: str | None = Field(
        None,
        min_length=1,
        description="A database to write to, such as postgresql://me@host/sales or sqlite:///forecasts.db; or "
        "block:NAME, a Secret block of Prefect that keeps its URL.",
    )
    sink_verdicts: str | None = Field(
        None, min_length=1, description="Its table of verdicts: why which model is served; made if it is missing."
    )

    @field_serializer("sink", when_used="json-unless-none")
    def _without_passwords_of_sink(self, sink: str) -> str:
        return redacted(sink)

    @model_validator(mode="after")
    def _is_a_database(self) -> Self:
        if self.sink is not None and not (is_database(self.sink) or self.sink.startswith(BLOCK)):
            raise ValueError("--sink is a database, such as postgresql://me@host/sales or sqlite:///forecasts.db")
        tables = [name for name in type(self).model_fields if name.startswith("sink_")]
        asked = [name for name in tables if getattr(self, name) != type(self).model_fields[name].default]
        if self.sink is None and asked:
            raise ValueError(f"--{asked[0].replace('_', '-')} is a table of a database: give --sink too")
        return self


class ForecastSink(SinkSettings):
    """And the table of forecasts."""

    sink_table: str = Field(
        "forecasts", min_length=1, description="Its table of forecasts, or schema.table; made if it is missing."
    )


class OutcomeSink(SinkSettings):
    """And the table of outcomes."""

    sink_outcomes: str | None = Field(
        None, min_length=1, description="Its table of past forecasts with their outcomes; made if it is missing."
    )


def without_sink(config: dict[str, Any]) -> dict[str, Any]:
    """Settings for the record without where a forecast was sent, which does not change it."""
    return {name: value for name, value in config.items() if name != "sink" and not name.startswith("sink_")}
