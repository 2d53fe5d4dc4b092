"""What a retraining is to do: which series, which task, and what a challenger must show."""

from typing import Self

from pydantic import model_validator

from flows.settings.base import FlowSettings, GateSettings
from rnn.experiment import OneSeries
from rnn.origins import fold_origins


class RetrainSettings(FlowSettings, GateSettings, OneSeries):
    """What a retraining is to do. Every field has a default: without a file, the article's series."""

    @model_validator(mode="after")
    def _leaves_folds(self) -> Self:
        if self.data is None:
            fold_origins(self.points, self.group_size, self.horizon, self.folds)
        return self
