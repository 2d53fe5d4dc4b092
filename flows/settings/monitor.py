"""The settings of the monitor: the same series as the retraining's, and how much of it arrives at a time."""

from pydantic import Field

from flows.settings.base import FeedSettings, FlowSettings
from flows.settings.sink import OutcomeSink
from rnn.experiment import OneSeries


class MonitorSettings(FlowSettings, FeedSettings, OutcomeSink, OneSeries):
    """The settings of the monitor. Without a file it monitors the article's series."""

    cycle: int = Field(
        1,
        ge=1,
        le=10_000,
        description="Groups of data that usually arrive at a time: a cycle of the drift test.",
    )

    @property
    def points_needed(self) -> int:
        """The fewest points that have a step between them."""
        return 2
