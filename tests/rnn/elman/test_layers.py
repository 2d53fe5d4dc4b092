import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.elman.layers import HiddenLayer, OutputLayer

sizes = st.integers(1, 7)
seeds = st.integers(0, 2**32 - 1)


def by_differences(value, array, step=1e-6):
    """The derivative of `value()` by each entry of `array`, by moving the entry a little to both sides."""
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        middle = array[place]
        array[place] = middle + step
        above = value()
        array[place] = middle - step
        found[place] = (above - value()) / (2 * step)
        array[place] = middle
    return found


def hidden_layer(rng, inputs, hidden):
    return HiddenLayer(*(rng.normal(0, 0.7, shape) for shape in ((hidden, inputs), (hidden, hidden), (hidden, 1))))


def output_layer(rng, hidden, outputs):
    return OutputLayer(rng.normal(size=(outputs, hidden)), rng.normal(size=(outputs, 1)))


def test_the_hidden_layer_is_its_equation():
    layer = HiddenLayer(np.array([[1.0, 2.0]]), np.array([[0.5]]), np.array([[-0.25]]))
    h = layer.forward(np.array([[0.1], [0.2]]), np.array([[0.8]]))
    assert h.shape == (1, 1)
    assert h[0, 0] == pytest.approx(np.tanh(1 * 0.1 + 2 * 0.2 + 0.5 * 0.8 - 0.25), rel=1e-15)


def test_the_output_layer_is_its_equation():
    layer = OutputLayer(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.5], [-0.5]]))
    assert layer.forward(np.array([[0.1], [0.2]])) == pytest.approx(np.array([[1.0], [0.6]]), rel=1e-15)


@given(sizes, sizes, seeds)
@settings(deadline=None, max_examples=30)
def test_each_unit_of_the_hidden_layer_sums_over_inputs_and_states(inputs, hidden, seed):
    rng = np.random.default_rng(seed)
    layer, x, h_prev = hidden_layer(rng, inputs, hidden), rng.normal(size=(inputs, 1)), rng.normal(size=(hidden, 1))
    sums = [
        sum(layer.w[i, j] * x[j, 0] for j in range(inputs)) + sum(layer.v[i, j] * h_prev[j, 0] for j in range(hidden))
        for i in range(hidden)
    ]
    np.testing.assert_allclose(layer.forward(x, h_prev), np.tanh(np.array(sums)[:, np.newaxis] + layer.b), atol=1e-14)


@given(sizes, sizes, seeds)
@settings(deadline=None, max_examples=30)
def test_the_hidden_layers_gradients_are_those_of_finite_differences(inputs, hidden, seed):
    rng = np.random.default_rng(seed)
    layer, x, h_prev = hidden_layer(rng, inputs, hidden), rng.normal(size=(inputs, 1)), rng.normal(size=(hidden, 1))
    dh = rng.normal(size=(hidden, 1))
    gradients, dh_prev = layer.backward(dh, x, h_prev, layer.forward(x, h_prev))

    def value():
        return float((dh * layer.forward(x, h_prev)).sum())

    assert set(gradients) == {"w", "v", "b"}
    for name, gradient in gradients.items():
        assert gradient.shape == getattr(layer, name).shape
        np.testing.assert_allclose(gradient, by_differences(value, getattr(layer, name)), atol=1e-7)
    np.testing.assert_allclose(dh_prev, by_differences(value, h_prev), atol=1e-7)


@given(sizes, sizes, seeds)
@settings(deadline=None, max_examples=30)
def test_the_output_layers_gradients_are_those_of_finite_differences(hidden, outputs, seed):
    rng = np.random.default_rng(seed)
    layer, h, target = output_layer(rng, hidden, outputs), rng.normal(size=(hidden, 1)), rng.normal(size=(outputs, 1))
    gradients, dh = layer.backward(2 * (layer.forward(h) - target), h)

    def loss():
        return float(((layer.forward(h) - target) ** 2).sum())

    assert set(gradients) == {"z", "c"}
    for name, gradient in gradients.items():
        assert gradient.shape == getattr(layer, name).shape
        np.testing.assert_allclose(gradient, by_differences(loss, getattr(layer, name)), atol=1e-6)
    np.testing.assert_allclose(dh, by_differences(loss, h), atol=1e-6)


def test_a_saturated_unit_stays_finite_and_passes_nothing_back():
    layer = HiddenLayer(np.array([[1e6]]), np.array([[1.0]]), np.array([[0.0]]))
    x, h_prev = np.ones((1, 1)), np.ones((1, 1))
    h = layer.forward(x, h_prev)
    gradients, dh_prev = layer.backward(np.ones((1, 1)), x, h_prev, h)
    assert h == 1
    assert dh_prev == 0
    assert all(gradient == 0 for gradient in gradients.values())


def test_the_layers_leave_what_they_are_given_as_it_is():
    rng = np.random.default_rng(0)
    layer, x, h = hidden_layer(rng, 3, 4), rng.normal(size=(3, 1)), rng.normal(size=(4, 1))
    output, dy = output_layer(rng, 4, 2), rng.normal(size=(2, 1))
    arrays = [x, h, dy, layer.w, layer.v, layer.b, output.z, output.c]
    before = [array.copy() for array in arrays]
    new = layer.forward(x, h)
    _, dh = output.backward(dy, new)
    layer.backward(dh, x, h, new)
    assert all(np.array_equal(one, other) for one, other in zip(arrays, before, strict=True))


def test_the_layers_show_their_sizes():
    rng = np.random.default_rng(0)
    assert repr(hidden_layer(rng, 6, 20)) == "HiddenLayer(6 → 20 tanh)"
    assert repr(output_layer(rng, 20, 3)) == "OutputLayer(20 → 3)"
