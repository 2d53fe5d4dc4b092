"""Methods to compare with: naive ones, a line, ridge autoregression, the earlier article's network."""

import warnings
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.ensemble.known_effect import KnownEffect
from rnn.errors import SeriesTooShort, WavecastError
from rnn.forecaster import Forecaster, recipe_given
from rnn.recipes import recipe_of
from rnn.scaling import Scaling
from rnn.series import Series


class MissingPeer(WavecastError):
    """An optional library is not installed."""


class Frozen(BaseModel):
    """A recipe: settings that do not change, and no unknown ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoRecipe(Frozen):
    """There is nothing to choose."""


class SeasonRecipe(Frozen):
    """The season, unless it is to be inferred."""

    season: int | None = Field(None, ge=1, description="Points of a season; 1 for none; inferred when not given.")


class LineRecipe(Frozen):
    """How much of the series the line goes through."""

    points: int = Field(6, ge=1, description="Points at the end that the line goes through.")


class RidgeRecipe(Frozen):
    """The lags and the penalty."""

    lags: int = Field(60, ge=1, description="Past points that the next is computed from: a third of them at the most.")
    penalty: float = Field(0.1, gt=0, le=1e12, description="Ridge penalty, on the scaled series.")


class Baseline(Forecaster):
    """A Forecaster whose recipe alone, and perhaps its seed, make it.

    `libraries`: those whose method it is; then its own module and their versions decide what it forecasts.
    """

    Recipe: ClassVar[type[BaseModel]] = NoRecipe
    libraries: ClassVar[tuple[str, ...]] = ()

    def __init__(self, recipe: BaseModel | None = None, *, seed: int = 0) -> None:
        """With the defaults of its recipe unless one is given."""
        super().__init__(recipe_given(self.Recipe, recipe, {}), seed)

    def _learn(self, series: Series, horizon: int | None) -> None:
        """Nothing: it forecasts from the series itself."""

    @classmethod
    def _made(cls, told: Mapping[str, Any]) -> Self:
        made = cls.__new__(cls)
        Forecaster.__init__(made, recipe_of(cls.Recipe, told["recipe"]), told["seed"])
        return made


class Persistence(Baseline):
    """The last observed value, repeated: the naive forecast."""

    name = "persistence"

    def mean(self, horizon: int) -> Array:
        """The last value (horizon,)."""
        return np.full(horizon, self.series.y[-1])


class SeasonalNaive(Baseline):
    """The last season again and again; its length is inferred unless given. Without a season, persistence."""

    name = "seasonal naive"
    Recipe = SeasonRecipe
    recipe: SeasonRecipe

    def __init__(self, season: int | None = None) -> None:
        """`season`: its length in points."""
        super().__init__(recipe_of(SeasonRecipe, {"season": season}))

    def _learn(self, series: Series, horizon: int | None) -> None:
        """Nothing, but a series without one whole season has none to repeat."""
        season = self.recipe.season or 1
        if len(series) < season:
            raise SeriesTooShort(
                f"{len(series)} points are less than a season of {season}: give {season} points, or a shorter season"
            )

    def mean(self, horizon: int) -> Array:
        """The last season's values, in turn (horizon,)."""
        y = self.series.y
        return np.resize(y[-(self.recipe.season or self.series.known_seasons.main(y)) :], horizon)


class Linear(Baseline):
    """The least-squares line through the last points, extended. One point gives persistence."""

    name = "linear"
    Recipe = LineRecipe
    recipe: LineRecipe

    def __init__(self, points: int = 6) -> None:
        """`points`: how many at the end the line goes through."""
        super().__init__(recipe_of(LineRecipe, {"points": points}))

    def mean(self, horizon: int) -> Array:
        """The line at the next points (horizon,)."""
        return self.mean_at(self.series.ahead(horizon)[:, np.newaxis]).ravel()

    def mean_at(self, x: Array) -> Array:
        """The line at `x`, in its shape."""
        last_x, last_y = self.series.x[-self.recipe.points :], self.series.y[-self.recipe.points :]
        if len(last_x) == 1:
            return np.full(x.shape, last_y[-1])
        line = np.polynomial.Polynomial.fit(last_x, last_y, deg=1)
        return np.asarray(line(x))


class RidgeAutoregression(Baseline):
    """The next point as a linear function of the last ones, fitted with a ridge penalty, fed back.

    The effect of inputs known ahead is taken out before, and put back on the forecast.
    """

    name = "ridge autoregression"
    Recipe = RidgeRecipe
    recipe: RidgeRecipe

    def __init__(self, lags: int = 60, penalty: float = 0.1) -> None:
        """`lags`: past points that the next is computed from, a third of the series at the most."""
        super().__init__(recipe_of(RidgeRecipe, {"lags": lags, "penalty": penalty}))
        self._effect: KnownEffect | None = None

    def _learn(self, series: Series, horizon: int | None) -> None:
        self._effect = KnownEffect.of(series)

    def mean(self, horizon: int) -> Array:
        """The recurrence fed its own forecasts (horizon,), kept within the scaling's bounds. Raises NotKnownAhead."""
        if self._effect is None:
            return self._after(self.series.y, horizon)
        self._effect.check(horizon)
        return self._effect.on(self._after(self._effect.left(self.series).y, horizon))

    def _after(self, y: Array, horizon: int) -> Array:
        """What follows `y` (points,)."""
        scaling, lags = Scaling.of(y), max(1, min(self.recipe.lags, len(y) // 3))
        s = scaling.scale(y)
        if len(y) <= lags + 1:
            return np.full(horizon, y[-1])
        windows = np.lib.stride_tricks.sliding_window_view(s, lags + 1)
        past, following = windows[:, :-1], windows[:, -1]
        line = [*s[-lags:]]
        with threadpool_limits(1, user_api="blas"):
            best = np.linalg.solve(past.T @ past + self.recipe.penalty * np.eye(lags), past.T @ following)
            for _ in range(horizon):
                line.append(np.clip(best @ np.array(line[-lags:]), scaling.low, scaling.high))
        return scaling.unscale(np.array(line[lags:]))


class FullyConnected(Baseline):
    """The author's earlier network x → y, two layers of 20 tanh units, trained to convergence with L-BFGS.

    Both x and y are standardised over the series. scikit-learn's `MLPRegressor` does the training.
    """

    name = "fully connected"

    def __init__(self, seed: int = 0) -> None:
        """`seed`: of its first weights."""
        super().__init__(seed=seed)

    def _learn(self, series: Series, horizon: int | None) -> None:
        # Imported here, since it takes longer than everything else in this module does.
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPRegressor

        self._x, self._y = _mean_and_spread(series.x), _mean_and_spread(series.y)
        self._network = MLPRegressor(
            hidden_layer_sizes=(20, 20),
            activation="tanh",
            solver="lbfgs",
            alpha=1e-6,
            max_iter=5000,
            max_fun=50_000,
            tol=1e-7,
            random_state=int(self.rng().integers(2**31)),
        )
        with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
            # So many iterations are enough where it fits anything at all; where it does not, its score will tell.
            warnings.simplefilter("ignore", ConvergenceWarning)
            inputs = (series.x[:, np.newaxis] - self._x[0]) / self._x[1]
            self._network.fit(inputs, (series.y - self._y[0]) / self._y[1])

    def mean(self, horizon: int) -> Array:
        """The curve at the next points (horizon,)."""
        return self.mean_at(self.series.ahead(horizon)[:, np.newaxis]).ravel()

    def mean_at(self, x: Array) -> Array:
        """The curve at `x`, in its shape."""
        _ = self.series
        with threadpool_limits(1, user_api="blas"):
            y = self._network.predict((x.reshape(-1, 1) - self._x[0]) / self._x[1])
        return np.asarray(y * self._y[1] + self._y[0]).reshape(x.shape)


def _mean_and_spread(values: Array) -> tuple[float, float]:
    """Mean and standard deviation, 1 for none. Of values whose squares are no floats, in units of the largest."""
    largest = float(np.abs(values).max())
    unit = largest if largest > 0 and not 1e-150 < largest < 1e150 else 1.0
    inside = values / unit
    return unit * float(inside.mean()), unit * float(inside.std()) or 1.0
