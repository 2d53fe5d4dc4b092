"""Rehearsals of the statistical members: what they would have said a horizon, a half and a quarter of one ago."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnn.arrays import Array
from rnn.ensemble.statistical_members import MemberForecasts, forecast_members

FEWEST = 7
"""So many points must be known before a rehearsal, and of a series at all."""

REHEARSALS = 3


@dataclass(frozen=True)
class Rehearsed:
    """What the members say now, and what they said then.

    `then` (rehearsals): pairs of what was said and the truth (steps,), the oldest origin first; None where too little
    was known. `off` (members, rehearsals): the logarithm of each one's mean absolute error, less the median of all;
    0 where there is none.
    """

    now: MemberForecasts
    then: tuple[tuple[MemberForecasts, Array] | None, ...]
    off: Array


def rehearse(y: Array, seasons: Sequence[int], horizon: int) -> Rehearsed:
    """The members' forecast of `horizon` points after `y` (points,), NaN where one is missing, and their rehearsals."""
    back = [min(-(-horizon // part), len(y) // 3) for part in (1, 2, 4)]
    known = [steps if steps and _can_be_rehearsed(y, len(y) - steps) else None for steps in back]
    starts = [y[: len(y) - steps] for steps in known if steps]
    said = forecast_members([y, *starts], seasons, [horizon, *(steps for steps in known if steps)])
    later = iter(said[1:])
    then = tuple((next(later), y[len(y) - steps :]) if steps else None for steps in known)
    steps = np.abs(np.diff(y))
    usual = 0.1 * (float(np.nanmean(steps)) if np.isfinite(steps).any() else 0.0) + 1e-300
    off = np.zeros((len(said[0].members), len(then)))
    for r, one in enumerate(then):
        if one is not None:
            error = np.log(np.abs(one[0].members - one[1])[:, np.isfinite(one[1])].mean(axis=1) + usual)
            off[:, r] = np.nan_to_num(error - np.nanmedian(error))
    return Rehearsed(said[0], then, off)


def _can_be_rehearsed(y: Array, origin: int) -> bool:
    there = np.isfinite(y)
    return bool(there[:origin].sum() >= FEWEST and there[origin:].any())
