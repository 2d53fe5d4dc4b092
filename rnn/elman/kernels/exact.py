"""The article's arithmetic to the last bit, without making a new array at every step.

Each product and sum is the same as in `rnn.elman.layers` and `rnn.elman.gradients`, on operands of the same shape and
layout and in the same order, so the same bits come out. What is saved: every result goes to a place made once, the
views and the bound `.dot` methods are made once, and a gradient that the rule throws away is not computed.
"""

from typing import ClassVar

import numpy as np

from rnn.arrays import AnyArray, Array, Parameters
from rnn.elman.kernels.base import State, of_member
from rnn.recipes import Rule


class Exact:
    """See `rnn.elman.kernels.base.Kernel`. Its models learn one after the other."""

    name: ClassVar[str] = "exact"

    def __init__(self, state: State, lr: Array, window: int, rule: Rule) -> None:
        self._models = [
            _Model({name: array[m] for name, array in state.items()}, float(lr[m]), window, rule)
            for m in range(len(lr))
        ]

    def rewind(self) -> None:
        """To the start of the series."""
        for model in self._models:
            model.before.fill(0)

    def learn(self, x: Array, y: Array) -> Array:
        """One update a window, in order."""
        return np.stack([model.learn(of_member(x, m), of_member(y, m)) for m, model in enumerate(self._models)])

    def finite(self) -> AnyArray:
        """Whether all of a model's weights are finite, (M,)."""
        return np.array([np.isfinite(model.weights).all() for model in self._models])

    def state(self) -> State:
        """A copy of all that it remembers."""
        states = [model.state() for model in self._models]
        return {name: np.stack([state[name] for state in states]) for name in states[0]}


class _Model:
    """One model, and a place for everything that a window computes.

    `h[t]` is the state before the window's step t and `h[t + 1]` the one after it. The first and the last share a
    place, since a window begins where the one before ended; what the backward pass needs of the first is kept aside.
    """

    def __init__(self, state: State, lr: float, window: int, rule: Rule) -> None:
        self.weights, self.parameters = flat_copy({name: state[name] for name in ("w", "v", "b", "z", "c")})
        self.gradient, self.gradients = flat_copy(self.parameters)
        self.step, self.step_gradients = flat_copy({name: self.parameters[name] for name in ("w", "v", "b")})
        # An array of the same shape is multiplied with faster than a number is.
        self.lr = np.full(self.weights.shape, lr)
        self.window, self.rule = window, rule
        self.states = np.stack([state["h"]] * window)
        self.h = [self.states[-1], *self.states]
        self.before = state["before"].copy()

    def state(self) -> State:
        """A copy of all that it remembers, of this model alone."""
        arrays = {**self.parameters, "h": self.h[0], "before": self.before}
        return {name: array.copy() for name, array in arrays.items()}

    def learn(self, x: Array, y: Array) -> Array:
        """`x` (groups, inputs, 1) and `y` (groups, outputs, 1) to the outputs (windows, outputs)."""
        add, subtract, multiply, tanh = np.add, np.subtract, np.multiply, np.tanh
        weights, gradient, lr, states, h = self.weights, self.gradient, self.lr, self.states, self.h
        before, after_first, h_end, h_end_t = self.before, h[1], h[-1], h[-1].T
        b, c, dz, dy = self.parameters["b"], self.parameters["c"], self.gradients["z"], self.gradients["c"]
        dot_w, dot_v, dot_z = (self.parameters[name].dot for name in "wvz")
        dot_v_t, dot_z_t = (self.parameters[name].T.dot for name in "vz")
        # The first gradients collected going back are written where the update takes them, the others added to them.
        hidden_gradient, step_gradient = gradient[: self.step.size], self.step
        last, bptt = self.window - 1, self.rule == "bptt"
        started_from = np.empty_like(before)
        h_prev_t = [(started_from if bptt else before).T, *(state.T for state in h[1:-1])]
        into = [(g["b"], g["b"].dot, g["w"], g["v"]) for g in [self.step_gradients] * last + [self.gradients]]
        if not bptt:
            into[0] = into[-1]
        u, wx, dh = (np.empty_like(b) for _ in range(3))
        slopes, ones = np.empty_like(states), np.ones_like(states)
        slope = list(slopes)
        forward, back = range(self.window), range(last, -1, -1)

        windows = max(0, len(x) - last)
        outputs = np.empty((windows, *c.shape))
        xs, x_ts, targets = list(x), [group.T for group in x], list(y[last:])
        for k, output in enumerate(outputs):
            if bptt:
                started_from[:] = h_end
            for t in forward:
                dot_w(xs[k + t], wx)
                dot_v(h[t], u)
                add(wx, u, u)
                add(u, b, u)
                tanh(u, h[t + 1])
            dot_z(h_end, output)
            add(output, c, output)

            subtract(output, targets[k], dy)
            add(dy, dy, dy)
            dy.dot(h_end_t, dz)
            dot_z_t(dy, dh)
            multiply(states, states, slopes)
            subtract(ones, slopes, slopes)
            for t in back:
                delta, dot_delta, dw, dv = into[t]
                multiply(dh, slope[t], delta)
                if bptt or t == 0:
                    dot_delta(x_ts[k + t], dw)
                    dot_delta(h_prev_t[t], dv)
                    if bptt and t < last:
                        add(hidden_gradient, step_gradient, hidden_gradient)
                if t > 0:
                    dot_v_t(delta, dh)
            multiply(gradient, lr, gradient)
            subtract(weights, gradient, weights)
            before[:] = after_first
        return outputs[:, :, 0]


def flat_copy(parameters: Parameters) -> tuple[Array, Parameters]:
    """The parameters one after the other in one buffer, and views of it by name: one operation moves them all."""
    flat = np.concatenate([array.ravel() for array in parameters.values()])
    views, start = {}, 0
    for name, array in parameters.items():
        views[name] = flat[start : start + array.size].reshape(array.shape)
        start += array.size
    return flat, views
