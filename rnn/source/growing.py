"""A column whose length is not known before it has been read, held once."""

from array import array
from typing import Any

import numpy as np

from rnn.arrays import AnyArray

CODES = {np.dtype(np.float64): "d", np.dtype(np.int64): "q"}


class Growing:
    """Numbers of one type, added block by block. Appending many arrays and joining them would hold them twice."""

    def __init__(self, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._held = array(CODES[self._dtype])

    def extend(self, block: AnyArray) -> None:
        """Add a block (rows,)."""
        self._held.frombytes(np.ascontiguousarray(block, self._dtype).view(np.uint8).data)

    def array(self) -> AnyArray:
        """All that was added (rows,), without copying it. Nothing can be added afterwards."""
        return np.frombuffer(self._held, self._dtype) if len(self._held) else np.empty(0, self._dtype)
