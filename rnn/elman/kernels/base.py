"""The interface of every kernel: models of equal shape, trained by moving a window over the groups."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

import numpy as np

from rnn.arrays import AnyArray, Array, Parameters
from rnn.recipes import Rule

State = dict[str, Array]
"""All that a kernel remembers between two calls of `learn`, the member first: the weights by the article's letters,
`h` (M, hidden, 1) where the last window ended, and `before` (M, hidden, 1), the state after the group before the next
window, as the last window's first step left it. It is what a checkpoint must hold to go on bit for bit."""


class Kernel(Protocol):
    """M models of equal shape, each with weights and a learning rate of its own, that learn window by window.

    Made from `state`, as `start` or another kernel's `state()` gives it, `lr` (M,), and the window and the rule that
    they share. No model's numbers depend on which others are there.

    The article's program keeps the state it last saw after every group (article, "What the program really does"). One
    vector does the same: window k asks for the state after group k−1, and the last to write that was the first step of
    window k−1. So a series of any length needs no more memory than a window does.
    """

    name: ClassVar[str]
    """What the manifest calls it: different kernels round differently, and training at a high rate is chaotic."""

    def __init__(self, state: State, lr: Array, window: int, rule: Rule) -> None: ...

    def rewind(self) -> None:
        """To the start of the series: no group was before the next window. The hidden state itself carries over."""

    def learn(self, x: Array, y: Array) -> Array:
        """One update for every window of these neighbouring groups, in order.

        `x` (M or 1, groups, inputs, 1) and `y` (M or 1, groups, outputs, 1); a 1 is for data that all models share.
        Returns what each window gave for its last group *before* the update it caused, (M, windows, outputs).
        A long series may come in blocks that overlap by window − 1 groups: the result is the same, bit for bit.
        """

    def finite(self) -> AnyArray:
        """Whether all of a model's weights are finite, (M,)."""

    def state(self) -> State:
        """A copy of all that it remembers."""


def start(models: Sequence[Parameters]) -> State:
    """The state of models that have learned nothing yet, from each one's weights: they are at rest."""
    state = {name: np.stack([parameters[name] for parameters in models]) for name in ("w", "v", "b", "z", "c")}
    return state | {"h": np.zeros_like(state["b"]), "before": np.zeros_like(state["b"])}


def members(state: State, which: AnyArray | Sequence[int]) -> State:
    """The state of some of the models."""
    return {name: array[which] for name, array in state.items()}


def of_member(array: Array, m: int) -> Array:
    """What belongs to model m of an array with the member first; of one that is shared, the only one."""
    return np.asarray(array[0] if len(array) == 1 else array[m])
