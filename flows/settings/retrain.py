"""The settings of a retraining: the series, the task, and how a challenger is judged."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from flows.settings.base import FeedSettings, FlowSettings, GateSettings
from flows.settings.sink import ForecastSink
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.origins import fold_origins


class RetrainSettings(FlowSettings, GateSettings, FeedSettings, ForecastSink, SeriesOfStore):
    """The settings of a retraining. Without a file it learns the store's series, or else the article's.

    So without a file the task may be open until the store was asked (flows/command_line/known_series.py).
    """

    file_may_be_known: ClassVar[bool] = True
    makes_store: ClassVar[bool] = True

    trust_feed: bool = Field(
        False, description="Learn from the newest values although they look wrong (flat, out of range, …)."
    )

    @property
    def points_needed(self) -> int:
        """The fewest points that a challenger can learn from; in groups of 1 until their size is known."""
        return self.autoregressive.groups_needed * (self.group_size or 1)

    @model_validator(mode="after")
    def _leaves_folds(self) -> Self:
        if self.data is None and self.is_settled:
            fold_origins(self.points, self.task.group_size, self.task.horizon, self.folds)
        return self
