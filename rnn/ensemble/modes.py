"""Modes: growing, damped and steady waves whose sum is fitted to a whole series at once.

A readout that is fitted from step to step takes noisy points for its inputs, and noise in the inputs pulls its
coefficients towards zero: waves are damped that were not (errors in variables). Here nothing noisy is an input. A
series is taken for the output of a chain of second-order sections,

    x_k'' = −b_k x_k' − c_k x_k + x_{k−1},        y = x_m + a constant,

and b and c are sought so that what the chain does *from its beginning* is nearest to y (output error; Ljung 1999,
chapter 4). A section is a wave that grows or dies, or two exponentials; two alike make a wave that grows linearly. The
starting values and the constant have a closed form (variable projection), b and c follow by Levenberg and Marquardt
with Kaufman's derivative (1975). Many series and many starts are fitted side by side: the first axis.
"""

import numpy as np

from rnn.arrays import Array

ROUNDS = 10
"""Steps of Levenberg and Marquardt for each number of sections."""

SMALL = 1e-11
"""Singular values below this share of the largest are nothing but rounding."""

NUDGE = 1e-6
"""b and c are changed by this much of their size to see what follows."""

SETTLED = 1e-5
"""A step that takes less than this share of what is left gains nothing."""

WINDOW = 64
"""Groups that are looked at together for a series' shift invariance, at the most."""


def responses(sections: Array, step: Array, count: int) -> Array:
    """What the chains can do: (batch, count, 2·m + 1), a column for each starting value and one for the constant.

    `sections` (batch, m, 2): b and c of each, for the time in which one step takes `step` (batch,).
    """
    batch, m, _ = sections.shape
    size = 2 * m + 1
    slope = np.zeros((batch, size, size))
    pace = (1 + sections[:, :, 1] ** 2) ** 0.25  # a section's state is x and x' / pace, so that both are alike in size
    for k in range(m):
        i = 2 * k
        slope[:, i, i + 1] = pace[:, k]
        slope[:, i + 1, i] = -sections[:, k, 1] / pace[:, k]
        slope[:, i + 1, i + 1] = -sections[:, k, 0]
        if k:
            slope[:, i + 1, i - 2] = pace[:, k]
    power = _exponential(slope * step[:, np.newaxis, np.newaxis])
    rows = np.zeros((batch, 1, size))
    rows[:, 0, [2 * m - 2, 2 * m]] = 1
    while rows.shape[1] < count:
        rows, power = np.concatenate([rows, rows @ power], axis=1), power @ power
    return np.asarray(rows[:, :count])


def _exponential(a: Array) -> Array:
    """The matrix exponential of each of `a` (batch, n, n): a Taylor series of a part of it, squared again and again."""
    halvings = int(np.ceil(np.log2(max(float(np.abs(a).sum(axis=-1).max()), 1e-9)))) + 3
    halvings = max(halvings, 0)
    part = a / 2.0**halvings
    total = np.eye(a.shape[-1]) + part
    term = part
    for k in range(2, 9):
        term = term @ part / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total


def fit_sections(series: list[Array], most: int) -> list[Array]:
    """For 1 to `most` sections, their b and c for each of `series`: (series, m, 2), where a series takes the time 1.

    More sections start from the best fit with one less: with one of them split in two, or with a new one where what is
    left over is strongest; and from the series' shift invariance (Kung 1978, Roy and Kailath 1989).
    """
    y = np.zeros((len(series), max(len(s) for s in series)))
    for i, s in enumerate(series):
        y[i, : len(s)] = s
    lengths = np.array([len(s) for s in series])
    invariant = [_signal_space(s) for s in series]
    found: list[Array] = []
    for m in range(1, most + 1):
        starts = [np.array([_shift_invariant(space, m, len(s)) for space, s in zip(invariant, series, strict=True)])]
        if not found:
            starts += [np.tile([[[0.0, pace**2]]], (len(series), 1, 1)) for pace in (4.0, 9.0, 20.0)]
        else:
            before = found[-1]
            for k in range(m - 1):
                pace = np.sqrt(np.abs(before[:, k, 1]) + 1)
                apart = np.stack([0.15 * pace, 0.1 * pace**2], axis=1)
                split = np.stack([before[:, k] + apart, before[:, k] - apart], axis=1)
                starts.append(np.concatenate([np.delete(before, k, axis=1), split], axis=1))
            left = Fit(before, y, lengths).residual
            strongest = np.abs(np.fft.rfft(left, 4 * left.shape[1]))[:, 1:].argmax(axis=1) + 1
            pace = 2 * np.pi * strongest * lengths / (4 * left.shape[1])
            new = np.stack([np.zeros(len(series)), pace**2], axis=1)[:, np.newaxis]
            starts.append(np.concatenate([before, new], axis=1))
        fitted, cost = descend(np.concatenate(starts), np.tile(y, (len(starts), 1)), np.tile(lengths, len(starts)))
        best = cost.reshape(len(starts), -1).argmin(axis=0)
        found.append(fitted.reshape(len(starts), len(series), m, 2)[best, np.arange(len(series))])
    return found


class Fit:
    """The best starting values for given sections, and what is left of `y` (batch, points), zero beyond its end.

    `memory` (batch,): how much of the noise is carried on from a point to the next (an autoregression of order 1). All
    is then whitened first (Cochrane and Orcutt 1949), and what is left are the noise's innovations.
    """

    def __init__(self, sections: Array, y: Array, lengths: Array, memory: Array | None = None) -> None:
        self.there = (np.arange(y.shape[1]) < lengths[:, np.newaxis])[..., np.newaxis]
        self.memory = np.zeros(len(y)) if memory is None else memory
        self.rows = whitened(np.where(self.there, responses(sections, 1 / lengths, y.shape[1]), 0), self.memory)
        y = whitened(y[..., np.newaxis], self.memory)[..., 0]
        self.norm = np.sqrt((self.rows**2).sum(axis=1, keepdims=True)) + 1e-300
        self.q, self.r = np.linalg.qr(self.rows / self.norm)
        self.along = self.q.transpose(0, 2, 1) @ y[..., np.newaxis]
        self.residual = y - (self.q @ self.along)[..., 0]
        self.cost = (self.residual**2).sum(axis=1)

    def derivative(self, sections: Array, lengths: Array) -> Array:
        """How the residual changes with each b and c, in steps of their size: (batch, points, 2·m)."""
        batch, m, _ = sections.shape
        amounts = (np.linalg.pinv(self.r, rcond=SMALL) @ self.along) / self.norm.transpose(0, 2, 1)
        moved = np.repeat(sections.reshape(batch, 1, 2 * m), 2 * m, axis=1)
        moved += NUDGE * sizes(sections)[:, np.newaxis] * np.eye(2 * m)
        rows = responses(moved.reshape(-1, m, 2), np.repeat(1 / lengths, 2 * m), self.rows.shape[1])
        rows = np.where(self.there[:, np.newaxis], rows.reshape(batch, 2 * m, *self.rows.shape[1:]), 0)
        rows = whitened(rows.reshape(-1, *self.rows.shape[1:]), np.repeat(self.memory, 2 * m)).reshape(rows.shape)
        change = ((rows - self.rows[:, np.newaxis]) @ amounts[:, np.newaxis])[..., 0].transpose(0, 2, 1) / NUDGE
        return np.asarray(self.q @ (self.q.transpose(0, 2, 1) @ change) - change)


def whitened(values: Array, memory: Array) -> Array:
    """`values` (batch, points, columns), each point less what it carries on from the one before: `memory` (batch,)."""
    if not memory.any():
        return values
    carried = memory[:, np.newaxis, np.newaxis]
    first = np.sqrt(1 - carried**2) * values[:, :1]
    return np.concatenate([first, values[:, 1:] - carried * values[:, :-1]], axis=1)


def sizes(sections: Array) -> Array:
    """The sizes of b and c (batch, 2·m), by which their changes are measured: the pace, and its square."""
    pace = np.sqrt(np.abs(sections[:, :, 1]) + 1)
    return np.stack([pace, pace**2], axis=2).reshape(len(sections), -1)


def descend(
    sections: Array, y: Array, lengths: Array, allowed: Array | None = None, rounds: int = ROUNDS
) -> tuple[Array, Array]:
    """`sections` (batch, m, 2) nearer to `y` (batch, points) by least squares, and what is left then (batch,).

    They change within a subspace if one is given: `allowed` (batch, 2·m, 2·m) projects onto it.
    """
    batch, m, _ = sections.shape
    allowed = np.eye(2 * m) if allowed is None else allowed
    fit, damping = Fit(sections, y, lengths), np.full(batch, 1e-2)
    cost, slope = fit.cost, fit.derivative(sections, lengths) @ allowed
    residual, idle = fit.residual, 0
    for _ in range(rounds):
        gram = slope.transpose(0, 2, 1) @ slope
        size = np.diagonal(gram, axis1=1, axis2=2)
        size = size + 1e-6 * size.max(axis=1, keepdims=True) + 1e-300
        downhill = -(slope.transpose(0, 2, 1) @ residual[..., np.newaxis])
        step = np.linalg.solve(gram + (damping[:, np.newaxis] * size)[..., np.newaxis] * np.eye(2 * m), downhill)
        step = np.clip(np.nan_to_num(step[..., 0]), -0.5, 0.5) * sizes(sections)
        moved = within(sections + step.reshape(sections.shape), lengths)
        fit = Fit(moved, y, lengths)
        better = fit.cost < cost
        idle = 0 if (fit.cost < (1 - SETTLED) * cost).any() else idle + 1
        sections = np.where(better[:, np.newaxis, np.newaxis], moved, sections)
        residual = np.where(better[:, np.newaxis], fit.residual, residual)
        slope = np.where(better[:, np.newaxis, np.newaxis], fit.derivative(moved, lengths) @ allowed, slope)
        cost = np.where(better, fit.cost, cost)
        if idle == 2:  # one idle step may have been too bold
            break
        damping = np.clip(np.where(better, damping / 5, damping * 5), 1e-9, 1e6)
    return sections, cost


def within(sections: Array, lengths: Array) -> Array:
    """b and c kept where they mean something: no growth by e¹⁴ in a series, no wave faster than two points."""
    fastest = (np.pi * lengths[:, np.newaxis]) ** 2
    return np.stack([np.clip(sections[..., 0], -14, 40), np.clip(sections[..., 1], -200, fastest)], axis=2)


def _signal_space(s: Array) -> Array:
    """What windows of up to a third of the series, less its mean, are made of, strongest first: (window, window)."""
    windows = np.lib.stride_tricks.sliding_window_view(s - s.mean(), min(max(len(s) // 3, 2), WINDOW))
    return np.asarray(np.linalg.eigh(windows.T @ windows)[1][:, ::-1])


def _shift_invariant(space: Array, m: int, points: int) -> Array:
    """The sections (m, 2) whose waves are those of the strongest 2·m directions of `space`."""
    strongest = space[:, : 2 * m]
    shift = np.linalg.lstsq(strongest[:-1], strongest[1:], rcond=None)[0]
    roots = np.linalg.eigvals(shift).astype(complex)
    rates = points * np.log(np.where(np.abs(roots) < 1e-6, 1e-6, roots))
    waves = rates[rates.imag > 1e-9]
    real = np.sort(rates[np.abs(rates.imag) <= 1e-9].real)
    pairs = [(-2 * wave.real, abs(wave) ** 2) for wave in waves]
    pairs += [(-(p + q), p * q) for p, q in zip(real[::2], real[1::2], strict=False)]
    pairs += [(2.0, 30.0 * (k + 1)) for k in range(len(pairs), m)]
    return np.asarray(within(np.array([pairs[:m]]), np.array([points]))[0])


def follow(sections: Array, size: int, points: int) -> Array:
    """The next `size` points as a linear function of all `points` of a series before them: (batch, size, points).

    The `sections` (batch, m, 2) are taken as they are; their starting values and the constant are those nearest to the
    series.
    """
    rows = responses(sections, np.full(len(sections), 1 / points), points + size)
    rows = rows / (np.abs(rows[:, :points]).max(axis=1, keepdims=True) + 1e-300)
    q, r = np.linalg.qr(rows[:, :points])
    return np.asarray(rows[:, points:] @ np.linalg.pinv(r, rcond=SMALL) @ q.transpose(0, 2, 1))
