"""Training the `autoregressive` recipe: y → next y, fed back over the horizon.

1. Recurrent networks learn from the whole series, and at the same time others from what was known at earlier origins.
2. For each of them, readouts of many settings are fitted in closed form (`rnn.readout`), and others that continue the
   series' own modes (`rnn.modes`): the candidates.
3. At each earlier origin every candidate rehearses the forecast. The better it did, the more it weighs.
   Of a kind with few candidates each counts for more.
4. The candidates that weigh most are the ensemble's members, with what they learned from the whole series.

Averaging over settings is what makes this work: choosing one by a few origins of one short series is noise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.ensemble import TrainedEnsemble, apart, combine
from rnn.errors import Diverged
from rnn.lockstep import Trunk, states
from rnn.modes import fit_sections, follow
from rnn.projection import Lessons, descend
from rnn.readout import Setting, View, closed_loop, fit, states_by_point
from rnn.recipes import AutoregressiveRecipe
from rnn.scaling import Scaling, growth_is_relative
from rnn.seasons import period
from rnn.series import Groups, count_groups, ungroup

LONGEST_BESIDE_SEASON = 48
"""A longer memory, in points, sees several seasons by itself."""

FLOOR = 1e-3
"""A rehearsed error below this share of the series' spread is as good as none: it must not outweigh all others."""


@dataclass(frozen=True)
class _Prefix:
    """What was known at one origin: `s` (points,) scaled, and the networks that learned from it."""

    origin: int
    scaling: Scaling
    s: Array
    trunk: Trunk


def train(
    groups: Groups,
    recipe: AutoregressiveRecipe,
    rng: np.random.Generator,
    on_progress: Callable[[int, float], None] = lambda iteration, loss: None,
    horizon: int = 20,
) -> TrainedEnsemble:
    """An ensemble trained on `groups`, rehearsed for `horizon` groups; `on_progress(iteration, loss)` counts from 1.

    BLAS runs on one thread: results must not depend on their number. Raises SeriesTooShort for fewer groups
    than the recipe needs, OutOfReach for values that cannot be computed with, Diverged when a loss is no longer finite.
    """
    return train_together([groups], recipe, [rng], on_progress, horizon)[0]


def train_together(
    series: list[Groups],
    recipe: AutoregressiveRecipe,
    rngs: list[np.random.Generator],
    on_progress: Callable[[int, float], None] = lambda iteration, loss: None,
    horizon: int = 20,
) -> list[TrainedEnsemble]:
    """An ensemble for each of several series of one group size: the same as each alone, its networks in lockstep."""
    for groups in series:
        count_groups(len(groups) * groups.group_size, groups.group_size, at_least=recipe.groups_needed)
    with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
        prefixes = [_prefixes(groups, recipe, rng, horizon) for groups, rng in zip(series, rngs, strict=True)]
        trained, losses = _descend(
            [one for many in prefixes for one in many], series[0].group_size, recipe, on_progress
        )
        ensembles, done = [], 0
        for groups, mine in zip(series, prefixes, strict=True):
            part, done = slice(done, done + len(mine)), done + len(mine)
            whole = [i for i, one in enumerate(mine) if one.origin == len(groups)]
            ensembles.append(
                _ensemble(groups, trained[part], losses[:, part][:, whole].mean(axis=(1, 2)), recipe, horizon)
            )
    return ensembles


def origins(groups: int, horizon: int, recipe: AutoregressiveRecipe) -> list[int]:
    """The earlier origins, oldest first: groups known at each. Spread evenly from `since` to half a horizon ago."""
    newest = max(groups - max(1, horizon // 2), int(0.75 * groups))
    oldest = max(int(recipe.since * groups), 11)
    return sorted(set(np.linspace(min(oldest, newest), newest, recipe.folds).astype(int).tolist()))


def _prefixes(groups: Groups, recipe: AutoregressiveRecipe, rng: np.random.Generator, horizon: int) -> list[_Prefix]:
    """The series and its beginnings up to each origin, each plain and, where sensible, through the logarithm."""
    y, size = ungroup(groups).y, groups.group_size
    first = Trunk.random(rng, recipe.gains, size, recipe.hidden)
    found = []
    for log in (False, True) if recipe.logarithm and growth_is_relative(y) else (False,):
        for origin in [*origins(len(groups), horizon, recipe), len(groups)]:
            known = y[: origin * size]
            scaling = Scaling.of(known, log)
            found.append(_Prefix(origin, scaling, scaling.scale(known), first))
    return found


def _descend(
    prefixes: list[_Prefix], size: int, recipe: AutoregressiveRecipe, on_progress: Callable[[int, float], None]
) -> tuple[list[_Prefix], Array]:
    """All networks of all prefixes trained in lockstep.

    Returns the prefixes with what they learned, and the losses (iterations, prefixes, networks).
    """
    each = len(recipe.gains)
    lessons = Lessons.of(
        [one.s for one in prefixes for _ in range(each)], size, recipe.hidden, min(recipe.phases, size),
        max(1, recipe.skip // size), recipe.ridge, recipe.decay,
    )  # fmt: skip
    start = Trunk(*(np.concatenate(arrays) for arrays in zip(*(one.trunk.arrays() for one in prefixes), strict=True)))
    trunk, losses = descend(start, lessons, recipe.iterations, recipe.lr, on_progress)
    if not all(np.isfinite(array).all() for array in (losses, *trunk.arrays())):
        raise Diverged(int(np.isfinite(losses).all(axis=1).sum()) + 1, recipe.lr)
    trained = [
        _Prefix(one.origin, one.scaling, one.s, Trunk(*(array[i * each : (i + 1) * each] for array in trunk.arrays())))
        for i, one in enumerate(prefixes)
    ]
    return trained, losses.reshape(len(losses), len(prefixes), each)


Key: TypeAlias = tuple[bool, Setting | int]
"""Whether through the logarithm, and a readout's setting or how many sections the modes have."""


@dataclass(frozen=True)
class _Candidate:
    """One setting's readout of one prefix, or what its modes make of one.

    What it says there is in the unit of y (horizon, group_size).
    """

    prefix: _Prefix
    a: Array
    z: Array
    c: Array
    network: int
    h: Array
    said: Array


def _candidates(
    prefix: _Prefix, sections: list[Array], size: int, season: int, recipe: AutoregressiveRecipe, horizon: int
) -> dict[Key, _Candidate]:
    """Every setting's readout that the prefix is long enough for, and those that continue its modes.

    `sections`: b and c (m, 2) of 1, 2, … of them, from `rnn.modes`.
    """
    points = len(prefix.s)
    u = np.zeros((len(recipe.gains), size, points // size, size))
    for phase in range(size):
        count = (points - phase) // size
        u[:, phase, :count] = prefix.s[phase : phase + count * size].reshape(count, size)
    h = states_by_point(prefix.trunk, states(prefix.trunk, u), points)
    found: dict[Key, _Candidate] = {}
    for view in _views(points, season, recipe):
        network, ranks = view.network or 0, recipe.ranks if view.network is None else ()
        readouts = fit(prefix.s, h[network], size, view, season, recipe.penalties, ranks)
        if readouts is None:
            continue
        now = h[network, points : points + 1]
        weights = prefix.trunk.w[network], prefix.trunk.v[network], prefix.trunk.b[network]
        bounds = prefix.scaling.low, prefix.scaling.high
        said = closed_loop(readouts.a, readouts.z, readouts.c, weights, prefix.s[np.newaxis], now, horizon, bounds)
        said = prefix.scaling.unscale(said)
        for k, setting in enumerate(readouts.settings):
            mine = readouts.a[k], readouts.z[k], readouts.c[k]
            found[prefix.scaling.log, setting] = _Candidate(prefix, *mine, network, now[0], said[k])
    z, c, now = np.zeros((1, size, recipe.hidden)), np.zeros((1, size)), h[0, points : points + 1]
    weights, bounds = (
        (prefix.trunk.w[0], prefix.trunk.v[0], prefix.trunk.b[0]),
        (prefix.scaling.low, prefix.scaling.high),
    )
    for m, one in enumerate(sections, 1):
        if 4 * m + 1 <= points // size:  # no more unknowns than groups
            a = follow(one, size, points)[np.newaxis]
            said = closed_loop(a, z, c, weights, prefix.s[np.newaxis], now, horizon, bounds)
            found[prefix.scaling.log, m] = _Candidate(
                prefix, a[0], z[0], c[0], 0, now[0], prefix.scaling.unscale(said[0])
            )
    return found


def kind(key: Key) -> str:
    """What makes a candidate: `modes`, a `network` whose state it reads, or a `skip` alone."""
    setting = key[1]
    if isinstance(setting, int):
        return "modes"
    return "skip" if setting[0].network is None else "network"


def _views(points: int, season: int, recipe: AutoregressiveRecipe) -> list[View]:
    """Every memory with every base that makes sense; the season's only of what is not too long anyway."""
    linear = [
        View(memory, base)
        for memory in recipe.memories
        for base in ("last", "level", "season")
        if base != "season" or (1 < season <= points // 3 and memory <= LONGEST_BESIDE_SEASON)
    ]
    recurrent = [
        View(memory, base, network)
        for memory in recipe.recurrent_memories
        for base in ("last", "level")
        for network in range(len(recipe.gains))
    ]
    return linear + recurrent


def _ensemble(
    groups: Groups, prefixes: list[_Prefix], loss: Array, recipe: AutoregressiveRecipe, horizon: int
) -> TrainedEnsemble:
    """The best candidates of the whole series, weighed by the rehearsals."""
    y, size = groups.y[:, :, 0], groups.group_size
    season = period(y.reshape(-1))
    sections = fit_sections([prefix.s.reshape(-1, size).mean(axis=1) for prefix in prefixes], recipe.sections)
    by_origin: dict[int, dict[Key, _Candidate]] = {}
    for i, prefix in enumerate(prefixes):
        mine = [fitted[i] for fitted in sections]
        found = _candidates(prefix, mine, size, season, recipe, min(horizon, len(y) - prefix.origin) or horizon)
        by_origin.setdefault(prefix.origin, {}).update(found)
    final = by_origin.pop(len(y))
    keys = list(final)
    unit = float(np.abs(y).max()) or 1.0
    floor = FLOOR * float(np.std(y / unit))
    errors = np.full((len(by_origin), len(keys)), np.nan)
    for fold, (origin, there) in enumerate(by_origin.items()):
        for k, key in enumerate(keys):
            if key in there:
                off = (there[key].said - y[origin : origin + horizon]) / unit
                errors[fold, k] = np.log(max(float(np.sqrt(np.mean(off**2))), floor, 1e-300))
    kinds = [kind(key) for key in keys]
    weight = weigh(errors, kinds, recipe)
    kept = np.argsort(-weight, kind="stable")[: recipe.members]
    rehearsed = np.full((len(by_origin), horizon, size), np.nan)
    spread = np.full((len(by_origin), horizon), np.nan)
    for fold, (origin, there) in enumerate(by_origin.items()):
        then = weigh(np.delete(errors, fold, axis=0), kinds, recipe)
        able = np.array([k for k in np.argsort(-then, kind="stable") if keys[k] in there][: recipe.members])
        said = np.array([there[keys[k]].said for k in able])
        steps = said.shape[1]
        rehearsed[fold, :steps] = y[origin : origin + steps] - combine(said, then[able], recipe.trim)
        spread[fold, :steps] = apart(said, then[able], recipe.trim)
    return _pack([final[keys[k]] for k in kept], weight[kept], loss, recipe, rehearsed, spread)


def weigh(errors: Array, kinds: list[str], recipe: AutoregressiveRecipe) -> Array:
    """The candidates' weights (candidates,), together 1, from the logarithms of their rehearsed errors.

    `errors` (folds, candidates), oldest origin first, NaN where a candidate could not rehearse: taken for twice the
    fold's median. Each weight is divided by the root of how many candidates are of its kind (`kinds`, one for each):
    of many candidates the best has rehearsed better than it is.
    """
    share = np.array([kinds.count(one) for one in kinds]) ** -0.5
    known = errors[~np.isnan(errors).all(axis=1)]
    if not len(known):
        return np.asarray(share / share.sum())
    usual = np.nanmedian(known, axis=1, keepdims=True)
    counts = recipe.recency ** np.arange(len(known))
    mean = counts @ np.where(np.isnan(known), usual + np.log(2), known) / counts.sum()
    weight = share * np.exp(-recipe.sharpness * (mean - mean.min()))
    return np.asarray(weight / weight.sum())


def _pack(
    chosen: list[_Candidate], weight: Array, loss: Array, recipe: AutoregressiveRecipe, rehearsed: Array, spread: Array
) -> TrainedEnsemble:
    """The chosen candidates as one set of arrays, member first, vectors as columns, skips padded to one memory."""
    memory = max(one.a.shape[1] for one in chosen)
    a, past = np.zeros((len(chosen), chosen[0].a.shape[0], memory)), np.zeros((len(chosen), memory))
    for k, one in enumerate(chosen):
        a[k, :, memory - one.a.shape[1] :] = one.a
        past[k] = one.prefix.s[-memory:]
    scalings = [one.prefix.scaling for one in chosen]
    return TrainedEnsemble(
        w=np.array([one.prefix.trunk.w[one.network].T for one in chosen]),
        v=np.array([one.prefix.trunk.v[one.network].T for one in chosen]),
        b=np.array([one.prefix.trunk.b[one.network].T for one in chosen]),
        z=np.array([one.z for one in chosen]),
        c=np.array([one.c for one in chosen])[:, :, np.newaxis],
        a=a,
        weight=weight / weight.sum(),
        scaling=np.array([[s.unit, s.centre, s.spread, s.low, s.high, float(s.log)] for s in scalings]),
        trim=np.array([recipe.trim]),
        past=past,
        h=np.array([one.h for one in chosen])[:, :, np.newaxis],
        loss=loss,
        rehearsed=rehearsed,
        rehearsed_spread=spread,
    )
