"""The network and its training written a second time, plainly, for the tests to compare with."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits


def window_loss(first, later, xs, h, target):
    """A window's loss with the hidden weights `first` in its first step and `later` in all the others."""
    for t, x in enumerate(xs):
        weights = later if t else first
        h = np.tanh(weights["w"] @ x + weights["v"] @ h + weights["b"])
    return (((first["z"] @ h + first["c"]) - target) ** 2).sum()


def derivatives(parameters, xs, h, target, only_first_step=False):
    """The loss's derivative by every weight, by complex steps: exact to rounding, and no line of it is backpropagation.

    With `only_first_step` the hidden layer's weights are moved in the window's first step only.
    """
    step, found = 1e-200, {}
    for name, weight in parameters.items():
        found[name] = np.zeros(weight.shape)
        for place in np.ndindex(weight.shape):
            moved = parameters | {name: weight.astype(complex)}
            moved[name][place] += 1j * step
            later = parameters if only_first_step else moved
            found[name][place] = window_loss(moved, later, xs, h, target).imag / step
    return found


@threadpool_limits.wrap(limits=1, user_api="blas")
def program(xs, ys, weights, lr, epochs, window=5):
    """The article's program, habits and all, in one piece.

    `xs` and `ys` (groups, group_size, 1). Returns the weights after each epoch, each epoch's loss, the last epoch's
    fitted values, and the last hidden state.
    """
    w, v, b, z, c = (weights[name] for name in "wvbzc")
    h = np.zeros_like(b)
    stored = {-1: h}
    after, losses = [], []
    for _ in range(epochs):
        fitted, loss = np.zeros(ys.shape), 0.0
        for k in range(len(xs) - window + 1):
            for t in range(k, k + window):
                h = stored[t] = np.tanh(np.dot(w, xs[t]) + np.dot(v, h) + b)
            y = fitted[t] = np.dot(z, h) + c
            loss += float(((y - ys[t]) ** 2).sum())
            dy = 2 * (y - ys[t])
            dz, dc, dh = np.dot(dy, h.T), dy, np.dot(z.T, dy)
            for t in reversed(range(k, k + window)):
                du = dh * (1 - stored[t] ** 2)
                dw, dv, db, dh = np.dot(du, xs[t].T), np.dot(du, stored[t - 1].T), du, np.dot(v.T, du)
            w, v, b, z, c = w - lr * dw, v - lr * dv, b - lr * db, z - lr * dz, c - lr * dc
        after.append({"w": w, "v": v, "b": b, "z": z, "c": c})
        losses.append(loss / (len(xs) - window + 1))
    return after, np.array(losses), fitted[:, :, 0], h


@pytest.fixture(scope="session")
def true_gradients():
    """`derivatives`."""
    return derivatives


@pytest.fixture(scope="session")
def article_program():
    """`program`."""
    return program
