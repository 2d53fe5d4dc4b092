"""Settings that several commands share.

One frozen model is a flow's parameter, its flags on the command line, the form in Prefect's UI and the record in a
run's manifest. A model is put together by inheritance: pydantic then gives one flat list of fields, which is what the
manifest, the form and prefect.yaml hold. Each base is one idea and one panel of `--help` (flows/settings/panels.py);
`part` gives the fields of one base alone.
"""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal, TypeAlias, TypeVar

from cyclopts import Parameter
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, field_serializer

from rnn.experiment import AskedTask
from rnn.lifecycle.folds import Terms
from rnn.origins import FEWEST_FOLDS
from rnn.readers.urls import redacted
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe
from rnn.written_as import TIME

WindowedName: TypeAlias = Literal["untuned", "article"]
RecipeName: TypeAlias = Literal[WindowedName, "autoregressive"]

RunName = Annotated[
    str, Parameter(help="The run: its name or the beginning of it, its path or URL, or 'latest', the store's newest.")
]
"""The argument of commands that look at one run."""

Part = TypeVar("Part", bound=BaseModel)


def part(settings: BaseModel, model: type[Part]) -> Part:
    """The fields that `model` has, taken from `settings`, which has them among others."""
    return model(**{name: getattr(settings, name) for name in model.model_fields})


class StoreSettings(BaseModel):
    """Where runs are kept. Every command but the doctor has this setting."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    makes_store: ClassVar[bool] = True
    """Whether a store that is not there is made; else it is refused before anything starts."""

    store: str = Field("runs", min_length=1, description="Where runs are kept: a folder, or an fsspec URL.")

    @field_serializer("store", when_used="json-unless-none")
    def _without_passwords_of_store(self, store: str) -> str:
        return redacted(store)


class FlowSettings(StoreSettings):
    """What every flow has: the store, and the seed."""

    seed: NonNegativeInt = Field(0, description="Seed of all random streams.")


class FeedSettings(BaseModel):
    """What a healthy feed is, where its own past does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stale_after: Annotated[str, TIME] | None = Field(
        None,
        description="How old the newest value may be, such as 36h, 3d or 2w. By default the usual wait is learned.",
    )

    @property
    def allowed_age(self) -> timedelta | None:
        """How old the newest value may be; None where the usual wait decides."""
        if self.stale_after is None:
            return None
        count = self.stale_after.rstrip("minhdw ")
        units = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
        return int(count) * units[self.stale_after[len(count) :].strip()]


class RecipeSettings(BaseModel):
    """The fields of each recipe, under its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    untuned: UntunedRecipe = Field(UntunedRecipe(), description="The article's first try.")
    article: ArticleRecipe = Field(ArticleRecipe(), description="The article's recipe, tuned by hand.")
    autoregressive: AutoregressiveRecipe = Field(
        AutoregressiveRecipe(), description="The repaired recipe: y → next y, an ensemble fed its own forecasts."
    )


class GateSettings(AskedTask):
    """The task, the challenger's recipe, and how the challenger is judged beside the champion."""

    autoregressive: AutoregressiveRecipe = Field(
        AutoregressiveRecipe(), description="The challenger's recipe: y → next y, an ensemble fed its own forecasts."
    )
    newest: int | None = Field(
        2000,
        ge=1,
        description="Learn from at most this many of the newest points, so that training takes no longer as data grow.",
    )
    folds: int = Field(
        10, ge=FEWEST_FOLDS, le=1000, description="Number of newest folds on which challenger and champion are judged."
    )
    margin: float = Field(
        0.05,
        ge=0,
        le=10,
        allow_inf_nan=False,
        description="The share by which a challenger may be worse than the champion, at the interval's upper bound.",
    )

    @property
    def terms(self) -> Terms:
        """What challenger and champion are asked, and how they are judged."""
        return part(self, Terms)
