"""Recipes: everything that decides a trained network except the data and the seed of its random streams.

Each field is also a command-line flag, a field of the form in Prefect's UI, and a line of the run's manifest.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias, TypeGuard, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rnn.errors import WavecastError

Rule: TypeAlias = Literal["earliest", "bptt"]


class ArticleRecipe(BaseModel):
    """The article's formulation x → y: an Elman network on raw values, one plain gradient step a window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lr: float = Field(0.023, gt=0, le=10, description="Learning rate of plain gradient descent.")
    epochs: int = Field(50, ge=1, le=1_000_000, description="Passes over the series.")
    hidden: int = Field(20, ge=1, le=4096, description="Number of tanh units.")
    window: int = Field(5, ge=1, le=1000, description="Neighbouring groups learned from together.")
    rule: Rule = Field(
        "earliest",
        description="Learning rule: 'earliest' applies the gradient of a window's first step only, as the article's "
        "program does; 'bptt' sums over the window.",
    )

    windowed: ClassVar[bool] = True
    """Learned window by window, epoch by epoch; otherwise an ensemble, fed its own forecasts."""

    @property
    def groups_needed(self) -> int:
        """The fewest groups that it can learn from: one window."""
        return self.window


class UntunedRecipe(ArticleRecipe):
    """The same network as the article first tried it, before the learning rate was tuned by hand."""

    lr: float = Field(0.0005, gt=0, le=10, description="Learning rate of plain gradient descent.")
    epochs: int = Field(300, ge=1, le=1_000_000, description="Passes over the series.")


class AutoregressiveRecipe(BaseModel):
    """The past of y → its next group, fed back: recurrent networks with a linear skip, many settings averaged.

    The defaults were chosen once on generated series (docs/defaults.md, benchmarks/defaults.py), never on a target.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hidden: int = Field(20, ge=1, le=512, description="Number of tanh units of each network.")
    gains: tuple[Annotated[float, Field(gt=0, le=10)], ...] = Field(
        (0.3, 1.0),
        min_length=1,
        max_length=64,
        description="One trained network for each: the size of its first input weights.",
    )
    iterations: int = Field(150, ge=1, le=100_000, description="Steps of Adam over the whole series.")
    lr: float = Field(0.02, gt=0, le=1, description="Learning rate at first; it falls to zero along half a cosine.")
    decay: float = Field(1e-5, ge=0, le=1, description="Penalty on the squares of the recurrent weights.")
    ridge: float = Field(
        1e-5, gt=0, le=1, description="Penalty on the readout while the recurrent weights are trained."
    )
    skip: int = Field(12, ge=1, le=1000, description="Points of the past beside the state while they are trained.")
    phases: int = Field(2, ge=1, le=64, description="Number of ways to cut a series into groups to learn from.")
    memories: tuple[Annotated[float, Field(gt=0, le=10_000)], ...] = Field(
        (6, 24, 0.15, 0.33),
        min_length=1,
        description="Points of the past that the members' linear skips see; below 1, as a share of the series.",
    )
    recurrent_memories: tuple[Annotated[float, Field(gt=0, le=10_000)], ...] = Field(
        (12, 48, 0.25), description="The same of the members that read the recurrent state too."
    )
    penalties: tuple[Annotated[float, Field(gt=0, le=1e3)], ...] = Field(
        (1e-7, 1e-4, 1e-2),
        min_length=1,
        description="Ridge penalties of the members' readouts.",
    )
    ranks: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = Field(
        (3, 4, 6, 8, 12, 16, 24),
        description="Members whose skip keeps so many principal components.",
    )
    sections: int = Field(4, ge=0, le=8, description="Members that continue the series' modes: up to so many of them.")
    pairs: int = Field(
        8, ge=0, le=100, description="Pairs of members drawn around modes that explain the whole series; 0: none."
    )
    folds: int = Field(5, ge=1, le=100, description="Earlier origins at which the members rehearse the forecast.")
    since: float = Field(0.55, gt=0, lt=1, description="The first such origin, as a share of the series.")
    recency: float = Field(2.5, ge=1, le=100, description="Weight of a rehearsal relative to the one before it.")
    sharpness: float = Field(3.0, ge=0, le=100, description="A member weighs its rehearsed error to minus this power.")
    trim: float = Field(
        0.25, ge=0, lt=0.5, description="Share of the members' weight left out at either end of a forecast."
    )
    members: int = Field(96, ge=1, le=10_000, description="Members kept: those that weigh most.")
    logarithm: bool = Field(
        True, description="Linear skips on the logarithm too, if the series is positive and varies."
    )

    windowed: ClassVar[bool] = False

    @property
    def groups_needed(self) -> int:
        """The fewest groups that it can learn from; seven points are needed too."""
        return 2


class BadSetting(WavecastError, ValueError):
    """A setting that a recipe does not have, or a value that it may not have."""


R = TypeVar("R", bound=BaseModel)


def recipe_of(kind: type[R], settings: Mapping[str, object]) -> R:
    """A recipe of that kind from some of its fields. Raises BadSetting, in one line."""
    unknown = [name for name in settings if name not in kind.model_fields]
    if unknown:
        raise BadSetting(f"there is no setting {unknown[0]!r}, but {', '.join(kind.model_fields)}")
    try:
        return kind.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        if not name:  # about several settings, which the sentence names
            raise BadSetting(str(first.get("ctx", {}).get("error", first["msg"]))) from None
        raise BadSetting(f"{name}: {first['msg'].lower()}, not {first['input']!r}") from None


Recipe: TypeAlias = ArticleRecipe | AutoregressiveRecipe


RECIPES: dict[str, type[Recipe]] = {
    "untuned": UntunedRecipe,
    "article": ArticleRecipe,
    "autoregressive": AutoregressiveRecipe,
}


def is_windowed(recipe: Recipe) -> TypeGuard[ArticleRecipe]:
    """Whether it is learned window by window, and so has windows, epochs and fitted values to show."""
    return recipe.windowed


def is_fed_back(recipe: Recipe) -> TypeGuard[AutoregressiveRecipe]:
    """Whether it is fed its own forecasts, and so rehearses and draws its intervals by itself."""
    return not recipe.windowed
