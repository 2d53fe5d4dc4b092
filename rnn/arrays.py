"""The one array type of the library, and the names under which a network's weights travel."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

Parameters: TypeAlias = dict[str, Array]
"""Weights by the article's letters: `w` (hidden, inputs), `v` (hidden, hidden), `b` (hidden, 1), `z` (outputs, hidden),
`c` (outputs, 1)."""

Gradients: TypeAlias = dict[str, Array]
"""The loss's derivatives under the same letters and in the same shapes as the weights they belong to."""

AnyArray: TypeAlias = NDArray[Any]
