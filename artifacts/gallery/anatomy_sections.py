"""A run's networks from within: weights as heat maps, hidden units over the series and the forecast."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from artifacts.contents import Contents
from artifacts.gallery.blocks import Beside, Section
from artifacts.gallery.chart import Chart, Line, Mark
from artifacts.gallery.heatmap import HeatMap
from artifacts.gallery.palette import slot
from rnn.anatomy import SATURATED, Anatomy, of_member, of_network
from rnn.arrays import Array, Parameters
from rnn.ensemble import TrainedEnsemble
from rnn.series import Groups, group

GROUPS = 2000
"""So many groups of the series are walked over at the most."""

LETTERS = {
    "w": ("W, from the input", "hidden unit", "input"),
    "v": ("V, from the last state", "hidden unit", "hidden unit before"),
    "z": ("Z, to the output", "output", "hidden unit"),
    "a": ("A, from past points", "output", "past point"),
}


def anatomy_sections(run: Contents) -> list[Section]:
    """A few sections for each recipe."""
    ahead = run.forecasts[0].x
    groups = recent(group(run.series, ahead.shape[1]))
    natural = run.series.x[-1] + run.series.step * np.arange(1, ahead.size + 1).reshape(ahead.shape)
    found: list[Section] = []
    for name, trained in run.trained.items():
        found += _windowed(name, of_network(trained, groups, ahead), trained.initial, groups, ahead)
    for name, ensemble in run.ensembles.items():
        member = strongest(ensemble)
        found += _member(name, member, ensemble, of_member(ensemble, member, groups, len(ahead)), groups, natural)
    return found


def recent(groups: Groups) -> Groups:
    """The newest GROUPS groups: of a long series the rest would neither fit on the page nor be seen."""
    return replace(groups, x=groups.x[-GROUPS:], y=groups.y[-GROUPS:])


def strongest(ensemble: TrainedEnsemble) -> int:
    """The member that counts most among those that use their recurrent state; if none does, among all."""
    recurrent = np.any(ensemble.z != 0, axis=(1, 2))
    weight = np.where(recurrent, ensemble.weight, 0.0) if recurrent.any() else ensemble.weight
    return int(weight.argmax())


def verdict(inside: Anatomy) -> str:
    """What the hidden units over the forecast say, in a sentence or two."""
    share = float(inside.saturated[inside.seen :].mean())
    steps = np.diff(inside.states[inside.seen :], axis=0)
    moves = float(np.abs(steps).max()) if steps.size else 0.0
    low, high = inside.range
    beyond = f"sit beyond ±{SATURATED}, where a tanh hardly answers any more"
    told = f"Over the forecast {share:.0%} of the hidden units {beyond}"
    still = f", and none moves by more than {moves:.2g} from step to step" if moves < 0.05 else ""
    where = (
        f" From step {inside.leaves} of the forecast on it is fed values outside {low:.3g} to {high:.3g}, the range "
        "that it was trained on."
        if inside.leaves
        else f" The forecast stays within {low:.3g} to {high:.3g}, the range that it was trained on."
    )
    return f"{told}{still}.{where}"


def _windowed(name: str, inside: Anatomy, initial: Parameters, groups: Groups, ahead: Array) -> Iterator[Section]:
    x = np.concatenate([groups.x[:, -1, 0], ahead[:, -1]])
    yield Section(
        f"Inside {name}",
        verdict(inside),
        [_units(inside), _saturation(name, inside, x), _range(name, inside, groups, ahead)],
    )
    first, last = (
        Beside([_weights(weights, letter, f"{LETTERS[letter][0]}, {when}") for letter in "wvz"])
        for weights, when in ((initial, "at first"), (inside.weights, "trained"))
    )
    yield Section(f"The weights of {name}", "As they were drawn, and as training left them.", [first, last])


def _member(
    name: str, member: int, ensemble: TrainedEnsemble, inside: Anatomy, groups: Groups, ahead: Array
) -> Iterator[Section]:
    said, weight = ensemble.members(len(ahead)), ensemble.weight
    count = min(12, len(said))
    order = np.argsort(-weight, kind="stable")[:count]
    x = ahead.ravel()
    lines = [Line(f"member {k + 1}, weight {weight[k]:.1%}", x, said[k].ravel(), slot(name)) for k in order]
    near = groups.x.ravel() >= ahead.min() - 0.5 * (ahead.max() - ahead.min())
    lines.insert(0, Line.of_data("data", groups.x.ravel()[near], groups.y.ravel()[near]))
    alt = f"The forecasts of the {count} members that count most, of {len(said)}, behind the end of the data."
    fan = Chart(
        "What its members say", alt, lines, "x", "y", [Mark(float(groups.x[-1, -1, 0]), "forecast →")], table=False
    )
    x = np.concatenate([groups.x[:, -1, 0], ahead[:, -1]])
    yield Section(
        f"Inside {name}",
        f"An ensemble of {len(said)} members. Below it, member {member + 1}, the one that counts most of those with a "
        f"recurrent state. {verdict(inside)}",
        [fan, _units(inside), _saturation(name, inside, x)],
    )
    maps = [_weights(inside.weights, letter, title) for letter, (title, *_) in LETTERS.items()]
    yield Section(f"The weights of {name}", f"Those of member {member + 1}, in its own scaled units.", [Beside(maps)])


def _units(inside: Anatomy) -> HeatMap:
    order = np.argsort(inside.states[: inside.seen].mean(axis=0), kind="stable")
    share = inside.saturated
    steps = f"{inside.seen} groups of data and {len(share) - inside.seen} of forecast"
    alt = (
        f"{inside.states.shape[1]} hidden units over {steps}, sorted by their mean: "
        f"{share[: inside.seen].mean():.0%} beyond ±{SATURATED} over the data, "
        f"{share[inside.seen :].mean():.0%} over the forecast."
    )
    return HeatMap(
        "Hidden units, group by group",
        alt,
        inside.states[:, order].T,
        1.0,
        "hidden unit",
        "group",
        (inside.seen, "forecast →"),
    )


def _saturation(name: str, inside: Anatomy, x: Array) -> Chart:
    share = 100 * inside.saturated
    line = Line.of_method(name, x, share)
    alt = f"The share of hidden units beyond ±{SATURATED}: from {share.min():.0f} to {share.max():.0f} %."
    mark = Mark(float(x[inside.seen - 1]), "forecast →")
    return Chart("Saturated units", alt, [line], "x", f"% of the units beyond ±{SATURATED}", [mark], table=False)


def _range(name: str, inside: Anatomy, groups: Groups, ahead: Array) -> Chart:
    """What the network gives for each x, and how far it was trained: beyond, the same few outputs come again."""
    low, high = inside.range
    x, y = groups.x.ravel(), inside.outputs.ravel()
    lines = [
        Line.of_data("data", x, groups.y.ravel()),
        Line.of_method(name, np.concatenate([x, ahead.ravel()]), y),
    ]
    marks = [Mark(high, "the trained range ends →")]
    alt = f"What the trained network gives for x from {low:.3g} to {ahead.max():.3g}; it was trained up to {high:.3g}."
    return Chart("Where it leaves the range it was trained on", alt, lines, "x", "y", marks, table=False)


def _weights(weights: Parameters, letter: str, title: str) -> HeatMap:
    _, rows, columns = LETTERS[letter]
    values = weights[letter]
    full = float(np.abs(values).max())
    alt = f"{values.shape[0]} × {values.shape[1]} weights, the largest of size {full:.3g}."
    return HeatMap(title, alt, values, full, rows, columns)
