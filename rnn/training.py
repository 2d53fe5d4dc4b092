"""Training as the article's program does it: windows in order, one update each, the hidden state carried along.

Two of the program's habits are kept on purpose, since the results follow from them (article, "What the program really
does"):

- Window k starts its forward pass from the state in which window k−1 *ended* (after group k+3), not from the state
  after group k−1, and goes on so from one epoch to the next. The state is zero only at the very start.
- Under `earliest`, the backward pass of the window's first step takes the state stored for group k−1 instead, as window
  k−1's first step wrote it; zero for k = 0. Under `bptt` it takes the state the pass really started from, so that the
  gradient is the loss's true derivative.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import Array, Parameters
from rnn.errors import Diverged
from rnn.learning import backward, forward
from rnn.network import ElmanNetwork
from rnn.recipes import ArticleRecipe
from rnn.series import Groups, count_groups

KEPT_FITS = 50
"""So many epochs' fitted values are kept at the most, for the pictures of the fit epoch by epoch."""


@dataclass(frozen=True)
class Trained:
    """A trained network and how it got there.

    `initial` and `final`: weights by name. `h_last` (hidden, 1): the state after the last group, where a forecast
    begins. `epoch_loss` (epochs,): mean window loss. `fit_epochs` (kept,): the epochs, counted from 1, whose fitted
    values are kept; `fits` (kept, groups, group_size): those values, zero for groups that never end a window.
    """

    initial: Parameters
    final: Parameters
    h_last: Array
    epoch_loss: Array
    fit_epochs: tuple[int, ...]
    fits: Array

    @property
    def network(self) -> ElmanNetwork:
        """The trained network."""
        return ElmanNetwork(self.final)

    @property
    def fitted(self) -> Array:
        """The last epoch's fitted values (groups, group_size): each as it was *before* the update it caused."""
        return np.asarray(self.fits[-1])


def train(
    network: ElmanNetwork,
    groups: Groups,
    recipe: ArticleRecipe,
    on_epoch: Callable[[int, float], None] = lambda epoch, loss: None,
) -> Trained:
    """Train `network` in place on `groups`; `on_epoch(epoch, loss)` is called after each epoch, counted from 1.

    BLAS runs on one thread: such small matrices lose by more, and results must not depend on their number.
    Raises SeriesTooShort when the groups do not fill one window, Diverged in the epoch in which the loss or a weight is
    no longer finite.
    """
    count_groups(len(groups) * groups.group_size, groups.group_size, at_least=recipe.window)
    initial = network.parameters
    kept = fit_epochs(recipe.epochs)
    walk = _Walk(network, groups, recipe)
    losses, fits = [], []
    with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
        for epoch in range(1, recipe.epochs + 1):
            loss, fitted = walk.epoch()
            if not _finite(loss, network.parameters):
                raise Diverged(epoch, recipe.lr)
            losses.append(loss)
            if epoch in kept:
                fits.append(fitted)
            on_epoch(epoch, loss)
    return Trained(initial, network.parameters, walk.h, np.array(losses), tuple(sorted(kept)), np.array(fits))


class _Walk:
    """The walk of a window over the groups, epoch after epoch: the network, and the states it has left behind."""

    def __init__(self, network: ElmanNetwork, groups: Groups, recipe: ArticleRecipe) -> None:
        self.network, self.groups, self.recipe = network, groups, recipe
        self.h = network.rest()
        self.stored = [self.h] * (len(groups) + 1)  # stored[t + 1] is the state last written after group t

    def epoch(self) -> tuple[float, Array]:
        """One pass over all windows: their mean loss, and the fitted values (groups, group_size)."""
        y, first_end = self.groups.y[:, :, 0], self.recipe.window - 1
        fitted = np.zeros(y.shape)
        for end in range(first_end, len(y)):
            fitted[end] = self._window(end)
        return float(np.sum((fitted[first_end:] - y[first_end:]) ** 2) / (len(y) - first_end)), fitted

    def _window(self, end: int) -> Array:
        """Learn from the window whose last group is `end`; returns what it gave for that group before (group_size,)."""
        k = end + 1 - self.recipe.window
        xs, started_from = self.groups.x[k : end + 1], self.h
        states, y = forward(self.network, xs, started_from)
        self.stored[k + 1 : end + 2] = states
        self.h = states[-1]
        before = self.stored[k] if self.recipe.rule == "earliest" else started_from
        dy = 2 * (y - self.groups.y[end])
        self.network.descend(backward(self.network, xs, states, before, dy, self.recipe.rule), self.recipe.lr)
        return np.asarray(y[:, 0])


def fit_epochs(epochs: int) -> frozenset[int]:
    """Which epochs' fitted values are kept: all of few; of many, ever fewer as they go on, and the last."""
    if epochs <= KEPT_FITS:
        return frozenset(range(1, epochs + 1))
    return frozenset(np.geomspace(1, epochs, KEPT_FITS).round().astype(int).tolist())


def _finite(loss: float, parameters: Parameters) -> bool:
    return bool(np.isfinite(loss)) and all(bool(np.isfinite(array).all()) for array in parameters.values())
