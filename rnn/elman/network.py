"""The Elman network: a hidden layer that remembers, and an output layer that reads it."""

import numpy as np

from rnn.arrays import Array, Gradients, Parameters
from rnn.elman.layers import HiddenLayer, OutputLayer


class ElmanNetwork:
    """A hidden and an output layer, stepped through time (Elman 1990; article, "The network")."""

    def __init__(self, parameters: Parameters) -> None:
        """From weights by name (see `rnn.arrays.Parameters`). The arrays are kept, not copied, and never written to."""
        self.hidden = HiddenLayer(parameters["w"], parameters["v"], parameters["b"])
        self.output = OutputLayer(parameters["z"], parameters["c"])

    @classmethod
    def random(cls, rng: np.random.Generator, inputs: int, hidden: int, outputs: int) -> "ElmanNetwork":
        """W, V and Z drawn from N(0, 1) in that order, b and c zero, as the article's program starts."""
        w = rng.standard_normal((hidden, inputs))
        v = rng.standard_normal((hidden, hidden))
        z = rng.standard_normal((outputs, hidden))
        return cls({"w": w, "v": v, "b": np.zeros((hidden, 1)), "z": z, "c": np.zeros((outputs, 1))})

    @property
    def parameters(self) -> Parameters:
        """The weights by the article's letters."""
        hidden, output = self.hidden, self.output
        return {"w": hidden.w, "v": hidden.v, "b": hidden.b, "z": output.z, "c": output.c}

    def adopt(self, parameters: Parameters) -> None:
        """Take over these weights."""
        hidden, output = self.hidden, self.output
        hidden.w, hidden.v, hidden.b = parameters["w"], parameters["v"], parameters["b"]
        output.z, output.c = parameters["z"], parameters["c"]

    def rest(self) -> Array:
        """The hidden state (hidden, 1) before anything was seen: zero."""
        return np.zeros_like(self.hidden.b)

    def step(self, x: Array, h: Array) -> tuple[Array, Array]:
        """One group `x` (inputs, 1) seen from state `h` (hidden, 1): the output (outputs, 1) and the new state."""
        h = self.hidden.forward(x, h)
        return self.output.forward(h), h

    def run(self, xs: Array, h: Array) -> tuple[Array, Array]:
        """Open loop: groups `xs` (steps, inputs, 1) seen one after the other from state `h` (hidden, 1).

        Returns the outputs (steps, outputs, 1) and the state after the last step.
        """
        ys = []
        for x in xs:
            y, h = self.step(x, h)
            ys.append(y)
        return np.array(ys), h

    def descend(self, gradients: Gradients, lr: float) -> None:
        """Plain gradient descent: every weight moves by −lr times its gradient. The old arrays stay as they were."""
        hidden, output = self.hidden, self.output
        hidden.w = hidden.w - lr * gradients["w"]
        hidden.v = hidden.v - lr * gradients["v"]
        hidden.b = hidden.b - lr * gradients["b"]
        output.z = output.z - lr * gradients["z"]
        output.c = output.c - lr * gradients["c"]

    def __repr__(self) -> str:
        return f"ElmanNetwork({self.hidden!r}, {self.output!r})"


def forecast(network: ElmanNetwork, x: Array, h: Array) -> Array:
    """The network's outputs (horizon, group_size) for inputs `x` (horizon, group_size), from state `h` (hidden, 1)."""
    ys, _ = network.run(x[:, :, np.newaxis], h)
    return np.asarray(ys[:, :, 0])
