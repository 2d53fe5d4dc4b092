"""A run's networks from within: weights as heat maps, hidden units over the series and the forecast."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from artifacts.plots.axis import Axis
from artifacts.plots.figures import ROLES
from artifacts.reports.pipeline_charts import PLAIN, named
from artifacts.reports.pipeline_run import PipelineRun
from artifacts.web.blocks import Beside, Section
from artifacts.web.chart import Chart, Line, Mark
from artifacts.web.heatmap import HeatMap
from artifacts.web.palette import slot
from artifacts.web.scales import Scale
from rnn.arrays import AnyArray, Array, Parameters
from rnn.elman.training import Trained
from rnn.ensemble.model import TrainedEnsemble
from rnn.inspection import SATURATED, Anatomy, of_member, of_network
from rnn.series import Groups, group

GROUPS = 2000
"""So many groups of the series are walked over at the most."""

SLIGHT = 0.05
"""Members with less than this share of an ensemble's weight hardly move its forecast."""

LETTERS = {
    "w": ("W, from the input", "hidden unit", "input"),
    "v": ("V, from the last state", "hidden unit", "hidden unit before"),
    "z": ("Z, to the output", "output", "hidden unit"),
    "a": ("A, from past points", "output", "past point"),
}


def anatomy_sections(run: PipelineRun) -> list[Section]:
    """A few sections for each recipe of the main job."""
    ahead = run.forecasts[0].x
    learned = group(run.series, ahead.shape[1])
    found: list[Section] = []
    for name, trained in run.trained.items():
        found += _windowed(name, trained, learned, ahead)
    for name, ensemble in run.ensembles.items():
        found += ensemble_sections(name, ensemble, learned, len(ahead), run.axis)
    return found


def ensemble_sections(
    name: str, ensemble: TrainedEnsemble, learned: Groups, horizon: int, axis: Axis, lead: str = ""
) -> Iterator[Section]:
    """Two sections about an ensemble: what its members say, and its strongest one from within, with its weights.

    `learned`: the groups that it was trained on. `lead` is said before all else.
    """
    called = f"the {name}" if name in ROLES else name
    groups, member = recent(learned), strongest(ensemble)
    ahead = learned.x[-1, -1, 0] + learned.step * np.arange(1.0, horizon * learned.group_size + 1)
    inside = of_member(ensemble, member, groups, horizon)
    x = np.concatenate([groups.x[:, -1, 0], ahead[learned.group_size - 1 :: learned.group_size]])
    yield Section(
        f"Inside {called}",
        f"{lead}{who_counts(ensemble, member)} {verdict(inside, known_range(learned))}",
        [_fan(name, ensemble, groups, ahead, axis), _units(inside), _saturation(name, inside, x, axis)],
    )
    maps = [_weights(inside.weights, letter, title) for letter, (title, *_) in LETTERS.items()]
    yield Section(f"The weights of {called}", f"Those of member {member + 1}, in its own scaled units.", [Beside(maps)])


def recent(groups: Groups) -> Groups:
    """The newest GROUPS groups: of a long series the rest would neither fit on the page nor be seen."""
    return replace(groups, x=groups.x[-GROUPS:], y=groups.y[-GROUPS:])


def known_range(learned: Groups) -> str:
    """What the range of the `recent` groups is to a network that was trained on all of them."""
    return "that it was trained on" if len(learned) <= GROUPS else f"of the newest {GROUPS} groups"


def recurrent(ensemble: TrainedEnsemble) -> AnyArray:
    """Which members (members,) read a recurrent state, and do not go by their linear skips alone."""
    return np.asarray(np.any(ensemble.z != 0, axis=(1, 2)))


def strongest(ensemble: TrainedEnsemble) -> int:
    """The member that counts most among those that read a recurrent state; if none of these counts, among all."""
    weight = np.where(recurrent(ensemble), ensemble.weight, 0.0)
    return int((weight if weight.any() else ensemble.weight).argmax())


def who_counts(ensemble: TrainedEnsemble, member: int) -> str:
    """How much of an ensemble's weight reads a recurrent state, and which member is shown, in a few sentences."""
    state = float(ensemble.weight[recurrent(ensemble)].sum())
    skips = float(ensemble.weight[~recurrent(ensemble)].sum())
    told = f"An ensemble of {len(ensemble.weight)} members."
    shown = f"Below is member {member + 1}, the one that counts most"
    if not state:
        return (
            f"{told} None that counts reads a recurrent state: all of its weight goes by linear skips alone. {shown}; "
            "its hidden units go along with the series, but its forecast does not read them."
        )
    share = state / (state + skips)
    split = (
        f"{_percent(share)} of its weight reads a recurrent state, {_percent(1 - share)} goes by linear skips alone."
        if skips
        else "All of its weight reads a recurrent state."
    )
    slight = " What its hidden units do hardly moves the ensemble's forecast." if share < SLIGHT else ""
    return f"{told} {split} {shown} of those that read such a state.{slight}"


def _percent(share: float) -> str:
    """A share that is neither nothing nor all, and does not look so."""
    return "less than 0.1%" if share < 0.001 else "more than 99.9%" if share > 0.999 else f"{share:.1%}"


def verdict(inside: Anatomy, known: str = "that it was trained on") -> str:
    """What the hidden units over the forecast say, in a sentence or two; `known` says which range the inputs have."""
    share = float(inside.saturated[inside.seen :].mean())
    steps = np.diff(inside.states[inside.seen :], axis=0)
    moves = float(np.abs(steps).max()) if steps.size else 0.0
    low, high = inside.range
    beyond = f"sit beyond ±{SATURATED}, where a tanh hardly answers any more"
    told = f"Over the forecast {share:.0%} of the hidden units {beyond}"
    still = f", and none moves by more than {moves:.2g} from step to step" if moves < 0.05 else ""
    where = (
        f" From step {inside.leaves} of the forecast on it is fed values outside {low:.3g} to {high:.3g}, the range "
        f"{known}."
        if inside.leaves
        else f" The forecast stays within {low:.3g} to {high:.3g}, the range {known}."
    )
    return f"{told}{still}.{where}"


def _windowed(name: str, trained: Trained, learned: Groups, ahead: Array) -> Iterator[Section]:
    groups = recent(learned)
    inside = of_network(trained, groups, ahead)
    x = np.concatenate([groups.x[:, -1, 0], ahead[:, -1]])
    yield Section(
        f"Inside {name}",
        verdict(inside, known_range(learned)),
        [_units(inside), _saturation(name, inside, x), _range(name, inside, groups, ahead)],
    )
    first, last = (
        Beside([_weights(weights, letter, f"{LETTERS[letter][0]}, {when}") for letter in "wvz"])
        for weights, when in ((trained.initial, "at first"), (inside.weights, "trained"))
    )
    yield Section(f"The weights of {name}", "As they were drawn, and as training left them.", [first, last])


def _fan(name: str, ensemble: TrainedEnsemble, groups: Groups, ahead: Array, axis: Axis) -> Chart:
    """The end of the series, and what each of the members that count most says of the points `ahead` (points,)."""
    said, weight = ensemble.members(len(ahead) // groups.group_size), ensemble.weight
    count, near = min(12, len(said)), max(2, len(ahead) // 2)
    order = np.argsort(-weight, kind="stable")[:count]
    lines = [
        Line.of_data("data", groups.x.ravel()[-near:], groups.y.ravel()[-near:]),
        *(
            Line(name=f"member {k + 1}, weight {weight[k]:.1%}", x=ahead, y=said[k].ravel(), colour=slot(name))
            for k in order
        ),
    ]
    alt = f"The forecasts of the {count} members that count most, of {len(said)}, behind the end of the data."
    mark = Mark(float(groups.x[-1, -1, 0]), "forecast →")
    names = named(axis, lines)
    return Chart(
        title="What its members say",
        alt=alt,
        lines=lines,
        x_label=axis.x_name,
        y_label=axis.y_name,
        marks=[mark],
        names=names,
        table=False,
    )


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
        title="Hidden units, group by group",
        alt=alt,
        values=inside.states[:, order].T,
        full=1.0,
        rows="hidden unit",
        columns="group",
        mark=(inside.seen, "forecast →"),
    )


def _saturation(name: str, inside: Anatomy, x: Array, axis: Axis = PLAIN) -> Chart:
    share = 100 * inside.saturated
    line = Line.of_method(name, x, share)
    alt = f"The share of hidden units beyond ±{SATURATED}: from {share.min():.0f} to {share.max():.0f} %."
    mark = Mark(float(x[inside.seen - 1]), "forecast →")
    y_name, names = f"% of the units beyond ±{SATURATED}", named(axis, [line])
    y_range = Scale.of([share, np.array([0.0, 10.0])])  # a line of zeros lies on the ground
    return Chart(
        title="Saturated units",
        alt=alt,
        lines=[line],
        x_label=axis.x_name,
        y_label=y_name,
        marks=[mark],
        y_range=y_range,
        names=names,
        table=False,
    )


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
    return Chart(
        title="Where it leaves the range it was trained on",
        alt=alt,
        lines=lines,
        x_label="x",
        y_label="y",
        marks=marks,
        table=False,
    )


def _weights(weights: Parameters, letter: str, title: str) -> HeatMap:
    _, rows, columns = LETTERS[letter]
    values = weights[letter]
    full = float(np.abs(values).max())
    alt = f"{values.shape[0]} × {values.shape[1]} weights, the largest of size {full:.3g}."
    return HeatMap(title=title, alt=alt, values=values, full=full, rows=rows, columns=columns)
