"""The settings of a replay: the series, how it arrives, and the policies of retraining to compare."""

from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from flows.settings.base import FlowSettings, GateSettings, part
from rnn.lifecycle.faults import YearPlan
from rnn.lifecycle.replay import POLICIES, Plan, Policy
from rnn.readers.options import Source


class ReplaySettings(FlowSettings, GateSettings, Source):
    """The settings of a replay. Without a file it generates a year whose law changes in its middle.

    With faults it lives nights of a feed of its own, by a plan of which little is to be chosen.
    """

    with_faults: ClassVar[frozenset[str]] = frozenset({"faults", "fault_share", "days", "seed", "store"})
    """What can be chosen for a year with faults."""

    faults: bool = Field(
        False,
        description="Live a made-up feed's nights instead, through the monitor and the retraining themselves, and let "
        "some go wrong: kills, a full disk, late, false and torn data. Takes --nights, --fault-share, --seed, --store.",
    )
    fault_share: float = Field(
        0.25,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="With --faults: the share of nights with a fault; 0 for none.",
    )
    kind: Literal["waves", "season", "wandering", "chance", "oscillator"] = Field(
        "season", description="Kind of series of the generated year."
    )
    change: Literal["none", "frequency", "level", "amplitude", "noise"] = Field(
        "frequency", description="Change in the generated year: 'frequency' by 20 %, 'none' for a quiet year."
    )
    change_day: int = Field(180, ge=1, description="The day from which data follow the new law.")
    noise: float = Field(0.05, ge=0, le=10, description="Noise of the generated year, as a share of its spread.")
    days: int = Field(365, ge=2, le=100_000, description="Days to replay, each with one arrival of data.")
    arrival: int = Field(1, ge=1, le=10_000, description="Groups that arrive a day.")
    known: int = Field(600, ge=1, le=10_000_000, description="Points that are known on day 0.")
    policies: tuple[Policy, ...] = Field(
        POLICIES, min_length=1, description="Policies to compare: retrain 'never', 'weekly', 'nightly', 'on drift'."
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
    def _leaves_the_plan_as_it_is(self) -> Self:
        if self.faults:
            usual = type(self)()
            fields = [name for name in type(self).model_fields if name in self.model_fields_set - self.with_faults]
            said = [name for name in fields if getattr(self, name) != getattr(usual, name)]
            if said:
                flags = ", ".join(f"--{name.replace('_', '-')}" for name in said)
                raise ValueError(f"--faults lives a feed of its own: leave out {flags}")
        return self

    @model_validator(mode="after")
    def _leaves_folds(self) -> Self:
        if self.is_settled and not self.faults:
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
    def year(self) -> YearPlan:
        """The year with faults."""
        return YearPlan(nights=self.days, share=self.fault_share, seed=self.seed)

    @property
    def points_needed(self) -> int:
        """The points of all days; in groups of 1 until their size is known."""
        return self.known + (self.days - 1) * self.arrival * (self.group_size or 1)

    @property
    def source(self) -> Source:
        """The file alone."""
        return part(self, Source)
