import numpy as np

from rnn.elman.network import ElmanNetwork
from rnn.ensemble.recurrent import RecurrentLayers, next_groups, states, through_time


def trunk(seed=0, gains=(0.5, 1.0, 2.0), size=3, hidden=4):
    return RecurrentLayers.random(np.random.default_rng(seed), gains, size, hidden)


def test_each_network_does_what_it_does_alone_to_the_last_bit():
    together, u = trunk(), np.random.default_rng(1).normal(size=(3, 2, 7, 3))
    seen = states(together, u)
    for k in range(3):
        alone = RecurrentLayers(*(array[k : k + 1] for array in together.arrays()))
        assert np.array_equal(states(alone, u[k : k + 1])[0], seen[k])


def test_the_states_are_those_of_the_articles_hidden_layer():
    one, u = trunk(gains=(1.0,)), np.random.default_rng(1).normal(size=(1, 1, 7, 3))
    network = ElmanNetwork(
        {"w": one.w[0].T, "v": one.v[0].T, "b": one.b[0].T, "z": np.zeros((3, 4)), "c": np.zeros((3, 1))}
    )
    h, seen = network.rest(), states(one, u)[0, 0]
    for t in range(7):
        _, h = network.step(u[0, 0, t][:, np.newaxis], h)
        np.testing.assert_allclose(seen[t], h[:, 0], atol=1e-14)


def test_stepping_by_hand_gives_the_same_states():
    some, u = trunk(), np.random.default_rng(1).normal(size=(3, 2, 5, 3))
    h, seen = np.zeros((3, 2, 4)), states(some, u)
    for t in range(5):
        h = np.tanh(u[:, :, t] @ some.w + h @ some.v + some.b)
        np.testing.assert_allclose(seen[:, :, t], h, atol=1e-14)


def test_backpropagation_through_time_is_the_derivative_by_complex_steps():
    some, rng = trunk(), np.random.default_rng(2)
    u, direction = rng.normal(size=(3, 2, 6, 3)), rng.normal(size=(3, 2, 6, 4))

    def loss(w, v, b):
        h, total = np.zeros((3, 2, 4)), np.zeros(3, dtype=complex)
        for t in range(6):
            h = np.tanh(u[:, :, t] @ w + h @ v + b)
            total = total + (h * direction[:, :, t]).sum(axis=(1, 2))
        return total

    found = through_time(some, u, states(some, u), direction).arrays()
    for which, gradient in enumerate(found):
        for place in np.ndindex(gradient.shape[1:]):
            moved = [array.astype(complex) for array in some.arrays()]
            moved[which][(slice(None), *place)] += 1e-200j
            np.testing.assert_allclose(
                gradient[(slice(None), *place)], loss(*moved).imag / 1e-200, rtol=1e-9, atol=1e-12
            )


def test_a_step_has_the_inputs_of_the_group_that_follows():
    inputs = np.arange(24.0).reshape(12, 2)  # of 4 groups of 3 points
    assert next_groups(inputs, 3, 2).tolist() == [[6, 7, 8, 9, 10, 11], [12, 13, 14, 15, 16, 17]]


def test_networks_that_may_see_inputs_begin_as_those_that_do_not():
    some, u = trunk(), np.random.default_rng(1).normal(size=(3, 2, 7, 3))
    both = some.beside_seeing(2)
    seen = states(both, np.concatenate([np.tile(u, (2, 1, 1, 1)), np.ones((6, 2, 7, 2))], axis=3))
    np.testing.assert_allclose(seen, np.tile(states(some, u), (2, 1, 1, 1)), atol=1e-14)
