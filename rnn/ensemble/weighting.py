"""Weights of the candidates, from their errors at earlier origins."""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.recipes import AutoregressiveRecipe

FLOOR = 1e-3
"""A rehearsed error below this share of the series' spread is as good as none: it must not outweigh all others."""


@dataclass(frozen=True)
class ErrorScale:
    """Errors as logarithms, in the `unit` of a series; all below a share of its spread, `floor`, count as that."""

    unit: float
    floor: float

    @classmethod
    def of(cls, y: Array) -> "ErrorScale":
        """The scale for a series `y`, of any shape."""
        unit = float(np.abs(y).max()) or 1.0
        return cls(unit, max(FLOOR * float(np.std(y / unit)), 1e-300))

    def log_error(self, said: Array, truth: Array | float = 0.0) -> float:
        """The logarithm of the RMSE of what was `said`, of the shape of the `truth`."""
        return float(np.log(max(float(np.sqrt(np.mean(((said - truth) / self.unit) ** 2))), self.floor)))


@dataclass(frozen=True)
class Trial:
    """The explanations' errors at other origins.

    `surprise`, as a logarithm: by how much they were off more than expected. `passed`: the share of origins, newer ones
    counting more, at which there was one that was believed.
    """

    surprise: float
    passed: float

    @classmethod
    def of(cls, surprises: Array, beliefs: Array, recipe: AutoregressiveRecipe) -> "Trial":
        """The trial of what was said at several origins, oldest first.

        `surprises` (origins,): the logarithm of the error less that of the expected one. `beliefs` (origins,): how far
        each was believed, 0 where nothing was explained.
        """
        counts = recipe.recency ** np.arange(len(beliefs))
        believed = counts * beliefs
        if not believed.any():
            return cls(0.0, 0.0)
        surprise = float(believed @ np.where(beliefs > 0, surprises, 0) / believed.sum())
        return cls(max(surprise, 0.0), float(believed.sum() / counts.sum()))


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
    mean = recent_mean(np.where(np.isnan(known), usual + np.log(2), known), recipe)
    weight = share * np.exp(-recipe.sharpness * (mean - mean.min()))
    return np.asarray(weight / weight.sum())


def recent_mean(errors: Array, recipe: AutoregressiveRecipe) -> Array:
    """The mean over the folds (folds, …), of which newer ones count more; NaN where there are none."""
    counts = recipe.recency ** np.arange(len(errors))
    return np.asarray(counts @ errors / counts.sum()) if len(errors) else np.full(errors.shape[1:], np.nan)
