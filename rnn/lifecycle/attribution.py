"""Attribute a forecast's change to causes, by a chain of counterfactual forecasts from the old one to the new one.

Each link changes one thing and keeps the others, in the order of `CAUSES`, so that a cause's part is the difference of
two forecasts of the same moments. Parts are kept as fractions, which add up to the total exactly; what depends on two
causes together counts to the later one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar
from rnn.errors import WavecastError
from rnn.known_inputs import KnownInputs
from rnn.recipes import AutoregressiveRecipe
from rnn.seasonality import Seasons
from rnn.series import Series

Cause: TypeAlias = Literal[
    "code and machine", "revised points", "new points", "another champion", "seed", "settings", "what remains"
]
CAUSES: tuple[Cause, ...] = (
    "code and machine", "revised points", "new points", "another champion", "seed", "settings", "what remains",
)  # fmt: skip
"""The causes in the order in which they are changed; the last one is what no counterfactual forecast explains."""

NETWORKS = "autoregressive"
"""The method that is trained; the others are naive, and have neither training nor seed."""

ValuesByMoment: TypeAlias = Mapping[int, float]
"""What a forecast says, by moment (see `moments`)."""


class NoSharedMoment(WavecastError):
    """Two forecasts speak of no moment together, or of one that cannot be compared."""


@dataclass(frozen=True)
class Known:
    """The `series` that is known; `calendar`: from its x to times, None where x are numbers."""

    series: Series
    calendar: Calendar | None = None

    @property
    def at(self) -> AnyArray:
        """The moments of its points (points,)."""
        return moments(self.series.x, self.calendar, self.series.step)


@dataclass(frozen=True)
class Training:
    """A training: its `method`, and the data learned from (None for a naive method, which learns nothing)."""

    method: str
    known: Known | None = None


@dataclass(frozen=True)
class Settings:
    """The settings that decide a forecast: the recipe, the task, how much is learned from, and what was said of y."""

    recipe: AutoregressiveRecipe
    group_size: int
    horizon: int
    newest: int | None
    seasons: Seasons
    bounds: tuple[float, float]

    def of(self, series: Series) -> Series:
        """The series with the seasons and bounds of these settings."""
        return replace(series, seasons=self.seasons, bounds=self.bounds)


@dataclass(frozen=True)
class ForecastInputs:
    """All that a forecast is made from, but for the code: where the data end, the model, and the settings."""

    known: Known
    training: Training
    seed: int
    settings: Settings

    def is_same(self, other: "ForecastInputs") -> bool:
        """Whether nothing differs that a forecast depends on."""
        return self.has_model_of(other) and _same_known(self.known, other.known)

    def has_model_of(self, other: "ForecastInputs") -> bool:
        """Whether the model is the same: what it learned from, by which settings and seed."""
        one, two = self.training, other.training
        same = one.method == two.method and self.settings == other.settings
        if not same or one.method != NETWORKS:
            return same
        return self.seed == other.seed and _same_known(one.known, two.known)


@dataclass(frozen=True)
class Contribution:
    """The part of one cause: by how much the forecast changed at each moment (moments,); exact."""

    cause: Cause
    changes: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        """The change on the average over the moments."""
        return sum(self.changes, Fraction(0)) / len(self.changes)


@dataclass(frozen=True)
class Attribution:
    """Two forecasts of the same moments `at` (moments,), and the parts that add up to their difference.

    `begins`: whether the first link is the old forecast to the bit; `ends`: whether the last link is the new one.
    """

    at: tuple[int, ...]
    old: tuple[float, ...]
    new: tuple[float, ...]
    contributions: tuple[Contribution, ...]

    @property
    def begins(self) -> bool:
        """Whether the old forecast, made again here, is the one that was served, to the bit."""
        return not any(self.contributions[0].changes)

    @property
    def ends(self) -> bool:
        """Whether the last link of the chain is the new forecast that was served, to the bit."""
        return not any(self.contributions[-1].changes)

    @property
    def total(self) -> Contribution:
        """The whole change, under the name of its last cause."""
        changes = tuple(Fraction(new) - Fraction(old) for old, new in zip(self.old, self.new, strict=True))
        return Contribution(CAUSES[-1], changes)


def moments(x: Array, calendar: Calendar | None, step: float) -> AnyArray:
    """Moments to compare (points,), int64: microseconds since 1970 in UTC, or steps since 0 where x are numbers."""
    if calendar is None:
        return np.asarray(np.rint(np.ravel(x) / step).astype(np.int64))
    return np.asarray(calendar.times(np.ravel(x)).astype(np.int64))


def links(old: ForecastInputs, new: ForecastInputs) -> list[tuple[Cause, ForecastInputs]]:
    """What each link of the chain is made from, in the order of `CAUSES`; the first one is the old forecast's.

    Where the method is another one, its seed and its settings come with it: a naive method has none of its own.
    """
    revised = replace(old, known=with_revisions(old.known, new.known))
    arrived = replace(old, known=replace(new.known, series=old.settings.of(new.known.series)))
    if old.training.method == new.training.method:
        taught = replace(arrived, training=new.training)
        seeded = replace(taught, seed=new.seed)
    else:
        taught = seeded = replace(new, known=arrived.known)
    return list(zip(CAUSES, (old, revised, arrived, taught, seeded, new), strict=False))


def with_revisions(old: Known, new: Known) -> Known:
    """The `old` data with the values that the `new` data have at the same moments; none are added or taken away."""
    _, here, there = np.intersect1d(old.at, new.at, return_indices=True)
    y = old.series.y.copy()
    y[here] = new.series.y[there]
    filled = np.zeros(len(y), dtype=bool) if old.series.filled is None else old.series.filled.copy()
    filled[here] = False if new.series.filled is None else new.series.filled[there]
    return replace(old, series=replace(old.series, y=y, filled=filled if filled.any() else None))


def explain_change(
    served: tuple[ValuesByMoment, ValuesByMoment],
    inputs: tuple[ForecastInputs, ForecastInputs],
    forecast: Callable[[ForecastInputs], ValuesByMoment],
) -> Attribution:
    """The parts of the change from the old to the new served forecast, by counterfactual forecasts.

    `served` and `inputs`: the old and the new one. `forecast` makes a forecast here and now; it is asked once for each
    link that differs from the one before. Raises NoSharedMoment, and what forecasting raises.
    """
    if not served[0].keys() & served[1].keys():
        raise NoSharedMoment("the two forecasts speak of no moment together: choose two that lie closer")
    said, before = [served[0]], None
    for _, link in links(*inputs):
        said.append(said[-1] if before is not None and link.is_same(before) else forecast(link))
        before = link
    said.append(served[1])
    return _attribution(said)


def _attribution(said: Sequence[ValuesByMoment]) -> Attribution:
    """The parts between neighbouring forecasts, at the moments of which all speak."""
    at = sorted(set.intersection(*(set(one) for one in said)))
    values = [tuple(float(one[moment]) for moment in at) for one in said]
    if not at or not np.isfinite(values).all():
        raise NoSharedMoment("the two forecasts cannot be compared at any moment: their numbers are not finite")
    contributions = tuple(
        Contribution(cause, tuple(Fraction(later) - Fraction(earlier) for earlier, later in zip(one, two, strict=True)))
        for cause, one, two in zip(CAUSES, values[:-1], values[1:], strict=True)
    )
    return Attribution(tuple(at), values[0], values[-1], contributions)


def _same_known(one: Known | None, two: Known | None) -> bool:
    if one is None or two is None or one is two:
        return one is two
    a, b = one.series, two.series
    same = len(a) == len(b) and a.step == b.step and a.seasons == b.seasons and a.bounds == b.bounds
    return bool(
        same
        and np.array_equal(one.at, two.at)
        and np.array_equal(a.y, b.y)
        and np.array_equal(a.observed, b.observed, equal_nan=True)
        and _same_inputs(a.known, b.known)
    )


def _same_inputs(one: KnownInputs | None, two: KnownInputs | None) -> bool:
    if one is None or two is None:
        return one is two
    return one.names == two.names and np.array_equal(one.values, two.values)
