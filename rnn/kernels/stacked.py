"""NumPy alone, with as few calls as the arithmetic allows: one product a layer, for one model or for many in lockstep.

The hidden layer's weights are stacked to `[V | b | W]`, seen by a row `[h_{t-1} | 1 | x_t]`, and the output's to
`[Z | c]`, seen by `[h_t | 1]`. Rows of neighbouring groups lie one after the other, so that a group's row holds the
state last stored after the group before, just as in the article's program. Every view is made once and kept; all
weights are one buffer, and so are all gradients, so an update is one addition. Since all derivatives are linear in the
output's, that one is multiplied by −lr, and no other is.

Many models stand in a leading axis and `matmul` goes through them. Blocks of 32 to 64 are the fastest: with more, the
weights and gradients leave the processor's cache.
"""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

import numpy as np

from rnn.arrays import AnyArray, Array, Parameters
from rnn.kernels.kernel import State
from rnn.learning import Rule


class Stacked:
    """See `rnn.kernels.kernel.Kernel`. Shapes below begin with (M,) where there is more than one model."""

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
        if self._rows.groups != groups:
            self._rows = self._make_rows(groups)
        rows = self._rows
        rows.fill(x)
        targets = np.broadcast_to(y, (self._models, *y.shape[1:])).swapaxes(0, 1)
        targets = np.ascontiguousarray(targets[last:]).reshape(-1, *self._lead, self._outputs, 1)
        outputs = np.empty_like(targets)

        add, subtract, multiply, tanh = np.add, np.subtract, np.multiply, np.tanh
        times_a, times_z = self._times(self._a), self._times(self._z)
        times_a_t, times_z_t = self._times(self._a.swapaxes(-1, -2)), self._times(self._z.swapaxes(-1, -2))
        weights, gradient, da, dz, minus_2_lr = self._weights, self._gradient, self._da, self._dz, self._minus_2_lr
        hidden, bptt = self._hidden, self._rule == "bptt"
        u, dy = np.empty_like(self._h), np.empty_like(minus_2_lr)
        back_a, back_z = np.empty((*self._lead, da.shape[-1], 1)), np.empty((*self._lead, dz.shape[-1], 1))
        dh_a, dh_z = back_a[..., :hidden, :], back_z[..., :hidden, :]
        # Squared and subtracted over whole rows, the rest of a row for nothing: an unbroken array takes half the time.
        slopes = np.empty((self._window, *back_a.shape))
        ones, deltas = np.ones_like(slopes), [slope[..., :hidden, :] for slope in slopes]
        times_deltas = self._times(np.moveaxis(slopes[..., :hidden, 0], 0, -1))
        outer_z, outer_a = self._outer(dy), self._outer(deltas[0])
        first_delta, later_deltas = deltas[0], deltas[:0:-1]

        h_before = self._h
        rows.h[0][...] = self._before
        for target, output, views in zip(targets, outputs, rows.windows, strict=False):
            h_start, steps, h_end, seen, seen_t, after, first_t, window = views
            h_start[...] = h_before
            for row, h in steps:
                times_a(row, u)
                tanh(u, h)
            h_before = h_end
            times_z(seen, output)

            subtract(output, target, dy)
            multiply(dy, minus_2_lr, dy)
            outer_z(seen_t, dz)
            times_z_t(dy, back_z)
            multiply(after, after, slopes)
            subtract(ones, slopes, slopes)
            dh = dh_z
            for delta in later_deltas:  # until here, the slope 1 − h² was in its place
                multiply(dh, delta, delta)
                times_a_t(delta, back_a)
                dh = dh_a
            multiply(dh, first_delta, first_delta)
            if bptt:
                times_deltas(window, da)
            else:
                outer_a(first_t, da)
            add(weights, gradient, weights)
        windows = len(targets)
        self._h = h_before.copy()
        self._before = rows.h[windows].copy()
        return np.ascontiguousarray(outputs.reshape(windows, self._models, self._outputs).swapaxes(0, 1))

    def _make_rows(self, groups: int) -> "_Rows":
        return _Rows(self._lead, (self._hidden, self._inputs), groups, self._window, self._rule)

    def _times(self, matrix: Array) -> Callable[..., Array]:
        """The product with this matrix: `times(columns, out)`."""
        # A bound `.dot` is the fastest call that NumPy has, and knows no leading axis.
        return partial(np.matmul, matrix) if self._lead else matrix.dot

    def _outer(self, column: Array) -> Callable[..., Array]:
        """The product of this column with a row: `outer(row, out)`."""
        # `matmul` with an inner size of one is slower than a broadcast, `.dot` is faster.
        return partial(np.multiply, column) if self._lead else column.dot

    def _buffer(self) -> tuple[Array, Array, Array]:
        """One buffer for all weights (or gradients), and the views (hidden, width) and (outputs, hidden + 1) of it."""
        shapes = (self._hidden, self._hidden + 1 + self._inputs), (self._outputs, self._hidden + 1)
        ends = np.cumsum([0, *(self._models * rows * columns for rows, columns in shapes)])
        flat = np.zeros(ends[-1])
        a, z = flat[: ends[1]].reshape(*self._lead, *shapes[0]), flat[ends[1] :].reshape(*self._lead, *shapes[1])
        return flat, a, z

    def _named(self) -> Parameters:
        """The weights by the article's letters, as views of the stacked ones."""
        hidden, a, z = self._hidden, self._a, self._z
        return {
            "w": a[..., hidden + 1 :],
            "v": a[..., :hidden],
            "b": a[..., hidden : hidden + 1],
            "z": z[..., :hidden],
            "c": z[..., hidden:],
        }


class _Rows:
    """What the hidden layer sees of each group, `[h_{t-1} | 1 | x_t]` as a column, and every view of it that is used.

    A window begins where the last one ended. Under `bptt` it begins in its first group's own row; under `earliest` in
    a row beside it, since there the gradient takes the state that is stored in the row itself.
    """

    def __init__(self, lead: tuple[int, ...], sizes: tuple[int, int], groups: int, window: int, rule: Rule) -> None:
        hidden, inputs = sizes
        rows = np.zeros((groups + 1, *lead, hidden + 1 + inputs, 1))
        rows[..., hidden, :] = 1
        starts = rows if rule == "bptt" else rows.copy()
        self.groups, self._lead = groups, lead
        self._x = [array[:groups, ..., hidden + 1 :, :] for array in (rows, starts)]
        self.h = [row[..., :hidden, :] for row in rows]
        self.windows = []
        for k in range(groups - window + 1):
            end = k + window
            seen = rows[end][..., : hidden + 1, :]
            self.windows.append(
                (
                    starts[k][..., :hidden, :],
                    list(zip([starts[k], *rows[k + 1 : end]], self.h[k + 1 : end + 1], strict=True)),
                    self.h[end],
                    seen,
                    seen.swapaxes(-1, -2),
                    rows[k + 1 : end + 1],
                    rows[k].swapaxes(-1, -2),
                    np.moveaxis(rows[k:end, ..., 0], 0, -2),
                )
            )

    def fill(self, x: Array) -> None:
        """Put the groups' inputs (M or 1, groups, inputs, 1) into the rows."""
        for place in self._x:
            place[...] = x.swapaxes(0, 1) if self._lead else x[0]
