"""Every way of forecasting that is compared, in one table: both recurrent recipes, and what they must beat."""

from collections.abc import Callable

import numpy as np

from rnn.arrays import Array
from rnn.elman import training as elman_training
from rnn.elman.network import ElmanNetwork, forecast
from rnn.ensemble import training
from rnn.errors import Diverged
from rnn.evaluation.baselines import (
    auto_arima,
    auto_ets,
    fully_connected,
    linear,
    persistence,
    ridge_autoregression,
    seasonal_naive,
)
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe
from rnn.series import Groups

Method = Callable[[Groups, Array, np.random.Generator], Array]
"""From the groups learned from and the grid (horizon, group_size) to the forecast y on it, in the grid's shape."""


def windowed(recipe: ArticleRecipe) -> Method:
    """The article's formulation, x → y in open loop, trained by `recipe`. NaN everywhere when training diverges."""

    def method(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
        network = ElmanNetwork.random(rng, groups.group_size, recipe.hidden, groups.group_size)
        try:
            trained = elman_training.train(network, groups, recipe)
        except Diverged:
            return np.full(x.shape, np.nan)
        return forecast(trained.network, x, trained.h_last)

    return method


def autoregressive(groups: Groups, x: Array, rng: np.random.Generator) -> Array:
    """The autoregressive recipe with its defaults: y → next y, closed loop."""
    return training.train(groups, AutoregressiveRecipe(), rng, horizon=len(x)).forecast(len(x))


METHODS: dict[str, Method] = {
    "autoregressive": autoregressive,
    "article": windowed(ArticleRecipe()),
    "persistence": persistence,
    "seasonal naive": seasonal_naive,
    "linear": linear,
    "ridge autoregression": ridge_autoregression,
    "fully connected": fully_connected,
}

COMPARED: dict[str, Method] = {name: METHODS[name] for name in ("persistence", "linear", "ridge autoregression",
                                                                "fully connected")}  # fmt: skip
"""What the main job reports its recipes beside: two naive ones, a linear model, and the earlier article's network."""

COMPARED_ON_OWN: dict[str, Method] = {name: METHODS[name] for name in ("persistence", "seasonal naive",
                                                                       "ridge autoregression")}  # fmt: skip
"""The same on a series of the user's own: what learns a curve over x has nothing to say of a calendar."""

PEERS: dict[str, Method] = {"AutoARIMA": auto_arima, "AutoETS": auto_ets}
"""The optional ones: they need the `peers` extra."""
