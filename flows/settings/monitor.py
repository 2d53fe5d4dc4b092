"""What the monitor looks at: the same series as the retraining, and how much of it arrives at a time."""

from pydantic import Field

from flows.settings.base import FlowSettings
from rnn.experiment import OneSeries


class MonitorSettings(FlowSettings, OneSeries):
    """What the monitor is to look at. Every field has a default: without a file, the article's series."""

    cycle: int = Field(
        1, ge=1, le=10_000, description="Groups of data that usually arrive at a time: one cycle of the drift test."
    )
