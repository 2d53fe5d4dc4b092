"""Step many recurrent networks through time together, and backpropagate through all of it.

The first axis of every array is the network's: all do the same arithmetic, none sees another. The second is the
*phase*: a series of groups can be cut from the same points in `group_size` ways, and a network learns from several.
Vectors are rows here, since that is what stacked matrix products want; `rnn.ensemble.model` hands the weights on as
columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rnn.arrays import AnyArray, Array

Alike: TypeAlias = Sequence[tuple[AnyArray, int]]
"""Networks whose series are equally long, by their numbers, and the steps of these series."""


@dataclass(frozen=True)
class RecurrentLayers:
    """The hidden layers of several networks: h_t = tanh(u_t W + h_{t−1} V + b).

    `w` (networks, group_size, hidden), `v` (networks, hidden, hidden), `b` (networks, 1, hidden). A network may see
    inputs known ahead: then u_t ends with those at the points of the next group, and `w` has a row for each of them.
    """

    w: Array
    v: Array
    b: Array

    @classmethod
    def random(
        cls, rng: np.random.Generator, gains: tuple[float, ...], group_size: int, hidden: int
    ) -> "RecurrentLayers":
        """One network for each of `gains`: inputs of that size, a recurrence that is a rotation shrunk to 0.9."""
        w = np.array([gain * rng.standard_normal((group_size, hidden)) for gain in gains]) / np.sqrt(group_size)
        v = np.array([0.9 * np.linalg.qr(rng.standard_normal((hidden, hidden)))[0] for _ in gains])
        return cls(w, v, np.zeros((len(gains), 1, hidden)))

    def beside_seeing(self, inputs: int) -> "RecurrentLayers":
        """These networks and the same ones again, as ones that may learn from so many `inputs` of each step.

        The weights of the inputs are zero at first: a network sees them as far as descent finds them to be of use.
        """
        blind = np.concatenate([self.w, np.zeros((len(self.w), inputs, self.w.shape[-1]))], axis=1)
        return RecurrentLayers(*(np.concatenate([array, array]) for array in (blind, self.v, self.b)))

    def arrays(self) -> tuple[Array, Array, Array]:
        """`w`, `v` and `b`."""
        return self.w, self.v, self.b


def equally_long(lengths: Sequence[int]) -> Alike:
    """Networks by the length of their series in steps.

    Products over time are taken among these alone. With zeros behind the shorter series they would be the same numbers
    on paper, but some BLAS kernels sum in another order when a matrix is larger, and a network must not depend on what
    was trained beside it.
    """
    every = np.array(lengths)
    return [(np.flatnonzero(every == steps), int(steps)) for steps in np.unique(every)]


def next_groups(inputs: Array, size: int, steps: int) -> Array:
    """Of inputs (points, inputs), those of the group after each of the first `steps` groups (steps, size · inputs)."""
    return inputs[size : (steps + 1) * size].reshape(steps, -1)


def states(trunk: RecurrentLayers, u: Array, alike: Alike | None = None) -> Array:
    """The states (networks, phases, steps, hidden) after each of the groups `u` (networks, phases, steps, rows of w).

    Every network starts at rest. `alike`: see `equally_long`; without it all series are taken to be of one length.
    """
    networks, phases, steps, size = u.shape
    hidden = trunk.b.shape[-1]
    driven = np.zeros((networks, phases, steps, hidden))
    for which, count in alike or equally_long([steps] * networks):
        inputs = u[which, :, :count].reshape(len(which), -1, size)
        driven[which, :, :count] = (inputs @ trunk.w[which] + trunk.b[which]).reshape(len(which), phases, count, hidden)
    driven = np.ascontiguousarray(driven.transpose(2, 0, 1, 3))  # time first: a step's numbers lie together
    h = np.zeros((networks, phases, hidden))
    seen = np.empty_like(driven)
    for t in range(steps):
        h = np.tanh(driven[t] + h @ trunk.v)
        seen[t] = h
    return np.ascontiguousarray(seen.transpose(1, 2, 0, 3))


def through_time(
    trunk: RecurrentLayers, u: Array, seen: Array, dh: Array, alike: Alike | None = None
) -> RecurrentLayers:
    """The loss's derivatives by `w`, `v` and `b`, summed over all of time (Werbos 1990).

    `u` (networks, phases, steps, group_size) went in, `seen` (networks, phases, steps, hidden) are the states that
    came out, `dh` in the same shape is the loss's derivative by each of them, its effect on later states left out; zero
    behind the end of a series. `alike`: see `equally_long`.

        δ_t = (∂h_t + δ_{t+1} Vᵀ) ⊙ (1 − h_t²)    ∂W = Σ u_tᵀ δ_t    ∂V = Σ h_{t−1}ᵀ δ_t    ∂b = Σ δ_t
    """
    networks, _, steps, size = u.shape
    hidden = seen.shape[-1]
    w, v, b = (np.empty_like(array) for array in trunk.arrays())
    slope = np.ascontiguousarray((1 - seen * seen).transpose(2, 0, 1, 3))
    direct = np.ascontiguousarray(dh.transpose(2, 0, 1, 3))
    back, later = np.ascontiguousarray(trunk.v.transpose(0, 2, 1)), np.zeros_like(direct[0])
    delta = np.empty_like(direct)
    for t in reversed(range(steps)):
        delta[t] = (direct[t] + later) * slope[t]
        later = delta[t] @ back
    deltas = delta.transpose(1, 2, 0, 3)
    for which, count in alike or equally_long([steps] * networks):
        flat = deltas[which, :, :count].reshape(len(which), -1, hidden)
        before = np.zeros((len(which), u.shape[1], count, hidden))
        before[:, :, 1:] = seen[which, :, : count - 1]
        w[which] = u[which, :, :count].reshape(len(which), -1, size).transpose(0, 2, 1) @ flat
        v[which] = before.reshape(len(which), -1, hidden).transpose(0, 2, 1) @ flat
        b[which] = flat.sum(axis=1, keepdims=True)
    return RecurrentLayers(w, v, b)
