"""The exact kernel has the reference's bits, not its rounding alone."""

import numpy as np
import pytest

from rnn.elman.kernels import Exact, Reference

SHAPES = [
    {"models": 2, "shared": True, "groups": 100},
    {"sizes": (1, 1, 1), "window": 1, "models": 2},
    {"sizes": (3, 7, 2), "window": 4, "models": 5},
    {"sizes": (2, 33, 5), "window": 2, "models": 3},
    {"sizes": (8, 4, 9), "window": 6},
]


@pytest.mark.parametrize("shape", SHAPES)
def test_its_bits_are_the_references(shape, case, rule):
    made = case(**shape)
    outputs, state = made.run(Exact, rule, epochs=20)
    expected_outputs, expected = made.run(Reference, rule, epochs=20)
    np.testing.assert_array_equal(outputs, expected_outputs)
    for name, array in expected.items():
        np.testing.assert_array_equal(state[name], array)


@pytest.mark.parametrize("seed", range(20))
def test_its_bits_are_the_references_on_random_shapes(seed, case, rule):
    rng = np.random.default_rng(seed)
    sizes, window = tuple(int(size) for size in rng.integers(1, 30, 3)), int(rng.integers(1, 8))
    made = case(sizes, window=window, seed=seed)
    _, state = made.run(Exact, rule, epochs=5)
    _, expected = made.run(Reference, rule, epochs=5)
    for name, array in expected.items():
        np.testing.assert_array_equal(state[name], array)
