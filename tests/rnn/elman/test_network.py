from pathlib import Path

import numpy as np
import pytest

from rnn.elman.network import ElmanNetwork

GOLDEN = Path(__file__).parents[1] / "golden"


def network(seed=0, inputs=3, hidden=4, outputs=2) -> ElmanNetwork:
    """A network with biases that are not zero."""
    rng = np.random.default_rng(seed)
    shapes = {"w": (hidden, inputs), "v": (hidden, hidden), "b": (hidden, 1), "z": (outputs, hidden), "c": (outputs, 1)}
    return ElmanNetwork({name: rng.normal(size=shape) for name, shape in shapes.items()})


@pytest.mark.parametrize(("inputs", "hidden", "outputs"), [(6, 20, 6), (1, 1, 1), (5, 3, 2)])
def test_w_then_v_then_z_are_drawn_and_the_biases_are_zero(inputs, hidden, outputs):
    drawn = ElmanNetwork.random(np.random.default_rng(7), inputs, hidden, outputs).parameters
    numbers = np.random.default_rng(7).standard_normal(hidden * (inputs + hidden + outputs))
    w, v, z = np.split(numbers, [hidden * inputs, hidden * (inputs + hidden)])
    assert np.array_equal(drawn["w"], w.reshape(hidden, inputs))
    assert np.array_equal(drawn["v"], v.reshape(hidden, hidden))
    assert np.array_equal(drawn["z"], z.reshape(outputs, hidden))
    assert np.array_equal(drawn["b"], np.zeros((hidden, 1)))
    assert np.array_equal(drawn["c"], np.zeros((outputs, 1)))


def test_the_articles_generator_gives_the_articles_weights():
    rng = np.random.RandomState(3)  # the article's program drew from this one
    drawn = ElmanNetwork.random(rng, 6, 20, 6).parameters
    with np.load(GOLDEN / "lr0.023-epochs50.npz", allow_pickle=False) as golden:
        assert all(np.array_equal(drawn[name], golden[f"{name}_0"]) for name in "wvz")


def test_one_seed_gives_one_network_and_another_gives_another():
    one, same, other = (ElmanNetwork.random(np.random.default_rng(seed), 6, 20, 6).parameters for seed in (1, 1, 2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert not any(np.array_equal(one[name], other[name]) for name in "wvz")


def test_the_weights_are_named_by_the_articles_letters_and_kept_as_they_are():
    weights = network().parameters
    again = ElmanNetwork(weights).parameters
    assert list(again) == ["w", "v", "b", "z", "c"]
    assert all(again[name] is weights[name] for name in weights)


def test_a_step_sees_the_input_first_and_then_gives_the_output():
    net, rng = network(), np.random.default_rng(1)
    x, h = rng.normal(size=(3, 1)), rng.normal(size=(4, 1))
    p = net.parameters
    y, after = net.step(x, h)
    np.testing.assert_allclose(after, np.tanh(p["w"] @ x + p["v"] @ h + p["b"]), rtol=1e-14)
    np.testing.assert_allclose(y, p["z"] @ after + p["c"], rtol=1e-14)


def test_a_run_is_its_steps_one_after_the_other():
    net, xs, h = network(), np.random.default_rng(1).normal(size=(5, 3, 1)), network().rest()
    ys, end = net.run(xs, h)
    assert ys.shape == (5, 2, 1)
    for x, expected in zip(xs, ys, strict=True):
        y, h = net.step(x, h)
        assert np.array_equal(y, expected)
    assert np.array_equal(h, end)


def test_a_run_can_be_broken_off_and_taken_up_again():
    net, xs, h = network(), np.random.default_rng(1).normal(size=(5, 3, 1)), network().rest()
    whole, end = net.run(xs, h)
    first, between = net.run(xs[:2], h)
    second, end_of_second = net.run(xs[2:], between)
    assert np.array_equal(np.concatenate([first, second]), whole)
    assert np.array_equal(end_of_second, end)


def test_the_state_reaches_the_output():
    net, x = network(), np.ones((3, 1))
    assert not np.array_equal(net.step(x, net.rest())[0], net.step(x, np.ones((4, 1)))[0])


def test_at_rest_the_state_is_zero():
    assert np.array_equal(network().rest(), np.zeros((4, 1)))


def test_descending_moves_each_weight_against_its_gradient_and_leaves_the_old_arrays():
    net = network()
    before = net.parameters
    copies = {name: array.copy() for name, array in before.items()}
    gradients = {name: np.full(array.shape, float(i + 1)) for i, (name, array) in enumerate(before.items())}
    net.descend(gradients, 0.5)
    for i, name in enumerate(before):
        np.testing.assert_allclose(net.parameters[name], copies[name] - 0.5 * (i + 1), rtol=1e-14)
        assert np.array_equal(before[name], copies[name])


def test_a_network_shows_its_sizes():
    assert repr(network(0, 6, 20, 6)) == "ElmanNetwork(HiddenLayer(6 → 20 tanh), OutputLayer(20 → 6))"
