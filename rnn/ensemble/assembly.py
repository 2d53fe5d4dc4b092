"""Assemble an ensemble: weigh the candidates of the whole series by their errors at earlier origins.

At each origin every candidate forecasts what is known by now. Where modes explain all that was known down to its noise,
they say by themselves how far off they should be, and weigh by that beside all others together.
"""

from dataclasses import dataclass, replace

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.candidates import Candidate, Key, Prefix, candidates, kind
from rnn.ensemble.model import TrainedEnsemble, combine, member_spread
from rnn.ensemble.weighting import ErrorScale, Trial, recent_mean, weigh
from rnn.recipes import AutoregressiveRecipe
from rnn.seasonality import Seasons
from rnn.series import Groups

AHEAD = 3.0
"""Odds of what explains a series beforehand: the others' errors are those of shortened horizons, and of the best."""


@dataclass(frozen=True)
class Origin:
    """The candidates at one origin: one of each setting, and those that explain all that was known.

    `expected` is the error that these expect of themselves, as a logarithm; `belief` how far they are believed.
    """

    there: dict[Key, Candidate]
    explaining: list[Candidate]
    expected: float
    belief: float

    def surprise(self, truth: Array, scale: ErrorScale, recipe: AutoregressiveRecipe) -> float:
        """By how much what explains the series was off more than it expected, as a logarithm. NaN: nothing does."""
        if not self.explaining:
            return np.nan
        said = _said(self.explaining)
        middle = combine(said, np.ones(len(said)), recipe.trim)
        return scale.log_error(middle[: len(truth)], truth) - self.expected

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
            odds = AHEAD * self.belief * trial.passed * np.exp(np.clip(recipe.sharpness * ahead, -50, 50))
            pool = pool + self.explaining
            weight = np.concatenate([weight, np.full(len(self.explaining), odds / len(self.explaining))])
        kept = np.argsort(-weight, kind="stable")[: recipe.members]
        return [pool[k] for k in kept], weight[kept] / weight[kept].sum()


def assemble(
    groups: Groups, prefixes: list[Prefix], loss: Array, recipe: AutoregressiveRecipe, horizon: int
) -> TrainedEnsemble:
    """The best candidates of the whole series, weighed by the rehearsals. `loss` (iterations,) is kept with them."""
    y, scale = groups.y[:, :, 0], ErrorScale.of(groups.y)
    by_origin = _by_origin(y, groups.seasons, prefixes, scale, recipe, horizon)
    final = by_origin.pop(len(y))
    folds, truth = list(by_origin.values()), [y[origin : origin + horizon] for origin in by_origin]
    keys = list(final.there)
    kinds = [kind(key) for key in keys]
    errors = np.array(
        [
            [scale.log_error(one.there[key].said, known) if key in one.there else np.nan for key in keys]
            for one, known in zip(folds, truth, strict=True)
        ]
    )
    by_others = [weigh(np.delete(errors, fold, axis=0), kinds, recipe) for fold in range(len(folds))]
    together = np.empty(len(folds))
    for fold, one in enumerate(folds):
        members, weight = one.members(keys, by_others[fold], np.nan, Trial(0, 0), recipe)
        together[fold] = scale.log_error(combine(_said(members), weight, recipe.trim), truth[fold])
    beliefs = np.array([one.belief for one in folds])
    surprises = np.array([one.surprise(known, scale, recipe) for one, known in zip(folds, truth, strict=True)])
    rehearsed = np.full((len(folds), horizon, y.shape[1]), np.nan)
    spread = np.full((len(folds), horizon), np.nan)
    for fold, one in enumerate(folds):
        usual = float(recent_mean(np.delete(together, fold), recipe))
        trial = Trial.of(np.delete(surprises, fold), np.delete(beliefs, fold), recipe)
        members, weight = one.members(keys, by_others[fold], usual, trial, recipe)
        said, steps = _said(members), len(truth[fold])
        rehearsed[fold, :steps] = truth[fold] - combine(said, weight, recipe.trim)
        spread[fold, :steps] = member_spread(said, weight, recipe.trim)
    usual = float(recent_mean(together, recipe))
    members, weight = final.members(
        keys, weigh(errors, kinds, recipe), usual, Trial.of(surprises, beliefs, recipe), recipe
    )
    return _pack(members, weight, loss, recipe, rehearsed, spread)


def _by_origin(
    y: Array, seasons: Seasons, prefixes: list[Prefix], scale: ErrorScale, recipe: AutoregressiveRecipe, horizon: int
) -> dict[int, Origin]:
    """The candidates at each origin, oldest first, trained on prefixes of `y` (groups, group_size)."""
    season = seasons.main(y.reshape(-1))
    found: dict[int, Origin] = {}
    for prefix in prefixes:
        steps = min(horizon, len(y) - prefix.origin) or horizon
        there, explained = candidates(prefix, y.shape[1], season, recipe, steps)
        one = found.setdefault(prefix.origin, Origin({}, [], np.inf, 0.0))
        one.there.update(there)
        if explained is not None:
            expected = scale.log_error(np.array(explained.expected))
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
