"""What a retraining is to do: which series, which task, and what a challenger must show."""

from typing import Self

from pydantic import Field, model_validator

from flows.settings import Stored
from rnn.experiment import Generated, Task
from rnn.gate_folds import FEWEST_FOLDS, Terms, fold_origins
from rnn.recipes import AutoregressiveRecipe
from rnn.source.options import Source


class RetrainSettings(Stored, Task, Generated, Source):
    """What a retraining is to do. Every field has a default: without a file, the article's series."""

    autoregressive: AutoregressiveRecipe = Field(
        AutoregressiveRecipe(), description="The challenger's recipe: y → next y, an ensemble fed its own forecasts."
    )
    newest: int | None = Field(
        2000,
        ge=1,
        description="Learn from so many of the newest points at the most, so that a year makes it no slower.",
    )
    folds: int = Field(
        10, ge=FEWEST_FOLDS, le=1000, description="Challenger and champion are judged on so many of the newest folds."
    )
    margin: float = Field(
        0.05,
        ge=0,
        le=10,
        allow_inf_nan=False,
        description="A challenger may be worse than the champion by this share, with the interval's upper bound.",
    )

    @model_validator(mode="after")
    def _leaves_folds(self) -> Self:
        if self.data is None:
            fold_origins(self.points, self.group_size, self.horizon, self.folds)
        return self

    @property
    def terms(self) -> Terms:
        """What challenger and champion are asked, and how they are judged."""
        return Terms(**{name: getattr(self, name) for name in Terms.model_fields})

    @property
    def source(self) -> Source:
        """The file alone."""
        return Source(**{name: getattr(self, name) for name in Source.model_fields})
