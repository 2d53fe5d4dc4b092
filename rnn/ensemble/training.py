"""Training the `autoregressive` recipe: y → next y, fed back over the horizon.

1. Recurrent networks learn from the whole series, and at the same time others from what was known at earlier origins.
2. For each of them, readouts of many settings are fitted in closed form (`rnn.ensemble.readout`), and others that
   continue the series' own modes (`rnn.ensemble.modes`): the candidates (`rnn.ensemble.candidates`).
3. At each earlier origin every candidate rehearses the forecast. The better it did, the more it weighs.
   Of a kind with few candidates each counts for more.
4. Where modes explain all that was known down to its noise (`rnn.ensemble.explanation`), they say by themselves how
   far off they should be, and candidates drawn from around them weigh by that, beside all others together: the less,
   the more wrong they were at earlier origins.
5. The candidates that weigh most are the ensemble's members, with what they learned from the whole series.

The effect of inputs known ahead is taken out before all of this, and put back on the forecast
(`rnn.ensemble.known_effect`).

Beside them a pool of statistical members (`rnn.ensemble.pool`) is fitted to the points. Where a series is short and
little of it can be foreseen no network is trained; elsewhere both share the forecast as they have rehearsed it.

Averaging over settings is what makes this work: choosing one by a few origins of one short series is noise.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.ensemble.assembly import assemble
from rnn.ensemble.candidates import Prefix
from rnn.ensemble.explanation import grid_of
from rnn.ensemble.known_effect import KnownEffect, without_effect
from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.modes import fit_sections
from rnn.ensemble.pool import StatisticalPool
from rnn.ensemble.recurrent import RecurrentLayers
from rnn.ensemble.rehearsal import FEWEST
from rnn.ensemble.shares import foreseeable, networks_may_help, networks_share, skips_may_help
from rnn.ensemble.variable_projection import TrainingData, descend
from rnn.ensemble.weighting import ErrorScale, recent_mean
from rnn.errors import Diverged
from rnn.origins import training_origins
from rnn.recipes import AutoregressiveRecipe
from rnn.robustness.outliers import without_spikes
from rnn.scaling import Scaling, growth_is_relative
from rnn.series import Groups, count_groups, ungroup

NEWEST = 200
"""Groups that the recurrent weights learn from, at the most: time goes by step by step, and more teach little."""


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
    left, groups = [without_effect(groups, horizon) for groups in series], series
    series, effects = [groups for groups, _ in left], [effect for _, effect in left]
    pools = [_statistics(groups, recipe, horizon) for groups in series]
    found = [
        TrainedEnsemble.without_networks(pool, groups.group_size, recipe.hidden)
        for groups, pool in zip(series, pools, strict=True)
    ]
    suited = [_suited(groups, pool, recipe) for groups, pool in zip(series, pools, strict=True)]
    able = [i for i, one in enumerate(suited) if one]
    recipes = [one for one in suited if one]
    seen = [_seen(effects[i], groups[i], horizon) for i in able]
    networks = _networks([series[i] for i in able], recipes, [rngs[i] for i in able], on_progress, horizon, seen)
    for i, one in zip(able, networks, strict=True):
        found[i] = _shared(one, pools[i], series[i], recipe, horizon)
    return [replace(one, effect=effect) if effect else one for one, effect in zip(found, effects, strict=True)]


def _suited(groups: Groups, pool: StatisticalPool, recipe: AutoregressiveRecipe) -> AutoregressiveRecipe | None:
    """The recipe, the same with linear skips alone, or None: as the series is long and can be foreseen."""
    proposed = bool(groups.seasons.lengths)
    if networks_may_help(ungroup(groups).y, max(pool.seasons[:1], default=1), len(groups), proposed):
        return recipe
    if not skips_may_help(groups.y.size, len(groups), proposed):
        return None
    return _linear(recipe).model_copy(update={"sections": 0, "pairs": 0})


def _linear(recipe: AutoregressiveRecipe) -> AutoregressiveRecipe:
    return recipe.model_copy(update={"recurrent_memories": ()})


def _statistics(groups: Groups, recipe: AutoregressiveRecipe, horizon: int) -> StatisticalPool:
    size, y = groups.group_size, ungroup(groups).y
    count_groups(len(y), size, at_least=max(recipe.groups_needed, -(-FEWEST // size)))
    Scaling.of(y)  # refuses values that cannot be computed with
    return StatisticalPool.fit(ungroup(groups).observed, groups.seasons.possible(y), horizon * size, groups.bounds)


def _shared(
    networks: TrainedEnsemble, pool: StatisticalPool, groups: Groups, recipe: AutoregressiveRecipe, horizon: int
) -> TrainedEnsemble:
    """The networks' share, by their rehearsed errors beside those of the statistical members at the same origins."""
    y, size, scale = groups.y[:, :, 0], groups.group_size, ErrorScale.of(groups.y)
    skipped = y.size - len(pool.history)  # of a very long series the pool keeps the newest points
    at = training_origins(len(groups), horizon, recipe.since, recipe.folds)
    folds = [k for k, origin in enumerate(at) if origin * size - skipped >= FEWEST]
    said = pool.earlier([at[k] * size - skipped for k in folds], horizon * size)
    better = np.empty(len(folds))
    for i, (k, one) in enumerate(zip(folds, said, strict=True)):
        theirs = scale.log_error(y[at[k] : at[k] + horizon].reshape(-1), one)
        known = networks.rehearsed[k][np.isfinite(networks.rehearsed[k])]
        better[i] = theirs - scale.log_error(known)
    left = foreseeable(y.reshape(-1), max(pool.seasons[:1], default=1))
    share = networks_share(y.size, left, float(recent_mean(better, recipe)) if folds else 0.0, recipe)
    return replace(networks, share=np.array([share]), pool=pool)


def _networks(
    series: list[Groups], recipes: list[AutoregressiveRecipe], rngs: list[np.random.Generator],
    on_progress: Callable[[int, float], None], horizon: int, seen: list[Array | None],
) -> list[TrainedEnsemble]:  # fmt: skip
    """The networks' part of an ensemble for each of several series, by its recipe.

    These differ in whether networks are trained at all. `seen`: the inputs known ahead that networks may see of each.
    """
    with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
        series = [_without_spikes(groups) for groups in series]
        prefixes = [
            _prefixes(groups, recipe, rng, horizon, known_ahead)
            for groups, recipe, rng, known_ahead in zip(series, recipes, rngs, seen, strict=True)
        ]
        learning = [i for i, recipe in enumerate(recipes) if recipe.recurrent_memories]
        losses = [np.zeros(0)] * len(series)
        rows = [mine[0].trunk.w.shape[1] for mine in prefixes]
        for width in sorted({rows[i] for i in learning}):
            alike = [i for i in learning if rows[i] == width]
            trained = _descend([prefixes[i] for i in alike], series[0].group_size, recipes[alike[0]], on_progress)
            for i, one in zip(alike, trained, strict=True):
                prefixes[i], losses[i] = one
        return [
            assemble(groups, mine, loss, recipe, horizon)
            for groups, mine, loss, recipe in zip(series, prefixes, losses, recipes, strict=True)
        ]


def _without_spikes(groups: Groups) -> Groups:
    y = ungroup(groups).y
    if not np.isfinite(y).all():  # refused when it is scaled
        return groups
    mended = without_spikes(y)
    if mended is not y:  # among spikes no season is seen
        mended = without_spikes(y, groups.seasons.main(mended))
    return replace(groups, y=mended.reshape(groups.y.shape))


def _seen(effect: KnownEffect | None, groups: Groups, horizon: int) -> Array | None:
    """The inputs known ahead as networks see them, up to the horizon's end; None where there are none."""
    if effect is None or groups.known is None:
        return None
    return effect.seen(groups.known.values, (len(groups) + horizon) * groups.group_size)


def _prefixes(
    groups: Groups, recipe: AutoregressiveRecipe, rng: np.random.Generator, horizon: int, known_ahead: Array | None
) -> list[Prefix]:
    """The series and its beginnings up to each origin, each plain and, where sensible, through the logarithm."""
    y, size = ungroup(groups).y, groups.group_size
    first = RecurrentLayers.random(rng, recipe.gains, size, recipe.hidden)
    if known_ahead is not None and recipe.recurrent_memories:
        first = first.beside_seeing(size * known_ahead.shape[1])
    else:
        known_ahead = None
    found, grid = [], grid_of(y)
    for log in (False, True) if recipe.logarithm and growth_is_relative(y) else (False,):
        for origin in [*training_origins(len(groups), horizon, recipe.since, recipe.folds), len(groups)]:
            known = y[: origin * size]
            scaling = Scaling.of(known, log, horizon * size)
            width = scaling.unit * scaling.spread
            found.append(
                Prefix(
                    origin, scaling, scaling.scale(known), first, grid / width if width and not log else 0.0,
                    known_ahead=known_ahead,
                )
            )  # fmt: skip
    plain = [one for one in found if not one.scaling.log]
    fits = fit_sections([one.s.reshape(-1, size).mean(axis=1) for one in plain], recipe.sections)
    understood = [one.understood([fit[k] for fit in fits], size, recipe, rng) for k, one in enumerate(plain)]
    return understood + found[len(plain) :]


def _descend(
    series: list[list[Prefix]], size: int, recipe: AutoregressiveRecipe, on_progress: Callable[[int, float], None]
) -> list[tuple[list[Prefix], Array]]:
    """All networks of all prefixes of several series that are not logarithms trained in lockstep.

    Returns each series' prefixes with what they learned, and the loss of its networks on the way (iterations,).
    """
    plain = [one for mine in series for one in mine if not one.scaling.log]
    each = len(plain[0].trunk.b)
    data = TrainingData.of(
        [one.s[-NEWEST * size :] for one in plain for _ in range(each)], size, recipe.hidden,
        min(recipe.phases, size), max(1, recipe.skip // size), recipe.ridge, recipe.decay,
        [seen for one in plain for seen in _lessons_ahead(one, size, each)],
    )  # fmt: skip
    start = RecurrentLayers(
        *(np.concatenate(arrays) for arrays in zip(*(one.trunk.arrays() for one in plain), strict=True))
    )
    trunk, losses = descend(start, data, recipe.iterations, recipe.lr, on_progress)
    if not all(np.isfinite(array).all() for array in (losses, *trunk.arrays())):
        raise Diverged(int(np.isfinite(losses).all(axis=1).sum()) + 1, recipe.lr)
    trunks = iter(
        [RecurrentLayers(*one) for one in zip(*(_parted(array, each) for array in trunk.arrays()), strict=True)]
    )
    learned = [[one if one.scaling.log else replace(one, trunk=next(trunks)) for one in mine] for mine in series]
    whole = np.cumsum([sum(not one.scaling.log for one in mine) for mine in series]) - 1  # each series' last plain one
    return [
        (mine, losses[:, k * each : (k + 1) * each].mean(axis=1))
        for mine, k in zip(learned, whole.tolist(), strict=True)
    ]


def _lessons_ahead(prefix: Prefix, size: int, networks: int) -> list[Array]:
    """What each of a prefix's networks sees of inputs known ahead: the first half of them nothing."""
    if prefix.known_ahead is None:
        return []
    points = len(prefix.s)
    seen = prefix.known_ahead[max(0, points - NEWEST * size) : points]
    return [np.zeros_like(seen) if k < networks // 2 else seen for k in range(networks)]


def _parted(array: Array, size: int) -> list[Array]:
    return [array[k : k + size] for k in range(0, len(array), size)]
