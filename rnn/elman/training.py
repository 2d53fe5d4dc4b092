"""Training as the article's program does it: windows in order, one update each, the hidden state carried along.

Two of the program's habits are kept on purpose, since the results follow from them (article, "What the program really
does"; the windows themselves are walked in `rnn.elman.kernels`):

- Window k starts its forward pass from the state in which window k−1 *ended* (after group k+3), not from the state
  after group k−1, and goes on so from one epoch to the next. The state is zero only at the very start.
- Under `earliest`, the backward pass of the window's first step takes the state stored for group k−1 instead, as window
  k−1's first step wrote it; zero for k = 0. Under `bptt` it takes the state the pass really started from, so that the
  gradient is the loss's true derivative.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from rnn.arrays import AnyArray, Array, Parameters
from rnn.elman.kernels import BLOCK, Exact, Kernel, State, choose, members, start
from rnn.elman.network import ElmanNetwork
from rnn.errors import Diverged
from rnn.recipes import ArticleRecipe
from rnn.series import Groups, count_groups

KEPT_FITS = 50
"""So many epochs' fitted values are kept at the most, for the pictures of the fit epoch by epoch."""


class Keeper(Protocol):
    """Keeps how far a training has come, for when it is killed: see `artifacts.store.checkpoint`."""

    def resume(self) -> dict[str, AnyArray] | None:
        """The state that was kept last, if there is one."""

    def keep(self, state: Callable[[], dict[str, AnyArray]]) -> None:
        """Called after every epoch with what gives the state now; it need not be kept each time."""


@dataclass(frozen=True)
class Trained:
    """A trained network and how it got there.

    `initial` and `final`: weights by name. `h_last` (hidden, 1): the state after the last group, where a forecast
    begins. `epoch_loss` (epochs,): mean window loss. `fit_epochs` (kept,): the epochs, counted from 1, whose fitted
    values are kept; `fits` (kept, groups, group_size): those values, zero for groups that never end a window.
    `kernel`: the name of what did the arithmetic.
    """

    initial: Parameters
    final: Parameters
    h_last: Array
    epoch_loss: Array
    fit_epochs: tuple[int, ...]
    fits: Array
    kernel: str = Exact.name

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
    keeper: Keeper | None = None,
    kernel: type[Kernel] = Exact,
) -> Trained:
    """Train `network` in place on `groups`; `on_epoch(epoch, loss)` is called after each epoch, counted from 1.

    With a `keeper` it goes on from where a killed training was, and ends as that one would have, to the last bit.

    The arithmetic is the article's to the last bit, unless another `kernel` is given. BLAS runs on one thread: such
    small matrices lose by more, and results must not depend on their number.
    Raises SeriesTooShort when the groups do not fill one window, Diverged in the epoch in which the loss or a weight is
    no longer finite.
    """
    training = Training([network], [groups], [recipe], kernel, fit_epochs(recipe.epochs))

    def told() -> None:
        if training.learning.size:
            on_epoch(training.epoch, float(training.losses[-1][0]))

    _finish(training, told, keeper)
    (result,) = training.results()
    if isinstance(result, Diverged):
        raise result
    network.adopt(result.final)
    return result


def train_many(
    networks: Sequence[ElmanNetwork],
    groups: Sequence[Groups],
    recipes: Sequence[ArticleRecipe],
    kernel: type[Kernel] | None = None,
    on_epoch: Callable[[int, int], None] = lambda done, total: None,
    keeper: Keeper | None = None,
) -> list[Trained | Diverged]:
    """Train each network on its groups by its recipe, many in lockstep; the networks stay as they are.

    All must be equal in shape, number of groups, window, rule and epochs; learning rates are each one's own. `groups`
    may be a single one that all share. `kernel`: see `rnn.elman.kernels.choose`, which also chooses when none is given.
    `on_epoch(done, total)` is called after each epoch of a block, with how many model-epochs are behind.
    Returns in their order what came of each: a model that diverges is a Diverged that says when, and disturbs no other;
    of the fits only the last epoch's are kept. No result depends on which models were trained beside it.
    A `keeper` is for what is trained together, BLOCK models at the most.
    Raises SeriesTooShort as `train` does, ValueError when the models differ where they must not.
    """
    groups = list(groups) * (len(networks) if len(groups) == 1 else 1)
    if not len(networks) == len(groups) == len(recipes):
        raise ValueError(f"{len(networks)} networks, {len(groups)} series and {len(recipes)} recipes do not match")
    if keeper and len(networks) > BLOCK:
        raise ValueError(f"{len(networks)} models are more than the {BLOCK} that one keeper can keep")
    results: list[Trained | Diverged] = []
    epochs = recipes[0].epochs
    chosen = kernel or choose(len(networks) * epochs * len(groups[0]), faithful=False)
    for first in range(0, len(networks), BLOCK):
        block = slice(first, first + BLOCK)
        training = Training(networks[block], groups[block], recipes[block], chosen, {epochs})

        def told(first: int = first, training: Training = training) -> None:
            on_epoch(first * epochs + training.epoch * len(training.diverged), len(networks) * epochs)

        _finish(training, told, keeper)
        results += training.results()
    return results


def _finish(training: "Training", on_epoch: Callable[[], None], keeper: Keeper | None) -> None:
    if keeper and (kept := keeper.resume()):
        training.restore(kept)
        on_epoch()
    with threadpool_limits(1, user_api="blas"):
        while not training.finished:
            training.advance()
            on_epoch()
            if keeper:
                keeper.keep(training.state)


class Training:
    """Models in lockstep on their way through the epochs, and all that must be kept to go on from where they are.

    `learning`: the numbers of the models that still learn, the others have diverged. `diverged` (M,): the epoch in
    which each one did, counted from 1, or 0. `losses`: for each epoch behind, the models' mean window losses (M,),
    NaN after a model has diverged. `fits`: for each epoch behind that is kept, the models' fitted values
    (M, groups, group_size).
    """

    def __init__(
        self,
        networks: Sequence[ElmanNetwork],
        groups: Sequence[Groups],
        recipes: Sequence[ArticleRecipe],
        kernel: type[Kernel],
        kept: Collection[int],
    ) -> None:
        """`kept`: the epochs whose fitted values are kept."""
        first, recipe = groups[0], recipes[0]
        if (
            len({network.hidden.w.shape for network in networks}) > 1
            or any(g.y.shape != first.y.shape for g in groups)
            or any((r.window, r.rule, r.epochs) != (recipe.window, recipe.rule, recipe.epochs) for r in recipes)
        ):
            raise ValueError("models in lockstep must be equal in shape, number of groups, window, rule and epochs")
        count_groups(len(first) * first.group_size, first.group_size, at_least=recipe.window)
        self.epochs, self._window, self._rule = recipe.epochs, recipe.window, recipe.rule
        self._kernel_type, self._kept = kernel, frozenset(kept)
        self._initial = [network.parameters for network in networks]
        self._lr = np.array([recipe.lr for recipe in recipes])
        shared = all(g is first for g in groups)
        self._x, self._y = (
            np.stack([getattr(g, name) for g in ([first] if shared else groups)]) for name in ("x", "y")
        )
        self._go_on(np.arange(len(networks)), start(self._initial))
        self.diverged = np.zeros(len(networks), dtype=np.int64)
        self.losses: list[Array] = []
        self.fits: list[Array] = []

    @property
    def epoch(self) -> int:
        """The number of epochs that are done."""
        return len(self.losses)

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or no model is left."""
        return self.epoch == self.epochs or not self.learning.size

    def advance(self) -> Array:
        """One epoch: the models' mean window losses (M,)."""
        first_end = self._window - 1
        with np.errstate(all="ignore"):
            self._kernel.rewind()
            outputs = self._kernel.learn(*self._data)
            errors = outputs - self._data[1][:, first_end:, :, 0]
            np.square(errors, out=errors)
            losses = errors.reshape(len(outputs), -1).sum(axis=1) / outputs.shape[1]
            sound = np.isfinite(losses) & self._kernel.finite()
        self.losses.append(self._of_all(losses))
        if self.epoch in self._kept:
            fits = np.zeros((len(outputs), *self._y.shape[1:3]))
            fits[:, first_end:] = outputs
            self.fits.append(self._of_all(fits))
        if not sound.all():
            self.diverged[self.learning[~sound]] = self.epoch
            self._go_on(self.learning[sound], members(self._kernel.state(), sound))
        return self.losses[-1]

    def results(self) -> list[Trained | Diverged]:
        """Each model's result: a Diverged with its epoch, or what it has learned so far."""
        place = {int(m): i for i, m in enumerate(self.learning)}
        now = self.state()
        losses, fits = now["losses"], now["fits"]
        epochs = tuple(sorted(epoch for epoch in self._kept if epoch <= self.epoch))
        results: list[Trained | Diverged] = []
        for m, initial in enumerate(self._initial):
            if self.diverged[m]:
                results.append(Diverged(int(self.diverged[m]), float(self._lr[m])))
                continue
            final = {name: now[name][place[m]].copy() for name in initial}
            h_last = now["h"][place[m]].copy()
            results.append(
                Trained(initial, final, h_last, losses[:, m], epochs, fits[:, m], self._kernel_type.name)
            )  # fmt: skip
        return results

    def state(self) -> dict[str, AnyArray]:
        """A copy of all that changes in the course of training, as arrays: what a checkpoint must hold.

        The kernel's state is that of the models that still learn.
        """
        models = len(self.diverged)
        return {
            **(self._kernel.state() if self.learning.size else {}),
            "diverged": self.diverged.copy(),
            "losses": np.reshape(self.losses, (-1, models)),
            "fits": np.reshape(self.fits, (-1, models, *self._y.shape[1:3])),
        }

    def restore(self, state: dict[str, AnyArray]) -> None:
        """Go on from where `state()` was taken, bit for bit; made for the same models, groups, recipes and kernel."""
        kernel_state = dict(state)
        self.diverged = kernel_state.pop("diverged").copy()
        self.losses, self.fits = list(kernel_state.pop("losses")), list(kernel_state.pop("fits"))
        self._go_on(np.flatnonzero(self.diverged == 0), kernel_state)

    def _go_on(self, learning: AnyArray, state: State) -> None:
        """With these models alone, from this state of theirs."""
        self.learning = learning
        if not learning.size:
            return
        self._kernel = self._kernel_type(state, self._lr[learning], self._window, self._rule)
        self._data = [array if len(array) == 1 else array[learning] for array in (self._x, self._y)]

    def _of_all(self, values: Array) -> Array:
        """Values of the models that learn, first axis, among those of all models, where the others' are NaN."""
        everyone = np.full((len(self._initial), *values.shape[1:]), np.nan)
        everyone[self.learning] = values
        return everyone


def fit_epochs(epochs: int) -> frozenset[int]:
    """The epochs whose fitted values are kept: all of few; of many, ever fewer as they go on, and the last."""
    if epochs <= KEPT_FITS:
        return frozenset(range(1, epochs + 1))
    return frozenset(np.geomspace(1, epochs, KEPT_FITS).round().astype(int).tolist())
