"""LightGBM on lags: gradient-boosted trees (Ke et al. 2017) that forecast the next point, fed their own forecasts.

Trees cannot go beyond what they have seen, so lags and target are taken less the mean of the last season: a trend then
looks the same early and late. Each season gives the place in it, and the values around one season earlier.
"""

from typing import Any

import numpy as np
from pydantic import Field

from rnn.arrays import Array
from rnn.errors import SeriesTooShort
from rnn.evaluation.baselines import Baseline, Frozen, MissingPeer
from rnn.recipes import recipe_of
from rnn.series import Series

FEWEST = 100
"""Points below which trees have nothing to learn from."""


class TreesRecipe(Frozen):
    """The lags and the trees; the rest is as LightGBM has it."""

    lags: int = Field(24, ge=1, description="Past points that the next is computed from, without seasons'.")
    trees: int = Field(200, ge=1, le=10_000, description="Trees.")
    rate: float = Field(0.05, gt=0, le=1, description="Learning rate.")


class LightGBM(Baseline):
    """LightGBM on lags. Raises SeriesTooShort below FEWEST points, MissingPeer without the library."""

    name = "LightGBM on lags"
    Recipe = TreesRecipe
    recipe: TreesRecipe
    libraries = ("lightgbm", "numpy")

    def __init__(self, lags: int = 24, trees: int = 200, rate: float = 0.05) -> None:
        """`lags`: past points; `trees` and their learning `rate`."""
        super().__init__(recipe_of(TreesRecipe, {"lags": lags, "trees": trees, "rate": rate}))

    def _learn(self, series: Series, horizon: int | None) -> None:
        try:
            import lightgbm
        except ImportError:
            raise MissingPeer(f"{self.name} needs lightgbm: pip install -e '.[peers]'") from None
        y = series.y
        if len(y) < FEWEST:
            raise SeriesTooShort(f"{len(y)} points are too few for {self.name}: give {FEWEST}")
        self._seasons = [season for season in series.known_seasons.of(y) if 2 * season < len(y)]
        self._back = max(self.recipe.lags, *self._seasons, 1) + 1
        rows = range(self._back, len(y))
        inputs = np.array([self._inputs(y[:now]) for now in rows])
        levels = np.array([self._level(y[:now]) for now in rows])
        settings: dict[str, Any] = {
            "objective": "l1", "learning_rate": self.recipe.rate, "num_threads": 1, "deterministic": True,
            "force_row_wise": True, "verbosity": -1, "seed": 0,
        }  # fmt: skip
        data = lightgbm.Dataset(inputs, y[self._back :] - levels)
        self._trees = lightgbm.train(settings, data, num_boost_round=self.recipe.trees)

    def _level(self, past: Array) -> float:
        return float(past[-max(self._seasons[:1], default=self.recipe.lags) :].mean())

    def _inputs(self, past: Array) -> Array:
        """What the point after `past` (points,) is computed from."""
        now, level = len(past), self._level(past)
        lags = past[-self.recipe.lags :] - level
        earlier = [past[now - season + off] - level for season in self._seasons for off in (-1, 0, 1)]
        return np.array([*lags, *earlier, *(now % season for season in self._seasons)])

    def mean(self, horizon: int) -> Array:
        """The next points, each from those before it (horizon,)."""
        line = self.series.y
        for _ in range(horizon):
            ahead = self._trees.predict(self._inputs(line)[np.newaxis], num_threads=1)[0] + self._level(line)
            line = np.append(line, ahead)
        return np.asarray(line[len(self.series) :])
