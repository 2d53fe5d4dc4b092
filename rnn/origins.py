"""Origins: the places at which a series is cut into what was known and what came next.

All are counted from the series' beginning: an origin of 40 has 40 groups (or points) before it.
"""

import numpy as np

from rnn.errors import NoVerdict, SeriesTooShort

ORIGINS = 5
"""Earlier origins at which a method is tried: fitting at each costs as much as fitting once."""

FEWEST_GROUPS = 20
"""Groups that must be known at the oldest origin."""

FEWEST_FOLDS = 3
"""Folds without which the gate does not judge."""


def rolling_origins(
    groups: int, horizon: int, count: int, fewest: int = FEWEST_GROUPS, unit: str = "groups"
) -> tuple[int, ...]:
    """At most `count` origins, oldest first, each with `horizon` groups after it: evenly from the middle to the end.

    Raises SeriesTooShort, in words of that `unit`, when there is room for none that has `fewest` groups before it.
    """
    newest, oldest = groups - horizon, max(fewest, groups // 2)
    if newest < fewest:
        raise SeriesTooShort(
            f"{groups} {unit} leave no origin with {fewest} {unit} before it and {horizon} after it: give "
            f"{fewest + horizon} {unit} or a shorter horizon"
        )
    return tuple(sorted(set(np.linspace(min(oldest, newest), newest, count).astype(int).tolist())))


def earlier_origins(first: int, horizon: int, count: int = ORIGINS) -> tuple[int, ...]:
    """Origins to learn a method's errors at before it is judged at `first`, in groups.

    They lie evenly from the middle of what is known to half a horizon before `first`; none when that is too short.
    """
    newest = first - max(1, horizon // 2)
    if newest < FEWEST_GROUPS:
        return ()
    places = np.linspace(min(max(FEWEST_GROUPS, first // 2), newest), newest, count)
    return tuple(sorted(set(places.astype(int).tolist())))


def training_origins(groups: int, horizon: int, since: float, count: int) -> list[int]:
    """The earlier origins, oldest first, at which an ensemble's members rehearse, in groups.

    They lie evenly from the share `since` of the series to half a horizon before its end.
    """
    newest = max(groups - max(1, horizon // 2), int(0.75 * groups))
    oldest = max(int(since * groups), 11)
    return sorted(set(np.linspace(min(oldest, newest), newest, count).astype(int).tolist()))


def fold_origins(points: int, group_size: int, horizon: int, folds: int) -> list[int]:
    """Where the gate's newest folds begin, oldest first, in points; neighbours are half a horizon apart.

    Raises NoVerdict when there is room for fewer than FEWEST_FOLDS.
    """
    newest, apart = points - horizon * group_size, fold_distance(horizon) * group_size
    origins = [newest - k * apart for k in range(folds) if newest - k * apart >= FEWEST_GROUPS * group_size]
    if len(origins) < FEWEST_FOLDS:
        needed = (FEWEST_GROUPS + horizon) * group_size + (FEWEST_FOLDS - 1) * apart
        raise NoVerdict(
            f"{points} points leave {len(origins)} folds to judge on, and {FEWEST_FOLDS} are needed: give {needed} "
            f"points, or a shorter horizon than {horizon} groups of {group_size}"
        )
    return origins[::-1]


def fold_distance(horizon: int) -> int:
    """The groups between neighbouring folds."""
    return max(1, horizon // 2)
