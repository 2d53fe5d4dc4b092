"""A kernel whose loops are compiled by Numba; the optional extra `fast`.

All sizes are rounded up to multiples of four with zero weights, which stay zero, so no loop has a rest. Columns of the
stacked weights: `[V | b | W]` for the hidden layer, seen by `[h_{t-1} | 1 | x_t]`, and `[Z | c]` for the output, seen
by `[h_t | 1]`. Since all derivatives are linear in the output's, that one is multiplied by −lr, and no other is.
"""

from typing import ClassVar

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.elman.kernels.base import State
from rnn.elman.kernels.loops import LANES, learn_abreast, learn_alone
from rnn.recipes import Rule


class Compiled:
    """See `rnn.elman.kernels.base.Kernel`."""

    name: ClassVar[str] = "compiled"

    def __init__(self, state: State, lr: Array, window: int, rule: Rule) -> None:
        self._models, self._outputs, self._hidden = state["z"].shape
        self._inputs = state["w"].shape[2]
        self._window, self._rule = window, rule
        self._alone = self._models == 1
        hidden = _round_up(self._hidden)
        stacked = np.zeros((self._models, hidden, hidden + _round_up(1 + self._inputs)))
        self._hidden_columns = {
            "v": np.s_[:, : self._hidden, : self._hidden],
            "b": np.s_[:, : self._hidden, hidden : hidden + 1],
            "w": np.s_[:, : self._hidden, hidden + 1 : hidden + 1 + self._inputs],
        }
        output = np.zeros((self._models, _round_up(self._outputs), hidden + LANES))
        self._output_columns = {
            "z": np.s_[:, : self._outputs, : self._hidden],
            "c": np.s_[:, : self._outputs, hidden : hidden + 1],
        }
        for name, columns in self._hidden_columns.items():
            stacked[columns] = state[name]
        for name, columns in self._output_columns.items():
            output[columns] = state[name]
        states = np.zeros((2, self._models, hidden, 1))
        states[:, :, : self._hidden] = state["h"], state["before"]
        self._a, self._z, self._h, self._before = (self._lay_out(array) for array in (stacked, output, *states))
        self._minus_lr = self._lay_out(-np.asarray(lr, dtype=float).reshape(-1, 1, 1))

    def rewind(self) -> None:
        """To the start of the series."""
        self._before.fill(0)

    def learn(self, x: Array, y: Array) -> Array:
        """One update a window, in order."""
        windows = max(0, x.shape[1] - self._window + 1)
        outputs = np.empty((self._models, windows, self._outputs))
        run = learn_alone if self._alone else learn_abreast
        data = (
            np.array(array[..., 0], order="C") for array in (x, y)
        )  # copies: Numba would compile anew for read-only ones
        state = self._a, self._z, self._minus_lr, self._h, self._before
        run(*state, *data, outputs, self._window, self._rule == "bptt")
        return outputs

    def finite(self) -> AnyArray:
        """Whether all of a model's weights are finite, (M,)."""
        # The sum of all is soon found, and is finite when all are well; only when it is not: who is it?
        if np.isfinite(self._a.sum() + self._z.sum()):
            return np.ones(self._models, dtype=bool)
        across = (0, 1) if self._alone else (1, 2)
        finite = [np.isfinite(array).all(axis=across) for array in (self._a, self._z)]
        return np.reshape(finite[0] & finite[1], -1)[: self._models]

    def state(self) -> State:
        """A copy of all that it remembers."""
        a, z, h, before = (self._take_out(array) for array in (self._a, self._z, self._h, self._before))
        state = {name: a[columns] for name, columns in self._hidden_columns.items()}
        state |= {name: z[columns] for name, columns in self._output_columns.items()}
        state |= {"h": h[:, : self._hidden], "before": before[:, : self._hidden]}
        return {name: np.array(state[name], order="C") for name in ("w", "v", "b", "z", "c", "h", "before")}

    def _lay_out(self, array: Array) -> Array:
        """(M, rows, columns) as the loops take it: (blocks, rows, columns, lanes), or (columns, rows) of one model."""
        if self._alone:
            return _aligned(array[0].T)
        models, rows, columns = array.shape
        padded = np.zeros((_round_up(models), rows, columns))
        padded[:models] = array
        return _aligned(padded.reshape(-1, LANES, rows, columns).transpose(0, 2, 3, 1))

    def _take_out(self, array: Array) -> Array:
        """The way back from `_lay_out`."""
        if self._alone:
            return array.T[np.newaxis]
        blocks, rows, columns, lanes = array.shape
        return array.transpose(0, 3, 1, 2).reshape(blocks * lanes, rows, columns)[: self._models]


def _round_up(size: int) -> int:
    return -(-size // LANES) * LANES


def _aligned(array: Array) -> Array:
    """A contiguous copy that starts at a whole cache line: a load that crosses two lines costs twice."""
    line = 64
    room = np.zeros(array.size + line // 8)
    start = -room.ctypes.data % line // 8
    copy = room[start : start + array.size].reshape(array.shape)
    copy[...] = array
    return copy
