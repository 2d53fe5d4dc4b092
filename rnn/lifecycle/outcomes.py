"""Match past forecasts with what has arrived since, score them, and cut them into cycles for the drift test.

A moment is a number, `at`: the x of a series on plain numbers, or the microseconds since 1970 of a dated one.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.forecast import Forecast

NEAR = 1e-3
"""A forecast is for a point whose moment differs by at most this share of the series' step."""

NO_ERROR = 1e-3
"""An interval's half width below this share of the series' spread counts as this: less is no promise worth holding."""

SPREAD_POINTS = 600
"""The series' spread is that of so many points."""


@dataclass(frozen=True)
class Scored:
    """Forecasts for points whose outcome is known, one row each; every field is (rows,).

    `run` made the forecast by `method`; `model` is what it was made by ("run/method" of the champion, for a served
    one). It knew the data up to the moment `origin`, and this is its `step`, counted from 1 in groups. The bounds are
    NaN where it had no intervals. All values are in the unit of y. `unique_id`: the series. `restated`: what it was
    scored by, or most of what it knew, has changed since. `voided`: why it counts no longer, empty where it does.
    """

    run: AnyArray
    method: AnyArray
    model: AnyArray
    origin: Array
    step: AnyArray
    at: Array
    y: Array
    truth: Array
    lower50: Array
    upper50: Array
    lower90: Array
    upper90: Array
    unique_id: AnyArray
    restated: AnyArray
    voided: AnyArray

    def __len__(self) -> int:
        return len(self.at)

    def of(self, rows: AnyArray) -> "Scored":
        """Those `rows`, by a mask or by places."""
        return Scored(*(getattr(self, field.name)[rows] for field in fields(self)))

    @property
    def error(self) -> Array:
        """Truth less forecast (rows,)."""
        return self.truth - self.y

    @classmethod
    def none(cls) -> "Scored":
        """No rows."""
        words, whole = np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
        kinds = {"run": words, "method": words, "model": words, "step": whole}
        kinds |= {"unique_id": words, "voided": words, "restated": np.empty(0, dtype=bool)}
        return cls(**{field.name: kinds.get(field.name, np.empty(0)) for field in fields(cls)})


def join(every: list[Scored]) -> Scored:
    """All rows below each other."""
    if not every:
        return Scored.none()
    return Scored(*(np.concatenate([getattr(one, field.name) for one in every]) for field in fields(Scored)))


def match(at: Array, arrived: Array, step: float) -> AnyArray:
    """For each moment in `at` the place of the same moment in `arrived` (points,), or −1 where nothing has arrived.

    `arrived` may be in any order and name a moment twice: the first one counts. Moments are the same when they differ
    by at most NEAR of the series' `step`.
    """
    if not len(arrived):
        return np.full(len(at), -1)
    order = np.argsort(arrived, kind="stable")
    ordered = arrived[order]
    # The first of those that are near: what came first is what the forecast is held to.
    near = np.searchsorted(ordered, at - NEAR * step)
    place = np.minimum(near, len(ordered) - 1)
    return np.where(np.abs(ordered[place] - at) <= NEAR * step, order[place], -1)


def pending(run: str, model: str, forecast: Forecast, origin: float, at: Array | None = None) -> Scored:
    """What `forecast` says, as rows whose truth is not known yet: NaN. `at` (horizon, group_size): where not x."""
    horizon, size = forecast.y.shape
    rows, bounds = horizon * size, forecast.intervals
    nothing = np.full(rows, np.nan)
    return Scored(
        np.full(rows, run, dtype=object),
        np.full(rows, forecast.method, dtype=object),
        np.full(rows, model, dtype=object),
        np.full(rows, origin),
        np.repeat(np.arange(1, horizon + 1), size),
        (forecast.x if at is None else at).ravel(),
        forecast.y.ravel(),
        nothing,
        *(nothing if bounds is None else getattr(bounds, name).ravel()
          for name in ("lower50", "upper50", "lower90", "upper90")),
        **unmarked(rows),
    )  # fmt: skip


def unmarked(rows: int, unique_id: str = "") -> dict[str, AnyArray]:
    """The fields `unique_id`, `restated` and `voided` of so many rows of a series that nobody has marked."""
    nothing = np.full(rows, "", dtype=object)
    return {
        "unique_id": np.full(rows, unique_id, dtype=object),
        "restated": np.zeros(rows, dtype=bool),
        "voided": nothing,
    }


def score_pending(promised: Scored, at: Array, y: Array, step: float) -> Scored:
    """Those rows of what was promised whose truth is among the points `at`, `y` (points,) of the series."""
    if not len(at):
        return promised.of(np.zeros(len(promised), dtype=bool))
    place = match(promised.at, at, step)
    return replace(promised, truth=y[place]).of(place >= 0)


@dataclass(frozen=True)
class Live:
    """The errors of a method's forecasts by step, in groups ahead, over all points that have arrived.

    `points` how many, `rmse` in the unit of y, `inside50` and `inside90` the shares within the intervals (NaN without
    any); each (steps,). The same over all steps: `error`, `coverage50`, `coverage90`.
    """

    method: str
    step: AnyArray
    points: AnyArray
    rmse: Array
    inside50: Array
    inside90: Array
    error: float
    coverage50: float
    coverage90: float


def live(scored: Scored, method: str) -> Live | None:
    """The errors of `method` so far; None while none of its forecasts has an outcome."""
    mine = scored.of(scored.method == method)
    if not len(mine):
        return None
    step, place, points = np.unique(mine.step, return_inverse=True, return_counts=True)
    inside = {level: _inside(mine, level) for level in (50, 90)}

    def by_step(values: Array) -> Array:
        return np.asarray(np.bincount(place, values, len(step)) / points)

    return Live(
        method,
        step,
        points,
        np.sqrt(by_step(mine.error**2)),
        by_step(inside[50]),
        by_step(inside[90]),
        float(np.sqrt(np.mean(mine.error**2))),
        float(np.mean(inside[50])),
        float(np.mean(inside[90])),
    )


def _inside(scored: Scored, level: int) -> Array:
    lower, upper = getattr(scored, f"lower{level}"), getattr(scored, f"upper{level}")
    inside = (lower <= scored.truth) & (scored.truth <= upper)
    return np.where(np.isnan(lower), np.nan, inside)


def scaled(error: Array, lower90: Array, upper90: Array, spread: float) -> Array:
    """Errors as so many times what the forecast promised: half the width of its 90 % interval; in any shape.

    `spread`, the series' own, gives the least width that counts. So neither the series' level nor the growth of errors
    with the horizon is left in it. NaN without an interval.
    """
    return np.asarray(error / np.maximum((upper90 - lower90) / 2, NO_ERROR * spread))


def spread_before(since: float, at: Array, y: Array) -> float:
    """The spread of the SPREAD_POINTS newest values of the series that were known at the moment `since`."""
    order = np.argsort(at[at <= since], kind="stable")
    return float(np.std(y[at <= since][order][-SPREAD_POINTS:])) if len(order) else 0.0


def by_cycle(served: Scored, since: float, cycle: float, until: float, spread: float) -> list[Array]:
    """Scaled errors of the served forecasts of one champion, for each whole cycle after the moment `since`.

    A cycle is as long as `cycle`; the last one ends at `until`, the newest arrival, or before it. Of the forecasts of a
    point the newest counts: older ones repeat what it says, and made the test slower. A cycle without outcome is empty.
    """
    count = max(0, int(np.floor((until - since) / cycle + NEAR)))
    mine = served.of((served.origin >= since - NEAR * cycle) & (served.at > since))
    mine = mine.of(np.lexsort((-mine.origin, mine.at)))
    mine = mine.of(np.diff(mine.at, prepend=-np.inf) > 0)
    errors = scaled(mine.error, mine.lower90, mine.upper90, spread)
    number = np.ceil((mine.at - since) / cycle - NEAR).astype(int) - 1
    return [errors[(number == k) & np.isfinite(errors)] for k in range(count)]
