import numpy as np
import pytest

from rnn.errors import Diverged, SeriesTooShort
from rnn.experiment import Experiment
from rnn.kernels import Exact, Stacked, load_compiled
from rnn.long_training import train_long
from rnn.network import ElmanNetwork
from rnn.recipes import ArticleRecipe
from rnn.series import Groups
from rnn.training import train, train_many

GROUPS = Experiment(points=240).groups(0)
RECIPE = ArticleRecipe(epochs=3)


def network():
    return ElmanNetwork.random(np.random.default_rng(0), 6, 20, 6)


def in_blocks(length, window=RECIPE.window):
    """The groups in blocks of `length` that overlap by window − 1, as `read_group_blocks` gives them."""

    def blocks():
        for first in range(0, len(GROUPS) - window + 1, length - window + 1):
            part = slice(first, first + length)
            yield Groups(GROUPS.x[part], GROUPS.y[part], GROUPS.step, 0)

    return blocks


@pytest.mark.parametrize("length", [5, 6, 11, 39, 40, 100])
def test_the_article_s_own_bits_come_out_however_long_the_blocks_are(length):
    whole, long = train(network(), GROUPS, RECIPE), train_long(network(), in_blocks(length), RECIPE, Exact)
    assert all(np.array_equal(long.final[name], whole.final[name]) for name in whole.final)
    assert np.array_equal(long.h_last, whole.h_last)
    np.testing.assert_allclose(long.epoch_loss, whole.epoch_loss, rtol=1e-12)


@pytest.mark.parametrize("kernel", [Stacked, None])
@pytest.mark.parametrize("rule", ["earliest", "bptt"])
def test_every_kernel_gives_what_it_gives_on_the_whole(kernel, rule):
    recipe = ArticleRecipe(epochs=2, rule=rule)
    used = kernel or load_compiled() or Stacked
    (whole,) = train_many([network()], [GROUPS], [recipe], used)
    long = train_long(network(), in_blocks(9), recipe, kernel)
    assert long.kernel == used.name == whole.kernel
    assert all(np.array_equal(long.final[name], whole.final[name]) for name in whole.final)


def test_progress_counts_every_window_once():
    seen = []
    train_long(network(), in_blocks(7), ArticleRecipe(epochs=1), Exact, seen.append)
    assert seen[-1] == len(GROUPS) - 4
    assert seen == sorted(seen)


def test_the_network_that_is_given_stays_as_it_is():
    one = network()
    before = {name: array.copy() for name, array in one.parameters.items()}
    train_long(one, in_blocks(7), ArticleRecipe(epochs=1), Stacked)
    assert all(np.array_equal(one.parameters[name], before[name]) for name in before)


def test_divergence_and_a_series_without_a_window_are_told():
    with pytest.raises(Diverged, match=r"epoch \d at learning rate 1:"):
        train_long(network(), in_blocks(7), ArticleRecipe(lr=1, epochs=9), Stacked)
    with pytest.raises(SeriesTooShort, match="window of 5"):
        train_long(network(), lambda: iter(()), RECIPE, Stacked)
