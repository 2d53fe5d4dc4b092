"""Training on a series that is longer than memory: the article's walk over blocks of groups, one epoch after the other.

A kernel goes on from one block to the next as if they were one, to the last bit, so the result does not depend on how
long the blocks are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array, Parameters
from rnn.errors import Diverged, SeriesTooShort
from rnn.kernels import Kernel, Stacked, load_compiled, start
from rnn.network import ElmanNetwork
from rnn.recipes import ArticleRecipe
from rnn.series import Groups


@dataclass(frozen=True)
class TrainedLong:
    """Weights by name, the state after the last group (hidden, 1), mean window loss by epoch, and kernel's name.

    There are no fitted values: they would be as long as the series.
    """

    final: Parameters
    h_last: Array
    epoch_loss: Array
    kernel: str


def train_long(
    network: ElmanNetwork,
    blocks: Callable[[], Iterable[Groups]],
    recipe: ArticleRecipe,
    kernel: type[Kernel] | None = None,
    on_block: Callable[[int], None] = lambda windows: None,
) -> TrainedLong:
    """Train on the groups that `blocks()` gives anew for each epoch, neighbours overlapping by window − 1 groups.

    `on_block(windows)` is called after each with how many windows were learned from. Memory: one block. `kernel`: the
    compiled one where Numba is installed, else NumPy. `network` stays as it is.
    Raises Diverged in the epoch in which the loss or a weight is no longer finite, SeriesTooShort for no window at all.
    """
    chosen = kernel or load_compiled() or Stacked
    learner = chosen(start([network.parameters]), np.array([recipe.lr]), recipe.window, recipe.rule)
    losses = []
    with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
        for epoch in range(1, recipe.epochs + 1):
            loss, windows = 0.0, 0
            learner.rewind()
            for groups in blocks():
                outputs = learner.learn(groups.x[np.newaxis], groups.y[np.newaxis])
                loss += float(np.sum((outputs[0] - groups.y[recipe.window - 1 :, :, 0]) ** 2))
                windows += outputs.shape[1]
                if not (np.isfinite(loss) and learner.finite().all()):
                    raise Diverged(epoch, recipe.lr)
                on_block(windows)
            if not windows:
                raise SeriesTooShort(f"the series does not fill a window of {recipe.window} groups: give more points")
            losses.append(loss / windows)
    state = learner.state()
    final = {name: state[name][0] for name in network.parameters}
    return TrainedLong(final, state["h"][0], np.array(losses), chosen.name)
