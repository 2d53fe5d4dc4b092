"""Readouts: compute the next group from a linear view of the past and the recurrent state, fitted together.

    û = A · (the last `memory` points, oldest first) + Z h + c

One set of rows serves many settings: an eigendecomposition gives the ridge solutions for all penalties and the
truncated ones for all ranks. Rows are taken at every point of the series, not only where a group begins.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.recurrent import RecurrentLayers

LONGEST = 360
"""Points of the past that a share of the series is at the most: a week of half hours. Longer ones take too long."""


@dataclass(frozen=True)
class View:
    """The inputs of a readout: `memory` points of the past (below 1: a share of the series), relative to a `base`.

    The base is `level`: nothing; `last`: the last value; or `season`: the same place a period ago. With a `network`,
    by its place in the trunk, the readout sees that one's state too. `informed`: that one sees inputs known ahead.
    """

    memory: float
    base: str
    network: int | None = None
    informed: bool = False

    def points(self, of: int) -> int:
        """The memory in points, when the series has so many."""
        return min(max(2, int(self.memory * of)), LONGEST) if self.memory < 1 else int(self.memory)


Setting: TypeAlias = tuple[View, str, float]
"""What is looked at, the kind of shrinkage (`ridge`, `rank`, or `alone`: nothing but the base), and its strength."""


@dataclass(frozen=True)
class Readouts:
    """The readouts of one view.

    `a` (readouts, group_size, memory), `z` (readouts, group_size, hidden), `c` (readouts, group_size).
    """

    settings: tuple[Setting, ...]
    a: Array
    z: Array
    c: Array


def views(past: Array, memory: int, base: str, size: int, period: int) -> tuple[Array, Array]:
    """The linear part's inputs (rows, features) and what a forecast is made relative to (rows, group_size).

    `past` (rows, points) holds the last points, newest last. Linear in `past`, without a constant. `base`: `level`,
    nothing; `last`, the last value; `season`, the same place a period ago.
    """
    if base == "level":
        return past[:, -memory:], np.zeros((len(past), size))
    if base == "last":
        last = past[:, -1:]
        return past[:, -memory:-1] - last, np.repeat(last, size, axis=1)
    ago = past[:, past.shape[1] - period + np.arange(size) % period]
    return past[:, -memory:] - past[:, -memory - period : past.shape[1] - period], ago


def fit(
    s: Array, h: Array, size: int, view: View, period: int, ridges: tuple[float, ...], ranks: tuple[int, ...]
) -> Readouts | None:
    """The readouts of one view of the scaled series `s` (points,), for all `ridges` and `ranks`.

    `h` (points + 1, hidden): the state after so many points of the view's network. None when there are too few points.
    """
    memory, base, reads = view.points(len(s)), view.base, view.network is not None
    need = memory + period if base == "season" else memory
    first = max(need, size * 2)
    rows = len(s) - size - first + 1
    if rows < max(8, need // 2):
        return None
    past = np.lib.stride_tricks.sliding_window_view(s, need)[first - need : first - need + rows]
    target = np.lib.stride_tricks.sliding_window_view(s, size)[first : first + rows]
    known, start = views(past, memory, base, size, period)
    mapping, origin = views(np.eye(need), memory, base, size, period)
    count = known.shape[1]
    features = np.concatenate([known, h[first : first + rows]], axis=1) if reads else known
    wanted = target - start
    middle, level = features.mean(axis=0), wanted.mean(axis=0)
    features = features - middle
    values, vectors = np.linalg.eigh(features.T @ features)
    values, vectors = values[::-1], vectors[:, ::-1]
    along = vectors.T @ (features.T @ (wanted - level))
    shrunk = _shrunk(along, values, rows, ridges, ranks)
    settings: list[Setting] = [(view, kind, value) for kind, value, _ in shrunk]
    best = vectors @ np.array([coefficients for *_, coefficients in shrunk])
    c = level - middle @ best
    if base != "level" and not reads:  # nothing but the baseline, with its drift and without
        settings += [(view, "alone", 1.0), (view, "alone", 0.0)]
        best = np.concatenate([best, np.zeros((2, *best.shape[1:]))])
        c = np.concatenate([c, [level, np.zeros(size)]])
    a = (mapping @ best[:, :count] + origin).transpose(0, 2, 1)
    z = best[:, count:].transpose(0, 2, 1) if reads else np.zeros((len(best), size, h.shape[1]))
    return Readouts(tuple(settings), np.ascontiguousarray(a), np.ascontiguousarray(z), c)


def _shrunk(
    along: Array, values: Array, rows: int, ridges: tuple[float, ...], ranks: tuple[int, ...]
) -> list[tuple[str, float, Array]]:
    """The coefficients (features, size) on the principal components, by ridge regression and by those of each rank.

    `along`: the components' products with the target (features, size). `values`: their squared lengths, descending.
    """
    found: list[tuple[str, float, Array]] = [
        ("ridge", ridge, along / (np.maximum(values, 0) + ridge * rows)[:, np.newaxis]) for ridge in ridges
    ]
    for rank in ranks:
        if rank < len(values) and values[rank - 1] > 1e-13 * max(values[0], 1e-300):
            inverse = np.where(np.arange(len(values)) < rank, 1 / np.maximum(values, 1e-300), 0)
            found.append(("rank", rank, inverse[:, np.newaxis] * along))
    return found


def closed_loop(
    a: Array, z: Array, c: Array, weights: tuple[Array, Array, Array], past: Array, h: Array, horizon: int,
    bounds: tuple[float, float], *, coming: Array | None = None,
) -> Array:  # fmt: skip
    """Forecasts (readouts, horizon, group_size), each readout fed its own forecasts, scaled and kept within `bounds`.

    `a`, `z`, `c` as in Readouts; `weights` w, v, b with the readout first, or one for all; `past` (readouts
    or 1, points), `h` (readouts or 1, hidden) after it. `coming` (horizon, size · inputs): the inputs known ahead, of
    which `h` has seen the first row, where the networks see such.
    """
    w, v, b = weights
    count, size, memory = a.shape
    line = np.empty((count, memory + horizon * size))
    line[:, :memory] = past[:, -memory:]
    recurrent = bool(np.any(z))
    h = np.broadcast_to(h, (count, h.shape[-1]))[:, np.newaxis]
    for t in range(horizon):
        begin = t * size
        u = c + (a @ line[:, begin : begin + memory, np.newaxis])[..., 0]
        if recurrent:
            u = u + (z @ h.transpose(0, 2, 1))[..., 0]
        u = np.clip(u, *bounds)
        line[:, begin + memory : begin + memory + size] = u
        if recurrent and t + 1 < horizon:
            seen = u if coming is None else np.concatenate([u, np.tile(coming[t + 1], (count, 1))], axis=1)
            h = np.tanh(seen[:, np.newaxis] @ w + h @ v + b)
    return line[:, memory:].reshape(count, horizon, size)


def states_by_point(trunk: RecurrentLayers, seen: Array, points: int) -> Array:
    """From states (networks, phases = group_size, steps, hidden) to (networks, points + 1, hidden).

    Phase k's state after step t is the one after k + (t + 1)·group_size points; before the first group it is zero.
    """
    networks, size, steps, hidden = seen.shape
    by_point = np.zeros((networks, size + steps * size, hidden))
    by_point[:, size:] = seen.transpose(0, 2, 1, 3).reshape(networks, -1, hidden)
    return by_point[:, : points + 1]
