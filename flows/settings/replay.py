"""The settings of a replay: the series, how it arrives, and the policies of retraining to compare."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from flows.settings.base import FlowSettings, GateSettings, part
from rnn.lifecycle.replay import POLICIES, Plan, Policy
from rnn.readers.options import Source


class ReplaySettings(FlowSettings, GateSettings, Source):
    """The settings of a replay. Without a file it generates a year whose law changes in its middle."""

    kind: Literal["waves", "season", "wandering", "chance", "oscillator"] = Field(
        "season", description="Kind of series of the generated year."
    )
    change: Literal["none", "frequency", "level", "amplitude", "noise"] = Field(
        "frequency", description="What changes in the generated year: 'frequency' by 20 %, 'none' for a quiet year."
    )
    change_day: int = Field(180, ge=1, description="The day from which data follow the new law.")
    noise: float = Field(0.05, ge=0, le=10, description="Noise of the generated year, as a share of its spread.")
    days: int = Field(365, ge=2, le=100_000, description="Days to replay, each with one arrival of data.")
    arrival: int = Field(1, ge=1, le=10_000, description="Groups that arrive a day.")
    known: int = Field(600, ge=1, le=10_000_000, description="Points that are known on day 0.")
    policies: tuple[Policy, ...] = Field(
        POLICIES, min_length=1, description="When to retrain: 'never', 'weekly', 'nightly', 'on drift'."
    )
    newest: int | None = Field(600, ge=1, description="Learn from at most this many of the newest points.")
    workers: int = Field(2, ge=1, le=1024, description="Processes that train in advance what will be needed.")

    @field_validator("policies")
    @classmethod
    def _no_policy_twice(cls, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        if len(set(policies)) < len(policies):
            raise ValueError("name each policy once")
        return policies

    @model_validator(mode="after")
    def _leaves_folds(self) -> Self:
        if self.is_settled:
            self.plan.asked(0)
        return self

    @property
    def plan(self) -> Plan:
        """How the series is replayed."""
        return Plan(
            terms=self.terms,
            known=self.known,
            arrival=self.arrival,
            days=self.days,
            recipe=self.autoregressive,
            seed=self.seed,
        )

    @property
    def points_needed(self) -> int:
        """The points of all days; in groups of 1 until their size is known."""
        return self.known + (self.days - 1) * self.arrival * (self.group_size or 1)

    @property
    def source(self) -> Source:
        """The file alone."""
        return part(self, Source)
