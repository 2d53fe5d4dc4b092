"""A trained ensemble: its arrays, and forecasting with them in closed loop.

Every member is a network of the article's letters with a linear skip `a` over the past points. For each step

    û = A · (the last `memory` points) + Z h + c        h ← tanh(W û + V h + b)

in the member's own scaled units. Of a network that sees inputs known ahead, k of the next group stands below û: what is
said of a group has seen its inputs. The networks' forecast is the weighted mean of the members' middle, point by point.
Beside them stands a pool of statistical members (`rnn.ensemble.pool`), and both share the ensemble's forecast. On short
series there are no networks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.ensemble.known_effect import KnownEffect
from rnn.ensemble.pool import StatisticalPool
from rnn.ensemble.readout import closed_loop
from rnn.intervals import Intervals, MixedSpread, NoRehearsal, Spread, conformal
from rnn.scaling import Scaling
from rnn.series import UNBOUNDED, Groups, ungroup


@dataclass(frozen=True)
class TrainedEnsemble:
    """Weights by the article's letters, member first, and whatever else forecasting needs. All float64.

    `w` (members, hidden, group_size), `v` (members, hidden, hidden), `b` (members, hidden, 1), `z` (members,
    group_size, hidden), `c` (members, group_size, 1), `a` (members, group_size, memory), oldest point first.
    Where networks see inputs known ahead `w` has group_size · inputs more columns, for those of the next group.
    `weight` (members,): its share, all together 1. `scaling` (members, 6): unit, centre, spread, low, high, and 1 where
    the logarithm is taken (see `rnn.scaling`). `trim` (1,): the share that is left out at either end of the members.
    `past` (members, memory) and `h` (members, hidden, 1): the last points, scaled, and the state after them.
    `loss` (iterations,): the training loss on the way. `rehearsed` (folds, horizon, group_size): truth less forecast at
    earlier origins, NaN beyond the series; `rehearsed_spread` (folds, horizon): how far the members were apart there.
    Both are the networks' own. `pool`: the statistical members; `share` (1,): the networks' share of the forecast.
    Older files have no pool. `effect`: that of inputs known ahead, which all of these forecast without; None for none.
    """

    w: Array
    v: Array
    b: Array
    z: Array
    c: Array
    a: Array
    weight: Array
    scaling: Array
    trim: Array
    past: Array
    h: Array
    loss: Array
    rehearsed: Array
    rehearsed_spread: Array
    share: Array = field(default_factory=lambda: np.ones(1))
    pool: StatisticalPool | None = None
    effect: KnownEffect | None = None

    @classmethod
    def without_networks(cls, pool: StatisticalPool, group_size: int, hidden: int) -> "TrainedEnsemble":
        """Statistical members alone; the networks' arrays are empty."""
        none = np.zeros
        return cls(
            w=none((0, hidden, group_size)), v=none((0, hidden, hidden)), b=none((0, hidden, 1)),
            z=none((0, group_size, hidden)), c=none((0, group_size, 1)), a=none((0, group_size, 0)),
            weight=none(0), scaling=none((0, 6)), trim=none(1), past=none((0, 0)), h=none((0, hidden, 1)), loss=none(0),
            rehearsed=none((0, 0, group_size)), rehearsed_spread=none((0, 0)), share=none(1), pool=pool,
        )  # fmt: skip

    @property
    def networks(self) -> int:
        """How many members are networks or linear skips; 0 on short series."""
        return len(self.weight)

    def arrays(self) -> dict[str, AnyArray]:
        """Everything by name, as an npz file may hold it."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("pool", "effect")}
        return own | (self.pool.arrays() if self.pool else {}) | (self.effect.arrays() if self.effect else {})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, AnyArray]) -> "TrainedEnsemble":
        """The ensemble that `arrays()` was of, also an older one's. Raises KeyError for a missing name."""
        names = [one.name for one in fields(cls) if one.name not in ("share", "pool", "effect")]
        pool = StatisticalPool.from_arrays(arrays) if "history" in arrays else None
        share = np.asarray(arrays["share"] if pool else [1.0], dtype=float)
        own = {name: np.asarray(arrays[name], dtype=float) for name in names}
        effect = KnownEffect.from_arrays(arrays)
        return replace(cls(**own), share=share, pool=pool, effect=effect)  # type: ignore[arg-type]

    @property
    def group_size(self) -> int:
        """The points that make one step."""
        return int(self.z.shape[1])

    def members(self, horizon: int) -> Array:
        """What each network says (members, horizon, group_size), in the unit of y."""
        rows = self.w.transpose(0, 2, 1), self.v.transpose(0, 2, 1), self.b.transpose(0, 2, 1)
        said = np.empty((len(self.w), horizon, self.z.shape[1]))
        coming = self.seen(self.effect.ahead, horizon) if self.effect else None
        for row in np.unique(self.scaling, axis=0):
            mine = (self.scaling == row).all(axis=1)
            s = closed_loop(
                self.a[mine], self.z[mine], self.c[mine, :, 0],
                (rows[0][mine], rows[1][mine], rows[2][mine]),
                self.past[mine], self.h[mine, :, 0], horizon, (row[3], row[4]), coming=coming,
            )  # fmt: skip
            said[mine] = _scaling(row).unscale(s)
        return said

    @property
    def informed(self) -> AnyArray:
        """A mask (members,) of the members that read the state of a network which sees inputs known ahead."""
        sees = (self.w[:, :, self.group_size :] != 0).any(axis=(1, 2))
        return np.asarray(sees & (self.z != 0).any(axis=(1, 2)))

    def seen(self, inputs: Array, steps: int) -> Array:
        """What networks see (steps, columns) of the first groups of `inputs` (rows, inputs); no columns: nothing."""
        if self.effect is None or self.w.shape[2] == self.group_size:
            return np.zeros((steps, 0))
        return self.effect.seen(inputs, steps * self.group_size).reshape(steps, -1)

    def forecast(self, horizon: int) -> Array:
        """The next `horizon` groups (horizon, group_size), in the unit of y.

        What networks and statistical members say is averaged by their shares. Inputs known ahead have their effect as
        far as they are known; `effect.check` refuses what lies beyond.
        """
        ours = combine(self.members(horizon), self.weight, float(self.trim[0])) if self.networks else None
        theirs = (
            self.pool.forecast(horizon * self.group_size).y.reshape(horizon, self.group_size) if self.pool else None
        )
        return self._with_effect(self._shared(ours, theirs))

    def forecast_and_intervals(self, horizon: int) -> tuple[Array, Intervals | None]:
        """The next `horizon` groups, and where they should lie; None where nothing tells.

        Of intervals the bounds are averaged, each beside its like.
        """
        share, ours, theirs = float(self.share[0]), None, None
        spreads: list[Spread] = []
        if self.networks and share > 0:
            said, trim = self.members(horizon), float(self.trim[0])
            ours = combine(said, self.weight, trim)
            try:
                own = conformal(ours, self.rehearsed, (self.rehearsed_spread, member_spread(said, self.weight, trim)))
                spreads += [own.errors] if own.errors else []
            except NoRehearsal:
                pass
        if self.pool and share < 1:
            one = self.pool.forecast(horizon * self.group_size)
            theirs = one.y.reshape(horizon, self.group_size)
            spreads.append(one.reshaped(lambda points: points.reshape(horizon, self.group_size)))
        y = self._with_effect(self._shared(ours, theirs))
        if not spreads:
            return y, None
        bounds, counts = (self.pool.bounds, self.pool.counts) if self.pool else (UNBOUNDED, False)
        around = Intervals.of(MixedSpread(spreads[0], spreads[-1], 1 - share, bounds, counts))
        return y, self.effect.on_intervals(around) if self.effect else around

    def _with_effect(self, y: Array) -> Array:
        return self.effect.on(y) if self.effect else y

    def _shared(self, ours: Array | None, theirs: Array | None) -> Array:
        share = float(self.share[0])
        low, high = self.pool.bounds if self.pool else UNBOUNDED
        if ours is None or (share == 0 and theirs is not None):
            return theirs if theirs is not None else np.empty((0, self.group_size))
        mixed = ours if theirs is None or share == 1 else share * ours + (1 - share) * theirs
        return np.clip(mixed, low, high)

    @property
    def _size(self) -> int:
        return int(self.z.shape[1])

    def after(self, groups: Groups) -> "TrainedEnsemble":
        """The same members, not trained again, where another (longer) series ends. It must hold `memory` points.

        Raises NotKnownAhead where they have learned with inputs that these groups do not have.
        """
        series, size, effect, seen = ungroup(groups), groups.group_size, self.effect, np.zeros((len(groups), 0))
        if effect:
            known, series = series.known, effect.left(series)
            if known:
                seen, effect = self.seen(known.values[size:], len(groups)), effect.moved(known, len(series))
        y = series.y
        past, h = np.empty_like(self.past), np.empty_like(self.h)
        reached: dict[bytes, Array] = {}  # many members read the state of the same few networks
        for k, row in enumerate(self.scaling):
            s = _scaling(row).scale(y)
            past[k] = s[-self.past.shape[1] :]
            network = b"".join(array.tobytes() for array in (row, self.w[k], self.v[k], self.b[k]))
            if network not in reached:
                state = np.zeros_like(self.h[k])
                for u in np.concatenate([s.reshape(-1, size), seen], axis=1)[..., np.newaxis]:
                    state = np.tanh(self.w[k] @ u + self.v[k] @ state + self.b[k])
                reached[network] = state
            h[k] = reached[network]
        return replace(self, past=past, h=h, pool=self.pool and self.pool.after(series.observed), effect=effect)

    def __repr__(self) -> str:
        members, size, hidden = self.z.shape
        if not members:
            return f"TrainedEnsemble(statistical members alone, groups of {size})"
        return f"TrainedEnsemble({members} members, {size} → {hidden} tanh → {size}, memory {self.a.shape[2]})"


def combine(said: Array, weight: Array, trim: float) -> Array:
    """The members' forecasts (members, …) to one (…).

    Point by point it is the mean of those between the quantiles `trim` and 1 − `trim` of their `weight` (members,). A
    trim of 0 gives the mean, one of nearly a half the median.
    """
    order = np.argsort(said, axis=0, kind="stable")
    share = (weight / weight.sum())[order]
    up_to = np.cumsum(share, axis=0)
    kept = np.clip(up_to, trim, 1 - trim) - np.clip(up_to - share, trim, 1 - trim)
    kept /= kept.sum(axis=0)
    ordered = np.take_along_axis(said, order, axis=0)
    middle = ordered[len(said) // 2]  # around this, so that large and equal values stay what they are
    return np.asarray(middle + (kept * (ordered - middle)).sum(axis=0))


def member_spread(said: Array, weight: Array, trim: float) -> Array:
    """The members' spread (horizon,) around their combination, from forecasts (members, horizon, group_size)."""
    deviation = np.abs(said - combine(said, weight, trim))
    typical = combine(deviation.mean(axis=2), weight, trim)
    return np.asarray(typical)


def _scaling(row: Array) -> Scaling:
    unit, centre, spread, low, high, log = row.tolist()
    return Scaling(unit, centre, spread, low, high, bool(log))
