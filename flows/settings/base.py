"""The one configuration: the flow's parameter, the command line, the form in Prefect's UI, the manifest's record."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from rnn.experiment import Experiment, Task
from rnn.lifecycle.folds import Terms
from rnn.origins import FEWEST_FOLDS
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe

WindowedName: TypeAlias = Literal["untuned", "article"]
RecipeName: TypeAlias = Literal[WindowedName, "autoregressive"]


class InStore(BaseModel):
    """What every command has: where runs are kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str = Field("runs", min_length=1, description="Where runs are kept: a folder, or an fsspec URL.")


class Stored(InStore):
    """What every flow has: the store, and the seed."""

    seed: NonNegativeInt = Field(0, description="Seed of all random streams.")


class Settings(Stored, Experiment):
    """What flows that train on one series have in common: the data, and each recipe's own fields."""

    untuned: UntunedRecipe = Field(UntunedRecipe(), description="The article's first try.")
    article: ArticleRecipe = Field(ArticleRecipe(), description="The article's recipe, tuned by hand.")
    autoregressive: AutoregressiveRecipe = Field(
        AutoregressiveRecipe(), description="The repaired recipe: y → next y, an ensemble fed its own forecasts."
    )


class Judged(Task):
    """What flows have in common in which a challenger is judged beside a champion."""

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

    @property
    def terms(self) -> Terms:
        """What challenger and champion are asked, and how they are judged."""
        return Terms(**{name: getattr(self, name) for name in Terms.model_fields})
