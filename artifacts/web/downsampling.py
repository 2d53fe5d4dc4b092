"""Long lines drawn with few points: a page must stay small however long the series."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rnn.arrays import Array


def thin(y: Array, most: int) -> NDArray[np.int64]:
    """Which points of `y` (points,) to draw, `most` at the most, in order: all, or each stretch's least and largest.

    The first and the last are always among them, and every peak stays as high as it was.
    """
    if len(y) <= most:
        return np.arange(len(y))
    edges = np.linspace(0, len(y), max(1, (most - 2) // 2) + 1).astype(int)
    kept = {0, len(y) - 1}
    for begin, end in pairwise(edges):
        stretch = np.nan_to_num(y[begin:end])
        kept |= {int(begin + stretch.argmin()), int(begin + stretch.argmax())}
    return np.array(sorted(kept))
