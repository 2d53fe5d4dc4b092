"""The kernel made of the readable layers, against the walk as the article's program does it."""

import numpy as np
import pytest

from rnn.elman.gradients import backward, forward
from rnn.elman.kernels import Reference
from rnn.elman.network import ElmanNetwork


def as_the_program_does(parameters, x, y, lr, window, rule, epochs):
    """The article's walk with its store of a state for every group, as the program keeps it."""
    network = ElmanNetwork(parameters)
    h = network.rest()
    stored = [h] * (len(x) + 1)  # stored[t + 1] is the state last written after group t
    for _ in range(epochs):
        for k in range(len(x) - window + 1):
            xs, started_from = x[k : k + window], h
            states, output = forward(network, xs, started_from)
            stored[k + 1 : k + window + 1] = states
            h = states[-1]
            before = stored[k] if rule == "earliest" else started_from
            dy = 2 * (output - y[k + window - 1])
            network.descend(backward(network, xs, states, before, dy, rule), lr)
    return {**network.parameters, "h": h}


@pytest.mark.parametrize(("window", "models"), [(1, 1), (2, 3), (5, 2), (12, 1)])
def test_one_state_does_for_the_programs_store_of_all(window, models, case, rule):
    made = case(window=window, models=models)
    _, state = made.run(Reference, rule, epochs=3)
    for m, parameters in enumerate(made.models):
        x, y = (array[min(m, len(array) - 1)] for array in (made.x, made.y))
        expected = as_the_program_does(parameters, x, y, float(made.lr[m]), made.window, rule, epochs=3)
        for name, array in expected.items():
            np.testing.assert_array_equal(state[name][m], array)
