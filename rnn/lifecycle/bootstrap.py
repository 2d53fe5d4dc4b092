"""Confidence bounds for the mean of dependent values, by the moving-block bootstrap."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from rnn.arrays import Array

RESAMPLES = 4000


@dataclass(frozen=True)
class Difference:
    """A mean, and the interval that holds it with probability `level`."""

    mean: float
    lower: float
    upper: float
    level: float


def block_interval(differences: Array, block: int, rng: np.random.Generator, level: float = 0.9) -> Difference:
    """The mean of `differences` (folds,), in time order, and its bootstrap interval.

    Neighbouring folds share outcomes, so whole runs of `block` neighbours are drawn, with replacement and past the end
    back to the beginning (Künsch 1989; the circular form: Politis & Romano 1992). The bounds are the quantiles of the
    resampled means, moved outwards as Student's t asks for so few independent blocks. What they hold was measured:
    docs/gate.md.
    """
    count = len(differences)
    block = min(block, count)
    starts = rng.integers(count, size=(RESAMPLES, -(-count // block)))
    places = (starts[:, :, np.newaxis] + np.arange(block)) % count
    mean, means = differences.mean(), differences[places.reshape(RESAMPLES, -1)[:, :count]].mean(axis=1)
    quantiles = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    lower, upper = mean + _widening(count / block, level) * (quantiles - mean)
    return Difference(float(mean), float(lower), float(upper), level)


def _widening(blocks: float, level: float) -> float:
    """By how much the bootstrap's spread of a mean of so many independent blocks is too small."""
    freedom = max(blocks, 1.5) - 1
    return float(np.sqrt((freedom + 1) / freedom) * stdtrit(freedom, (1 + level) / 2) / ndtri((1 + level) / 2))
