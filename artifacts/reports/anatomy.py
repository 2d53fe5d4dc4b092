"""The anatomy of a run's networks: weights as heat maps, hidden units over the series and the forecast."""

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
from artifacts.web.palette import GREENS, member_dashes, member_slot
from artifacts.web.scales import Scale
from rnn.arrays import AnyArray, Array, Parameters
from rnn.elman.training import Trained
from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.statistical_members import MEMBERS
from rnn.inspection import SATURATED, Anatomy, of_member, of_network
from rnn.known_inputs import part_of
from rnn.series import Groups, group, ungroup

GROUPS = 2000
"""Groups of the series, the newest ones, that the hidden units are shown over at most."""

SLIGHT = 0.05
"""A share of an ensemble's weight below which members hardly influence its forecast."""

LETTERS = {
    "w": ("W, from the input", "hidden unit", "input"),
    "v": ("V, from the last state", "hidden unit", "hidden unit before"),
    "z": ("Z, to the output", "output", "hidden unit"),
    "a": ("A, from past points", "output", "past point"),
}


def anatomy_sections(run: PipelineRun) -> list[Section]:
    """The sections for each recipe of the main job."""
    ahead = run.forecasts[0].x
    learned = group(run.series, ahead.shape[1])
    sections: list[Section] = []
    for name, trained in run.trained.items():
        sections += _windowed(name, trained, learned, ahead)
    for name, ensemble in run.ensembles.items():
        sections += ensemble_sections(name, ensemble, learned, len(ahead), run.axis)
    return sections


def ensemble_sections(
    name: str, ensemble: TrainedEnsemble, learned: Groups, horizon: int, axis: Axis, lead: str = ""
) -> Iterator[Section]:
    """Two sections on an ensemble: its networks' forecasts and the strongest one's hidden units, then its weights.

    Of an ensemble without networks, one section in words. `learned`: the groups that it was trained on. `lead`: the
    first words of the text.
    """
    called = f"the {name}" if name in ROLES else name
    if ensemble.effect is not None:
        left = group(ensemble.effect.left(ungroup(learned)), learned.group_size)
        learned = replace(left, known=learned.known)
        lead += "It learned what the inputs known ahead leave of the series, which is what is shown here. "
    if not ensemble.networks:
        yield Section(f"Inside {called}", f"{lead}{share_sentences(ensemble)}", [])
        return
    groups, member = recent(learned), strongest(ensemble)
    ahead = learned.x[-1, -1, 0] + learned.step * np.arange(1.0, horizon * learned.group_size + 1)
    inside = of_member(ensemble, member, groups, horizon)
    x = np.concatenate([groups.x[:, -1, 0], ahead[learned.group_size - 1 :: learned.group_size]])
    yield Section(
        f"Inside {called}",
        f"{lead}{weight_sentences(ensemble, member)} {saturation(inside, known_range(learned))} "
        f"{share_sentences(ensemble)}",
        [_fan(ensemble, groups, ahead, axis), _units(inside), _saturation(name, inside, x, axis)],
    )
    maps = [_weights(inside.weights, letter, title) for letter, (title, *_) in LETTERS.items()]
    yield Section(
        f"The weights of {called}",
        f"Those of member {member + 1}, in its own scaled units.{_columns(ensemble)}",
        [Beside(maps)],
    )


def _columns(ensemble: TrainedEnsemble) -> str:
    """What stands in which columns of W, where networks see inputs known ahead."""
    size = ensemble.group_size
    if ensemble.w.shape[2] == size:
        return ""
    return (
        f" Behind the first {size} columns of W are those of the inputs known ahead at the {size} points that follow."
    )


def recent(groups: Groups) -> Groups:
    """The newest GROUPS groups: more would neither fit on the page nor be visible."""
    known = part_of(groups.known, max(0, len(groups) - GROUPS) * groups.group_size)
    return replace(groups, x=groups.x[-GROUPS:], y=groups.y[-GROUPS:], filled=None, known=known)


def known_range(learned: Groups) -> str:
    """Words for the range of the `recent` groups, as seen by a network that was trained on all of `learned`."""
    return "that it was trained on" if len(learned) <= GROUPS else f"of the newest {GROUPS} groups"


def recurrent(ensemble: TrainedEnsemble) -> AnyArray:
    """A mask (members,) of the members that read a recurrent state, and not their linear skips alone."""
    return np.asarray(np.any(ensemble.z != 0, axis=(1, 2)))


def strongest(ensemble: TrainedEnsemble) -> int:
    """The member of the largest weight among those that read a recurrent state; if they have none, among all."""
    weight = np.where(recurrent(ensemble), ensemble.weight, 0.0)
    return int((weight if weight.any() else ensemble.weight).argmax())


def weight_sentences(ensemble: TrainedEnsemble, member: int) -> str:
    """Sentences on the share of an ensemble's weight that reads a recurrent state, and on the `member` shown."""
    state = float(ensemble.weight[recurrent(ensemble)].sum())
    skips = float(ensemble.weight[~recurrent(ensemble)].sum())
    size = f"An ensemble of {len(ensemble.weight)} members."
    shown = f"Below is member {member + 1}, which has the largest weight"
    if not state:
        return (
            f"{size} No member with weight reads a recurrent state: all of the weight is on linear skips. {shown}; its "
            "hidden units follow the series, but its forecast does not read them."
        )
    share = state / (state + skips)
    split = (
        f"Of its weight {_percent(share)} reads a recurrent state, {_percent(1 - share)} linear skips alone."
        if skips
        else "All of its weight reads a recurrent state."
    )
    slight = " Its hidden units hardly influence the ensemble's forecast." if share < SLIGHT else ""
    return f"{size} {split} {shown} of those that read such a state.{slight}"


def share_sentences(ensemble: TrainedEnsemble) -> str:
    """How the forecast is shared between networks and statistical members, and which of these count most."""
    if ensemble.pool is None:
        return ""
    weight, share = ensemble.pool.weight, float(ensemble.share[0])
    most = ", ".join(f"{MEMBERS[k]} {weight[k]:.0%}" for k in np.argsort(-weight, kind="stable")[:5])
    if not ensemble.networks:
        return f"No network was trained: little of this series can be foreseen. Statistical members: {most}, …"
    if share == 1:
        return "The statistical members have no share: at earlier origins the networks forecast so much better."
    return f"The networks' share of the forecast is {share:.0%}; the rest is the statistical members': {most}, …"


def _percent(share: float) -> str:
    """A share between none and all, never rounded to either."""
    return "less than 0.1%" if share < 0.001 else "more than 99.9%" if share > 0.999 else f"{share:.1%}"


def saturation(inside: Anatomy, known: str = "that it was trained on") -> str:
    """Sentences on the hidden units over the forecast: how many are saturated, and whether inputs leave their range.

    `known`: words for the range of the inputs so far.
    """
    share = float(inside.saturated[inside.seen :].mean())
    steps = np.diff(inside.states[inside.seen :], axis=0)
    moves = float(np.abs(steps).max()) if steps.size else 0.0
    low, high = (f"{bound:.3g}".replace("-", "−") for bound in inside.range)
    saturated = (
        f"Over the forecast {share:.0%} of the hidden units are beyond ±{SATURATED}, where a tanh hardly responds to "
        "its input"
    )
    still = f", and none changes by more than {moves:.2g} from step to step" if steps.size and moves < 0.05 else ""
    where = (
        f" From step {inside.leaves} of the forecast on, its inputs are outside {low} to {high}, the range {known}."
        if inside.leaves
        else f" The forecast stays within {low} to {high}, the range {known}."
    )
    return f"{saturated}{still}.{where}"


def _windowed(name: str, trained: Trained, learned: Groups, ahead: Array) -> Iterator[Section]:
    groups = recent(learned)
    inside = of_network(trained, groups, ahead)
    x = np.concatenate([groups.x[:, -1, 0], ahead[:, -1]])
    yield Section(
        f"Inside {name}",
        saturation(inside, known_range(learned)),
        [_units(inside), _saturation(name, inside, x), _range(name, inside, groups, ahead)],
    )
    first, last = (
        Beside([_weights(weights, letter, f"{LETTERS[letter][0]}, {when}") for letter in "wvz"])
        for weights, when in ((trained.initial, "at first"), (inside.weights, "trained"))
    )
    yield Section(f"The weights of {name}", "Before training, as they were drawn, and after it.", [first, last])


def _fan(ensemble: TrainedEnsemble, groups: Groups, ahead: Array, axis: Axis) -> Chart:
    """The end of the series, and the forecasts at `ahead` (points,) by the members of the largest weights."""
    forecasts, weight = ensemble.members(len(ahead) // groups.group_size), ensemble.weight
    count, near = min(GREENS, len(forecasts)), max(2, len(ahead) // 2)
    order = np.argsort(-weight, kind="stable")[:count]
    lines = [
        Line.of_data("data", groups.x.ravel()[-near:], groups.y.ravel()[-near:]),
        *(
            Line(
                name=f"member {k + 1}, weight {weight[k]:.1%}",
                x=ahead,
                y=forecasts[k].ravel(),
                colour=member_slot(place),
                dashes=member_dashes(place),
            )
            for place, k in enumerate(order)
        ),
    ]
    alt = (
        f"The forecasts of the {count} members of the largest weights, of {len(forecasts)}, after the end of the data."
    )
    mark = Mark(float(groups.x[-1, -1, 0]), "forecast →")
    names = named(axis, lines)
    return Chart(
        title="The members' forecasts",
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
    top = max(10.0, 1.12 * share.max())  # room for the mark's name; a line of zeros lies on the x axis
    y_range = Scale.of([share, np.array([0.0, top])])
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
    """The network's output for each x, and the end of the trained range, beyond which a few outputs repeat."""
    low, high = inside.range
    x, y = groups.x.ravel(), inside.outputs.ravel()
    lines = [
        Line.of_data("data", x, groups.y.ravel()),
        Line.of_method(name, np.concatenate([x, ahead.ravel()]), y),
    ]
    marks = [Mark(high, "the trained range ends →")]
    alt = (
        f"The output of the trained network for x from {low:.3g} to {ahead.max():.3g}; it was trained up to {high:.3g}."
    )
    return Chart(
        title="Output beyond the trained range",
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
