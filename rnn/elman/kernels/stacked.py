"""NumPy alone, with as few calls as the arithmetic allows: one product a layer, for one model or for many in lockstep.

The hidden layer's weights are stacked to `[V | b | W]`, seen by a row `[h_{t-1} | 1 | x_t]`, and the output's to
`[Z | c]`, seen by `[h_t | 1]`; both are stored transposed, so that Vᵀ and Zᵀ, for the way back, are unbroken. Rows of
neighbouring groups lie one after the other, so that a group's row holds the state last stored after the group before,
just as in the article's program. Every view and every bound product of it is made once and kept; all weights are one
buffer, and so are all gradients, so an update is one addition. Since all derivatives are linear in the output's, that
one is multiplied by −lr, and no other is.

Many models stand in a leading axis and `matmul` goes through them. Blocks of 32 to 64 are the fastest: with more, the
weights and gradients leave the processor's cache.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import numpy as np

from rnn.arrays import AnyArray, Array, Parameters
from rnn.elman.kernels.base import State
from rnn.recipes import Rule


class Stacked:
    """See `rnn.elman.kernels.base.Kernel`. Shapes below begin with (M,) where there is more than one model."""

    name: ClassVar[str] = "stacked"

    def __init__(self, state: State, lr: Array, window: int, rule: Rule) -> None:
        self._models, self._hidden, self._inputs = state["w"].shape
        self._outputs = state["z"].shape[1]
        self._window, self._rule = window, rule
        self._lead = () if self._models == 1 else (self._models,)
        self._weights, self._a, self._z = self._buffer()
        self._gradient, self._da, self._dz = self._buffer()
        for name, view in self._named().items():
            view[...] = state[name].reshape(view.shape)
        self._h, self._before = (state[name].reshape(*self._lead, self._hidden, 1).copy() for name in ("h", "before"))
        self._minus_2_lr = np.broadcast_to(np.reshape(-2.0 * lr, (-1, 1, 1)), (self._models, self._outputs, 1))
        self._minus_2_lr = self._minus_2_lr.reshape(*self._lead, self._outputs, 1).copy()
        self._rows = self._make_rows(0)

    def rewind(self) -> None:
        """To the start of the series."""
        self._before.fill(0)

    def finite(self) -> AnyArray:
        """Whether all of a model's weights are finite, (M,)."""
        finite = [np.isfinite(array).all(axis=(-2, -1)) for array in (self._a, self._z)]
        return np.reshape(finite[0] & finite[1], self._models)

    def state(self) -> State:
        """A copy of all that it remembers."""
        arrays = self._named() | {"h": self._h, "before": self._before}
        return {name: array.reshape(self._models, *array.shape[-2:]).copy() for name, array in arrays.items()}

    def learn(self, x: Array, y: Array) -> Array:
        """One update a window, in order."""
        groups, last = x.shape[1], self._window - 1
        if groups < self._window:
            return np.empty((self._models, 0, self._outputs))
        if self._rows.groups != groups:
            self._rows = self._make_rows(groups)
        rows = self._rows
        rows.fill(x)
        targets = np.broadcast_to(y, (self._models, *y.shape[1:])).swapaxes(0, 1)
        targets = np.ascontiguousarray(targets[last:]).reshape(-1, *self._lead, self._outputs, 1)
        outputs = np.empty_like(targets)

        hidden, bptt, lockstep = self._hidden, self._rule == "bptt", bool(self._lead)
        add, subtract, multiply, tanh = np.add, np.subtract, np.multiply, np.tanh
        times_a, times_z = self._times(self._a.swapaxes(-1, -2)), self._times(self._z.swapaxes(-1, -2))
        times_v_t, times_z_t = self._times(self._a[..., :hidden, :]), self._times(self._z[..., :hidden, :])
        weights, gradient, da, dz, minus_2_lr = self._weights, self._gradient, self._da, self._dz, self._minus_2_lr
        u, dh, dy = np.empty_like(self._h), np.empty_like(self._h), np.empty_like(minus_2_lr)
        slopes = np.empty_like(rows.after[0])
        ones, deltas = np.ones_like(slopes), [slope[..., :hidden, :] for slope in slopes]
        all_deltas = np.moveaxis(slopes[..., :hidden, 0], 0, -2)
        first_delta, later_deltas = deltas[0], deltas[:0:-1]
        first_delta_t, dy_t = first_delta.swapaxes(-1, -2), dy.swapaxes(-1, -2)

        h_before = self._h
        rows.h[0][...] = self._before
        for target, output, views in zip(targets, outputs, rows.windows, strict=True):
            h_start, steps, h_end, seen, outer_seen, after, outer_first, times_window = views
            h_start[...] = h_before
            for row, h, place in steps:
                times_a(row, u)
                tanh(u, h)
                if lockstep:
                    place[...] = h
            h_before = h_end
            times_z(seen, output)

            subtract(output, target, dy)
            multiply(dy, minus_2_lr, dy)
            outer_seen(dy_t, dz)
            times_z_t(dy, dh)
            multiply(after, after, slopes)
            subtract(ones, slopes, slopes)
            for delta in later_deltas:  # until here, the slope 1 − h² was in its place
                multiply(dh, delta, delta)
                times_v_t(delta, dh)
            multiply(dh, first_delta, first_delta)
            if bptt:
                times_window(all_deltas, da)
            else:
                outer_first(first_delta_t, da)
            add(weights, gradient, weights)
        windows = len(targets)
        self._h = h_before.copy()
        self._before = rows.h[windows].copy()
        return np.ascontiguousarray(outputs.reshape(windows, self._models, self._outputs).swapaxes(0, 1))

    def _make_rows(self, groups: int) -> "_Rows":
        return _Rows(self._lead, (self._hidden, self._inputs), groups, self._window, self._rule)

    def _times(self, matrix: Array) -> Callable[..., Array]:
        return _times(matrix, lockstep=bool(self._lead))

    def _buffer(self) -> tuple[Array, Array, Array]:
        """One buffer for all weights (or gradients), and the views (width, hidden) and (hidden + 1, outputs) of it."""
        shapes = (self._hidden + 1 + self._inputs, self._hidden), (self._hidden + 1, self._outputs)
        ends = np.cumsum([0, *(self._models * rows * columns for rows, columns in shapes)])
        flat = np.zeros(ends[-1])
        a, z = flat[: ends[1]].reshape(*self._lead, *shapes[0]), flat[ends[1] :].reshape(*self._lead, *shapes[1])
        return flat, a, z

    def _named(self) -> Parameters:
        """The weights by the article's letters, as views of the stacked ones."""
        hidden, a, z = self._hidden, self._a.swapaxes(-1, -2), self._z.swapaxes(-1, -2)
        return {
            "w": a[..., hidden + 1 :],
            "v": a[..., :hidden],
            "b": a[..., hidden : hidden + 1],
            "z": z[..., :hidden],
            "c": z[..., hidden:],
        }


def _times(matrix: Array, *, lockstep: bool) -> Callable[..., Array]:
    """The product with this matrix: `times(other, out)`."""
    # A bound `.dot` is the fastest call that NumPy has, and knows no leading axis.
    return partial(np.matmul, matrix) if lockstep else matrix.dot


def _outer(column: Array, *, lockstep: bool) -> Callable[..., Array]:
    """The product of this column with a row: `outer(row, out)`."""
    # With an inner size of one `matmul` is slower than a broadcast, and `.dot` is faster.
    return partial(np.multiply, column) if lockstep else column.dot


class _Rows:
    """What the hidden layer sees of each group, `[h_{t-1} | 1 | x_t]` as a column, and every view of it that is used.

    A window begins where the last one ended. Under `bptt` it begins in its first group's own row; under `earliest` in
    a row beside it, since there the gradient takes the state that is stored in the row itself.

    `after`: for each window an unbroken array whose steps begin with the states after the window's steps, since NumPy
    takes twice as long for a broken one. For one model these are the rows themselves, the rest of a row calculated
    with for nothing; many models have the states of a window in a place beside the rows too.
    """

    def __init__(self, lead: tuple[int, ...], sizes: tuple[int, int], groups: int, window: int, rule: Rule) -> None:
        hidden, inputs = sizes
        rows = np.zeros((groups + 1, *lead, hidden + 1 + inputs, 1))
        rows[..., hidden, :] = 1
        starts = rows if rule == "bptt" else rows.copy()
        self.groups, self._lead = groups, lead
        self._x = [array[:groups, ..., hidden + 1 :, :] for array in (rows, starts)]
        self.h = [row[..., :hidden, :] for row in rows]
        aside = np.zeros((window, *lead, hidden, 1))
        self.after, self.windows = [], []
        for k in range(groups - window + 1):
            end = k + window
            places = self.h[k + 1 : end + 1]
            states = list(aside) if lead else places
            seen = rows[end][..., : hidden + 1, :]
            self.after.append(aside if lead else rows[k + 1 : end + 1])
            self.windows.append(
                (
                    starts[k][..., :hidden, :],
                    list(zip([starts[k], *rows[k + 1 : end]], states, places, strict=True)),
                    states[-1],
                    seen,
                    _outer(seen, lockstep=bool(lead)),
                    self.after[-1],
                    _outer(rows[k], lockstep=bool(lead)),
                    _times(np.moveaxis(rows[k:end, ..., 0], 0, -1), lockstep=bool(lead)),
                )
            )

    def fill(self, x: Array) -> None:
        """Put the groups' inputs (M or 1, groups, inputs, 1) into the rows."""
        for place in self._x:
            place[...] = x.swapaxes(0, 1) if self._lead else x[0]
