"""The settings of a sweep."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from cyclopts import Parameter
from pydantic import Field, ValidationError, model_validator

from flows.settings.base import FlowSettings, RecipeSettings, WindowedName, part
from rnn.elman.kernels import BLOCK, choose, named
from rnn.evaluation.sweep import Trial, count_trials, in_blocks, trials
from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.series import count_groups
from tasks.support.runner_names import RunnerName

LEARNING_RATES = (1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.023, 0.05, 0.1, 0.2, 0.5, 1.0)
"""The range in which the article tuned by hand, with its choice, 0.023."""


class SweepSettings(RecipeSettings, FlowSettings, Experiment):
    """The settings of a sweep: a recipe, and how it is varied. The defaults are the article's search for a rate."""

    autoregressive: Annotated[AutoregressiveRecipe, Parameter(show=False)] = Field(  # not one that can be varied
        AutoregressiveRecipe(), description=RecipeSettings.model_fields["autoregressive"].description
    )
    recipe: WindowedName = Field("article", description="The recipe to vary.")
    over: tuple[str, ...] = Field(
        (f"lr={','.join(f'{lr:g}' for lr in LEARNING_RATES)}",),
        min_length=1,
        description="Fields of the recipe to vary, each as NAME=VALUE,VALUE,…. Every combination is trained.",
    )
    seeds: int = Field(8, ge=1, description="Seeds for each combination: --seed and those that follow it.")
    block: int = Field(32, ge=1, le=BLOCK, description="At most this many models are trained in lockstep.")
    kernel: Literal["auto", "exact", "stacked", "compiled"] = Field(
        "auto", description="Training kernel: 'auto' takes 'compiled' when Numba is installed and worth loading."
    )
    runner: RunnerName = Field("threads", description="The runner that trains several blocks at a time.")
    workers: int = Field(2, ge=1, le=1024, description="Blocks trained at the same time.")
    dask_address: str | None = Field(
        None, description="A Dask scheduler, such as tcp://host:8786. Without one the runner 'dask' starts its own."
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
        """The values of each varied field, in the field's own type."""
        values_of: dict[str, list[Any]] = {}
        for given in self.over:
            name, _, values = given.partition("=")
            if name in values_of:
                raise ValueError(f"--over names {name} twice")
            values_of[name] = self._values(name, values.split(","))
        return values_of

    def _values(self, name: str, values: list[str]) -> list[Any]:
        if name not in type(self.base).model_fields:
            raise ValueError(
                f"--over: recipe '{self.recipe}' has no field {name!r}, but {', '.join(type(self.base).model_fields)}"
            )
        try:
            typed = [getattr(type(self.base).model_validate({name: value}), name) for value in values]
        except ValidationError as error:
            (details,) = error.errors()
            raise ValueError(f"--over {name}: {details['msg'].lower()}, not {details['input']!r}") from None
        twice = next((value for value, times in Counter(typed).items() if times > 1), None)
        if twice is not None:
            raise ValueError(f"--over {name} has {twice} twice")
        return typed

    def _trials(self, seeds: Sequence[int]) -> list[Trial]:
        return trials(self.base, self.varied(), seeds)

    def blocks(self) -> list[list[Trial]]:
        """All trials, in blocks that can be trained in lockstep."""
        return list(in_blocks(self._trials(range(self.seed, self.seed + self.seeds)), self.block))

    def experiment(self) -> Experiment:
        """The data and the task alone."""
        return part(self, Experiment)

    def chosen_kernel(self) -> str:
        """The kernel of all blocks: one for all, since results must not depend on the number of blocks."""
        if self.kernel != "auto":
            return named(self.kernel).name
        groups = self.points // self.group_size
        updates = sum(trial.recipe.epochs * groups for trial in self._trials(range(self.seeds)))
        return choose(updates, faithful=False).name
