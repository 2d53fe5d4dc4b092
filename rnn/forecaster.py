"""The Forecaster protocol of networks, baselines and peers: fit on a series, predict what follows, save, load.

    forecast = SeasonalNaive(7).fit(series).predict(14)

A new method is a subclass with `recipe`, `_learn` and `mean`, and one line in `rnn.evaluation.methods`.
"""

import contextlib
import copy
import io
import json
import operator
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from pydantic import BaseModel

from rnn import npz
from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar
from rnn.errors import CorruptModel, SeriesTooShort, WavecastError
from rnn.forecast import Forecast, grid, on_grid
from rnn.intervals import Intervals
from rnn.known_inputs import KnownInputs
from rnn.origins import ORIGINS, rolling_origins
from rnn.random_streams import PURPOSES, stream
from rnn.recipes import BadSetting, recipe_of
from rnn.seasonality import Seasons
from rnn.series import Series, bounded

MOST_AHEAD = 100_000
"""The longest horizon in points: an ensemble takes up to 10 kB and a millisecond for each of them."""


class NotFitted(WavecastError):
    """A forecaster is asked for a forecast before it has seen a series."""


class NotSaved(WavecastError, OSError):
    """A model cannot be written where it should be; what was there before is still there."""


class Forecaster(ABC):
    """A way of forecasting one series.

    `name` is its name in tables, and names its random stream of `seed`. `recipe` decides everything but the data.
    `draws_intervals`: whether it knows by itself how far off it may be; else its errors at earlier origins tell.
    """

    name: str
    draws_intervals: ClassVar[bool] = False

    def __init__(self, recipe: BaseModel, seed: int = 0) -> None:
        self.recipe, self.seed = recipe, whole(seed, "a seed", least=0)
        self._series: Series | None = None

    @property
    def series(self) -> Series:
        """The series that it was fitted on. Raises NotFitted."""
        if self._series is None:
            raise NotFitted(f"{self!r} has seen no series yet: call fit(series) first")
        return self._series

    def fit(self, series: Any, horizon: int | None = None) -> Self:
        """Learn from a series (see `Series.of`), to forecast about `horizon` points ahead; returns itself.

        Without a `horizon` the forecaster chooses one that suits the series; `predict` takes any. Raises NotASeries,
        BadSetting for a horizon below 1 or beyond MOST_AHEAD, SeriesTooShort when there are fewer points than it needs,
        and Diverged.
        """
        points = None if horizon is None else points_ahead(horizon)
        observed = Series.of(series)
        self._learn(observed, points)
        self._series = observed
        return self

    def fit_each(self, series: Sequence[Series], horizon: int) -> list[Self]:
        """A copy of it fitted on each of several series."""
        return [copy.copy(self).fit(one, horizon) for one in series]

    def moved_to(self, series: Series) -> Self:
        """A copy that goes on from where another, longer series ends, with the weights that it has learned."""
        return copy.copy(self).fit(series)

    @abstractmethod
    def _learn(self, series: Series, horizon: int | None) -> None:
        """Learn from `series`; see `fit`."""

    @abstractmethod
    def mean(self, horizon: int) -> Array:
        """The point forecast of the next `horizon` points (horizon,). Raises NotFitted."""

    def mean_at(self, x: Array) -> Array:
        """The point forecast at `x` (steps, group_size), in its shape: read off linearly between the series' points."""
        steps, size = x.shape
        natural = grid("text", float(self.series.x[-1]), self.series.step, size, steps + 1)
        if np.allclose(x, natural[:steps], rtol=0, atol=1e-6 * self.series.step):
            return self.mean(x.size).reshape(x.shape)
        return on_grid(self.mean(natural.size), natural, x)

    def predict(self, horizon: int) -> Forecast:
        """The forecast of the next `horizon` points, with intervals where the series is long enough to tell them.

        Raises NotFitted, BadSetting for a horizon that is no whole number of 1 to MOST_AHEAD.
        """
        return self.predict_groups(points_ahead(horizon), 1)

    def predict_groups(self, steps: int, size: int) -> Forecast:
        """The same for `steps` groups of `size` points."""
        x = grid("text", float(self.series.x[-1]), self.series.step, size, steps)
        forecast = Forecast(self.name, x, self.mean_at(x), calendar=self.series.calendar)
        errors = self.errors(steps, size)
        return forecast if errors is None else forecast.with_intervals(errors)

    def forecast_at(self, x: Array, errors: Array | None) -> Forecast:
        """The forecast at `x` (steps, group_size), with intervals from its `errors` at earlier origins, if known."""
        forecast = Forecast(self.name, x, self.mean_at(x))
        return forecast if errors is None else forecast.with_intervals(errors)

    def own_intervals(self, steps: int, size: int) -> Intervals | None:
        """The intervals of the next `steps` groups that it draws by itself; None where it draws none."""
        return None

    def errors(self, steps: int, size: int) -> Array | None:
        """Truth less forecast at earlier origins of its series (origins, steps, size); None when it is too short."""
        try:
            origins = rolling_origins(len(self.series) // size, steps, ORIGINS)
        except SeriesTooShort:
            return None
        start = len(self.series) % size
        ends = [start + origin * size for origin in origins]
        try:
            fitted = self.fit_each([self.series.first(end) for end in ends], steps * size)
        except SeriesTooShort:
            return None
        truth = np.array([self.series.y[end : end + steps * size].reshape(steps, size) for end in ends])
        said: Array = np.array([one.mean(steps * size).reshape(steps, size) for one in fitted])
        return np.asarray(truth - said)

    def rng(self) -> np.random.Generator:
        """Its random stream from the beginning; those that have none draw nothing."""
        return stream(self.seed, self.name) if self.name in PURPOSES else np.random.default_rng(0)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all that forecasting needs as npz, never pickle: recipe, seed, series and learned arrays.

        The file is whole, or as it was before. Raises NotFitted and NotSaved.
        """
        series = self.series
        told = {
            "class": type(self).__name__,
            "name": self.name,
            "recipe": self.recipe.model_dump(mode="json"),
            "seed": self.seed,
            "calendar": series.calendar and series.calendar.plain(),
            "seasons": [series.seasons.lengths, series.seasons.certain],
            "bounds": [bound if np.isfinite(bound) else None for bound in series.bounds],
            **self._settings(),
        }
        arrays: dict[str, AnyArray] = {
            "forecaster": np.array(json.dumps(told)),
            "series_x": series.x,
            "series_y": series.y,
            "series_step": np.array(series.step),
        }
        if series.filled is not None:
            arrays["series_filled"] = series.filled
        if series.known is not None:
            arrays |= {"series_known": series.known.values, "series_inputs": np.array(series.known.names)}
        written = io.BytesIO()
        npz.write(written, arrays | self._arrays())
        _replace(Path(path), written.getvalue())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The forecaster that `save` wrote. Raises CorruptModel."""
        told, arrays = read_saved(path)
        if told.get("class") != cls.__name__:
            raise CorruptModel(f"{path}: holds {told.get('class')} and not {cls.__name__}: rnn.load(path) reads either")
        try:
            made = cls._made(told)
            calendar = told["calendar"] and Calendar(**told["calendar"])
            x, y, step = arrays["series_x"], arrays["series_y"], float(arrays["series_step"])
            lengths, certain = told.get("seasons", ((), False))
            seasons, bounds = Seasons(tuple(lengths), certain), bounded(*told.get("bounds", (None, None)))
            filled, known = arrays.get("series_filled"), None
            if "series_known" in arrays:
                known = KnownInputs(tuple(map(str, arrays["series_inputs"])), arrays["series_known"])
            made._series = Series.of(Series(x, y, step, calendar, seasons, bounds, filled, known))
            if calendar:
                calendar.times(x[-1:])  # of a frequency or zone that nobody knows
            made._restore(arrays)
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptModel(f"{path}: not a usable model: {' '.join(str(error).split())}; fit it again") from None
        return made

    @classmethod
    @abstractmethod
    def _made(cls, told: Mapping[str, Any]) -> Self:
        """A forecaster of this class from what `save` told of it."""

    def _settings(self) -> dict[str, Any]:
        """What `save` tells beside recipe and seed."""
        return {}

    def _arrays(self) -> dict[str, AnyArray]:
        """What it has learned, by name."""
        return {}

    def _restore(self, arrays: Mapping[str, AnyArray]) -> None:
        """Take over what was learned. Without learned arrays it learns again, which takes no time."""
        self._learn(self.series, None)

    def __repr__(self) -> str:
        changed = self.recipe.model_dump(exclude_defaults=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in changed.items())})"


R = TypeVar("R", bound=BaseModel)


def whole(value: Any, what: str, least: int = 1) -> int:
    """`value` as an int. Raises BadSetting unless it is a whole number, and `least` at least."""
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise BadSetting(f"{what} is a whole number, {least} at least, not {value!r}")
    return number


def points_ahead(horizon: Any) -> int:
    """A horizon in points as an int. Raises BadSetting unless it is a whole number from 1 to MOST_AHEAD."""
    points = whole(horizon, "a horizon")
    if points > MOST_AHEAD:
        raise BadSetting(
            f"a horizon is {MOST_AHEAD:,} points at most, not {points:,}: forecast fewer, or the means of a coarser "
            "series, by day rather than by minute"
        )
    return points


def recipe_given(kind: type[R], recipe: Any, fields: Mapping[str, object]) -> R:
    """The recipe that was given, or else the one that its `fields` make.

    Raises BadSetting for both at once, for a recipe of another kind, and for fields that it does not have.
    """
    if recipe is None:
        return recipe_of(kind, fields)
    if not isinstance(recipe, kind):
        raise BadSetting(f"a recipe is of class {kind.__name__}, not {recipe!r}: name the settings, such as seed=7")
    if fields:
        raise BadSetting(f"give a recipe or its fields, not both: the recipe has its own {', '.join(fields)}")
    return recipe


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside `path`, then put it in its place, so that a full disk costs nothing. Raises NotSaved."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "a folder is there already")
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise NotSaved(f"{path}: the model cannot be saved there: {(error.strerror or str(error)).lower()}") from None


def read_saved(path: str | os.PathLike[str]) -> tuple[dict[str, Any], dict[str, AnyArray]]:
    """What `save` told of a forecaster, and its arrays. Raises CorruptModel."""
    try:
        arrays = npz.read(os.fspath(path))
        told = json.loads(str(arrays.pop("forecaster")))
        if not isinstance(told, dict):
            raise ValueError(f"its description is a {type(told).__name__}")
    except FileNotFoundError:
        raise CorruptModel(f"{path}: there is no such file: save a model there first") from None
    except (npz.UnreadableError, KeyError, ValueError) as error:
        raise CorruptModel(f"{path}: not a saved forecaster ({' '.join(str(error).split())}): save it again") from None
    return told, arrays
