"""Downsample long lines, so that a page stays small however long the series is."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rnn.arrays import Array


def thin(y: Array, most: int) -> NDArray[np.int64]:
    """The points of `y` (points,) to draw, at most `most`, in order: all, or the least and the largest of each stretch.

    The first and the last point are always among them, and every peak keeps its height.
    """
    if len(y) <= most:
        return np.arange(len(y))
    edges = np.linspace(0, len(y), max(1, (most - 2) // 2) + 1).astype(int)
    kept = {0, len(y) - 1}
    for begin, end in pairwise(edges):
        stretch = np.nan_to_num(y[begin:end])
        kept |= {int(begin + stretch.argmin()), int(begin + stretch.argmax())}
    return np.array(sorted(kept))
