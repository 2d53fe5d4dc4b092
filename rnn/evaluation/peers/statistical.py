"""statsforecast's classics: AutoARIMA, AutoETS, AutoCES, the dynamic optimised Theta method, and MSTL.

Nothing here depends on our recipes: an evaluation keeps what these classes forecast until this file or the library
changes.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.evaluation.baselines import Baseline, MissingPeer, SeasonRecipe
from rnn.forecast import Forecast, grid
from rnn.intervals import Intervals
from rnn.recipes import recipe_of

SEASONAL = 500
"""Longer series are forecast by AutoARIMA and AutoETS without a season: their search for one takes minutes."""


@dataclass(frozen=True)
class DeferredIntervals:
    """Intervals of levels that are asked for later: `bounds` gives those that hold a share of the outcomes."""

    bounds: Callable[[float], tuple[Array, Array]]

    def interval(self, level: float) -> tuple[Array, Array]:
        """The lower and upper bound (horizon, group_size) that hold a share `level` of the outcomes."""
        return self.bounds(level)

    def reshaped(self, of: Callable[[Array], Array]) -> "DeferredIntervals":
        """The same in another shape."""
        return DeferredIntervals(lambda level: (of(self.bounds(level)[0]), of(self.bounds(level)[1])))


class StatsForecast(Baseline):
    """A model of statsforecast, its season given or inferred. Forecasting raises MissingPeer without that library.

    `model`: its class there. `longest_season`: a longer one is left out.
    """

    Recipe = SeasonRecipe
    recipe: SeasonRecipe
    libraries = ("statsforecast", "numpy")
    model: ClassVar[str]
    longest_season: ClassVar[int] = 24

    def __init__(self, season: int | None = None) -> None:
        """`season`: its length in points."""
        super().__init__(recipe_of(SeasonRecipe, {"season": season}))

    def mean(self, horizon: int) -> Array:
        """The model's forecast (horizon,)."""
        return self._ahead(horizon)["mean"]

    def predict_groups(self, steps: int, size: int) -> Forecast:
        """The model's forecast with the intervals that it draws by itself, from one fit."""
        ahead = {name: values.reshape(steps, size) for name, values in self._ahead(steps * size, (50, 90)).items()}

        def bounds(level: float) -> tuple[Array, Array]:
            other = self._ahead(steps * size, (100 * level,))
            lower, upper = (other[f"{side}-{100 * level}"].reshape(steps, size) for side in ("lo", "hi"))
            return lower, upper

        drawn = (ahead[name] for name in ("lo-50", "hi-50", "lo-90", "hi-90"))
        x = grid("text", float(self.series.x[-1]), self.series.step, size, steps)
        return Forecast(
            self.name, x, ahead["mean"], Intervals(*drawn, errors=DeferredIntervals(bounds)), self.series.calendar
        )

    def _ahead(self, horizon: int, levels: tuple[float, ...] = ()) -> dict[str, Array]:
        """The mean and the bounds of the intervals at `levels`, each (horizon,), by statsforecast's names."""
        y, seasons = np.array(self.series.y), self._seasons()  # AutoCES is not compiled for values that are read-only
        try:
            from statsforecast import models
        except ImportError:
            raise MissingPeer(f"{self.name} needs statsforecast: pip install -e '.[peers]'") from None
        with warnings.catch_warnings(), threadpool_limits(1), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            ahead = self._made_of(models, seasons).forecast(y=y, h=horizon, level=list(levels) or None)
        return {name: np.asarray(values, dtype=float) for name, values in ahead.items()}

    def _seasons(self) -> list[int]:
        """The seasons that the model is told of, shortest first."""
        known = (self.recipe.season,) if self.recipe.season else self.series.known_seasons.of(self.series.y)
        return [season for season in known if 1 < season <= self.longest_season]

    def _made_of(self, models: Any, seasons: list[int]) -> Any:
        """The model, told of the first of the seasons."""
        return getattr(models, self.model)(season_length=seasons[0] if seasons else 1)


class _SlowWithSeason(StatsForecast):
    def _seasons(self) -> list[int]:
        return super()._seasons() if len(self.series) <= SEASONAL else []


class AutoARIMA(_SlowWithSeason):
    """statsforecast's AutoARIMA."""

    name = model = "AutoARIMA"


class AutoETS(_SlowWithSeason):
    """statsforecast's AutoETS."""

    name = model = "AutoETS"


class AutoCES(StatsForecast):
    """statsforecast's AutoCES: complex exponential smoothing."""

    name = model = "AutoCES"
    longest_season = 400


class DynamicTheta(StatsForecast):
    """statsforecast's dynamic optimised Theta method (Fiorucci et al. 2016)."""

    name, model = "DOT", "DynamicOptimizedTheta"
    longest_season = 400


class MSTL(StatsForecast):
    """statsforecast's MSTL: all seasons taken out by loess, what is left forecast by AutoETS without a season.

    Of a series without a season, or shorter than two of them, that AutoETS alone.
    """

    name = model = "MSTL"
    longest_season = 1000

    def _made_of(self, models: Any, seasons: list[int]) -> Any:
        fitting = [season for season in seasons if 2 * season < len(self.series)]
        return models.MSTL(season_length=fitting) if fitting else models.AutoETS(season_length=1, model="ZZN")
