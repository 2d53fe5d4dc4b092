"""Variable projection: the loss of one-step forecasts under the best readout, over a whole series, and its gradient.

    û_{t+1} = u_t's last value + A · (the past few groups, less that value) + Z h_t + c

Given the states h_t, the best A, Z and c under a ridge penalty have a closed form: variable projection (Golub and
Pereyra 1973). What remains to be learned by descent is W, V and b alone. And since A, Z and c are at their optimum, the
gradient is what it would be if they were fixed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.ensemble.recurrent import Alike, RecurrentLayers, equally_long, next_groups, states, through_time

WASHOUT = 5
"""The first groups of a series are not learned from: the state has not yet seen anything."""


@dataclass(frozen=True)
class TrainingData:
    """What several series teach their networks, ready for descent.

    `u` (networks, phases, steps, group_size): inputs, zero where a series has ended; each group with the inputs known
    ahead of the next behind it, where there are such (group_size for each). `counts` (networks, phases,
    steps): 1 where there is a next group to learn from. `known` (networks, phases, steps, features): the linear part's
    inputs. `wanted` (networks, phases, steps, group_size): the next group less the last value. What does not count is
    zero. `penalty` (features + hidden,) on the coefficients of both. `alike`: networks whose series are equally long.
    """

    u: Array
    counts: Array
    known: Array
    wanted: Array
    penalty: Array
    decay: float
    alike: Alike

    @classmethod
    def of(
        cls, series: list[Array], size: int, hidden: int, phases: int, past: int, ridge: float, decay: float,
        known_ahead: list[Array] | None = None,
    ) -> "TrainingData":  # fmt: skip
        """From scaled `series`, each (points,), one a network; `past` groups are the linear part's memory.

        `ridge` is the penalty on Z, a hundredth of it that on A; `decay` that on W and V. `known_ahead`: the inputs
        (points, inputs) that each network sees, zero for one that sees none.
        """
        offsets = [round(k * size / phases) for k in range(phases)]
        steps = max(len(s) for s in series) // size
        u = np.zeros((len(series), phases, steps, size))
        there = np.zeros((len(series), phases, steps))
        for i, s in enumerate(series):
            for k, offset in enumerate(offsets):
                count = (len(s) - offset) // size
                u[i, k, :count] = s[offset : offset + count * size].reshape(count, size)
                there[i, k, :count] = 1
        counts = there[:, :, 1:] * there[:, :, :-1]
        for i, s in enumerate(series):
            counts[i, :, : max(past - 1, min(WASHOUT, len(s) // size // 4))] = 0
        last = u[:, :, :-1, -1:]
        lagged = [
            np.concatenate([np.zeros_like(u[:, :, :k]), u[:, :, : steps - 1 - k]], axis=2) - last for k in range(past)
        ]
        known = np.concatenate([*lagged, np.ones_like(last)], axis=3) * counts[..., np.newaxis]
        wanted = (u[:, :, 1:] - last) * counts[..., np.newaxis]
        penalty = np.concatenate([np.full(past * size, ridge / 100), [1e-9], np.full(hidden, ridge)])
        alike = equally_long([len(s) // size - 1 for s in series])
        seen = u[:, :, :-1]
        if known_ahead:
            coming = np.zeros((*seen.shape[:3], size * known_ahead[0].shape[1]))
            for i, inputs in enumerate(known_ahead):
                for k, offset in enumerate(offsets):
                    count = (len(inputs) - offset) // size - 1
                    coming[i, k, :count] = next_groups(inputs[offset:], size, count)
            seen = np.concatenate([seen, coming], axis=3)
        return cls(seen, counts, known, wanted, penalty, decay, alike)


def loss_and_gradient(trunk: RecurrentLayers, data: TrainingData) -> tuple[Array, RecurrentLayers]:
    """The loss of each network (networks,), and its derivatives by `w`, `v` and `b` in their shapes.

    Mean squared one-step error, plus the ridge penalty on A and Z, plus decay · (‖W‖² + ‖V‖²).
    """
    seen = states(trunk, data.u, data.alike)
    loss, dh = np.empty(len(seen)), np.zeros_like(seen)
    for which, steps in data.alike:
        loss[which], dh[which, :, :steps] = _readout(data, which, steps, seen[which, :, :steps])
    gradient = through_time(trunk, data.u, seen, dh, data.alike)
    weights = data.decay * ((trunk.w**2).sum(axis=(1, 2)) + (trunk.v**2).sum(axis=(1, 2)))
    decay = 2 * data.decay
    return loss + weights, RecurrentLayers(gradient.w + decay * trunk.w, gradient.v + decay * trunk.v, gradient.b)


def _readout(data: TrainingData, which: AnyArray, steps: int, seen: Array) -> tuple[Array, Array]:
    """The loss with the best readout of some networks' states, and its derivative by these, in their shape.

    `seen` (networks, phases, steps, hidden): the states of the networks numbered `which`, whose series are equally
    long.
    """
    networks, hidden = len(which), seen.shape[-1]
    counts, known, wanted = (
        array[which, :, :steps].reshape(networks, -1, array.shape[-1])
        for array in (data.counts[..., np.newaxis], data.known, data.wanted)
    )
    rows = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    features = np.concatenate([known, seen.reshape(networks, -1, hidden) * counts], axis=2)
    across = features.transpose(0, 2, 1)
    best = np.linalg.solve(across @ features + rows * np.diag(data.penalty), across @ wanted)
    errors = wanted - features @ best
    size = errors.shape[-1]
    fit = (errors**2).sum(axis=(1, 2)) / (rows[:, 0, 0] * size)
    ridge = (data.penalty[:, np.newaxis] * best**2).sum(axis=(1, 2)) / size
    dh = (-2 / (rows * size) * errors @ best[:, -hidden:].transpose(0, 2, 1)).reshape(seen.shape)
    return fit + ridge, dh


def descend(
    trunk: RecurrentLayers,
    data: TrainingData,
    iterations: int,
    lr: float,
    on_progress: Callable[[int, float], None] = lambda iteration, loss: None,
) -> tuple[RecurrentLayers, Array]:
    """`iterations` of Adam (Kingma & Ba 2015) on each network apart.

    Returns the weights reached, and the losses (iterations, networks) on the way, each before its update. The learning
    rate falls from `lr` to zero along half a cosine.
    """
    weights = trunk.arrays()
    mean, square = [np.zeros_like(a) for a in weights], [np.zeros_like(a) for a in weights]
    losses = []
    for i in range(iterations):
        loss, gradient = loss_and_gradient(RecurrentLayers(*weights), data)
        losses.append(loss)
        on_progress(i + 1, float(loss.mean()))
        rate = lr * 0.5 * (1 + np.cos(np.pi * i / iterations))
        moved = []
        for k, (weight, slope) in enumerate(zip(weights, gradient.arrays(), strict=True)):
            mean[k] = 0.9 * mean[k] + 0.1 * slope
            square[k] = 0.99 * square[k] + 0.01 * slope**2
            unbiased = mean[k] / (1 - 0.9 ** (i + 1)), square[k] / (1 - 0.99 ** (i + 1))
            moved.append(weight - rate * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-12))
        weights = (moved[0], moved[1], moved[2])
    return RecurrentLayers(*weights), np.array(losses).reshape(iterations, -1)
