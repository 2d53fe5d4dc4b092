import numpy as np
import pytest

from rnn.ensemble.recurrent import RecurrentLayers
from rnn.ensemble.variable_projection import TrainingData, descend, loss_and_gradient


def lessons(lengths=(60, 48), size=3, hidden=4, phases=2, inputs=None):
    rng = np.random.default_rng(0)
    series = [np.sin(np.arange(n) / 5) + 0.1 * rng.normal(size=n) for n in lengths]
    return TrainingData.of(series, size, hidden, phases, past=2, ridge=1e-3, decay=1e-2, known_ahead=inputs)


def trunk(networks=2):
    return RecurrentLayers.random(np.random.default_rng(3), (1.0,) * networks, 3, 4)


@pytest.mark.parametrize("informed", [False, True])
def test_the_gradient_is_that_of_the_loss_by_finite_differences(informed):
    """The readout is solved for anew at every moved weight, so this proves the envelope too."""
    some, told = trunk(), lessons()
    if informed:
        rng = np.random.default_rng(4)
        told = lessons(inputs=[rng.normal(size=(n, 2)) for n in (60, 48)])
        some = RecurrentLayers(np.concatenate([some.w, rng.normal(size=(2, 6, 4))], axis=1), some.v, some.b)
    _, gradient = loss_and_gradient(some, told)
    for which, slopes in enumerate(gradient.arrays()):
        for place in np.ndindex(slopes.shape[1:]):
            at, ends = (slice(None), *place), []
            for step in (1e-5, -1e-5):
                moved = [array.copy() for array in some.arrays()]
                moved[which][at] += step
                ends.append(loss_and_gradient(RecurrentLayers(*moved), told)[0])
            np.testing.assert_allclose(slopes[at], (ends[0] - ends[1]) / 2e-5, rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("lengths", [(60, 60), (60, 48), (48, 120, 60)])
def test_networks_in_lockstep_learn_to_the_bit_what_each_learns_alone(lengths):
    first = trunk(len(lengths))
    together, losses = descend(first, lessons(lengths), 10, 0.01)
    rng = np.random.default_rng(0)
    for k, n in enumerate(lengths):
        series = np.sin(np.arange(n) / 5) + 0.1 * rng.normal(size=n)
        mine = TrainingData.of([series], 3, 4, 2, past=2, ridge=1e-3, decay=1e-2)
        alone, loss = descend(RecurrentLayers(*(array[k : k + 1] for array in first.arrays())), mine, 10, 0.01)
        assert np.array_equal(loss[:, 0], losses[:, k])
        assert all(np.array_equal(a[0], b[k]) for a, b in zip(alone.arrays(), together.arrays(), strict=True))


def test_descent_goes_down_and_tells_of_every_step():
    told = []
    _, losses = descend(trunk(), lessons(), 50, 0.01, lambda iteration, loss: told.append((iteration, loss)))
    assert (losses[-1] < losses[0]).all()
    assert [iteration for iteration, _ in told] == list(range(1, 51))
    assert told[-1][1] == pytest.approx(losses[-1].mean())


def test_a_lesson_has_the_inputs_of_the_group_to_be_forecast():
    told = lessons(lengths=(60,), phases=1, inputs=[np.arange(60.0)[:, np.newaxis]])
    assert told.u.shape == (1, 1, 19, 6)
    assert told.u[0, 0, 4, 3:].tolist() == [15, 16, 17]


def test_networks_learn_from_inputs_and_those_that_see_none_do_not():
    rng = np.random.default_rng(5)
    inputs = (rng.random((120, 1)) < 0.3).astype(float)
    y = np.sin(np.arange(120) / 5) * (1 + inputs[:, 0])
    told = TrainingData.of([y, y], 3, 4, 2, past=2, ridge=1e-3, decay=1e-4, known_ahead=[np.zeros_like(inputs), inputs])
    learned, losses = descend(trunk(1).beside_seeing(3), told, 200, 0.02)
    assert not learned.w[0, 3:].any()
    assert np.abs(learned.w[1, 3:]).max() > 0.1
    assert losses[-1, 1] < 0.9 * losses[-1, 0]
