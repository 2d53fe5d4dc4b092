"""Kernels, made-up models and data for them, and the program's own walk to compare with."""

import numpy as np
import pytest

from rnn.elman import kernels
from rnn.elman.kernels import start
from rnn.elman.network import ElmanNetwork

COMPILED = kernels.load_compiled()
NEEDS_NUMBA = pytest.mark.skipif(COMPILED is None, reason="the compiled kernel needs the optional extra 'fast': Numba")
EVERY = [kernels.Reference, kernels.Exact, kernels.Stacked, pytest.param(COMPILED, marks=NEEDS_NUMBA, id="Compiled")]


@pytest.fixture(params=EVERY)
def kernel(request):
    """Each kernel in turn."""
    return request.param


@pytest.fixture(params=["earliest", "bptt"])
def rule(request):
    return request.param


class Case:
    """Random models and data of one shape."""

    def __init__(self, sizes=(6, 20, 6), models=1, groups=12, window=5, seed=0, shared=False):
        rng = np.random.default_rng(seed)
        inputs, hidden, outputs = sizes
        self.window = window
        self.models = [ElmanNetwork.random(rng, inputs, hidden, outputs).parameters for _ in range(models)]
        data = 1 if shared else models
        self.x, self.y = (rng.standard_normal((data, groups, size, 1)) for size in (inputs, outputs))
        self.lr = rng.uniform(0.001, 0.02, models)

    def start(self, kernel, rule, which=slice(None)):
        return kernel(start(self.models[which]), self.lr[which], self.window, rule)

    def run(self, kernel, rule, epochs=1):
        made = self.start(kernel, rule)
        for _ in range(epochs):
            made.rewind()
            outputs = made.learn(self.x, self.y)
        return outputs, made.state()


@pytest.fixture
def case():
    return Case
