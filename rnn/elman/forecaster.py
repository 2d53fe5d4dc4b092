"""The article's network as a Forecaster: it learns the curve x → y and extrapolates it."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.elman import training
from rnn.elman.network import ElmanNetwork, forecast
from rnn.errors import Diverged
from rnn.forecast import grid
from rnn.forecaster import Forecaster, recipe_given, whole
from rnn.recipes import ArticleRecipe, recipe_of
from rnn.series import Series, group


class Elman(Forecaster):
    """An Elman network x → y in open loop, trained window by window (article; `rnn.elman.training`)."""

    recipe: ArticleRecipe

    def __init__(
        self,
        recipe: ArticleRecipe | None = None,
        *,
        group_size: int = 6,
        seed: int = 0,
        name: str = "article",
        **fields: Any,
    ) -> None:
        """From a recipe, or from its `fields`, such as lr=0.01. Raises BadSetting."""
        super().__init__(recipe_given(ArticleRecipe, recipe, fields), seed)
        self.group_size, self.name = whole(group_size, "a group size"), name
        self._network: ElmanNetwork | None = None
        self._h = np.empty((0, 1))

    @classmethod
    def trained(cls, model: training.Trained, series: Series, recipe: ArticleRecipe, name: str) -> Self:
        """The forecaster of a network that has been trained on `series` already."""
        made = cls(recipe, group_size=len(model.final["c"]), name=name)
        made._series, made._network, made._h = series, model.network, model.h_last
        return made

    def _learn(self, series: Series, horizon: int | None) -> None:
        groups = group(series, self.group_size, self.recipe.groups_needed)
        network = ElmanNetwork.random(self.rng(), self.group_size, self.recipe.hidden, self.group_size)
        model = training.train(network, groups, self.recipe)
        self._network, self._h = model.network, model.h_last

    def fit_each(self, series: Sequence[Series], horizon: int) -> list[Self]:
        """A copy of it fitted on each of several series; where training diverges it forecasts NaN."""
        fitted = []
        for one in series:
            each = type(self)(self.recipe, group_size=self.group_size, seed=self.seed, name=self.name)
            each._series = one
            try:
                each._learn(one, horizon)
            except Diverged:
                each._network = None
            fitted.append(each)
        return fitted

    def mean(self, horizon: int) -> Array:
        """The point forecast of the next `horizon` points (horizon,). Raises NotFitted."""
        steps = -(-horizon // self.group_size)
        x = grid("text", float(self.series.x[-1]), self.series.step, self.group_size, steps)
        return self.mean_at(x).ravel()[:horizon]

    def mean_at(self, x: Array) -> Array:
        """The network's outputs at `x` (steps, group_size); groups of another size are read as the network's own."""
        _ = self.series
        if self._network is None:
            return np.full(x.shape, np.nan)
        if x.shape[1] == self.group_size:
            return forecast(self._network, x, self._h)
        return super().mean_at(x)

    def _settings(self) -> dict[str, Any]:
        return {"group_size": self.group_size}

    def _arrays(self) -> dict[str, AnyArray]:
        return {} if self._network is None else {**self._network.parameters, "h": self._h}

    def _restore(self, arrays: Mapping[str, AnyArray]) -> None:
        like = ElmanNetwork.random(self.rng(), self.group_size, self.recipe.hidden, self.group_size).parameters
        learned = {name: np.asarray(arrays[name], dtype=float) for name in (*like, "h")}
        for name, values in {**like, "h": np.empty((self.recipe.hidden, 1))}.items():
            if learned[name].shape != values.shape or not np.isfinite(learned[name]).all():
                raise ValueError(f"{name} holds no finite numbers of shape {values.shape}")
        self._h = learned.pop("h")
        self._network = ElmanNetwork(learned)

    @classmethod
    def _made(cls, told: Mapping[str, Any]) -> Self:
        return cls(
            recipe_of(ArticleRecipe, told["recipe"]),
            group_size=told["group_size"],
            seed=told["seed"],
            name=told["name"],
        )
