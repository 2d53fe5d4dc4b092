"""How often a feed of working days is called late over holidays, and how soon a silence is told.

    python benchmarks/quiet_feeds.py [first year, 2016] [years, 10]

A German feed has a value of every working day; it comes next morning, or the same evening. It is looked at every hour.
Some are closed between the years, too. It is judged as it always was, knowing the holidays, and by the years before;
and once more, for silences of one to two weeks that begin on a random day, how soon after the last value they are told.
"""

import sys
from datetime import date, timedelta

import holidays as public
import numpy as np

from rnn.calendar import Calendar
from rnn.lifecycle.feed_health import DAY, stale
from rnn.lifecycle.quiet_days import usual_rest
from rnn.lifecycle.waits import a_week_before
from rnn.readers.holiday_inputs import holiday_inputs
from rnn.series import Series

HOUR = 3600.0
KNOWN = 199
"""Waits that are remembered (artifacts/lifecycle/feed.py)."""

BEFORE = 2
"""Years that the feed is known before the first that is judged."""


class Feed:
    """A feed of working days: its `days`, on which of them it has no value, and when each value comes (seconds)."""

    def __init__(self, first: int, years: int, closed: bool, after: float) -> None:
        self.calendar = Calendar("B", f"{first}-01-01")
        x = np.arange(261.0 * years)
        self.at = self.calendar.times(x).astype(np.int64) / 1e6
        off = set(public.country_holidays("DE", years=range(first - 1, first + years + 1)))
        if closed:
            off |= {
                date(year, 12, 24) + timedelta(days=k) for year in range(first - 1, first + years) for k in range(8)
            }
        days = self.calendar.times(x).astype("datetime64[D]").astype(object)
        self.off = np.array([day in off for day in days])
        self.comes = self.at + after
        self.known = holiday_inputs("DE", self.calendar, len(x)).values

    def series(self, end: int, knows_holidays: bool) -> Series:
        """The series with its first `end` values."""
        from rnn.known_inputs import HOLIDAYS, KnownInputs

        x, off = np.arange(float(end)), self.off[:end]
        known = KnownInputs((f"{HOLIDAYS} DE",), self.known[: end + 60]) if knows_holidays else None
        return Series(x, np.zeros(end), 1.0, filled=off if off.any() else None, known=known)


def rests(feed: Feed, values: np.ndarray, how: str) -> dict[int, float]:
    """The usual rest after each value, by its place."""
    if how == "before":
        return dict.fromkeys(values.tolist(), 0.0)
    return {
        place: usual_rest(feed.series(place + 1, how == "holidays"), feed.calendar, feed.at[: place + 1])
        for place in values.tolist()
    }


def told_after(feed: Feed, values: np.ndarray, k: int, rest: float) -> float:
    """For how long nothing new must have come after the k-th of the `values` until it is told (seconds)."""
    seen = np.ceil(feed.comes[values[max(0, k - KNOWN) : k + 1]] / HOUR) * HOUR
    gaps, step = np.diff(seen), float(np.diff(feed.at[max(0, values[k] - 400) : values[k] + 1]).max())
    week = a_week_before(seen, gaps)
    hours = np.arange(1, 24 * 60)
    low, high = 0, len(hours) - 1
    while low < high:
        middle = (low + high) // 2
        late = stale(hours[middle] * HOUR, gaps, step, "", week, rest) is not None
        low, high = (low, middle) if late else (middle + 1, high)
    return float(hours[low] * HOUR)


def judged(feed: Feed, how: str, first: int, rng: np.random.Generator) -> tuple[int, int, int, list[float]]:
    """Waits that were judged, those called late, alarms by the hour, and days until silences were told."""
    values = np.flatnonzero(~feed.off)
    rest = rests(feed, values, how)
    begins = int(np.searchsorted(values, first))
    limits = np.array([told_after(feed, values, k, rest[int(values[k])]) for k in range(begins, len(values) - 1)])
    seen = np.ceil(feed.comes[values] / HOUR) * HOUR
    waits = np.diff(seen)[begins:]
    late = waits > limits
    picked = rng.integers(0, len(limits), 400)
    return len(waits), int(late.sum()), int(((waits - limits)[late] // HOUR).sum()), (limits[picked] / DAY).tolist()


def main(first: int = 2016, years: int = 10) -> None:
    """Print the table."""
    print("| feed | judged | waits | called late | hours of alarm | days until a silence is told: median, 99 % |")
    print("|---|---|---|---|---|---|")
    for name, closed, after in (
        ("next morning", False, 27.25 * HOUR), ("same evening", False, 18 * HOUR),
        ("next morning, closed at Christmas", True, 27.25 * HOUR),
    ):  # fmt: skip
        feed = Feed(first - BEFORE, years + BEFORE, closed, after)
        for how in ("before", "holidays", "years before"):
            waits, late, hours, told = judged(feed, how, 261 * BEFORE, np.random.default_rng(0))
            days = f"{np.median(told):.1f}, {np.quantile(told, 0.99):.1f}"
            print(f"| {name} | {how} | {waits} | {late} | {hours} | {days} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
