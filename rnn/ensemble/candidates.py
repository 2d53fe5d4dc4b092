"""Candidates: train a member with each of many settings on the data before an origin, and forecast from there."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.explanation import Explanation, explain
from rnn.ensemble.modes import follow
from rnn.ensemble.readout import Setting, View, closed_loop, fit, states_by_point
from rnn.ensemble.recurrent import RecurrentLayers, next_groups, states
from rnn.recipes import AutoregressiveRecipe
from rnn.scaling import Scaling

LONGEST_BESIDE_SEASON = 48
"""A longer memory, in points, sees several seasons by itself."""


@dataclass(frozen=True)
class Prefix:
    """What was known at one origin: `s` (points,) scaled, and the networks that learned from it.

    All of `s` are multiples of `grid`, where that is not 0 (and but for a constant). `sections`: its modes, b and c
    (m, 2) of 1, 2, … of them, from `rnn.ensemble.modes`. `explanation`: what of these explains it down to its noise.
    `known_ahead` (points + horizon, inputs): inputs that half of the networks see, in units of their spread; None for
    none.
    """

    origin: int
    scaling: Scaling
    s: Array
    trunk: RecurrentLayers
    grid: float = 0.0
    sections: tuple[Array, ...] = ()
    explanation: Explanation | None = None
    known_ahead: Array | None = None

    def understood(
        self, sections: list[Array], size: int, recipe: AutoregressiveRecipe, rng: np.random.Generator
    ) -> "Prefix":
        """The same with those `sections` that it is long enough for, and with what of these explains it, if any do."""
        able = tuple(one for m, one in enumerate(sections, 1) if 4 * m + 1 <= len(self.s) // size)  # unknowns, groups
        found = explain(list(able), self.s, size, recipe.pairs, rng, self.grid) if recipe.pairs else None
        return replace(self, sections=able, explanation=found)


Key: TypeAlias = tuple[bool, Setting | int]
"""Whether through the logarithm, and a readout's setting or how many sections the modes have."""


@dataclass(frozen=True)
class Candidate:
    """One setting's readout of one prefix, or what its modes make of one.

    What it says there is in the unit of y (horizon, group_size).
    """

    prefix: Prefix
    a: Array
    z: Array
    c: Array
    network: int
    h: Array
    said: Array


@dataclass(frozen=True)
class Explained:
    """Candidates that explain all that was known, and by how much one is typically off if another is right.

    `expected` is an RMSE in the unit of y, noise included. `belief`: how far the explanation is believed, up to 1.
    """

    candidates: list[Candidate]
    expected: float
    belief: float


def candidates(
    prefix: Prefix, size: int, season: int, recipe: AutoregressiveRecipe, horizon: int
) -> tuple[dict[Key, Candidate], Explained | None]:
    """Every setting's readout that the prefix is long enough for, and those that continue its modes.

    Beside them, if some of these explain the prefix down to its noise, candidates drawn from around that explanation.
    """
    points, log = len(prefix.s), prefix.scaling.log
    h = _states(prefix, size, bool(recipe.recurrent_memories))
    found: dict[Key, Candidate] = {}
    for view in _views(points, season, recipe, log, prefix.known_ahead is not None):
        ranks = recipe.ranks if view.network is None else ()
        for setting, candidate in _reading(prefix, h, view, size, season, recipe.penalties, ranks, horizon).items():
            found[log, setting] = candidate
    for m, one in enumerate(prefix.sections, 1):
        found[log, m] = _following(prefix, h[0, points], one[np.newaxis], size, horizon)[0]
    return found, _explained(prefix, h[0, points], prefix.explanation, size, horizon)


def _states(prefix: Prefix, size: int, read: bool) -> Array:
    """The networks' states (networks, points + 1, hidden) after each point.

    On the logarithm, where there are linear skips alone, and where they are not `read` they stay at rest.
    """
    points, trunk = len(prefix.s), prefix.trunk
    if prefix.scaling.log or not read:
        return np.zeros((len(trunk.b), points + 1, trunk.b.shape[-1]))
    u = np.zeros((len(trunk.b), size, points // size, trunk.w.shape[1]))
    for phase in range(size):
        count = (points - phase) // size
        u[:, phase, :count, :size] = prefix.s[phase : phase + count * size].reshape(count, size)
        if prefix.known_ahead is not None:
            u[:, phase, :count, size:] = next_groups(prefix.known_ahead[phase:], size, count)
    return states_by_point(trunk, states(trunk, u), points)


def _reading(
    prefix: Prefix, h: Array, view: View, size: int, season: int, penalties: tuple[float, ...],
    ranks: tuple[int, ...], horizon: int,
) -> dict[Setting, Candidate]:  # fmt: skip
    """A view's readouts, one for each penalty and rank; `h` (networks, points + 1, hidden) are the networks' states."""
    network = view.network or 0
    readouts = fit(prefix.s, h[network], size, view, season, penalties, ranks)
    if readouts is None:
        return {}
    now = h[network, -1:]
    weights = prefix.trunk.w[network], prefix.trunk.v[network], prefix.trunk.b[network]
    bounds = prefix.scaling.low, prefix.scaling.high
    said = closed_loop(
        readouts.a, readouts.z, readouts.c, weights, prefix.s[np.newaxis], now, horizon, bounds,
        coming=_coming(prefix, size, horizon),
    )  # fmt: skip
    said = prefix.scaling.unscale(said)
    return {
        setting: Candidate(prefix, readouts.a[k], readouts.z[k], readouts.c[k], network, now[0], said[k])
        for k, setting in enumerate(readouts.settings)
    }


def _coming(prefix: Prefix, size: int, horizon: int) -> Array | None:
    """The inputs known ahead (horizon, size · inputs) at the groups to come, where networks see such."""
    if prefix.known_ahead is None:
        return None
    points = len(prefix.s)
    return prefix.known_ahead[points : points + horizon * size].reshape(horizon, -1)


def _following(prefix: Prefix, h: Array, sections: Array, size: int, horizon: int) -> list[Candidate]:
    """Candidates that continue the prefix by given `sections` (candidates, m, 2), whatever its network's state `h`."""
    a = follow(sections, size, len(prefix.s))
    z, c = np.zeros((len(a), size, len(h))), np.zeros((len(a), size))
    weights, bounds = tuple(array[0] for array in prefix.trunk.arrays()), (prefix.scaling.low, prefix.scaling.high)
    said = prefix.scaling.unscale(closed_loop(a, z, c, weights, prefix.s[np.newaxis], h[np.newaxis], horizon, bounds))
    return [Candidate(prefix, a[k], z[k], c[k], 0, h, said[k]) for k in range(len(a))]


def _explained(prefix: Prefix, h: Array, explanation: Explanation | None, size: int, horizon: int) -> Explained | None:
    if explanation is None:
        return None
    found = [one for drawn in explanation.sections for one in _following(prefix, h, drawn, size, horizon)]
    unit = prefix.scaling.unit * prefix.scaling.spread
    said = np.array([one.said for one in found])
    off = np.mean(((said - said.mean(axis=0)) / unit) ** 2, axis=(1, 2))
    typical = np.exp(np.mean(np.log(off + explanation.noise**2 + 1e-300)) / 2)
    return Explained(found, unit * float(typical), explanation.belief)


def kind(key: Key) -> str:
    """The kind of a candidate: `modes`, a `network` whose state it reads, an `informed network`, or a `skip` alone."""
    setting = key[1]
    if isinstance(setting, int):
        return "modes"
    if setting[0].network is None:
        return "skip"
    return "informed network" if setting[0].informed else "network"


def _views(points: int, season: int, recipe: AutoregressiveRecipe, log: bool, informed: bool) -> list[View]:
    """Every memory with every base that makes sense; the season's only of what is not too long anyway."""
    linear = [
        View(memory, base)
        for memory in _distinct(recipe.memories, points)
        for base in ("last", "level", "season")
        if base != "season" or (1 < season <= points // 3 and memory <= LONGEST_BESIDE_SEASON)
    ]
    if log:
        return linear
    blind = len(recipe.gains)
    recurrent = [
        View(memory, "last", network, network >= blind)
        for memory in _distinct(recipe.recurrent_memories, points)
        for network in range(2 * blind if informed else blind)
    ]
    return linear + recurrent


def _distinct(memories: tuple[float, ...], points: int) -> list[float]:
    """The `memories` that are not as long as an earlier one, in points."""
    by_length = {View(memory, "last").points(points): memory for memory in reversed(memories)}
    return [memory for memory in memories if by_length[View(memory, "last").points(points)] == memory]
