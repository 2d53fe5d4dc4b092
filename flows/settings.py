"""The one configuration: the flow's parameter, the command line, the form in Prefect's UI, the manifest's record."""

from typing import Literal, Self, TypeAlias
from uuid import uuid4

from pydantic import Field, NonNegativeInt, field_validator, model_validator

from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe, UntunedRecipe
from rnn.series import count_groups

RecipeName: TypeAlias = Literal["untuned", "article"]


class Settings(Experiment):
    """What all flows have in common: the data, where runs are kept, and the seed."""

    store: str = Field("runs", min_length=1, description="Where runs are kept: a folder, or an fsspec URL.")
    seed: NonNegativeInt = Field(0, description="Seed of all random streams.")
    untuned: UntunedRecipe = Field(UntunedRecipe(), description="The article's first try.")
    article: ArticleRecipe = Field(ArticleRecipe(), description="The article's recipe, tuned by hand.")


class PipelineSettings(Settings):
    """What the main job is to do. Every field has a default, so that no settings at all do the article's experiment."""

    fresh_seed: bool = Field(False, description="Draw another seed for each run, and note it in the manifest.")
    recipes: tuple[RecipeName, ...] = Field(
        ("untuned", "article"), min_length=1, description="Recipes to train, each with its own fields below."
    )

    @field_validator("recipes")
    @classmethod
    def _no_recipe_twice(cls, recipes: tuple[RecipeName, ...]) -> tuple[RecipeName, ...]:
        if len(set(recipes)) < len(recipes):
            raise ValueError("name each recipe once")
        return recipes

    @model_validator(mode="after")
    def _fills_a_window(self) -> Self:
        count_groups(self.points, self.group_size, self.groups_needed)
        return self

    @property
    def groups_needed(self) -> int:
        """The fewest groups from which every chosen recipe can learn: one window of the longest."""
        return max(recipe.window for recipe in self.chosen().values())

    def chosen(self) -> dict[str, ArticleRecipe]:
        """The recipes to train, by name, in the order asked for."""
        return {name: getattr(self, name) for name in self.recipes}

    def seeded(self, run_id: str | None) -> Self:
        """The same with its seed fixed: a fresh one comes from the flow run's id, so that a retry draws it again."""
        if not self.fresh_seed:
            return self
        return self.model_copy(update={"seed": int((run_id or uuid4().hex)[:8], 16)})
