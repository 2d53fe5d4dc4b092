"""The settings of a deployment: those of the flows that it schedules, and their times."""

from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings

AT = {"hour": "{} * * * *", "day": "{} 3 * * *", "week": "{} 3 * * 1", "month": "{} 3 1 * *"}
"""Cron schedules; the minute is the store's."""
MONITORED = {"hour": "{} * * * *", "day": "{} * * * *", "week": "{} 2 * * *", "month": "{} 2 * * *"}
"""The same for the monitor: oftener than the retraining, so that drift is found between two of them."""


class ScheduleSettings(BaseModel):
    """When a store is retrained and monitored, and what is done with its schedules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every: Literal["hour", "day", "week", "month"] | None = Field(
        None, description="How often to retrain: by default every day. The monitor runs every hour, or every day."
    )
    schedule: str | None = Field(
        None,
        min_length=9,
        description="A cron schedule for retraining, instead of --every, such as '0 3 * * *'.",
    )
    monitor_schedule: str | None = Field(
        None, min_length=9, description="A cron schedule for the monitor, instead of the one that suits --every."
    )
    schedule_zone: str | None = Field(
        None,
        description="Time zone of the schedules, such as Europe/Berlin; without it the file's --time-zone, or UTC.",
    )
    pool: str = Field("wavecast", min_length=1, description="The work pool that the worker takes its work from.")
    list: bool = Field(False, description="List the schedules of all stores, and change nothing.")
    pause: bool = Field(False, description="Pause the store's schedules.")
    resume: bool = Field(False, description="Resume the store's schedules.")
    remove: bool = Field(False, description="Remove the store's deployments from the server; runs are kept.")

    @field_validator("schedule_zone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        try:
            return zone and ZoneInfo(zone).key
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone, such as Europe/Berlin or UTC") from None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        asked = [name for name in ("list", "pause", "resume", "remove") if getattr(self, name)]
        if len(asked) > 1:
            raise ValueError(f"--{asked[0]} and --{asked[1]}: give one of them")
        if self.every is not None and self.schedule is not None:
            raise ValueError("--every and --schedule: give one of them")
        return self

    def crons(self, minute: int) -> tuple[str, str]:
        """When to retrain and when to monitor, as cron schedules.

        `minute`: of the hour, below 30, unless a schedule is given; the monitor follows half an hour later.
        """
        every = self.every or "day"
        retrain = self.schedule or AT[every].format(minute)
        oftener = MONITORED["day" if self.schedule else every]
        return retrain, self.monitor_schedule or oftener.format(minute + 30)


class DeploySettings(ScheduleSettings, RetrainSettings, MonitorSettings):  # type: ignore[misc]  # pydantic's constructors
    """The settings of both flows, retraining and monitor, and when they run."""
