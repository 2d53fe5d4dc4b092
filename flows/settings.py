"""The one configuration: the flow's parameter, the command line, the form in Prefect's UI, the manifest's record."""

from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Literal, Self, TypeAlias
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError, field_validator, model_validator

from rnn.contest import NAMES
from rnn.experiment import Experiment, OneSeries, Task
from rnn.gate_folds import FEWEST_FOLDS, Terms
from rnn.kernels import BLOCK, choose, named
from rnn.methods import METHODS, PEERS
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, Recipe, UntunedRecipe
from rnn.series import count_groups
from rnn.sweeping import Trial, count_trials, in_blocks, trials
from tasks.runner_names import RunnerName

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


class PipelineSettings(Settings, OneSeries):
    """What the main job is to do. Every field has a default, so that no settings at all do the article's experiment.

    With `data`, a file, the only default recipe is the autoregressive one: the article's x → y learns a curve over x,
    and a calendar is none.
    """

    fresh_seed: bool = Field(False, description="Draw another seed for each run, and note it in the manifest.")
    recipes: tuple[RecipeName, ...] = Field(
        ("untuned", "article", "autoregressive"),
        min_length=1,
        description="Recipes to train, each with its own fields below; of a file the autoregressive one alone.",
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
            count_groups(self.points, self.group_size, self.groups_needed)
        return self

    @property
    def points_needed(self) -> int:
        """The fewest points from which every chosen recipe can learn."""
        return self.groups_needed * self.group_size

    @property
    def groups_needed(self) -> int:
        """The fewest groups from which every chosen recipe can learn."""
        return max(recipe.groups_needed for recipe in self.chosen().values())

    def chosen(self) -> dict[str, Recipe]:
        """The recipes to train, by name, in the order asked for."""
        return {name: getattr(self, name) for name in self.recipes}

    def windowed(self) -> dict[str, ArticleRecipe]:
        """Those of them that learn window by window, as the article does."""
        return {name: recipe for name, recipe in self.chosen().items() if isinstance(recipe, ArticleRecipe)}

    def fed_back(self) -> dict[str, AutoregressiveRecipe]:
        """Those of them that are fed their own forecasts."""
        return {name: recipe for name, recipe in self.chosen().items() if isinstance(recipe, AutoregressiveRecipe)}

    def seeded(self, run_id: str | None) -> Self:
        """The same with its seed fixed: a fresh one comes from the flow run's id, so that a retry draws it again."""
        if not self.fresh_seed:
            return self
        return self.model_copy(update={"seed": int((run_id or uuid4().hex)[:8], 16)})


LEARNING_RATES = (1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.023, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Where the article tuned by hand, its own choice, 0.023, among them."""


class SweepSettings(Settings):
    """Which recipe a sweep varies, and how. Without any settings: the article's search for a learning rate."""

    recipe: WindowedName = Field("article", description="The recipe to vary.")
    over: tuple[str, ...] = Field(
        (f"lr={','.join(f'{lr:g}' for lr in LEARNING_RATES)}",),
        min_length=1,
        description="Fields of the recipe to vary, each as NAME=VALUE,VALUE,…: every combination is tried.",
    )
    seeds: int = Field(8, ge=1, description="Seeds for each combination: --seed and those after it.")
    block: int = Field(32, ge=1, le=BLOCK, description="Models trained in lockstep at the most.")
    kernel: Literal["auto", "exact", "stacked", "compiled"] = Field(
        "auto", description="What does the arithmetic: 'auto' takes 'compiled' when Numba is there and worth loading."
    )
    runner: RunnerName = Field("threads", description="Where blocks are trained beside each other.")
    workers: int = Field(2, ge=1, le=1024, description="Blocks trained at the same time.")
    dask_address: str | None = Field(
        None, description="A Dask scheduler, such as tcp://host:8786; without one, 'dask' starts its own."
    )

    @model_validator(mode="after")
    def _can_be_tried(self) -> Self:
        count_trials(self.varied(), self.seeds)
        windows = [trial.recipe.window for trial in self._trials(range(1))]
        count_groups(self.points, self.group_size, max(windows))
        if self.dask_address and self.runner != "dask":
            raise ValueError("a Dask address is for runner 'dask': give --runner dask too")
        return self

    @property
    def base(self) -> ArticleRecipe:
        """The recipe with the fields that are not varied."""
        recipe: ArticleRecipe = getattr(self, self.recipe)
        return recipe

    def varied(self) -> dict[str, list[Any]]:
        """The values of each field that is varied, of the field's own type."""
        found: dict[str, list[Any]] = {}
        for given in self.over:
            name, _, values = given.partition("=")
            if name in found:
                raise ValueError(f"--over names {name} twice")
            found[name] = self._values(name, values.split(","))
        return found

    def _values(self, name: str, values: list[str]) -> list[Any]:
        if name not in type(self.base).model_fields:
            raise ValueError(
                f"--over: recipe '{self.recipe}' has no field {name!r}, but {', '.join(type(self.base).model_fields)}"
            )
        try:
            found = [getattr(type(self.base).model_validate({name: value}), name) for value in values]
        except ValidationError as error:
            (details,) = error.errors()
            raise ValueError(f"--over {name}: {details['msg'].lower()}, not {details['input']!r}") from None
        twice = next((value for value, times in Counter(found).items() if times > 1), None)
        if twice is not None:
            raise ValueError(f"--over {name} has {twice} twice")
        return found

    def _trials(self, seeds: Sequence[int]) -> list[Trial]:
        return trials(self.base, self.varied(), seeds)

    def blocks(self) -> list[list[Trial]]:
        """All trials, in blocks of what can be trained in lockstep."""
        return list(in_blocks(self._trials(range(self.seed, self.seed + self.seeds)), self.block))

    def experiment(self) -> Experiment:
        """The data and the task alone."""
        return Experiment(**{name: getattr(self, name) for name in Experiment.model_fields})

    def chosen_kernel(self) -> str:
        """The kernel for all blocks alike: results must not depend on how many there are."""
        if self.kernel != "auto":
            return named(self.kernel).name
        groups = self.points // self.group_size
        updates = sum(trial.recipe.epochs * groups for trial in self._trials(range(self.seeds)))
        return choose(updates, faithful=False).name


class EvaluateSettings(Stored):
    """What an evaluation compares on. Without any settings: everything, as docs/evaluation.md shows it."""

    seeds: int = Field(16, ge=1, le=1000, description="Seeds of x·sin(x), each with noise and weights of its own.")
    series: tuple[str, ...] = Field(NAMES, min_length=1, description="Series to forecast.")
    origins: int = Field(5, ge=1, le=100, description="Rolling origins on each of the other series.")
    peers: bool = Field(
        True,
        description="AutoARIMA and AutoETS too, where the extra 'peers' is installed; --peers=false leaves them out.",
    )

    @field_validator("series")
    @classmethod
    def _are_known(cls, series: tuple[str, ...]) -> tuple[str, ...]:
        for name in series:
            if name not in NAMES:
                raise ValueError(f"there is no series {name!r}, but {', '.join(NAMES)}")
        if len(set(series)) < len(series):
            raise ValueError("name each series once")
        return series

    def methods(self) -> tuple[str, ...]:
        """The methods that take part."""
        return (*METHODS, *(PEERS if self.peers and find_spec("statsforecast") else ()))
