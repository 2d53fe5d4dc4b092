"""The registry: every way of forecasting that is compared, by name. A new one is a line here."""

import os
from collections.abc import Callable
from typing import TypeAlias

from rnn.elman.forecaster import Elman
from rnn.ensemble.forecaster import Autoregressive
from rnn.errors import CorruptModel
from rnn.evaluation.baselines import FullyConnected, Linear, Persistence, RidgeAutoregression, SeasonalNaive
from rnn.evaluation.peers.combined import MeanOfFour, MeanOfLong
from rnn.evaluation.peers.statistical import MSTL, AutoARIMA, AutoCES, AutoETS, DynamicTheta
from rnn.evaluation.peers.trees import LightGBM
from rnn.forecaster import Forecaster, read_saved
from rnn.recipes import ArticleRecipe, Recipe

Make: TypeAlias = Callable[[int, int], Forecaster]
"""From a group size and a seed to a forecaster with the defaults of its recipe."""

METHODS: dict[str, Make] = {
    "autoregressive": lambda size, seed: Autoregressive(group_size=size, seed=seed),
    "article": lambda size, seed: Elman(group_size=size, seed=seed),
    "persistence": lambda size, seed: Persistence(),
    "seasonal naive": lambda size, seed: SeasonalNaive(),
    "linear": lambda size, seed: Linear(size),
    "ridge autoregression": lambda size, seed: RidgeAutoregression(),
    "fully connected": lambda size, seed: FullyConnected(seed),
}

COMPARED = "persistence", "linear", "ridge autoregression", "fully connected"
"""What the main job reports its recipes beside: two naive ones, a linear model, and the earlier article's network."""

COMPARED_ON_OWN = "persistence", "seasonal naive", "ridge autoregression"
"""The same on a series of the user's own: what learns a curve over x has nothing to say of a calendar."""

PEERS: dict[str, Make] = {
    "AutoARIMA": lambda size, seed: AutoARIMA(),
    "AutoETS": lambda size, seed: AutoETS(),
    "AutoCES": lambda size, seed: AutoCES(),
    "DOT": lambda size, seed: DynamicTheta(),
    "MSTL": lambda size, seed: MSTL(),
    "mean of four": lambda size, seed: MeanOfFour(),
}
"""The optional ones: they need the `peers` extra."""

PEERS_OF_LONG: dict[str, Make] = {
    LightGBM.name: lambda size, seed: LightGBM(),
    MeanOfLong.name: lambda size, seed: MeanOfLong(),
}
"""More of them, for long series."""

_CLASSES: tuple[type[Forecaster], ...] = (
    Autoregressive, Elman, Persistence, SeasonalNaive, Linear, RidgeAutoregression, FullyConnected,
    AutoARIMA, AutoETS, AutoCES, DynamicTheta, MSTL, MeanOfFour, LightGBM, MeanOfLong,
)  # fmt: skip


def make(name: str, group_size: int = 6, seed: int = 0) -> Forecaster:
    """The method called `name`, with its defaults. Raises KeyError for a name that is not in the registry."""
    return (METHODS | PEERS | PEERS_OF_LONG)[name](group_size, seed)


def of_recipe(recipe: Recipe, group_size: int, seed: int, name: str) -> Forecaster:
    """The forecaster of a recipe called `name`."""
    if isinstance(recipe, ArticleRecipe):
        return Elman(recipe, group_size=group_size, seed=seed, name=name)
    return Autoregressive(recipe, group_size=group_size, seed=seed)


def load(path: str | os.PathLike[str]) -> Forecaster:
    """Whatever forecaster was saved there. Raises CorruptModel."""
    told, _ = read_saved(path)
    for each in _CLASSES:
        if told.get("class") == each.__name__:
            return each.load(path)
    raise CorruptModel(f"{path}: holds {told.get('class')}, which this version of Wavecast does not know")
