"""The gate: a challenger is promoted when it is credibly not worse than the champion and better than a naive forecast.

Errors on the same folds (`rnn.lifecycle.folds`) are compared as the logarithm of their ratio, so that a fold in which
all are far off counts no more than a quiet one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from rnn.arrays import Array
from rnn.lifecycle.bootstrap import Difference, block_interval
from rnn.lifecycle.folds import NAIVE, Fold, Naive, overlapping
from rnn.random_streams import stream

Decision: TypeAlias = Literal["promote", "keep", "serve naive"]

NEGLIGIBLE = 1e-9
"""Errors below this share of a naive forecast's mean error all count as that: a logarithm needs more than 0."""


@dataclass(frozen=True)
class Evidence:
    """The folds' evidence: mean logarithms of relative errors over all folds, each with its interval.

    `champion` is its method, `naive` the better of the naive ones; `margin` the share by which a challenger may be
    worse than the champion.
    """

    folds: tuple[Fold, ...]
    champion: str | None
    naive: Naive
    to_naive: Difference
    to_champion: Difference | None
    champion_to_naive: Difference | None
    margin: float

    @property
    def beats_naive(self) -> bool:
        """Whether the challenger's errors are below the naive forecast's, on the mean of their logarithms."""
        return self.to_naive.mean < 0

    @property
    def not_worse(self) -> bool:
        """Whether the challenger is credibly not worse than the champion: a test of non-inferiority."""
        return self.to_champion is None or self.to_champion.upper <= np.log1p(self.margin)

    @property
    def champion_fails(self) -> bool:
        """Whether the champion is credibly worse than a naive forecast."""
        return self.champion_to_naive is not None and self.champion_to_naive.lower > 0


@dataclass(frozen=True)
class Verdict:
    """The gate's decision, its reason in one `sentence`, and its evidence."""

    decision: Decision
    sentence: str
    evidence: Evidence


def judge(folds: Sequence[Fold], champion: str | None, horizon: int, margin: float, same: bool = False) -> Verdict:
    """The verdict on folds that were scored for a horizon of so many groups.

    Promoted is who beats the best naive forecast and is credibly not worse than the champion, unless it is the `same`
    model. A champion that is credibly worse than a naive forecast gives way to it; so does no champion at all.
    """
    evidence = _evidence(folds, champion, horizon, margin)
    if evidence.beats_naive and evidence.not_worse and not same:
        return Verdict("promote", _promoted(evidence), evidence)
    if champion is None or evidence.champion_fails:
        return Verdict("serve naive", _naive_is_better(evidence), evidence)
    if same:
        return Verdict("keep", "The champion stays: the challenger has come out as the same model.", evidence)
    return Verdict("keep", _kept(evidence), evidence)


def _evidence(folds: Sequence[Fold], champion: str | None, horizon: int, margin: float) -> Evidence:
    by_name = {name: [fold.naive[name] for fold in folds] for name in NAIVE}
    least = NEGLIGIBLE * max(float(np.mean(each)) for each in by_name.values()) or 1e-300

    def log(errors: Sequence[float | None]) -> Array:
        return np.asarray(np.log(np.maximum(np.array(errors, dtype=float), least)))

    logs = {name: log(each) for name, each in by_name.items()}
    naive = min(NAIVE, key=lambda name: float(logs[name].mean()))
    ours = log([fold.challenger for fold in folds])

    def compared(left: Array, right: Array) -> Difference:
        return block_interval(left - right, overlapping(horizon), stream(0, "gate"))

    if champion is None:
        return Evidence(tuple(folds), None, naive, compared(ours, logs[naive]), None, None, margin)
    theirs = log([fold.champion for fold in folds])
    beside_naive, beside_champion = compared(ours, logs[naive]), compared(ours, theirs)
    return Evidence(tuple(folds), champion, naive, beside_naive, beside_champion, compared(theirs, logs[naive]), margin)


def _promoted(evidence: Evidence) -> str:
    first = ", the first champion" if evidence.champion is None else ""
    beside = "" if evidence.champion is None else f"{_beside_champion(evidence)} and "
    return f"Promoted{first}: {_error(evidence)} {beside}{_beside_naive(evidence)}."


def _kept(evidence: Evidence) -> str:
    reason = _beside_champion(evidence) if evidence.beats_naive else _beside_naive(evidence)
    return f"The champion ('{evidence.champion}') stays: {_error(evidence)} {reason}."


def _naive_is_better(evidence: Evidence) -> str:
    if evidence.champion_to_naive is None:
        return f"'{evidence.naive}' is served, since no network beats it: {_error(evidence)} {_beside_naive(evidence)}."
    return (
        f"'{evidence.naive}' is served instead of the champion ('{evidence.champion}'), whose error over "
        f"{len(evidence.folds)} folds is {_times(evidence.champion_to_naive.mean)} times as large; the challenger's is "
        f"{_times(evidence.to_naive.mean)} times as large."
    )


def _error(evidence: Evidence) -> str:
    return f"over {len(evidence.folds)} folds the challenger's error is"


def _beside_naive(evidence: Evidence) -> str:
    return f"{_times(evidence.to_naive.mean)} times that of the best naive forecast, '{evidence.naive}'"


def _beside_champion(evidence: Evidence) -> str:
    beside = evidence.to_champion
    if beside is None:
        return ""
    return (
        f"{_times(beside.mean)} times the champion's ({100 * beside.level:.0f} % interval {_times(beside.lower)} to "
        f"{_times(beside.upper)}, allowed up to {1 + evidence.margin:.2f})"
    )


def _times(log_ratio: float) -> str:
    ratio = float(np.exp(np.clip(log_ratio, -20, 20)))
    return f"{ratio:.2f}" if 0.95 <= ratio < 1.05 else f"{ratio:.3g}"  # 1.00 is not just "1", which says nothing
