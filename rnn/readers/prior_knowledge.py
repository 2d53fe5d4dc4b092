"""Prior knowledge of a series: its seasons, from the calendar or the user, and its bounds."""

import numpy as np

from rnn.arrays import Array
from rnn.calendar import Calendar
from rnn.readers.options import Source
from rnn.readers.problems import Problem, Problems
from rnn.seasonality import UNKNOWN, Seasons, calendar_seasons
from rnn.series import bounded


def known_seasons(source: Source, calendar: Calendar | None, points: int, problems: Problems) -> Seasons:
    """What the user says of a series of so many points, or what the calendar proposes. What cannot be is a problem."""
    if not source.season:
        return Seasons(calendar_seasons(calendar.frequency)) if calendar else UNKNOWN
    lengths = tuple(length for length in source.season if length != "none")
    longest = max(lengths, default=0)
    if 2 * longest + 2 > points:
        what = f"a season of {longest} points is too long for {points} points: two seasons and two points are needed"
        problems.add(Problem("season", what, remedy="give a longer series or a shorter --season"))
    elif sum(set(lengths)) > points // 2:
        what = f"seasons of {' and '.join(map(str, lengths))} points are more than {points} points can tell of"
        problems.add(Problem("season", what, remedy="give fewer of them with --season"))
    return Seasons(lengths, certain=True)


def known_bounds(source: Source, y: Array, column: str, problems: Problems) -> tuple[float, float]:
    """The bounds that the user gives; a value beyond them is a problem."""
    low, high = bounded(source.lower, source.upper)
    for name, bound, beyond in (("lower", low, y < low), ("upper", high, y > high)):
        if beyond.any():
            first = float(y[np.argmax(beyond)])
            what = f"{first:g} is {'below' if name == 'lower' else 'above'} --{name} {bound:g}"
            remedy = f"leave out --{name}, or correct the value"
            problems.add(Problem("bound", what, int(beyond.sum()), None, column, remedy))
    return low, high
