import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from rnn.datasets.xsinx import generate
from rnn.elman.gradients import forward
from rnn.elman.kernels import Exact, Stacked
from rnn.elman.network import ElmanNetwork
from rnn.elman.training import KEPT_FITS, fit_epochs, train
from rnn.errors import Diverged, SeriesTooShort, WavecastError
from rnn.recipes import ArticleRecipe
from rnn.series import Groups, group

STANDING_STILL = 1e-300
"""A learning rate at which no weight moves, so that the states can be looked at alone."""


def new_network(group_size, hidden, seed=0) -> ElmanNetwork:
    return ElmanNetwork.random(np.random.default_rng(seed), group_size, hidden, group_size)


def new_groups(number, group_size, seed=0) -> Groups:
    x, y = np.random.default_rng(seed).normal(size=(2, number, group_size, 1))
    return Groups(x, y, 1.0, 0)


def first(groups, number) -> Groups:
    return Groups(groups.x[:number], groups.y[:number], groups.step, 0)


def the_articles() -> Groups:
    return group(generate(600, 0.01, 0.01, np.random.default_rng(2)), 6)


def same(one, other) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one)


@given(
    st.integers(1, 7), st.integers(1, 9), st.integers(1, 6), st.integers(0, 5), st.integers(1, 3),
    st.sampled_from([0.001, 0.01]), st.integers(0, 999),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_it_is_the_articles_program_to_the_last_bit(
    article_program, group_size, hidden, window, more, epochs, lr, seed
):
    groups, network = new_groups(window + more, group_size, seed), new_network(group_size, hidden, seed)
    after, losses, fitted, h = article_program(groups.x, groups.y, network.parameters, lr, epochs, window)
    trained = train(network, groups, ArticleRecipe(lr=lr, epochs=epochs, hidden=hidden, window=window))
    assert same(trained.final, after[-1])
    assert np.array_equal(trained.fitted, fitted)
    assert np.array_equal(trained.h_last, h)
    np.testing.assert_allclose(trained.epoch_loss, losses, rtol=1e-13)


# The hidden state's habits, each for itself.


def test_a_window_starts_from_the_state_in_which_the_window_before_ended_also_across_epochs():
    groups, network = new_groups(7, 3), new_network(3, 4)
    trained = train(network, groups, ArticleRecipe(lr=STANDING_STILL, epochs=3, window=4))
    way = [t for _ in range(3) for end in range(3, 7) for t in range(end - 3, end + 1)]
    ys, h = network.run(groups.x[way], network.rest())
    assert np.array_equal(trained.h_last, h)
    assert np.array_equal(trained.fits[:, 3:].reshape(-1, 3), ys[3::4, :, 0])


def test_earliest_takes_the_state_before_the_first_group_as_zero_in_every_epoch():
    trained = train(new_network(3, 4), new_groups(5, 3), ArticleRecipe(epochs=4, window=5))
    assert np.array_equal(trained.final["v"], trained.initial["v"])
    assert not any(np.array_equal(trained.final[name], trained.initial[name]) for name in "wbzc")


def test_earliest_takes_the_state_that_the_window_before_stored_after_its_first_step():
    groups, recipe = new_groups(3, 3), ArticleRecipe(lr=0.01, epochs=1, window=2)
    one = train(new_network(3, 4), first(groups, 2), recipe).final
    two = train(new_network(3, 4), groups, recipe)
    stored = np.tanh(two.initial["w"] @ groups.x[0])
    np.testing.assert_allclose(two.final["v"] - one["v"], (two.final["b"] - one["b"]) @ stored.T, atol=1e-14)
    assert not np.array_equal(two.final["v"], one["v"])


def test_bptt_takes_the_state_that_the_window_started_from(true_gradients):
    groups, recipe = new_groups(6, 3), ArticleRecipe(lr=0.01, epochs=1, window=5, rule="bptt")
    one = train(new_network(3, 4), first(groups, 5), recipe)
    two = train(new_network(3, 4), groups, recipe)
    expected = true_gradients(one.final, groups.x[1:], one.h_last, groups.y[-1])
    for name, gradient in expected.items():
        np.testing.assert_allclose((one.final[name] - two.final[name]) / 0.01, gradient, atol=1e-11, err_msg=name)


def test_there_is_one_update_for_each_window():
    groups = new_groups(9, 3)
    changes = []
    for windows in range(1, 6):
        recipe = ArticleRecipe(epochs=1, window=5)
        changes.append(train(new_network(3, 4), first(groups, 4 + windows), recipe).final["c"].copy())
    assert len({array.tobytes() for array in changes}) == 5


# What it hands back.


def test_the_fitted_values_are_those_before_the_update_they_caused():
    groups, network = new_groups(5, 3), new_network(3, 4)
    _, y = forward(network, groups.x, network.rest())
    trained = train(network, groups, ArticleRecipe(epochs=1, window=5))
    assert np.array_equal(trained.fitted[-1], y[:, 0])


def test_the_epochs_loss_is_the_mean_over_its_windows_of_the_squared_error_at_their_last_group():
    groups = new_groups(9, 3)
    trained = train(new_network(3, 4), groups, ArticleRecipe(lr=0.01, epochs=3, window=4))
    squares = ((trained.fits[:, 3:] - groups.y[3:, :, 0]) ** 2).sum(axis=2)
    np.testing.assert_allclose(trained.epoch_loss, squares.mean(axis=1), rtol=1e-13)


def test_groups_that_never_end_a_window_are_never_fitted():
    trained = train(new_network(3, 4), new_groups(9, 3), ArticleRecipe(lr=0.01, epochs=3, window=4))
    assert trained.fits.shape == (3, 9, 3)
    assert not trained.fits[:, :3].any()
    assert trained.fits[:, 3:].all()


def test_the_initial_weights_are_kept_as_they_were_and_the_network_ends_trained():
    network = new_network(3, 4)
    copies = {name: array.copy() for name, array in network.parameters.items()}
    trained = train(network, new_groups(9, 3), ArticleRecipe(lr=0.01, epochs=2))
    assert same(trained.initial, copies)
    assert same(trained.final, network.parameters)
    assert same(trained.network.parameters, trained.final)
    assert not same(trained.initial, trained.final)


def test_each_epoch_is_told_as_it_ends_counted_from_one():
    told = []
    recipe = ArticleRecipe(lr=0.01, epochs=4)
    trained = train(new_network(3, 4), new_groups(9, 3), recipe, lambda *what: told.append(what))
    assert told == list(enumerate(trained.epoch_loss, start=1))


def test_more_epochs_go_on_where_fewer_ended():
    few, many = (train(new_network(3, 4), new_groups(9, 3), ArticleRecipe(lr=0.01, epochs=epochs)) for epochs in (2, 5))
    assert np.array_equal(few.epoch_loss, many.epoch_loss[:2])
    assert np.array_equal(few.fits, many.fits[:2])


def test_the_kept_fits_are_those_of_the_epochs_named():
    groups, epochs = new_groups(6, 2), KEPT_FITS + 30
    trained = train(new_network(2, 3), groups, ArticleRecipe(lr=0.01, epochs=epochs))
    assert trained.fit_epochs == tuple(sorted(fit_epochs(epochs)))
    assert len(trained.fits) == len(trained.fit_epochs) < epochs
    kept_loss = ((trained.fits[:, 4:] - groups.y[4:, :, 0]) ** 2).sum(axis=2).mean(axis=1)
    np.testing.assert_allclose(kept_loss, trained.epoch_loss[np.array(trained.fit_epochs) - 1], rtol=1e-13)


@given(st.integers(1, 1_000_000))
def test_of_all_epochs_a_few_are_kept_among_them_the_first_and_the_last(epochs):
    kept = fit_epochs(epochs)
    assert {1, epochs} <= kept
    assert all(1 <= epoch <= epochs for epoch in kept)
    assert len(kept) == epochs if epochs <= KEPT_FITS else len(kept) <= KEPT_FITS


# The same every time.


def test_two_trainings_are_the_same_to_the_last_bit():
    one, other = (train(new_network(6, 20), the_articles(), ArticleRecipe(epochs=3)) for _ in range(2))
    assert same(one.final, other.final)
    for name in ("h_last", "epoch_loss", "fits"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_training_is_the_same_whatever_the_number_of_blas_threads():
    groups, finals = new_groups(6, 6), []
    for threads in (1, 2):
        with threadpool_limits(threads, user_api="blas"):
            finals.append(train(new_network(6, 150), groups, ArticleRecipe(lr=1e-4, epochs=1, hidden=150)).final)
    assert same(*finals)


def test_blas_has_one_thread_while_training_and_as_many_as_before_afterwards():
    seen = []
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        train(new_network(3, 4), new_groups(6, 3), ArticleRecipe(epochs=1), lambda *_: seen.append(blas_threads()))
        assert blas_threads() == before
    assert seen == [{1}] if before else [set()]


# What cannot be trained.


@pytest.mark.parametrize("rule", ["earliest", "bptt"])
@pytest.mark.parametrize("lr", [1.0, 10.0])
def test_divergence_is_told_with_the_epoch_the_learning_rate_and_what_to_try_and_never_warned_of(lr, rule):
    told = []
    with warnings.catch_warnings(), pytest.raises(Diverged) as caught:
        warnings.simplefilter("error")
        train(new_network(6, 20), the_articles(), ArticleRecipe(lr=lr, rule=rule), lambda *what: told.append(what))
    error = caught.value
    assert isinstance(error, WavecastError)
    assert error.lr == lr
    assert [epoch for epoch, _ in told] == list(range(1, error.epoch))
    assert np.isfinite([loss for _, loss in told]).all()
    message = str(error)
    assert f"in epoch {error.epoch} at learning rate {lr:g}" in message
    assert f"try a smaller learning rate, such as {lr / 10:g}" in message
    assert "\n" not in message


def test_the_epoch_told_is_the_first_that_is_not_finite():
    with pytest.raises(Diverged) as caught:
        train(new_network(6, 20), the_articles(), ArticleRecipe(lr=0.1))
    good = caught.value.epoch - 1
    assert good > 0
    trained = train(new_network(6, 20), the_articles(), ArticleRecipe(lr=0.1, epochs=good))
    assert np.isfinite(trained.epoch_loss).all()
    assert all(np.isfinite(array).all() for array in trained.final.values())


def test_a_weight_that_is_not_finite_ends_training_though_the_loss_still_is():
    one = np.ones((1, 1))
    network = ElmanNetwork({"w": 0 * one, "v": one, "b": 0 * one, "z": one, "c": 0 * one})
    groups = Groups(1e200 * one[np.newaxis], 1e150 * one[np.newaxis], 1.0, 0)
    with pytest.raises(Diverged, match="in epoch 1 "):
        train(network, groups, ArticleRecipe(window=1, epochs=2))


@pytest.mark.parametrize("what", [np.nan, np.inf])
def test_a_value_that_is_not_finite_ends_training_in_the_first_epoch(what):
    groups = new_groups(6, 3)
    groups.y[-1, 0, 0] = what
    with pytest.raises(Diverged, match="in epoch 1 "):
        train(new_network(3, 4), groups, ArticleRecipe())


def test_fewer_groups_than_a_window_are_refused_with_the_points_that_are_needed():
    network = new_network(3, 4)
    before = network.parameters
    with pytest.raises(SeriesTooShort, match=r"at least 5 groups .* give 15 points"):
        train(network, new_groups(4, 3), ArticleRecipe(window=5))
    assert all(network.parameters[name] is before[name] for name in before)


def test_another_kernel_trains_when_it_is_asked_for():
    def trained(**kernel):
        return train(new_network(6, 4), new_groups(10, 6), ArticleRecipe(epochs=2), **kernel)

    exact, stacked = trained(), trained(kernel=Stacked)
    assert (exact.kernel, stacked.kernel) == (Exact.name, Stacked.name)
    np.testing.assert_allclose(stacked.final["w"], exact.final["w"], rtol=1e-9)
