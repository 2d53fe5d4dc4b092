"""The settings of the monitor: the same series as the retraining's, and how much of it arrives at a time."""

from typing import ClassVar

from pydantic import Field

from flows.settings.base import FeedSettings, FlowSettings
from flows.settings.sink import OutcomeSink
from rnn.lifecycle.series_of_store import SeriesOfStore


class MonitorSettings(FlowSettings, FeedSettings, OutcomeSink, SeriesOfStore):
    """The settings of the monitor. Without a file it monitors the store's series, or else the article's."""

    makes_store: ClassVar[bool] = False

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
