"""Series, the noisy x·sin(x) that the article learns, and their groups.

A series is ordered observations x, y. A group is `group_size` neighbouring points, one time step of the network, as a
column vector; a series in groups has shape (groups, group_size, 1).
"""

from dataclasses import dataclass

from rnn.arrays import Array
from rnn.errors import SeriesTooShort


@dataclass(frozen=True)
class Series:
    """Ordered observations: `x` (points,), `y` (points,), evenly spaced by `step`."""

    x: Array
    y: Array
    step: float

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Groups:
    """A series cut into groups: `x` and `y` are (groups, group_size, 1), spaced by `step`.

    `dropped` counts the points at the start of the series that did not fill a group.
    """

    x: Array
    y: Array
    step: float
    dropped: int

    def __len__(self) -> int:
        return len(self.x)

    @property
    def group_size(self) -> int:
        """Points in a group."""
        return int(self.x.shape[1])


def newest(series: Series, points: int | None) -> Series:
    """The last so many points of a series, or all of them where None is said."""
    start = 0 if points is None else max(0, len(series) - points)
    return Series(series.x[start:], series.y[start:], series.step)


def group(series: Series, group_size: int, at_least: int = 1) -> Groups:
    """Cut a series into groups of `group_size` points.

    When the length does not divide, the *oldest* points are dropped, since a forecast begins after the newest.
    Raises SeriesTooShort when fewer than `at_least` groups come out.
    """
    groups = count_groups(len(series), group_size, at_least)
    dropped = len(series) - groups * group_size
    shape = (groups, group_size, 1)
    return Groups(series.x[dropped:].reshape(shape), series.y[dropped:].reshape(shape), series.step, dropped)


def count_groups(points: int, group_size: int, at_least: int = 1) -> int:
    """How many whole groups of `group_size` so many points make. Raises SeriesTooShort for fewer than `at_least`."""
    groups = points // group_size
    if groups < at_least:
        raise SeriesTooShort(
            f"{points} points make {groups} groups of {group_size}, and at least {at_least} groups are needed: "
            f"give {at_least * group_size} points or a smaller group size"
        )
    return groups


def ungroup(groups: Groups) -> Series:
    """The series that the groups were cut from, less the points that were dropped."""
    return Series(groups.x.reshape(-1), groups.y.reshape(-1), groups.step)
