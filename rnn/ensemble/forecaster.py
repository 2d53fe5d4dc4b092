"""The autoregressive recipe as a Forecaster: y → next y, an ensemble fed its own forecasts."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

from rnn.arrays import AnyArray, Array
from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.training import train_together
from rnn.forecast import Forecast, grid, on_grid
from rnn.forecaster import Forecaster, NotFitted, points_ahead, recipe_given, whole
from rnn.intervals import BOUNDS, Intervals
from rnn.origins import FEWEST_GROUPS
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series, group, group_size_for


class Autoregressive(Forecaster):
    """An ensemble of recurrent networks, linear skips and modes (`rnn.ensemble.training`).

    `group_size`: the points that make one step of its networks; without one, what suits the series.
    """

    name = "autoregressive"
    draws_intervals: ClassVar[bool] = True
    recipe: AutoregressiveRecipe

    def __init__(
        self, recipe: AutoregressiveRecipe | None = None, *, group_size: int | None = None, seed: int = 0, **fields: Any
    ) -> None:
        """From a recipe, or from its `fields`, such as members=32. Raises BadSetting."""
        super().__init__(recipe_given(AutoregressiveRecipe, recipe, fields), seed)
        self._given_size = None if group_size is None else whole(group_size, "a group size")
        self._ensemble: TrainedEnsemble | None = None

    @classmethod
    def trained(cls, ensemble: TrainedEnsemble, series: Series, recipe: AutoregressiveRecipe | None = None) -> Self:
        """The forecaster of an ensemble that has been trained on `series` already."""
        made = cls(recipe, group_size=ensemble.group_size)
        made._series, made._ensemble = series, ensemble
        return made

    @property
    def ensemble(self) -> TrainedEnsemble:
        """What was trained. Raises NotFitted."""
        if self._ensemble is None:
            raise NotFitted(f"{self!r} has seen no series yet: call fit(series) first")
        return self._ensemble

    @property
    def group_size(self) -> int:
        """The points that make one step of its networks. Raises NotFitted while the series is to decide."""
        return self._given_size or self.ensemble.group_size

    def _size_for(self, series: Series) -> int:
        return self._given_size or group_size_for(len(series), series.known_seasons.main(series.y), FEWEST_GROUPS)

    def _learn(self, series: Series, horizon: int | None) -> None:
        self._ensemble = self._train([series], horizon)[0]

    def _train(self, series: Sequence[Series], horizon: int | None) -> list[TrainedEnsemble]:
        size = self._size_for(series[-1])
        groups = [group(one, size, self.recipe.groups_needed) for one in series]
        steps = -(-horizon // size) if horizon else max(1, min(20, len(groups[-1]) // 4))
        return train_together(groups, self.recipe, [self.rng() for _ in groups], horizon=steps)

    def fit_each(self, series: Sequence[Series], horizon: int) -> list[Self]:
        """A copy of it fitted on each of several series; their networks train in lockstep."""
        fitted = []
        for one, ensemble in zip(series, self._train(series, horizon), strict=True):
            each = copy.copy(self)
            each._series, each._ensemble = one, ensemble
            fitted.append(each)
        return fitted

    def moved_to(self, series: Series) -> Self:
        """A copy that goes on from where another series ends; it is not trained again."""
        moved = copy.copy(self)
        moved._series, moved._ensemble = series, self.ensemble.after(group(series, self.group_size))
        return moved

    def mean(self, horizon: int) -> Array:
        """The point forecast of the next `horizon` points (horizon,). Raises NotFitted, NotKnownAhead."""
        self._check_ahead(horizon)
        return self.ensemble.forecast(-(-horizon // self.group_size)).ravel()[:horizon]

    def predict(self, horizon: int) -> Forecast:
        """The forecast of the next `horizon` points, with the intervals that the ensemble draws by itself.

        Raises NotFitted, BadSetting for a horizon that is no whole number of 1 to MOST_AHEAD, and NotKnownAhead for one
        beyond the end of inputs that it has learned with.
        """
        return self._points(points_ahead(horizon))

    def predict_groups(self, steps: int, size: int) -> Forecast:
        """The same for `steps` groups of `size` points."""
        if size != self.group_size:
            return self._points(steps * size).in_groups(size)
        self._check_ahead(steps * size)
        return self._in_groups(steps)

    def _points(self, horizon: int) -> Forecast:
        self._check_ahead(horizon)
        return self._in_groups(-(-horizon // self.group_size)).first(horizon)

    def _check_ahead(self, points: int) -> None:
        if self.ensemble.effect:
            self.ensemble.effect.check(points)

    def _in_groups(self, steps: int) -> Forecast:
        x = grid("text", float(self.series.x[-1]), self.series.step, self.group_size, steps)
        y, intervals = self.ensemble.forecast_and_intervals(steps)
        return Forecast(self.name, x, y, intervals, self.series.calendar)

    def forecast_at(self, x: Array, errors: Array | None) -> Forecast:
        """The forecast at `x` (steps, group_size), read off between the series' own points, with its own intervals."""
        steps, size = x.shape
        self._check_ahead(steps * size)
        natural = grid("text", float(self.series.x[-1]), self.series.step, size, steps + 1)
        y = on_grid(self.ensemble.forecast(steps + 1), natural, x)
        intervals = self.own_intervals(steps, size)
        if intervals is None:
            return Forecast(self.name, x, y)
        read = {bound: on_grid(getattr(intervals, bound), natural[:steps], x) for bound in BOUNDS}
        return Forecast(self.name, x, y, replace(intervals, **read, errors=None))

    def own_intervals(self, steps: int, size: int) -> Intervals | None:
        """The intervals of the next `steps` groups that the ensemble draws by itself; None where it cannot tell."""
        return self.predict_groups(steps, size).intervals

    def errors(self, steps: int, size: int) -> Array | None:
        """None: its intervals come from its own rehearsals."""
        return None

    def _settings(self) -> dict[str, Any]:
        return {"group_size": self._given_size}

    def _arrays(self) -> dict[str, AnyArray]:
        return dict(self.ensemble.arrays())

    def _restore(self, arrays: Mapping[str, AnyArray]) -> None:
        self._ensemble = TrainedEnsemble.from_arrays(arrays)

    @classmethod
    def _made(cls, told: Mapping[str, Any]) -> Self:
        recipe = AutoregressiveRecipe.model_validate(told["recipe"])
        return cls(recipe, group_size=told["group_size"], seed=told["seed"])
