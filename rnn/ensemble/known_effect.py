"""Remove the effect of inputs known ahead from a series before training, and add it to the forecast again.

It is to inputs what seasonal adjustment is to seasons. Members of every kind forecast what is left. How much of the
effect is taken out, its weight, is decided by rehearsals: at earlier origins the effect is estimated from what was
known there, and statistical members forecast with it and without. Where that helps it counts in full, where it does not
it counts for nothing; where the inputs did not change in any rehearsal, the regression is believed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import AnyArray, Array
from rnn.ensemble.combination import combined
from rnn.ensemble.known_regression import Effects, regress
from rnn.ensemble.pool import MOST, StatisticalPool
from rnn.ensemble.rehearsal import FEWEST
from rnn.ensemble.statistical_members import forecast_members
from rnn.intervals import Intervals, ShiftedSpread
from rnn.known_inputs import KnownInputs, NotKnownAhead, refuse_beyond
from rnn.series import UNBOUNDED, Groups, Series, group, ungroup

REHEARSALS = 10
"""Rehearsals at the most, at origins after which an input changes: after others there is nothing to be learned."""

FEW = 5
"""So many origins are looked at where the newer half of a series has no room for more that follow each other."""

GO_TOGETHER = 3.0
"""Errors of one rehearsal go together: so many count as one."""

LONGEST_REHEARSAL = 48
"""Points that are rehearsed at once where nobody says how many will be forecast, at the most."""


@dataclass(frozen=True)
class KnownEffect:
    """What a unit of each input adds, how much of that is believed, and the inputs at the points to come.

    `coefficient`, `error`, `usual` (inputs,): see `Effects`. `weight`: the share of the effect that counts, 0 to 1.
    `ahead` (points, inputs): the inputs after the end of the series. `rehearsed` (2,): the root of the mean squared
    rehearsed error without the effect and with it, NaN where nothing was rehearsed. `bounds`: what forecasts never
    leave.
    """

    names: tuple[str, ...]
    effects: Effects
    weight: float
    ahead: Array
    rehearsed: Array = field(default_factory=lambda: np.full(2, np.nan))
    bounds: tuple[float, float] = UNBOUNDED
    spread: Array = field(default_factory=lambda: np.zeros(1))

    @classmethod
    def of(cls, series: Series, horizon: int | None = None) -> "KnownEffect | None":
        """Of a series, rehearsed for about `horizon` points; None for a series without inputs."""
        if series.known is None:
            return None
        y, inputs, seasons = series.y, series.known.values, series.known_seasons.possible(series.y)
        steps = horizon or max(1, min(LONGEST_REHEARSAL, len(y) // 8))
        low, high = series.bounds
        bounds = 0.0 if low == -np.inf and y.min() >= 0 else low, high
        with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
            effects = regress(y, inputs[: len(y)], seasons)
            weight, rehearsed = _rehearsed(series.observed, y, inputs, seasons, steps)
        used = weight if effects.coefficient.any() else 0.0
        return cls(
            series.known.names, effects, used, inputs[len(y) :], rehearsed, bounds, _spread(inputs[: len(y)])
        )  # fmt: skip

    def left(self, series: Series) -> Series:
        """The series without the effect, and without inputs or bounds."""
        known = series.known
        if known is None or known.names != self.names:
            have = "none" if known is None else ", ".join(known.names)
            raise NotKnownAhead(
                f"the model was trained with the inputs {', '.join(self.names)}, and the data have {have}: give the "
                "same --known and --holidays, or retrain"
            )
        y = series.y - self._at(known.values[: len(series)])
        return replace(series, y=y, known=None, bounds=UNBOUNDED)

    def seen(self, values: Array, points: int) -> Array:
        """Inputs (rows, inputs) as networks see them (points, inputs): less the usual, in units of their spread.

        Beyond what is known they are as usual.
        """
        seen = np.zeros((points, len(self.names)))
        values = values[:points]
        seen[: len(values)] = (values - self.effects.usual) / np.where(self.spread > 0, self.spread, 1.0)
        return seen * (self.spread > 0)

    def moved(self, known: KnownInputs, points: int) -> "KnownEffect":
        """The same effect after a series of so many points."""
        return replace(self, ahead=known.values[points:])

    def check(self, points: int) -> None:
        """Raise NotKnownAhead where the inputs are not known so many points ahead."""
        refuse_beyond(self.names, len(self.ahead), points)

    def on(self, y: Array) -> Array:
        """A forecast (…) of what is left, of points in their order, with the effect; beyond what is known with none."""
        return np.clip(y + self._coming(y.shape), *self.bounds)

    def on_intervals(self, intervals: Intervals | None) -> Intervals | None:
        """The intervals of what is left, moved by the effect."""
        if intervals is None or intervals.errors is None:
            return None
        by = self._coming(intervals.lower50.shape)
        return Intervals.of(ShiftedSpread(intervals.errors, by, self.bounds))

    def _coming(self, shape: tuple[int, ...]) -> Array:
        added = np.zeros(int(np.prod(shape)))
        known = self._at(self.ahead[: len(added)])
        added[: len(known)] = known
        return added.reshape(shape)

    def _at(self, values: Array) -> Array:
        return self.weight * self.effects.at(values)

    def arrays(self) -> dict[str, AnyArray]:
        """Everything by name, as an npz file may hold it."""
        return {
            "known_names": np.array(self.names),
            "known_coefficient": self.effects.coefficient,
            "known_error": self.effects.error,
            "known_usual": self.effects.usual,
            "known_weight": np.array([self.weight]),
            "known_ahead": self.ahead,
            "known_rehearsed": self.rehearsed,
            "known_bounds": np.array(self.bounds),
            "known_spread": self.spread,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, AnyArray]) -> "KnownEffect | None":
        """The effect that `arrays()` was of; None where there was none."""
        if "known_names" not in arrays:
            return None
        names = tuple(map(str, arrays["known_names"]))
        effects = Effects(*(np.asarray(arrays[f"known_{one}"]) for one in ("coefficient", "error", "usual")))
        low, high = arrays["known_bounds"].tolist()
        ahead, rehearsed = np.asarray(arrays["known_ahead"]), np.asarray(arrays["known_rehearsed"])
        return cls(
            names=names, effects=effects, weight=float(arrays["known_weight"][0]), ahead=ahead, rehearsed=rehearsed,
            bounds=(low, high), spread=np.asarray(arrays.get("known_spread", np.zeros(len(names)))),
        )  # fmt: skip


def _spread(inputs: Array) -> Array:
    """The standard deviation of each input (inputs,), 0 for one that does not change."""
    spread = inputs.std(axis=0)
    return np.asarray(np.where(spread > 1e-12 * np.abs(inputs).max(axis=0, initial=0.0), spread, 0.0))


def without_effect(groups: Groups, horizon: int) -> tuple[Groups, KnownEffect | None]:
    """Groups without the effect of their inputs, and the effect; the very groups where they have no inputs."""
    series = ungroup(groups)
    effect = KnownEffect.of(series, horizon * groups.group_size)
    return (groups, None) if effect is None else (group(effect.left(series), groups.group_size), effect)


def _origins(inputs: Array, points: int, horizon: int) -> list[int]:
    """Origins in the newer half of a series, spread evenly, in whose next `horizon` points an input is not as usual."""
    newest, oldest = points - horizon, max(points // 2, FEWEST + 1)
    if newest < oldest:
        return []
    every = np.unique(np.linspace(oldest, newest, max(FEW, (newest - oldest) // horizon + 1)).astype(int))
    unusual = inputs != np.median(inputs[:points], axis=0)
    able = [origin for origin in every.tolist() if unusual[origin : origin + horizon].any()]
    chosen = np.linspace(0, len(able) - 1, min(len(able), REHEARSALS)).round().astype(int)
    return [able[k] for k in chosen]


def _rehearsed(observed: Array, y: Array, inputs: Array, seasons: Sequence[int], horizon: int) -> tuple[float, Array]:
    """The weight of the effect by rehearsals, and the errors without it and with it (2,).

    Between a forecast without the effect and one with it lies the one with a share of it. The share that would have
    been best is found by least squares over all that was rehearsed, where 1 is expected beforehand.
    """
    unit, origins = float(np.nanmax(np.abs(y))) or 1.0, _origins(inputs, len(y), horizon)
    if not origins:
        return 1.0, np.full(2, np.nan)
    pool = StatisticalPool.fit(observed, seasons, horizon)
    without, with_it, added = [], [], []
    for origin in origins:
        effects = regress(y[:origin], inputs[:origin], seasons)
        start = max(0, origin - max(MOST, len(pool.history)))
        known = observed[start:origin] / unit
        without.append(known)
        with_it.append(known - effects.at(inputs[start:origin]) / unit)
        added.append(effects.at(inputs[origin : origin + horizon]) / unit)
    said = forecast_members([*without, *with_it], pool.seasons, [horizon] * (2 * len(origins)))
    middle = np.array([combined(one, pool.weight) for one in said]).reshape(2, len(origins), horizon)
    truth = np.array([observed[origin : origin + horizon] for origin in origins]) / unit
    off = truth - middle - np.stack([np.zeros_like(truth), np.array(added)])
    known = np.isfinite(off).all(axis=0)
    off = off[:, known]
    if not off.size:
        return 1.0, np.full(2, np.nan)
    moved, noise = off[0] - off[1], GO_TOGETHER * float((off[1] ** 2).mean())
    best = (float(off[0] @ moved) + noise) / (float(moved @ moved) + noise) if noise else float(moved.any())
    return float(np.clip(best, 0.0, 1.0)), unit * np.sqrt((off**2).mean(axis=1))
