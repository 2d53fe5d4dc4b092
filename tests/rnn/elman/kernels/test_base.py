"""What every kernel promises."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import ks_2samp

from rnn.datasets.xsinx import curve
from rnn.elman.kernels import BLOCK, WORTH_LOADING, Exact, Reference, Stacked, choose, load_compiled, members, start
from rnn.elman.network import ElmanNetwork

SHAPES = [
    {"sizes": (6, 20, 6), "window": 5},
    {"sizes": (6, 20, 6), "window": 5, "models": 7, "shared": True},
    {"sizes": (1, 1, 1), "window": 1, "models": 2},
    {"sizes": (3, 7, 2), "window": 4, "models": 5},
    {"sizes": (2, 33, 5), "window": 2, "models": 3},
    {"sizes": (8, 4, 9), "window": 6},
]


def same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def close(one, other, tolerance):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_allclose(one[name], other[name], rtol=0, atol=tolerance * np.abs(other[name]).max(initial=1))


@pytest.mark.parametrize("shape", SHAPES)
def test_one_update_agrees_with_the_reference(kernel, shape, case, rule):
    made = case(**shape, groups=shape["window"])
    outputs, state = made.run(kernel, rule)
    expected_outputs, expected = made.run(Reference, rule)
    np.testing.assert_allclose(outputs, expected_outputs, rtol=1e-12, atol=1e-12)
    close(state, expected, 1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_one_update_agrees_with_the_reference_on_random_shapes(kernel, seed, case, rule):
    rng = np.random.default_rng(seed)
    window = int(rng.integers(1, 8))
    sizes = tuple(int(size) for size in rng.integers(1, 30, 3))
    made = case(sizes, models=int(rng.integers(1, 10)), groups=window, window=window, seed=seed)
    outputs, state = made.run(kernel, rule)
    expected_outputs, expected = made.run(Reference, rule)
    np.testing.assert_allclose(outputs, expected_outputs, rtol=1e-12, atol=1e-11)
    close(state, expected, 1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_model_does_not_show_who_was_beside_it(kernel, shape, case, rule):
    made = case(**shape)
    outputs, state = made.run(kernel, rule, epochs=2)
    for m in range(len(made.models)):
        alone = made.start(kernel, rule, slice(m, m + 1))
        x, y = (array if len(array) == 1 else array[m : m + 1] for array in (made.x, made.y))
        for _ in range(2):
            alone.rewind()
            own_outputs = alone.learn(x, y)
        np.testing.assert_array_equal(own_outputs[0], outputs[m])
        same(members(alone.state(), [0]), members(state, [m]))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("block", [0, 1, 4])
def test_blocks_of_a_series_give_what_the_whole_gives(kernel, shape, block, case, rule):
    made = case(**shape, groups=20)
    outputs, state = made.run(kernel, rule)
    whole = made.start(kernel, rule)
    overlap, groups, ends, parts = made.window - 1, 20, 0, []
    while ends < groups - overlap:
        piece = slice(ends, min(ends + 1 + block, groups - overlap) + overlap)
        parts.append(whole.learn(made.x[:, piece], made.y[:, piece]))
        ends = piece.stop - overlap
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), outputs)
    same(whole.state(), state)


@pytest.mark.parametrize("models", [1, 6])
def test_its_state_is_enough_to_go_on_bit_for_bit(kernel, models, case, rule):
    made = case(models=models)
    unbroken, broken = made.start(kernel, rule), made.start(kernel, rule)
    unbroken.learn(made.x, made.y)
    broken.learn(made.x, made.y)
    broken = kernel({name: array.copy() for name, array in broken.state().items()}, made.lr, made.window, rule)
    np.testing.assert_array_equal(broken.learn(made.x, made.y), unbroken.learn(made.x, made.y))
    same(broken.state(), unbroken.state())


def test_its_state_is_a_copy(kernel, case, rule):
    made = case()
    running = made.start(kernel, rule)
    before = running.state()
    kept = {name: array.copy() for name, array in before.items()}
    running.learn(made.x, made.y)
    same(before, kept)
    assert not np.array_equal(running.state()["w"], kept["w"])


def test_the_models_it_was_made_from_stay_as_they_were(kernel, case, rule):
    made = case(models=3)
    kept = start(made.models)
    made.run(kernel, rule)
    same(start(made.models), kept)


def test_it_learns_nothing_from_less_than_a_window(kernel, case, rule):
    made = case(models=2, groups=4)
    running = made.start(kernel, rule)
    before = running.state()
    assert running.learn(made.x, made.y).shape == (2, 0, 6)
    same(running.state(), before)


def test_data_that_may_not_be_written_to_is_fine(kernel, case, rule):
    made = case()
    _, expected = made.run(kernel, rule)
    made.x.flags.writeable = made.y.flags.writeable = False
    _, state = made.run(kernel, rule)
    same(state, expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["w", "v", "b", "z", "c"])
def test_a_weight_that_is_not_finite_is_seen(kernel, name, bad, case, rule):
    made = case(models=5)
    state = start(made.models)
    assert made.start(kernel, rule).finite().tolist() == [True] * 5
    state[name][3].flat[-1] = bad
    assert kernel(state, made.lr, made.window, rule).finite().tolist() == [True, True, True, False, True]


def test_a_model_that_diverges_disturbs_no_other(kernel, case, rule):
    made = case(models=6)
    made.lr[2] = 1e200
    with np.errstate(all="ignore"):
        running = made.start(kernel, rule)
        for _ in range(3):
            running.rewind()
            running.learn(made.x, made.y)
        assert running.finite().tolist() == [True, True, False, True, True, True]
        others = [0, 1, 3, 4, 5]
        without = kernel(members(start(made.models), others), made.lr[others], made.window, rule)
        for _ in range(3):
            without.rewind()
            without.learn(made.x[others], made.y[others])
    same(members(running.state(), others), without.state())


@cache
def figures_over_seeds(kernel, rule):
    """Fit error and mean |z| of 64 models of the article's task after 40 epochs."""
    x = np.arange(1, 601).reshape(1, 100, 6, 1) * 0.01
    y = curve(x) + np.random.default_rng(1).uniform(-0.01, 0.01, x.shape)
    rng = np.random.default_rng(2)
    models = [ElmanNetwork.random(rng, 6, 20, 6).parameters for _ in range(64)]
    running = kernel(start(models), np.full(64, 0.023), 5, rule)
    for _ in range(40):
        running.rewind()
        outputs = running.learn(x, y)
    fit = np.sqrt(np.mean((outputs - y[:, 4:, :, 0]) ** 2, axis=(1, 2)))
    return fit, np.abs(running.state()["z"]).mean(axis=(1, 2))


@pytest.mark.parametrize("fast", [Stacked, load_compiled()])
def test_over_seeds_the_results_are_distributed_as_the_articles_are(fast, rule):
    # Training is chaotic: after some twenty epochs nothing but the distribution can be compared.
    if fast is None:
        pytest.skip("the compiled kernel needs the optional extra 'fast': Numba")
    for ours, articles in zip(figures_over_seeds(fast, rule), figures_over_seeds(Exact, rule), strict=True):
        assert not np.array_equal(ours, articles)
        assert ks_2samp(ours, articles).pvalue > 0.001


def test_the_kernel_for_a_job():
    assert choose(10, faithful=True) is choose(10**9, faithful=True) is Exact
    assert choose(WORTH_LOADING - 1, faithful=False) is Stacked
    assert choose(WORTH_LOADING, faithful=False) is (load_compiled() or Stacked)
    assert 32 <= BLOCK <= 64


def test_without_numba_numpy_does_the_same_job(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rnn.elman.kernels.compiled", None)
    assert load_compiled() is None
    assert choose(10**9, faithful=False) is Stacked


def test_every_kernel_has_a_name_of_its_own():
    names = [kernel.name for kernel in (Reference, Exact, Stacked, load_compiled()) if kernel]
    assert len(set(names)) == len(names)
