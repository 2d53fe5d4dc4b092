"""Detect drift: errors, relative to each forecast's own intervals, that are larger than they used to be.

A cycle's score is the logarithm of the root mean square of its scaled errors (`rnn.lifecycle.outcomes.scaled`). What
scores usually are is learned from the cycles since the champion was promoted, starting from what is usual on generated
series, since intervals hold less on one series than on another. Each new score is standardised by the scores before it
(a self-starting chart, Hawkins 1987, begun with a prior: the predictive t of a normal sample), and a one-sided CUSUM
(Page 1954) adds up what is beyond the usual. A standardised score counts no more than CLIP, so that one bad cycle is no
drift, and the chart learns from what it clips, so that a drift does not become usual before it is found.

Its constants were chosen, and its delay and false alarms measured, on generated years (benchmarks/drift.py,
docs/monitoring.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array

AS_PROMISED = 0.25
"""Errors below this share of the promise are no better than that: where nothing is noisy, tiny errors grow and shrink
by powers of ten, and none of it matters."""

USUAL_SCORE, USUAL_SPREAD = -0.5, 0.45
"""What scores are on generated series, typically."""

SCORES_FOR_LEVEL, SCORES_FOR_SPREAD = 3.0, 12.0
"""So many scores the two usual values count as."""

CLIP, SLACK, LIMIT = 4.0, 1.0, 3.2
"""A standardised score counts up to CLIP; so much of it is no news; and so much in all is drift."""


@dataclass(frozen=True)
class Watch:
    """The test's result by cycle: `score` and `total` (cycles,), NaN and unchanged where nothing was scored.

    `found` holds the cycles at which drift was found, from 0, oldest first: after each the sum begins at 0 again, so
    that a drift that goes on is found again.
    """

    score: Array
    total: Array
    found: tuple[int, ...]

    @property
    def times_usual(self) -> float:
        """The errors when drift was last found, as a ratio to those of the cycles before; 1 without drift."""
        if not self.found:
            return 1.0
        last = self.found[-1]
        new = slice(max(0, last - 2), last + 1)
        old = self.score[: new.start]
        usual = float(np.nanmean(old)) if np.isfinite(old).any() else USUAL_SCORE
        return float(np.exp(np.nanmean(self.score[new]) - usual))


def watch(cycles: Sequence[Array]) -> Watch:
    """Feed the test with the scaled errors of one cycle after the other, of any shape, empty where none is known."""
    score = np.array([_score(errors) for errors in cycles])
    total, found = np.zeros(len(score)), []
    count, mean, squares = SCORES_FOR_LEVEL, USUAL_SCORE, SCORES_FOR_SPREAD * USUAL_SPREAD**2
    reached = 0.0
    for i, value in enumerate(score):
        if np.isfinite(value):
            spread = np.sqrt(squares / (SCORES_FOR_SPREAD + count - SCORES_FOR_LEVEL))
            wide = spread * np.sqrt(1 + 1 / count)
            z = min((value - mean) / wide, CLIP)
            reached = max(0.0, reached + z - SLACK)
            learned = mean + z * wide
            squares += (learned - mean) ** 2 * count / (count + 1)
            mean += (learned - mean) / (count + 1)
            count += 1
        total[i] = reached
        if reached > LIMIT:
            found.append(i)
            reached = 0.0
    return Watch(score, total, tuple(found))


def _score(errors: Array) -> float:
    known = errors[np.isfinite(errors)]
    if not len(known):
        return np.nan
    largest = float(np.abs(known).max()) or 1.0
    return float(np.log(max(largest * np.sqrt(np.mean((known / largest) ** 2)), AS_PROMISED)))
