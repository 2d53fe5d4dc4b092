"""Members for short series: what exponential smoothing, Theta and autoregression say of how a series goes on.

All of them look at the points, not at groups, of the plain series and, where it is positive, of its logarithm, less
its seasons: the state space in lockstep (`state_space`) by kind of trend; Theta's doubled curvature (Assimakopoulos &
Nikolopoulos 2000); the same smoothing of means over a season or a third of one (Kourentzes et al. 2014); ridge
autoregressions of the steps and of the values; and the last season again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.seasonal_adjustment import Adjustment
from rnn.ensemble.state_space import Grid, Run, deviation, fit, forecast, grid, kinds, run
from rnn.outliers import without_outliers

FORMS = ("plain", "log")
MEMBERS = (
    *(
        f"{form} {kind}"
        for form in FORMS
        for kind in ("level", "drift", "slow", "damped", "trend", "theta", "steps", "values")
    ),
    "seasons damped",
    "parts damped",
    "parts level",
    "naive",
)
"""In the order of all arrays that have members."""

LARGEST_RATIO = 1e4
"""The logarithm is taken of positive series whose largest value is at most so many times the smallest."""

LAGS = 6
"""Of the autoregressions, at the most."""

LONGEST_LEARNED = 60
"""A longer season is taken as it was estimated: with a state for each of its points the lanes would be slow."""

FARTHEST = 2.0
"""A member may go so many times as far from the last point as the series ever went in as many steps."""


@dataclass(frozen=True)
class Form:
    """A series as members see it: plain or its logarithm, less its seasons, from its first points in units of a step.

    `s` (points,): the values. `bounds`: how far from the last value a forecast may be per root of a step and beyond.
    """

    s: Array
    log: bool
    adjustment: Adjustment
    origin: float
    unit: float
    smallest: float

    @classmethod
    def of(cls, y: Array, log: bool, seasons: Sequence[int]) -> "Form":
        """Of `y` (points,)."""
        z = without_outliers(np.log(y) if log else y, max(seasons[:1], default=1))
        adjustment = Adjustment.of(z, seasons)
        z = z - adjustment.at(0, len(z))
        unit = float(np.sqrt(np.mean(np.diff(z) ** 2)))
        unit = unit if unit > 1e-12 * max(float(np.abs(z).max()), 1e-300) else 1.0
        origin = float(z[:3].mean())
        return cls((z - origin) / unit, log, adjustment, origin, unit, float(y.min()))

    def back(self, s: Array, reach: Array) -> Array:
        """The unit of y again, of a forecast `s` (horizon,), which may be `reach` (horizon,) from the last value."""
        start = len(self.s)
        z = self.origin + self.unit * (self.s[-1] + np.clip(s - self.s[-1], -reach, reach))
        z = z + self.adjustment.at(start, start + len(s))
        return np.exp(np.clip(z, -700, 700)) if self.log else keep_positive(z, self.smallest)

    def reach(self, horizon: int) -> Array:
        """How far from the last value a forecast may be at each step (horizon,): see FARTHEST."""
        count = len(self.s)
        steps = np.arange(1, horizon + 1)
        known = np.unique(np.geomspace(1, max(count // 2, 1), 12).astype(int))
        far = np.array([np.abs(self.s[k:] - self.s[:-k]).max() for k in known])
        far = np.maximum.accumulate(far)
        beyond = np.maximum(steps / known[-1], 1.0)
        return np.asarray(FARTHEST * np.interp(steps, known, far) * beyond)


def keep_positive(y: Array, smallest: float) -> Array:
    """Forecasts `y` of a series whose `smallest` value is positive: below it they near zero without reaching it."""
    if smallest <= 0:
        return y
    return np.where(y < smallest, smallest * np.exp(np.minimum(y / smallest - 1, 0.0)), y)


def positive(y: Array) -> bool:
    """Whether the logarithm of a series is worth a look."""
    low, high = float(y.min()), float(y.max())
    return bool(low > 0 and high / low < LARGEST_RATIO)


@dataclass(frozen=True)
class Said:
    """What every member says (members, horizon), NaN where one cannot; in the unit of y.

    `deviation` (2, horizon): of the errors that smoothing expects of itself: of the plain series, in the unit of y, and
    of its logarithm, NaN where there is none.
    """

    members: Array
    deviation: Array


def forecast_members(starts: Sequence[Array], seasons: Sequence[int], horizons: Sequence[int]) -> list[Said]:
    """What the members say after each of several `starts` of one series (points,), each of its own horizon.

    `seasons`: lengths in points, none or several. The first, if it is not long, is learned on as it changes.
    """
    first = seasons[0] if seasons else 1
    main = first if first <= LONGEST_LEARNED else 1
    forms = [
        [Form.of(y, log, [season for season in seasons if len(y) >= 2 * season + 2]) for log in _logs(y)]
        for y in starts
    ]
    rows = [form.s for each in forms for form in each]
    rows += [2 * form.s - _line(form.s) for each in forms for form in each]
    learned = run(rows, grid(main))
    found, done, total = [], 0, sum(map(len, forms))
    for y, each, horizon in zip(starts, forms, horizons, strict=True):
        mine = slice(done, done + len(each))
        thetas = slice(total + done, total + done + len(each))
        found.append(_said(y, each, learned[mine], learned[thetas], grid(main), first, horizon))
        done += len(each)
    return found


def _logs(y: Array) -> tuple[bool, ...]:
    return (False, True) if positive(y) else (False,)


def _line(s: Array, beyond: int = 0) -> Array:
    """The least-squares line through s, and so many points `beyond`."""
    t = np.arange(len(s)) - (len(s) - 1) / 2
    slope = float(t @ s) / max(float(t @ t), 1e-300)
    return np.asarray(s.mean() + slope * (np.arange(len(s) + beyond) - (len(s) - 1) / 2))


def _said(
    y: Array, forms: list[Form], plain: list[Run], theta: list[Run], lanes: Grid, season: int, horizon: int
) -> Said:
    said, spread = np.full((len(MEMBERS), horizon), np.nan), np.full((2, horizon), np.nan)

    def put(name: str, forecast: Array) -> None:
        said[MEMBERS.index(name)] = forecast

    by_name = kinds(lanes.season)
    for form, one, doubled in zip(forms, plain, theta, strict=True):
        prefix, reach = FORMS[form.log], form.reach(horizon)
        for name, kind in by_name.items():
            fitted = fit(one, kind)
            put(f"{prefix} {name}", form.back(forecast(fitted, kind, lanes, len(y), horizon), reach))
            if name == "damped":
                spread[int(form.log)] = form.unit * deviation(fitted, kind, lanes, horizon)
        level = by_name["level"]
        curve = forecast(fit(doubled, level), level, lanes, len(y), horizon)
        put(f"{prefix} theta", form.back((curve + _line(form.s, horizon)[len(y) :]) / 2, reach))
        put(f"{prefix} steps", form.back(_by_steps(form.s, horizon), reach))
        put(f"{prefix} values", form.back(_by_values(form.s, horizon), reach))
    best, reach = forms[-1], forms[-1].reach(horizon)
    for name, size, trends in (("seasons", max(season, 2), ("damped",)), ("parts", _part(season), ("damped", "level"))):
        if size > 1 and len(y) // size >= 5:
            for trend, ahead in _by_means(best.s, size, trends, horizon).items():
                put(f"{name} {trend}", best.back(ahead, reach))
    put("naive", np.resize(y[-season:] if season <= len(y) else y[-1:], horizon))
    return Said(said, spread)


def _part(season: int) -> int:
    """A quarter of a season, where that is whole and more than a point."""
    return season // 4 if season % 4 == 0 and season >= 8 else 1


def _by_means(s: Array, size: int, names: tuple[str, ...], horizon: int) -> dict[str, Array]:
    """Smoothing of the means of `size` points, by kind; a line through their middles leads from one to the next."""
    count = len(s) // size
    means = s[len(s) - count * size :].reshape(count, size).mean(axis=1)
    unit, origin, ahead = (
        float(np.sqrt(np.mean(np.diff(means) ** 2))) or 1.0,
        float(means[:2].mean()),
        horizon // size + 2,
    )
    (one,) = run([(means - origin) / unit], grid(1))
    middles = np.arange(ahead + 1) * size - (size - 1) / 2
    found = {}
    for name in names:
        kind = kinds(1)[name]
        fitted = fit(one, kind)
        line = np.r_[fitted.weight @ fitted.level, forecast(fitted, kind, grid(1), count, ahead)]
        found[name] = np.interp(np.arange(1, horizon + 1), middles, origin + unit * line)
    return found


def _by_steps(s: Array, horizon: int) -> Array:
    """Ridge autoregression of the steps around half their mean."""
    steps = np.diff(s)
    drift, lags = steps.mean() / 2, _lags(len(s))
    left = steps - drift
    windows = np.lib.stride_tricks.sliding_window_view(left, lags + 1)
    past, following = windows[:, -2::-1], windows[:, -1]
    penalty = 2.0 * np.arange(1, lags + 1) * float(np.mean(left**2)) + 1e-9
    weights = np.linalg.solve(past.T @ past + np.diag(penalty), past.T @ following)
    line = np.concatenate([left, np.empty(horizon)])
    for t in range(len(left), len(line)):
        line[t] = weights @ line[t - 1 : t - lags - 1 : -1] if t > lags else weights @ line[t - 1 :: -1][:lags]
    return np.asarray(s[-1] + np.cumsum(line[len(left) :] + drift))


def _by_values(s: Array, horizon: int) -> Array:
    """Ridge autoregression of the values, which a random walk is the prior of."""
    lags, left = _lags(len(s)), s - s[-1]
    windows = np.lib.stride_tricks.sliding_window_view(left, lags + 1)
    past, following = np.c_[windows[:, -2::-1], np.ones(len(windows))], windows[:, -1]
    walk = np.zeros(lags + 1)
    walk[0] = 1
    noise = float(np.mean((following - past[:, 0]) ** 2)) + 1e-9
    penalty = noise * np.r_[2.0 * np.arange(1, lags + 1), 1.0]
    weights = walk + np.linalg.solve(past.T @ past + np.diag(penalty), past.T @ (following - past[:, 0]))
    line = np.concatenate([left, np.empty(horizon)])
    for t in range(len(left), len(line)):
        line[t] = np.clip(weights[:-1] @ line[t - lags : t][::-1] + weights[-1], -1e6, 1e6)
    return np.asarray(s[-1] + line[len(left) :])


def _lags(points: int) -> int:
    return int(np.clip(points // 6, 1, LAGS))
