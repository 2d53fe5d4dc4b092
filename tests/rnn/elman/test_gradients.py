from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn.elman.gradients import backward, forward
from rnn.elman.network import ElmanNetwork
from rnn.recipes import Rule

HIDDEN, OUTPUT = ("w", "v", "b"), ("z", "c")

shapes = st.tuples(st.integers(1, 5), st.integers(1, 6), st.integers(1, 5), st.integers(1, 6))
"""inputs, hidden, outputs, and the window's steps"""
seeds = st.integers(0, 2**32 - 1)


class Window:
    """A network and one window of random numbers, from a state that is not zero."""

    def __init__(self, shape, seed):
        inputs, hidden, outputs, steps = shape
        rng = np.random.default_rng(seed)
        sizes = {"w": (hidden, inputs), "v": (hidden, hidden), "b": (hidden, 1), "z": (outputs, hidden),
                 "c": (outputs, 1)}  # fmt: skip
        self.network = ElmanNetwork({name: rng.normal(0, 0.5, size) for name, size in sizes.items()})
        self.xs, self.h = rng.normal(size=(steps, inputs, 1)), rng.uniform(-1, 1, (hidden, 1))
        self.target = rng.normal(size=(outputs, 1))

    def loss(self) -> float:
        return float(((forward(self.network, self.xs, self.h)[1] - self.target) ** 2).sum())

    def gradients(self, rule, h_before=None):
        states, y = forward(self.network, self.xs, self.h)
        h_before = self.h if h_before is None else h_before
        return backward(self.network, self.xs, states, h_before, 2 * (y - self.target), rule)


def assert_close(gradients, expected, tolerance):
    """Equal but for `tolerance` times the largest derivative."""
    assert set(gradients) == set(expected)
    for name, gradient in gradients.items():
        assert gradient.shape == expected[name].shape
        atol = tolerance * max(1.0, *(np.abs(array).max() for array in expected.values()))
        np.testing.assert_allclose(gradient, expected[name], rtol=0, atol=atol, err_msg=name)


@given(shapes, seeds)
@settings(deadline=None, max_examples=30)
def test_bptt_gives_the_derivative_of_the_loss_by_complex_steps(true_gradients, shape, seed):
    window = Window(shape, seed)
    expected = true_gradients(window.network.parameters, window.xs, window.h, window.target)
    assert_close(window.gradients("bptt"), expected, 1e-12)


@given(shapes, seeds)
@settings(deadline=None, max_examples=20)
def test_bptt_gives_the_derivative_of_the_loss_by_finite_differences(shape, seed):
    window, step = Window(shape, seed), 1e-6
    expected = {}
    for name, array in window.network.parameters.items():
        expected[name] = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            middle, sides = array[place], []
            for moved in (middle + step, middle - step):
                array[place] = moved
                sides.append(window.loss())
            array[place] = middle
            expected[name][place] = (sides[0] - sides[1]) / (2 * step)
    assert_close(window.gradients("bptt"), expected, 1e-6)


@given(shapes, seeds)
@settings(deadline=None, max_examples=30)
def test_earliest_gives_the_derivative_by_the_first_steps_weights_alone(true_gradients, shape, seed):
    window = Window(shape, seed)
    expected = true_gradients(window.network.parameters, window.xs, window.h, window.target, only_first_step=True)
    assert_close(window.gradients("earliest"), expected, 1e-12)


@given(shapes.filter(lambda shape: shape[-1] > 1), seeds)
@settings(deadline=None, max_examples=10)
def test_the_rules_differ_in_the_hidden_layer_alone(shape, seed):
    window = Window(shape, seed)
    earliest, bptt = window.gradients("earliest"), window.gradients("bptt")
    assert all(np.array_equal(earliest[name], bptt[name]) for name in OUTPUT)
    assert not any(np.array_equal(earliest[name], bptt[name]) for name in HIDDEN)


def test_in_a_window_of_one_step_the_rules_are_the_same():
    window = Window((3, 4, 2, 1), 0)
    earliest, bptt = window.gradients("earliest"), window.gradients("bptt")
    assert all(np.array_equal(earliest[name], bptt[name]) for name in earliest)


@pytest.mark.parametrize("rule", get_args(Rule))
def test_every_weight_has_a_gradient_in_its_shape(rule):
    window = Window((3, 4, 2, 5), 0)
    gradients = window.gradients(rule)
    shapes = {name: array.shape for name, array in window.network.parameters.items()}
    assert {name: array.shape for name, array in gradients.items()} == shapes


@pytest.mark.parametrize("rule", get_args(Rule))
def test_the_state_before_the_window_is_the_one_handed_in_and_touches_only_v(rule):
    window, other = Window((3, 4, 2, 5), 0), np.full((4, 1), 0.25)
    own, changed = window.gradients(rule), window.gradients(rule, other)
    assert all(np.array_equal(own[name], changed[name]) for name in own if name != "v")
    first_step = window.gradients("earliest")["b"]
    np.testing.assert_allclose(changed["v"] - own["v"], first_step @ (other - window.h).T, atol=1e-14)


def test_forward_gives_the_state_after_each_step_and_the_last_output():
    window = Window((3, 4, 2, 5), 0)
    states, y = forward(window.network, window.xs, window.h)
    ys, end = window.network.run(window.xs, window.h)
    assert len(states) == 5
    assert np.array_equal(y, ys[-1])
    assert np.array_equal(states[-1], end)
    assert all(np.array_equal(states[t], window.network.run(window.xs[: t + 1], window.h)[1]) for t in range(5))


@pytest.mark.parametrize("rule", get_args(Rule))
def test_learning_changes_neither_the_weights_nor_the_states(rule):
    window = Window((3, 4, 2, 5), 0)
    states, y = forward(window.network, window.xs, window.h)
    arrays = [*window.network.parameters.values(), *states, window.h, window.xs]
    before = [array.copy() for array in arrays]
    backward(window.network, window.xs, states, window.h, 2 * (y - window.target), rule)
    assert all(np.array_equal(one, other) for one, other in zip(arrays, before, strict=True))


@pytest.mark.parametrize("rule", get_args(Rule))
def test_without_an_error_there_is_nothing_to_learn(rule):
    window = Window((3, 4, 2, 5), 0)
    window.target = forward(window.network, window.xs, window.h)[1]
    assert not any(gradient.any() for gradient in window.gradients(rule).values())
