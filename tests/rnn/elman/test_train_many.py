"""Many models trained in lockstep: each as if alone, divergence its own affair, and stopped and gone on with."""

import numpy as np
import pytest

from rnn.datasets.xsinx import generate
from rnn.elman import kernels
from rnn.elman.kernels import Exact, Stacked
from rnn.elman.network import ElmanNetwork
from rnn.elman.training import BLOCK, Training, train, train_many
from rnn.errors import Diverged, SeriesTooShort
from rnn.recipes import ArticleRecipe
from rnn.series import group

KERNELS = [kernel for kernel in (Exact, Stacked, kernels.load_compiled()) if kernel]


def series(seed=0, points=120):
    return group(generate(points, 0.05, 0.01, np.random.default_rng(seed)), 6)


def networks(count, hidden=9):
    return [ElmanNetwork.random(np.random.default_rng(seed), 6, hidden, 6) for seed in range(count)]


def recipes(count, **fields):
    return [ArticleRecipe(lr=0.002 * (m + 1), **{"epochs": 6, "hidden": 9} | fields) for m in range(count)]


def same(one, other):
    for name in one.final:
        np.testing.assert_array_equal(one.final[name], other.final[name])
        np.testing.assert_array_equal(one.initial[name], other.initial[name])
    np.testing.assert_array_equal(one.h_last, other.h_last)
    np.testing.assert_array_equal(one.epoch_loss, other.epoch_loss)
    np.testing.assert_array_equal(one.fitted, other.fitted)
    assert one.kernel == other.kernel


@pytest.fixture(params=KERNELS)
def kernel(request):
    return request.param


@pytest.mark.parametrize("rule", ["earliest", "bptt"])
def test_on_the_exact_kernel_each_is_what_train_makes_of_it(rule):
    many = train_many(networks(4), [series(seed) for seed in range(4)], recipes(4, rule=rule), Exact)
    for m, (network, result) in enumerate(zip(networks(4), many, strict=True)):
        same(train(network, series(m), recipes(4, rule=rule)[m]), result)


def test_each_is_as_if_it_had_been_alone(kernel):
    data = [series(seed) for seed in range(6)]
    many = train_many(networks(6), data, recipes(6), kernel)
    for m in range(6):
        (alone,) = train_many(networks(6)[m : m + 1], data[m : m + 1], recipes(6)[m : m + 1], kernel)
        same(many[m], alone)


def test_a_series_may_be_shared(kernel):
    shared = train_many(networks(5), [series()], recipes(5), kernel)
    for own, result in zip(
        train_many(networks(5), [series() for _ in range(5)], recipes(5), kernel), shared, strict=True
    ):
        same(own, result)


def test_more_models_than_a_block(monkeypatch, kernel):
    expected = train_many(networks(7), [series()], recipes(7), kernel)
    monkeypatch.setattr("rnn.elman.training.BLOCK", 3)
    seen = []
    results = train_many(networks(7), [series()], recipes(7), kernel, lambda done, total: seen.append((done, total)))
    for one, other in zip(results, expected, strict=True):
        same(one, other)
    assert [total for _, total in seen] == [42] * 18
    assert seen[-1][0] == 42
    assert sorted(seen) == seen


def wild(count, *which):
    """Recipes of which some diverge: at a huge rate in the first epoch, at a large one later."""
    rates = dict(zip(which, (1e300, 10.0, 1e150), strict=False))
    return [recipe.model_copy(update={"lr": rates.get(m, recipe.lr)}) for m, recipe in enumerate(recipes(count))]


def test_who_diverges_is_told_with_its_epoch_and_disturbs_no_other(kernel):
    many = train_many(networks(6), [series()], wild(6, 1, 3), kernel)
    for m in (1, 3):
        with pytest.raises(Diverged) as alone:
            train(networks(6)[m], series(), wild(6, 1, 3)[m])
        assert isinstance(many[m], Diverged)
        assert many[m].lr == alone.value.lr
        assert many[m].epoch == alone.value.epoch
    others = [0, 2, 4, 5]
    without = train_many([networks(6)[m] for m in others], [series()], [recipes(6)[m] for m in others], kernel)
    for m, expected in zip(others, without, strict=True):
        same(many[m], expected)


def test_when_all_diverge_it_ends(kernel):
    seen = []
    many = train_many(networks(2), [series()], wild(2, 0, 1), kernel, lambda done, total: seen.append(done))
    assert all(isinstance(result, Diverged) for result in many)
    assert len(seen) == max(result.epoch for result in many)


def test_divergence_is_in_the_losses_too():
    training = Training(networks(3), [series()] * 3, wild(3, 1), Stacked, {6})
    while not training.finished:
        training.advance()
    (epoch,) = training.diverged[training.diverged > 0]
    losses = np.array(training.losses)
    assert np.isfinite(losses[:, [0, 2]]).all()
    assert not np.isfinite(losses[epoch:, 1]).any()
    assert training.learning.tolist() == [0, 2]


@pytest.mark.parametrize("stop", [0, 1, 3, 5])
def test_stopped_and_gone_on_with_it_ends_with_the_same_bits(kernel, stop):
    def begin():
        return Training(networks(5), [series(seed) for seed in range(5)], wild(5, 3), kernel, {1, 3, 6})

    unbroken, first, second = begin(), begin(), begin()
    while not unbroken.finished:
        unbroken.advance()
    for _ in range(stop):
        first.advance()
    second.restore({name: array.copy() for name, array in first.state().items()})
    while not second.finished:
        second.advance()
    assert second.diverged.tolist() == unbroken.diverged.tolist()
    for one, other in zip(second.results(), unbroken.results(), strict=True):
        if not isinstance(one, Diverged):
            same(one, other)
            np.testing.assert_array_equal(one.fits, other.fits)
            assert one.fit_epochs == other.fit_epochs == (1, 3, 6)


@pytest.mark.parametrize("change", [{"window": 4}, {"rule": "bptt"}, {"epochs": 5}])
def test_models_that_differ_where_they_must_not_are_refused(change):
    odd = [recipes(2)[0], recipes(2, **change)[1]]
    with pytest.raises(ValueError, match="equal in shape"):
        train_many(networks(2), [series()], odd)
    with pytest.raises(ValueError, match="equal in shape"):
        train_many([*networks(1), *networks(1, hidden=8)], [series()], recipes(2))
    with pytest.raises(ValueError, match="do not match"):
        train_many(networks(2), [series()], recipes(3))


def test_a_series_shorter_than_a_window_is_refused():
    with pytest.raises(SeriesTooShort):
        train_many(networks(2), [series(points=24)], recipes(2))


def test_the_networks_stay_as_they_are():
    given = networks(2)
    train_many(given, [series()], recipes(2))
    for network, fresh in zip(given, networks(2), strict=True):
        np.testing.assert_array_equal(network.hidden.w, fresh.hidden.w)


def test_a_block_has_the_size_the_kernels_advise():
    assert BLOCK == kernels.BLOCK
