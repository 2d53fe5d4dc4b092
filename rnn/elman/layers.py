"""The two layers of the network, each as small as its equations (article, "The network").

Everything is a column vector: an input x_t is (inputs, 1), a hidden state h_t is (hidden, 1), an output y_t is
(outputs, 1). A layer keeps only its weights; what a backward step needs from the forward step is handed to it.
The order of the floating-point operations is the article's program's, so that training repeats it to the last bit.
"""

import numpy as np

from rnn.arrays import Array, Gradients


class HiddenLayer:
    """h_t = tanh(W x_t + V h_{t-1} + b)."""

    def __init__(self, w: Array, v: Array, b: Array) -> None:
        """`w` (hidden, inputs), `v` (hidden, hidden), `b` (hidden, 1)."""
        self.w, self.v, self.b = w, v, b

    def forward(self, x: Array, h_prev: Array) -> Array:
        """The new hidden state (hidden, 1) from the input `x` (inputs, 1) and the state before it (hidden, 1)."""
        h: Array = np.tanh(np.dot(self.w, x) + np.dot(self.v, h_prev) + self.b)
        return h

    def backward(self, dh: Array, x: Array, h_prev: Array, h: Array) -> tuple[Gradients, Array]:
        """One step back in time.

        `dh` (hidden, 1) is the loss's derivative by this step's state `h`. Returns the derivatives by `w`, `v` and
        `b`, and the derivative by the state before, `h_prev`:

            δ = ∂h ⊙ (1 − h²)    ∂W = δ xᵀ    ∂V = δ h_prevᵀ    ∂b = δ    ∂h_prev = Vᵀ δ
        """
        delta = dh * (1 - h**2)
        gradients = {"w": np.dot(delta, x.T), "v": np.dot(delta, h_prev.T), "b": delta}
        return gradients, np.dot(self.v.T, delta)

    def __repr__(self) -> str:
        hidden, inputs = self.w.shape
        return f"HiddenLayer({inputs} → {hidden} tanh)"


class OutputLayer:
    """y_t = Z h_t + c."""

    def __init__(self, z: Array, c: Array) -> None:
        """`z` (outputs, hidden), `c` (outputs, 1)."""
        self.z, self.c = z, c

    def forward(self, h: Array) -> Array:
        """The output (outputs, 1) for the hidden state `h` (hidden, 1)."""
        y: Array = np.dot(self.z, h) + self.c
        return y

    def backward(self, dy: Array, h: Array) -> tuple[Gradients, Array]:
        """From the loss's derivative by the output, `dy` (outputs, 1), to the derivatives by `z`, `c` and by `h`.

        ∂Z = δ_out hᵀ    ∂c = δ_out    ∂h = Zᵀ δ_out
        """
        return {"z": np.dot(dy, h.T), "c": dy}, np.dot(self.z.T, dy)

    def __repr__(self) -> str:
        outputs, hidden = self.z.shape
        return f"OutputLayer({hidden} → {outputs})"
