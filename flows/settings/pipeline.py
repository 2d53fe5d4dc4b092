"""The settings of the main job."""

from typing import Any, Self
from uuid import uuid4

from pydantic import Field, field_validator, model_validator

from flows.settings.base import FlowSettings, RecipeName, RecipeSettings
from rnn.experiment import AskedTask, Grid, OneSeries
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, Recipe, is_fed_back, is_windowed
from rnn.series import count_groups


class PipelineSettings(RecipeSettings, FlowSettings, AskedTask, Grid, OneSeries):
    """The settings of the main job. Every field has a default; the defaults do the article's experiment.

    With `data`, a file, the default is the autoregressive recipe alone, since the article's x → y learns a curve over
    x, which a calendar does not have.
    """

    fresh_seed: bool = Field(False, description="Draw a new seed for each run, and record it in the manifest.")
    recipes: tuple[RecipeName, ...] = Field(
        ("untuned", "article", "autoregressive"),
        min_length=1,
        description="Recipes to train, each with fields of its own; for a file by default the autoregressive one.",
    )

    @model_validator(mode="before")
    @classmethod
    def _recipes_of_own_data(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("data") is not None and given.get("recipes") is None:
            return {**given, "recipes": ("autoregressive",)}
        return given

    @field_validator("recipes")
    @classmethod
    def _no_recipe_twice(cls, recipes: tuple[RecipeName, ...]) -> tuple[RecipeName, ...]:
        if len(set(recipes)) < len(recipes):
            raise ValueError("name each recipe once")
        return recipes

    @model_validator(mode="after")
    def _fills_a_window(self) -> Self:
        if self.data is None:
            count_groups(self.points, self.task.group_size, self.groups_needed)
        return self

    @property
    def points_needed(self) -> int:
        """The fewest points from which every chosen recipe can learn; in groups of 1 until their size is known."""
        return self.groups_needed * (self.group_size or 1)

    @property
    def groups_needed(self) -> int:
        """The fewest groups from which every chosen recipe can learn."""
        return max(recipe.groups_needed for recipe in self.chosen().values())

    def chosen(self) -> dict[str, Recipe]:
        """The recipes to train, by name, in the order given."""
        return {name: getattr(self, name) for name in self.recipes}

    def windowed(self) -> dict[str, ArticleRecipe]:
        """The chosen recipes that learn window by window, as the article does."""
        return {name: recipe for name, recipe in self.chosen().items() if is_windowed(recipe)}

    def fed_back(self) -> dict[str, AutoregressiveRecipe]:
        """The chosen recipes that are fed their own forecasts."""
        return {name: recipe for name, recipe in self.chosen().items() if is_fed_back(recipe)}

    def seeded(self, run_id: str | None) -> Self:
        """These settings with the seed fixed. A fresh seed comes from the flow run's id: a retry has the same."""
        if not self.fresh_seed:
            return self
        return self.model_copy(update={"seed": int((run_id or uuid4().hex)[:8], 16)})
