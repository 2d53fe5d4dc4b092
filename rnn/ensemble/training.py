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

Beside them a pool of statistical members (`rnn.ensemble.pool`) is fitted to the points. Where a series is short and
little of it can be foreseen no network is trained; elsewhere both share the forecast as they have rehearsed it.

Averaging over settings is what makes this work: choosing one by a few origins of one short series is noise.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array
from rnn.ensemble.candidates import Candidate, Key, Prefix, candidates, kind
from rnn.ensemble.explanation import grid_of
from rnn.ensemble.model import TrainedEnsemble, apart, combine
from rnn.ensemble.modes import fit_sections
from rnn.ensemble.pool import StatisticalPool
from rnn.ensemble.recurrent import RecurrentLayers
from rnn.ensemble.rehearsal import FEWEST
from rnn.ensemble.shares import foreseeable, networks_may_help, networks_share
from rnn.ensemble.variable_projection import Lessons, descend
from rnn.ensemble.weighting import Ruler, Trial, recent_mean, weigh
from rnn.errors import Diverged
from rnn.origins import training_origins
from rnn.outliers import without_spikes
from rnn.recipes import AutoregressiveRecipe
from rnn.scaling import Scaling, growth_is_relative
from rnn.seasonality import Seasons
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
    pools = [_statistics(groups, recipe, horizon) for groups in series]
    able = [
        i
        for i, (groups, pool) in enumerate(zip(series, pools, strict=True))
        if networks_may_help(
            ungroup(groups).y, max(pool.seasons[:1], default=1), len(groups), bool(groups.seasons.lengths)
        )
    ]
    found = [
        TrainedEnsemble.without_networks(pool, groups.group_size, recipe.hidden)
        for groups, pool in zip(series, pools, strict=True)
    ]
    if able:
        networks = _networks([series[i] for i in able], recipe, [rngs[i] for i in able], on_progress, horizon)
        for i, one in zip(able, networks, strict=True):
            found[i] = _shared(one, pools[i], series[i], recipe, horizon)
    return found


def _statistics(groups: Groups, recipe: AutoregressiveRecipe, horizon: int) -> StatisticalPool:
    size, y = groups.group_size, ungroup(groups).y
    count_groups(len(y), size, at_least=max(recipe.groups_needed, -(-FEWEST // size)))
    Scaling.of(y)  # refuses values that cannot be computed with
    return StatisticalPool.fit(ungroup(groups).observed, groups.seasons.possible(y), horizon * size, groups.bounds)


def _shared(
    networks: TrainedEnsemble, pool: StatisticalPool, groups: Groups, recipe: AutoregressiveRecipe, horizon: int
) -> TrainedEnsemble:
    """The networks' share, by their rehearsed errors beside those of the statistical members at the same origins."""
    y, size, ruler = groups.y[:, :, 0], groups.group_size, Ruler.of(groups.y)
    skipped = y.size - len(pool.history)  # of a very long series the pool keeps the newest points
    at = training_origins(len(groups), horizon, recipe.since, recipe.folds)
    folds = [k for k, origin in enumerate(at) if origin * size - skipped >= FEWEST]
    said = pool.earlier([at[k] * size - skipped for k in folds], horizon * size)
    better = np.empty(len(folds))
    for i, (k, one) in enumerate(zip(folds, said, strict=True)):
        theirs = ruler.log_error(y[at[k] : at[k] + horizon].reshape(-1), one)
        known = networks.rehearsed[k][np.isfinite(networks.rehearsed[k])]
        better[i] = theirs - ruler.log_error(known)
    left = foreseeable(y.reshape(-1), max(pool.seasons[:1], default=1))
    share = networks_share(y.size, left, float(recent_mean(better, recipe)) if folds else 0.0, recipe)
    return replace(networks, share=np.array([share]), pool=pool)


def _networks(
    series: list[Groups], recipe: AutoregressiveRecipe, rngs: list[np.random.Generator],
    on_progress: Callable[[int, float], None], horizon: int,
) -> list[TrainedEnsemble]:  # fmt: skip
    """The networks' part of an ensemble for each of several series."""
    with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
        series = [_without_spikes(groups) for groups in series]
        prefixes = [_prefixes(groups, recipe, rng, horizon) for groups, rng in zip(series, rngs, strict=True)]
        trained, losses = _descend(
            [one for many in prefixes for one in many], series[0].group_size, recipe, on_progress
        )
        ensembles, done = [], 0
        for groups, mine, rng in zip(series, prefixes, rngs, strict=True):
            part, done = slice(done, done + len(mine)), done + len(mine)
            whole = [i for i, one in enumerate(mine) if one.origin == len(groups) and not one.scaling.log]
            ensembles.append(
                _ensemble(groups, trained[part], losses[:, part][:, whole].mean(axis=(1, 2)), recipe, horizon, rng)
            )
    return ensembles


def _without_spikes(groups: Groups) -> Groups:
    y = ungroup(groups).y
    if not np.isfinite(y).all():  # refused when it is scaled
        return groups
    mended = without_spikes(y)
    if mended is not y:  # among spikes no season is seen
        mended = without_spikes(y, groups.seasons.main(mended))
    return replace(groups, y=mended.reshape(groups.y.shape))


def _prefixes(groups: Groups, recipe: AutoregressiveRecipe, rng: np.random.Generator, horizon: int) -> list[Prefix]:
    """The series and its beginnings up to each origin, each plain and, where sensible, through the logarithm."""
    y, size = ungroup(groups).y, groups.group_size
    first = RecurrentLayers.random(rng, recipe.gains, size, recipe.hidden)
    found, grid = [], grid_of(y)
    for log in (False, True) if recipe.logarithm and growth_is_relative(y) else (False,):
        for origin in [*training_origins(len(groups), horizon, recipe.since, recipe.folds), len(groups)]:
            known = y[: origin * size]
            scaling = Scaling.of(known, log, horizon * size)
            width = scaling.unit * scaling.spread
            found.append(
                Prefix(origin, scaling, scaling.scale(known), first, grid / width if width and not log else 0.0)
            )
    return found


def _descend(
    prefixes: list[Prefix], size: int, recipe: AutoregressiveRecipe, on_progress: Callable[[int, float], None]
) -> tuple[list[Prefix], Array]:
    """All networks of all prefixes that are not logarithms trained in lockstep.

    Returns the prefixes with what they learned, and the losses (iterations, prefixes, networks), NaN for logarithms.
    """
    each, everyone = len(recipe.gains), prefixes
    prefixes = [one for one in prefixes if not one.scaling.log]
    lessons = Lessons.of(
        [one.s[-NEWEST * size :] for one in prefixes for _ in range(each)], size, recipe.hidden,
        min(recipe.phases, size), max(1, recipe.skip // size), recipe.ridge, recipe.decay,
    )  # fmt: skip
    start = RecurrentLayers(
        *(np.concatenate(arrays) for arrays in zip(*(one.trunk.arrays() for one in prefixes), strict=True))
    )
    trunk, losses = descend(start, lessons, recipe.iterations, recipe.lr, on_progress)
    if not all(np.isfinite(array).all() for array in (losses, *trunk.arrays())):
        raise Diverged(int(np.isfinite(losses).all(axis=1).sum()) + 1, recipe.lr)
    trained, told = list(everyone), np.full((len(losses), len(everyone), each), np.nan)
    for i, place in enumerate(k for k, one in enumerate(everyone) if not one.scaling.log):
        mine = slice(i * each, (i + 1) * each)
        trained[place] = replace(everyone[place], trunk=RecurrentLayers(*(array[mine] for array in trunk.arrays())))
        told[:, place] = losses[:, mine]
    return trained, told


@dataclass(frozen=True)
class _Origin:
    """What there is to say at one origin: each setting's candidate, and those that explain all that was known.

    `expected` is the error that these expect of themselves, as a logarithm; `belief` how far they are believed.
    """

    there: dict[Key, Candidate]
    explaining: list[Candidate]
    expected: float
    belief: float

    def surprise(self, truth: Array, ruler: Ruler, recipe: AutoregressiveRecipe) -> float:
        """By how much what explains the series was off more than it expected, as a logarithm. NaN: nothing does."""
        if not self.explaining:
            return np.nan
        said = _said(self.explaining)
        middle = combine(said, np.ones(len(said)), recipe.trim)
        return ruler.log_error(middle[: len(truth)], truth) - self.expected

    def members(
        self, keys: list[Key], weight: Array, usual: float, trial: Trial, recipe: AutoregressiveRecipe
    ) -> tuple[list[Candidate], Array]:
        """Those that weigh most, with their weights, of settings with a given `weight` and of what explains the series.

        `usual` is the logarithm of the settings' error, combined. Both sides weigh by their errors as the settings do
        among themselves, but that of an explanation is the one that it expects, and so much more as at the `trial`.
        """
        able = [k for k, key in enumerate(keys) if key in self.there]
        pool, weight = [self.there[keys[k]] for k in able], weight[able] / weight[able].sum()
        if self.explaining and np.isfinite(usual):
            ahead = usual - self.expected - trial.surprise
            odds = self.belief * trial.passed * np.exp(np.clip(recipe.sharpness * ahead, -50, 50))
            pool = pool + self.explaining
            weight = np.concatenate([weight, np.full(len(self.explaining), odds / len(self.explaining))])
        kept = np.argsort(-weight, kind="stable")[: recipe.members]
        return [pool[k] for k in kept], weight[kept] / weight[kept].sum()


def _ensemble(
    groups: Groups, prefixes: list[Prefix], loss: Array, recipe: AutoregressiveRecipe, horizon: int,
    rng: np.random.Generator,
) -> TrainedEnsemble:  # fmt: skip
    """The best candidates of the whole series, weighed by the rehearsals."""
    y, ruler = groups.y[:, :, 0], Ruler.of(groups.y)
    by_origin = _by_origin(y, groups.seasons, prefixes, ruler, recipe, horizon, rng)
    final = by_origin.pop(len(y))
    folds, truth = list(by_origin.values()), [y[origin : origin + horizon] for origin in by_origin]
    keys = list(final.there)
    kinds = [kind(key) for key in keys]
    errors = np.array(
        [
            [ruler.log_error(one.there[key].said, known) if key in one.there else np.nan for key in keys]
            for one, known in zip(folds, truth, strict=True)
        ]
    )
    by_others = [weigh(np.delete(errors, fold, axis=0), kinds, recipe) for fold in range(len(folds))]
    together = np.empty(len(folds))
    for fold, one in enumerate(folds):
        members, weight = one.members(keys, by_others[fold], np.nan, Trial(0, 0), recipe)
        together[fold] = ruler.log_error(combine(_said(members), weight, recipe.trim), truth[fold])
    beliefs = np.array([one.belief for one in folds])
    surprises = np.array([one.surprise(known, ruler, recipe) for one, known in zip(folds, truth, strict=True)])
    rehearsed = np.full((len(folds), horizon, y.shape[1]), np.nan)
    spread = np.full((len(folds), horizon), np.nan)
    for fold, one in enumerate(folds):
        usual = float(recent_mean(np.delete(together, fold), recipe))
        trial = Trial.of(np.delete(surprises, fold), np.delete(beliefs, fold), recipe)
        members, weight = one.members(keys, by_others[fold], usual, trial, recipe)
        said, steps = _said(members), len(truth[fold])
        rehearsed[fold, :steps] = truth[fold] - combine(said, weight, recipe.trim)
        spread[fold, :steps] = apart(said, weight, recipe.trim)
    usual = float(recent_mean(together, recipe))
    members, weight = final.members(
        keys, weigh(errors, kinds, recipe), usual, Trial.of(surprises, beliefs, recipe), recipe
    )
    return _pack(members, weight, loss, recipe, rehearsed, spread)


def _by_origin(
    y: Array, seasons: Seasons, prefixes: list[Prefix], ruler: Ruler, recipe: AutoregressiveRecipe, horizon: int,
    rng: np.random.Generator,
) -> dict[int, _Origin]:  # fmt: skip
    """What there is to say at each origin, oldest first, of prefixes of `y` (groups, group_size)."""
    season = seasons.main(y.reshape(-1))
    plain = [prefix for prefix in prefixes if not prefix.scaling.log]
    place = {prefix.origin: i for i, prefix in enumerate(plain)}
    sections = fit_sections([prefix.s.reshape(-1, y.shape[1]).mean(axis=1) for prefix in plain], recipe.sections)
    found: dict[int, _Origin] = {}
    for prefix in prefixes:
        mine = [] if prefix.scaling.log else [fitted[place[prefix.origin]] for fitted in sections]
        steps = min(horizon, len(y) - prefix.origin) or horizon
        there, explained = candidates(prefix, mine, y.shape[1], season, recipe, steps, rng)
        one = found.setdefault(prefix.origin, _Origin({}, [], np.inf, 0.0))
        one.there.update(there)
        if explained is not None:
            expected = ruler.log_error(np.array(explained.expected))
            found[prefix.origin] = replace(
                one, explaining=explained.candidates, expected=expected, belief=explained.belief
            )
    return found


def _said(members: list[Candidate]) -> Array:
    return np.array([member.said for member in members])


def _pack(
    chosen: list[Candidate], weight: Array, loss: Array, recipe: AutoregressiveRecipe, rehearsed: Array, spread: Array
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
