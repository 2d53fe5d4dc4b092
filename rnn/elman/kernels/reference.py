"""The reference kernel: the readable layers, moved over the groups. Every other kernel must agree with it."""

from typing import ClassVar

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.elman.gradients import backward, forward
from rnn.elman.kernels.base import State, of_member
from rnn.elman.network import ElmanNetwork
from rnn.recipes import Rule


class Reference:
    """A `Kernel` that takes one model after the other: plain `np.dot` a layer, a fresh array a result."""

    name: ClassVar[str] = "reference"

    def __init__(self, state: State, lr: Array, window: int, rule: Rule) -> None:
        self._lr, self._window, self._rule = [float(rate) for rate in lr], window, rule
        self._networks = [
            ElmanNetwork({name: state[name][m].copy() for name in ("w", "v", "b", "z", "c")}) for m in range(len(lr))
        ]
        self._h, self._before = list(state["h"].copy()), list(state["before"].copy())

    def rewind(self) -> None:
        """To the start of the series."""
        self._before = [network.rest() for network in self._networks]

    def learn(self, x: Array, y: Array) -> Array:
        """One update a window, in order."""
        return np.stack([self._learn(m, of_member(x, m), of_member(y, m)) for m in range(len(self._networks))])

    def _learn(self, m: int, x: Array, y: Array) -> Array:
        network, outputs = self._networks[m], []
        for k in range(len(x) - self._window + 1):
            xs, target = x[k : k + self._window], y[k + self._window - 1]
            started_from = self._h[m]
            states, output = forward(network, xs, started_from)
            before = self._before[m] if self._rule == "earliest" else started_from
            gradients = backward(network, xs, states, before, 2 * (output - target), self._rule)
            network.descend(gradients, self._lr[m])
            self._h[m], self._before[m] = states[-1], states[0]
            outputs.append(output[:, 0])
        return np.array(outputs).reshape(-1, y.shape[1])

    def finite(self) -> AnyArray:
        """Whether all of a model's weights are finite, (M,)."""
        networks = self._networks
        return np.array([all(np.isfinite(array).all() for array in n.parameters.values()) for n in networks])

    def state(self) -> State:
        """A copy of all that it remembers."""
        arrays = [network.parameters for network in self._networks]
        state = {name: np.stack([parameters[name] for parameters in arrays]) for name in ("w", "v", "b", "z", "c")}
        return state | {"h": np.stack(self._h), "before": np.stack(self._before)}
