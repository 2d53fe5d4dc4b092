import numpy as np
import pytest

from rnn.ensemble.recurrent import RecurrentLayers
from rnn.ensemble.variable_projection import Lessons, descend, loss_and_gradient


def lessons(lengths=(60, 48), size=3, hidden=4, phases=2):
    rng = np.random.default_rng(0)
    series = [np.sin(np.arange(n) / 5) + 0.1 * rng.normal(size=n) for n in lengths]
    return Lessons.of(series, size, hidden, phases, past=2, ridge=1e-3, decay=1e-2)


def trunk(networks=2):
    return RecurrentLayers.random(np.random.default_rng(3), (1.0,) * networks, 3, 4)


def test_the_gradient_is_that_of_the_loss_by_finite_differences():
    """The readout is solved for anew at every moved weight, so this proves the envelope too."""
    some, told = trunk(), lessons()
    _, gradient = loss_and_gradient(some, told)
    for which, slopes in enumerate(gradient.arrays()):
        for place in np.ndindex(slopes.shape[1:]):
            at, ends = (slice(None), *place), []
            for step in (1e-5, -1e-5):
                moved = [array.copy() for array in some.arrays()]
                moved[which][at] += step
                ends.append(loss_and_gradient(RecurrentLayers(*moved), told)[0])
            np.testing.assert_allclose(slopes[at], (ends[0] - ends[1]) / 2e-5, rtol=1e-4, atol=1e-8)


def test_networks_in_lockstep_learn_what_each_learns_alone():
    together, losses = descend(trunk(), lessons((60, 60)), 10, 0.01)
    for k in range(2):
        first = RecurrentLayers(*(array[k : k + 1] for array in trunk().arrays()))
        told = lessons((60, 60))
        mine = Lessons(
            told.u[k : k + 1],
            told.counts[k : k + 1],
            told.known[k : k + 1],
            told.wanted[k : k + 1],
            told.penalty,
            told.decay,
        )
        alone, loss = descend(first, mine, 10, 0.01)
        assert np.array_equal(loss[:, 0], losses[:, k])
        assert all(np.array_equal(a[0], b[k]) for a, b in zip(alone.arrays(), together.arrays(), strict=True))


def test_a_shorter_series_in_lockstep_is_not_taught_its_padding():
    _, together = descend(trunk(), lessons((60, 48)), 5, 0.01)
    rng = np.random.default_rng(0)
    rng.normal(size=60)
    short = np.sin(np.arange(48) / 5) + 0.1 * rng.normal(size=48)
    told = Lessons.of([short], 3, 4, 2, past=2, ridge=1e-3, decay=1e-2)
    _, alone = descend(RecurrentLayers(*(array[1:] for array in trunk().arrays())), told, 5, 0.01)
    np.testing.assert_allclose(together[:, 1], alone[:, 0], rtol=1e-9)


def test_descent_goes_down_and_tells_of_every_step():
    told = []
    _, losses = descend(trunk(), lessons(), 50, 0.01, lambda iteration, loss: told.append((iteration, loss)))
    assert (losses[-1] < losses[0]).all()
    assert [iteration for iteration, _ in told] == list(range(1, 51))
    assert told[-1][1] == pytest.approx(losses[-1].mean())
