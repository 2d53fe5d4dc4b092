"""The loss of one window, and its gradients under either learning rule.

A window is a few neighbouring groups, passed through the network one after the other. Only the last step's output is
compared with its target, e = Σ (y − target)², so the derivative travels back from there, step by step.
"""

from collections.abc import Callable

from rnn.arrays import Array, Gradients
from rnn.elman.network import ElmanNetwork
from rnn.recipes import Rule


def _overwrite(total: Gradients, step: Gradients) -> Gradients:
    return step


def _add(total: Gradients, step: Gradients) -> Gradients:
    return {name: total[name] + gradient for name, gradient in step.items()} if total else step


_COLLECT: dict[Rule, Callable[[Gradients, Gradients], Gradients]] = {"earliest": _overwrite, "bptt": _add}
"""How the hidden layer's gradients of a window's steps become one.

`bptt`, backpropagation through time, adds them: that is the loss's true derivative (Werbos 1990).
`earliest` keeps only what the last backward step wrote, which is the gradient of the window's *first* step. That is
what the article's program does, by overwriting where it should add.
"""


def forward(network: ElmanNetwork, xs: Array, h: Array) -> tuple[list[Array], Array]:
    """A window `xs` (steps, inputs, 1) from state `h` (hidden, 1): the state after each step, and the last output."""
    states = []
    for x in xs:
        h = network.hidden.forward(x, h)
        states.append(h)
    return states, network.output.forward(h)


def backward(
    network: ElmanNetwork, xs: Array, states: list[Array], h_before: Array, dy: Array, rule: Rule
) -> Gradients:
    """The gradients of all weights for one window.

    `xs` (steps, inputs, 1), `states` as `forward` returned them, `h_before` (hidden, 1) the state before the first
    step, `dy` (outputs, 1) the loss's derivative by the last output.
    """
    output_gradients, dh = network.output.backward(dy, states[-1])
    before = [h_before, *states[:-1]]
    hidden_gradients: Gradients = {}
    for t in reversed(range(len(states))):
        gradients, dh = network.hidden.backward(dh, xs[t], before[t], states[t])
        hidden_gradients = _COLLECT[rule](hidden_gradients, gradients)
    return hidden_gradients | output_gradients
