"""Members for short series: what exponential smoothing, Theta and autoregression say of how a series goes on.

All of them look at the points, not at groups, of the plain series and, where it is positive, of its logarithm, less
its seasons: the state space in lockstep (`state_space`) by kind of trend; Theta's doubled curvature (Assimakopoulos &
Nikolopoulos 2000); the same smoothing of means over a season or a third of one (Kourentzes et al. 2014); ridge
autoregressions of the steps and of the values; and the last season again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.ensemble.seasonal_adjustment import Adjustment
from rnn.ensemble.state_space import Grid, Run, deviation, fit, forecast, grid, kinds, run
from rnn.robustness.level_shifts import without_level_shifts
from rnn.robustness.outliers import without_outliers

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
    *(f"{form} seasonal" for form in FORMS),
)
"""In the order of all arrays that have members; whoever comes later comes last, since older models have none of it."""

LARGEST_RATIO = 1e4
"""The logarithm is taken of positive series whose largest value is at most so many times the smallest."""

LAGS = 6
"""Of the autoregressions, at the most."""

LONGEST_LAGS = 30
"""Points of the past, with a season's, that an autoregression of the series as it is looks back at the most."""

LONGEST_LEARNED = 60
"""A longer season is taken as it was estimated: with a state for each of its points the lanes would be slow."""

FARTHEST = 2.0
"""A member may go so many times as far from the last point as the series ever went in as many steps."""


@dataclass(frozen=True)
class Form:
    """A series as members see it: plain or its logarithm, less its seasons, from its first points in units of a step.

    `s` (points,): the values, NaN where one is missing; `whole` (points,): with those filled in. `smallest`: of y.
    """

    s: Array
    whole: Array
    log: bool
    adjustment: Adjustment
    origin: float
    unit: float
    smallest: float

    @classmethod
    def of(cls, y: Array, log: bool, seasons: Sequence[int]) -> "Form":
        """Of `y` (points,), where missing points are NaN. What lies before a level shift is moved by it."""
        z, known = np.log(y) if log else y, np.isfinite(y)
        z = without_outliers(fill(z, seasons), max(seasons[:1], default=1))
        adjustment = Adjustment.of(z, seasons)
        left = z - adjustment.at(0, len(z))
        level = without_level_shifts(left)
        if level is not left:
            adjustment = Adjustment.of(z + (level - left), seasons)
            level = z + (level - left) - adjustment.at(0, len(z))
        steps = np.diff(level)[known[1:] & known[:-1]]
        unit = float(np.sqrt(np.mean(steps**2))) if len(steps) else 0.0
        unit = unit if unit > 1e-12 * max(float(np.abs(level).max()), 1e-300) else 1.0
        origin = float(level[known][:3].mean())
        whole = (level - origin) / unit
        s = whole if known.all() else np.where(known, whole, np.nan)
        return cls(s, whole, log, adjustment, origin, unit, float(y[known].min()))

    def back(self, s: Array, reach: Array) -> Array:
        """The unit of y again, of a forecast `s` (horizon,), which may be `reach` (horizon,) from the last value."""
        start, last = len(self.s), self.whole[-1]
        z = self.origin + self.unit * (last + np.clip(s - last, -reach, reach))
        z = z + self.adjustment.at(start, start + len(s))
        return np.exp(np.clip(z, -700, 700)) if self.log else keep_positive(z, self.smallest)

    def reach(self, horizon: int) -> Array:
        """How far from the last value a forecast may be at each step (horizon,): see FARTHEST."""
        s, count = self.whole, len(self.s)
        steps = np.arange(1, horizon + 1)
        known = np.unique(np.geomspace(1, max(count // 2, 1), 12).astype(int))
        far = np.array([np.abs(s[k:] - s[:-k]).max() for k in known])
        far = np.maximum.accumulate(far)
        beyond = np.maximum(steps / known[-1], 1.0)
        return np.asarray(FARTHEST * np.interp(steps, known, far) * beyond)


def fill(z: Array, seasons: Sequence[int]) -> Array:
    """`z` (points,) with what is missing on the line between its neighbours, less the seasons; z itself if nothing is.

    Only those look at such points who cannot do without: outliers, seasons and the lags of autoregressions.
    """
    known = np.isfinite(z)
    if known.all():
        return z
    t = np.arange(len(z))
    filled = np.interp(t, t[known], z[known])
    for _ in range(2 if seasons else 0):
        season = Adjustment.of(filled, seasons).at(0, len(z))
        filled = np.where(known, z, np.interp(t, t[known], (z - season)[known]) + season)
    return np.asarray(filled)


def keep_positive(y: Array, smallest: float) -> Array:
    """Forecasts `y` of a series whose `smallest` value is positive: below it they near zero without reaching it."""
    if smallest <= 0:
        return y
    return np.where(y < smallest, smallest * np.exp(np.minimum(y / smallest - 1, 0.0)), y)


def positive(y: Array) -> bool:
    """Whether the logarithm of a series is worth a look."""
    low, high = float(np.nanmin(y)), float(np.nanmax(y))
    return bool(low > 0 and high / low < LARGEST_RATIO)


@dataclass(frozen=True)
class MemberForecasts:
    """What every member says (members, horizon), NaN where one cannot; in the unit of y.

    `deviation` (2, horizon): of the errors that smoothing expects of itself: of the plain series, in the unit of y, and
    of its logarithm, NaN where there is none.
    """

    members: Array
    deviation: Array


def forecast_members(starts: Sequence[Array], seasons: Sequence[int], horizons: Sequence[int]) -> list[MemberForecasts]:
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
    """The least-squares line through s, where it is known, and so many points `beyond`."""
    known = np.isfinite(s)
    t, all_t, y = np.flatnonzero(known), np.arange(len(s) + beyond), s[known]
    middle = t.mean()
    slope = float((t - middle) @ y) / max(float((t - middle) @ (t - middle)), 1e-300)
    return np.asarray(y.mean() + slope * (all_t - middle))


def _said(
    y: Array, forms: list[Form], plain: list[Run], theta: list[Run], lanes: Grid, season: int, horizon: int
) -> MemberForecasts:
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
        put(f"{prefix} steps", form.back(_by_steps(form, horizon), reach))
        put(f"{prefix} values", form.back(_by_values(form, horizon), reach))
        lags = season + 1 if season > 1 else min(len(y) // 4, 24)
        enough = 3 * lags if lags > LAGS else 4 * season + 4
        if (lags > LAGS or season > 1) and lags <= LONGEST_LAGS and len(y) >= enough:
            put(f"{prefix} seasonal", form.back(_by_seasons(form, lags, season, horizon), reach))
    best, reach = forms[-1], forms[-1].reach(horizon)
    for name, size, trends in (("seasons", max(season, 2), ("damped",)), ("parts", _part(season), ("damped", "level"))):
        if size > 1 and len(y) // size >= 5:
            for trend, ahead in _by_means(best.whole, size, trends, horizon).items():
                put(f"{name} {trend}", best.back(ahead, reach))
    put("naive", last_season(y, season, horizon))
    return MemberForecasts(said, spread)


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


def last_season(y: Array, season: int, horizon: int) -> Array:
    """The last season of `y` again (horizon,): at each place the newest known value, or else the newest of all."""
    known, season = np.flatnonzero(np.isfinite(y)), season if season <= len(y) else 1
    last = np.full(season, known[-1])
    last[(known - len(y)) % season] = known  # the newest come last, and stay
    return np.asarray(np.resize(y[last], horizon))


def _by_steps(form: Form, horizon: int) -> Array:
    """Ridge autoregression of the steps around half their mean."""
    steps = np.diff(form.whole)
    drift, lags = steps.mean() / 2, _lags(len(form.s))
    left = steps - drift
    windows = _lessons(left, np.isfinite(np.diff(form.s)), lags)
    past, following = windows[:, -2::-1], windows[:, -1]
    penalty = 2.0 * np.arange(1, lags + 1) * float(np.mean(left**2)) + 1e-9
    weights = np.linalg.solve(past.T @ past + np.diag(penalty), past.T @ following)
    line = np.concatenate([left, np.empty(horizon)])
    for t in range(len(left), len(line)):
        line[t] = weights @ line[t - 1 : t - lags - 1 : -1] if t > lags else weights @ line[t - 1 :: -1][:lags]
    return np.asarray(form.whole[-1] + np.cumsum(line[len(left) :] + drift))


def _by_values(form: Form, horizon: int) -> Array:
    """Ridge autoregression of the values, which a random walk is the prior of."""
    lags, left = _lags(len(form.s)), form.whole - form.whole[-1]
    windows = _lessons(left, np.isfinite(form.s), lags)
    past, following = np.c_[windows[:, -2::-1], np.ones(len(windows))], windows[:, -1]
    walk = np.zeros(lags + 1)
    walk[0] = 1
    noise = float(np.mean((following - past[:, 0]) ** 2)) + 1e-9
    penalty = noise * np.r_[2.0 * np.arange(1, lags + 1), 1.0]
    weights = walk + np.linalg.solve(past.T @ past + np.diag(penalty), past.T @ (following - past[:, 0]))
    line = np.concatenate([left, np.empty(horizon)])
    for t in range(len(left), len(line)):
        line[t] = np.clip(weights[:-1] @ line[t - lags : t][::-1] + weights[-1], -1e6, 1e6)
    return np.asarray(form.whole[-1] + line[len(left) :])


def _by_seasons(form: Form, lags: int, season: int, horizon: int) -> Array:
    """Ridge autoregression of the series as it is, which the last step and the last season's are the prior of.

    What comes back is less the seasons again, as every other member's forecast.
    """
    count = len(form.s)
    seasonal = form.adjustment.at(0, count + horizon) / form.unit
    y = form.whole + seasonal[:count]
    windows = _lessons(y - y[-1], np.isfinite(form.s), lags)
    past, following = np.c_[windows[:, -2::-1], np.ones(len(windows))], windows[:, -1]
    prior, place = np.zeros(lags + 1), np.arange(lags)
    prior[0], near = 1.0, place
    if season > 1:
        prior[season - 1] += 1.0
        prior[season] -= 1.0
        near = np.minimum(place, np.minimum(np.abs(place - season + 1), np.abs(place - season)))
    left = following - past @ prior
    penalty = (float(np.mean(left**2)) + 1e-9) * np.r_[2.0 * (near + 1), 1.0]
    weights = prior + np.linalg.solve(past.T @ past + np.diag(penalty), past.T @ left)
    line = np.concatenate([y - y[-1], np.empty(horizon)])
    for t in range(count, count + horizon):
        line[t] = np.clip(weights[:-1] @ line[t - lags : t][::-1] + weights[-1], -1e6, 1e6)
    return np.asarray(y[-1] + line[count:] - seasonal[count:])


def _lessons(values: Array, known: AnyArray, lags: int) -> Array:
    """Neighbouring values (lessons, lags + 1) that are all known; if these are fewer than the lags, all."""
    windows = np.lib.stride_tricks.sliding_window_view(values, lags + 1)
    if known.all():
        return windows
    whole = np.lib.stride_tricks.sliding_window_view(known, lags + 1).all(axis=1)
    return np.asarray(windows[whole] if whole.sum() > lags else windows)


def _lags(points: int) -> int:
    return int(np.clip(points // 6, 1, LAGS))
