"""Draw the explanations' own pictures into docs/pictures: `python docs/draw.py`."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch

from artifacts.plots import animation
from artifacts.plots.figures import COLOURS, DATA, picture
from rnn.arrays import Array
from rnn.elman.kernels import Exact
from rnn.elman.network import ElmanNetwork
from rnn.elman.training import Training, train
from rnn.experiment import Experiment
from rnn.metrics import fit_rmse
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe
from rnn.series import Groups

PICTURES = Path(__file__).parent / "pictures"
RECIPE = ArticleRecipe()
RED, BLUE, INK = COLOURS["article"], COLOURS["fully connected"], "#333333"


def article() -> tuple[Groups, ElmanNetwork]:
    """The article's experiment at seed 0: its groups, and the network before training."""
    groups = Experiment().groups(0)
    return groups, ElmanNetwork.random(stream(0, "article"), 6, RECIPE.hidden, 6)


def frozen(network: ElmanNetwork, groups: Groups) -> tuple[Array, Array]:
    """The network's outputs (groups, group_size) and states (groups, hidden) over the data, learning switched off."""
    h, outputs, states = network.rest(), [], []
    for x in groups.x:
        y, h = network.step(x, h)
        outputs.append(y[:, 0])
        states.append(h[:, 0])
    return np.array(outputs), np.array(states)


def draw_window(path: Path) -> None:
    """One window: five groups forward, the derivative backward, and what each rule collects of it."""
    with picture(path, height=4.6) as axes:
        ax = axes[0, 0]
        ax.set(xlim=(-1.9, 11.0), ylim=(-2.1, 4.3), aspect="equal")
        ax.axis("off")
        ax.grid(False)
        for t in range(5):
            x = 2.4 * t
            for y, name in ((0, "x"), (1.7, "h")):
                _node(ax, x, y, f"${name}_{{k{f'+{t}' if t else ''}}}$")
            _arrow(ax, (x, 0), (x, 1.7), INK)
            _arrow(ax, (x - 2.4 if t else x - 1.5, 1.7), (x, 1.7), INK)
            if t:
                _arrow(ax, (x - 0.12, 1.7), (x - 2.4, 1.7), RED, bend=0.35)
            ax.text(x, -0.85, "earliest\n+ bptt" if t == 0 else "bptt", ha="center", va="top", fontsize=9.5,
                    color=RED if t == 0 else BLUE)  # fmt: skip
        _node(ax, 9.6, 3.4, "$y$")
        _arrow(ax, (9.6, 1.7), (9.6, 3.4), INK)
        _arrow(ax, (9.72, 3.4), (9.72, 1.7), RED, bend=-0.5)
        ax.text(
            8.9, 3.4, "only the last group's output\nis compared with its target", ha="right", va="center", fontsize=9.5
        )
        ax.text(-1.8, 2.75, "the derivative travels back  ←", color=RED, fontsize=9.5)
        ax.text(-1.8, -0.85, "applied\nby", fontsize=9.5, va="top")
        ax.set_title("One window, forward (black) and backward (orange)")


def draw_frozen(path: Path) -> None:
    """The fit as training sees it, and the same weights with learning switched off."""
    groups, network = article()
    trained = train(network, groups, RECIPE)
    outputs, _ = frozen(network, groups)
    x, y, first = groups.x.ravel(), groups.y.ravel(), (RECIPE.window - 1) * groups.group_size
    with picture(path, 1, 2) as axes:
        for ax, fitted, what in (
            (axes[0, 0], trained.fitted, "while it learns"),
            (axes[0, 1], outputs, "learning switched off"),
        ):
            error = fit_rmse(fitted, groups.y[:, :, 0], RECIPE.window)
            ax.plot(x, y, color=DATA, linewidth=5, alpha=0.55, label="data")
            ax.plot(x[first:], fitted.ravel()[first:], color=RED, linewidth=1.4, label="network")
            ax.set_title(f"{what}: RMSE {error:.2f}", fontsize=11)
            ax.set_xlabel("x")
        axes[0, 0].set_ylabel("y")
        axes[0, 0].legend(loc="lower left")


def draw_saturation(path: Path) -> None:
    """The hidden units over the data, before and after training: nearly all sit at −1 or 1."""
    groups, network = article()
    trained = train(network, groups, RECIPE)
    with picture(path, 1, 2) as axes:
        for ax, weights, when in (
            (axes[0, 0], trained.initial, "first weights"),
            (axes[0, 1], trained.final, "trained"),
        ):
            _, states = frozen(ElmanNetwork(weights), groups)
            ax.hist(states.ravel(), bins=41, range=(-1, 1), weights=np.full(states.size, 100 / states.size), color=BLUE)
            share = 100 * np.mean(np.abs(states) > 0.99)
            ax.set_title(f"{when}: {share:.0f} % beyond ±0.99", fontsize=11)
            ax.set_xlabel("value of a hidden unit")
        axes[0, 0].set_ylabel("% of all units and groups")


def draw_chaos(path: Path) -> None:
    """How far two trainings drift apart whose first weights differ by one unit in the last place."""
    groups, network = article()
    nudged = ElmanNetwork({**network.parameters, "z": network.parameters["z"].copy()})
    nudged.output.z[0, 0] = np.nextafter(nudged.output.z[0, 0], np.inf)
    nudge = np.spacing(abs(network.output.z[0, 0]))
    one, other = (_weights_by_epoch(start, groups) for start in (network, nudged))
    apart = np.abs(one - other).max(axis=1)
    with picture(path) as axes:
        ax = axes[0, 0]
        ax.plot(np.arange(1, len(apart) + 1), apart, color=RED, marker="o", markersize=3)
        ax.set(yscale="log", xlabel="epoch", ylabel="largest difference of a weight")
        ax.set_title(f"One first weight changed by {nudge:.0e}: how far the weights drift apart")


def draw_training(path: Path) -> None:
    """The article's network learning, epoch by epoch: the picture that moves."""
    groups, network = article()
    trained, first = train(network, groups, RECIPE), (RECIPE.window - 1) * groups.group_size
    fits = dict(zip(trained.fit_epochs, (fit.ravel()[first:] for fit in trained.fits), strict=True))
    moving = {epoch: fits[epoch] for epoch in trained.fit_epochs[:30] + trained.fit_epochs[30::4]}
    x, y = groups.x.ravel()[first:], groups.y.ravel()[first:]
    animation.draw_training(path, x, y, moving, f"learning rate {RECIPE.lr:g}", "article")


def _weights_by_epoch(network: ElmanNetwork, groups: Groups) -> Array:
    """All weights in one row (epochs, weights), after each epoch of training `network`."""
    training = Training([network], [groups], [RECIPE], Exact, kept=())
    rows: list[Array] = []
    while not training.finished:
        training.advance()
        rows.append(np.concatenate([weights.ravel() for name, weights in training.state().items() if name in "wvbzc"]))
    return np.array(rows)


def _node(ax: Axes, x: float, y: float, text: str) -> None:
    ax.add_patch(Circle((x, y), 0.52, facecolor="white", edgecolor=INK, linewidth=1.2, zorder=3))
    ax.text(x, y, text, ha="center", va="center", fontsize=10, zorder=4)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, bend: float = 0.0) -> None:
    ax.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=11, color=colour, shrinkA=25, shrinkB=25,
                        connectionstyle=f"arc3,rad={bend}", linewidth=1.3, zorder=2)
    )  # fmt: skip


if __name__ == "__main__":
    for draw in (draw_window, draw_frozen, draw_saturation, draw_chaos):
        draw(PICTURES / f"{draw.__name__.removeprefix('draw_')}.png")
    draw_training(PICTURES / "training.gif")
