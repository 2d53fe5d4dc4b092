"""Inspect a network: its hidden units over the series and over the forecast, with learning switched off."""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.elman.network import ElmanNetwork
from rnn.elman.training import Trained
from rnn.ensemble.model import TrainedEnsemble
from rnn.scaling import Scaling
from rnn.series import Groups, ungroup

SATURATED = 0.99
"""Beyond ± this a tanh hardly answers its input any more: its slope is below 0.02."""


@dataclass(frozen=True)
class Anatomy:
    """A network's `states` (steps, hidden) after each group, the last ones beyond the series.

    `inputs` and `outputs` (steps, group_size): what it was fed and what it gave, in its own units. `seen`: so many
    steps are the series, the rest is the forecast. `weights`: by the article's letters.
    """

    weights: dict[str, Array]
    states: Array
    inputs: Array
    outputs: Array
    seen: int

    @property
    def saturated(self) -> Array:
        """The share of the units beyond ±SATURATED at each step (steps,)."""
        return np.asarray((np.abs(self.states) > SATURATED).mean(axis=1))

    @property
    def range(self) -> tuple[float, float]:
        """The least and the largest input of the series: what it was trained on."""
        known = self.inputs[: self.seen]
        return float(known.min()), float(known.max())

    @property
    def leaves(self) -> int | None:
        """The first step of the forecast, counted from 1, that is fed something outside that range; None if none is."""
        low, high = self.range
        outside = ((self.inputs[self.seen :] < low) | (self.inputs[self.seen :] > high)).any(axis=1)
        return int(outside.argmax()) + 1 if outside.any() else None


def of_network(trained: Trained, groups: Groups, ahead: Array) -> Anatomy:
    """The article's network over its series and over the forecast's x, `ahead` (horizon, group_size).

    Over the series it starts from rest with its final weights; the forecast starts, as it did, from the state in which
    training ended.
    """
    network = trained.network
    over, outputs = _walk(network, groups.x, network.rest())
    beyond, said = _walk(network, ahead[:, :, np.newaxis], trained.h_last)
    return Anatomy(
        trained.final,
        np.concatenate([over, beyond]),
        np.concatenate([groups.x[:, :, 0], ahead]),
        np.concatenate([outputs, said]),
        len(groups),
    )


def _walk(network: ElmanNetwork, xs: Array, h: Array) -> tuple[Array, Array]:
    states, outputs = [], []
    for x in xs:
        y, h = network.step(x, h)
        states.append(h[:, 0])
        outputs.append(y[:, 0])
    return np.array(states), np.array(outputs)


def of_member(ensemble: TrainedEnsemble, member: int, groups: Groups, horizon: int) -> Anatomy:
    """One member of an ensemble over its series and, fed its own forecasts, over `horizon` groups; in scaled units.

    `groups` are without the effect of inputs known ahead, but have these, where the ensemble has learned with them.
    """
    w, v, b, z, c, a = (getattr(ensemble, name)[member] for name in "wvbzca")
    unit, centre, spread, low, high, log = ensemble.scaling[member].tolist()
    scaling = Scaling(unit, centre, spread, low, high, bool(log))
    line = scaling.scale(ungroup(groups).y)
    size, memory, known = groups.group_size, a.shape[1], len(line)
    h, states, outputs = np.zeros_like(b), [], []
    inputs = groups.known.values[size:] if groups.known else np.zeros((0, 0))
    coming = ensemble.seen(inputs, len(groups) + horizon)
    for t in range(len(groups) + horizon):
        at = t * size
        past = line[max(0, at - memory) : at]
        past = np.concatenate([np.zeros(memory - len(past)), past])
        said = np.clip(a @ past[:, np.newaxis] + z @ h + c, scaling.low, scaling.high)[:, 0]
        if at >= known:
            line = np.concatenate([line, said])
        h = np.tanh(w @ np.concatenate([line[at : at + size], coming[t]])[:, np.newaxis] + v @ h + b)
        states.append(h[:, 0])
        outputs.append(said)
    weights = {"w": w, "v": v, "b": b, "z": z, "c": c, "a": a}
    return Anatomy(weights, np.array(states), line.reshape(-1, size), np.array(outputs), len(groups))
