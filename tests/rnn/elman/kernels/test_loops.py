"""The compiled loops' own parts: their tanh. What they learn is held in test_kernel.py, for every kernel."""

import math

import numpy as np
import pytest

pytest.importorskip("numba", reason="the compiled kernel needs the optional extra 'fast': Numba", exc_type=ImportError)


@pytest.fixture(scope="module")
def tanh():
    """The kernel's tanh over an array whose size is a multiple of four."""
    from numba import njit

    from rnn.elman.kernels.loops import LANES, _load, _store, _tanh

    @njit
    def over(x, out):
        for i in range(x.size // LANES):
            _store(out, i, _tanh(_load(x, i)))

    def of(x):
        out = np.empty_like(x)
        over(x, out)
        return out

    return of


def test_tanh_is_right_within_four_units_in_the_last_place(tanh):
    rng = np.random.default_rng(0)
    x = np.concatenate([
        np.linspace(-25, 25, 100_000),
        np.linspace(-1, 1, 100_000),
        rng.standard_normal(100_000) * 10.0 ** rng.integers(-300, 3, 100_000),
        # Around the halves of ln 2, where 2ⁿ changes.
        np.outer(np.arange(-40, 40) * math.log(2) / 4, 1 + np.arange(-50, 50) * 1e-15).ravel(),
    ])  # fmt: skip
    truth = np.array([math.tanh(value) for value in x])
    assert np.max(np.abs(tanh(x) - truth) / np.spacing(np.abs(truth))) <= 4


def test_tanh_of_what_is_special(tanh):
    x = np.array([0.0, -0.0, np.inf, -np.inf, 1e308, -1e308, 5e-324, np.nan])
    np.testing.assert_array_equal(tanh(x), [0, 0, 1, -1, 1, -1, 5e-324, np.nan])


def test_tanh_never_leaves_its_range(tanh):
    x = np.linspace(15, 25, 100_000)
    assert tanh(x).max() == 1 == -tanh(-x).min()
